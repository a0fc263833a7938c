//! Licenses of integrating systems: `/api/v1/license`.

use actix_web::{delete, get, post};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::LicenseId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::sign_in::{IssuedLicense, License, NewLicense};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call, told};
use crate::docs::Paging;
use crate::respond;

async fn present(call: &Call, id: LicenseId) -> Result<Kept> {
    Ok(respond::one(&call.services.sign_in.license(&call.caller, id).await?))
}

fn example() -> Value {
    json!({
        "id": 2, "label": "Branch kiosks", "allow_admin": false, "new_moderators": true, "created_at": "2026-03-02 10:15:00",
        "revoked_at": null
    })
}

fn issued() -> Value {
    let mut example = example();
    example["secret"] = "fdl_mYh0Zr0GmVQkqB1kTn1W9dZf1c0Vw1XoYb2Jc3LhQ9s".into();
    json!({"data": example})
}

fn page() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

/// List Licenses
///
/// The licenses without their secrets, revoked ones included, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "sign-in secrets",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `label`, `created_at`, `revoked_at`; `-label` is descending."),
    ),
    responses((status = 200, description = "A page of licenses.", body = Listing<License>, example = json!(page()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/license")]
pub(crate) async fn license_list(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 15, &["id", "label", "created_at", "revoked_at"]))?;
    Ok(respond::listing(&call, call.services.sign_in.licenses(&call.caller, page).await?))
}

/// Create License
///
/// The secret, which goes into the header `arc-license-key` of getAuthCode, is shown this once.
#[utoipa::path(
    tag = "sign-in secrets",
    request_body(content = NewLicense, example = json!({"label": "Branch kiosks"})),
    responses((status = 201, description = "The license with its secret.", body = Data<IssuedLicense>, example = json!(issued()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/license")]
pub(crate) async fn license_create(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let input = call.body(NewLicense::read)?;
    // Without an idempotency key: under it the answer would be kept, and so the secret.
    let data = call.services.sign_in.add_license(&call.context(), input).await?;
    Ok(respond::send(respond::created_as(&data.license(), &Data { data }), false))
}

/// View License
///
/// One license without its secret.
#[utoipa::path(
    tag = "sign-in secrets",
    params(("id" = i64, Path, description = "The license's id.", example = 2)),
    responses((status = 200, description = "The license.", body = License, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/license/{id}")]
pub(crate) async fn license_view(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.read(present(&call, call.id()?).await?)
}

/// Revoke License
///
/// Ends its unused codes and gives no new ones; tokens that came from it live on. One that is revoked already stays as it is
/// (204 too).
#[utoipa::path(
    tag = "sign-in secrets",
    params(("id" = i64, Path, description = "The license's id.", example = 2)),
    responses((status = 204, description = "Revoked.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/license/{id}")]
pub(crate) async fn license_revoke(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.judge_query()?;
    let id = call.id()?;
    let revoked = call.services.sign_in.revoke_license(&call.context(), id).await;
    told(revoked.map_err(Into::into), present(&call, id)).await?;
    Ok(respond::send(respond::gone(&()), false))
}
