//! Service keys of machine clients: `/api/v1/service-key`.

use actix_web::{delete, get, post};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::ServiceKeyId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::sign_in::{IssuedServiceKey, NewServiceKey, ServiceKey};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call, told};
use crate::docs::Paging;
use crate::respond;

async fn present(call: &Call, id: ServiceKeyId) -> Result<Kept> {
    Ok(respond::one(&call.services.sign_in.service_key(&call.caller, id).await?))
}

const SORT: [&str; 5] = ["id", "label", "expires_at", "created_at", "revoked_at"];

fn example() -> Value {
    json!({
        "id": 2, "label": "Nightly report", "scopes": ["tickets:read", "call_tasks:read"], "expires_at": "2099-12-31 18:00:00",
        "created_at": "2026-03-02 10:15:00", "revoked_at": null
    })
}

fn issued() -> Value {
    let mut example = example();
    example["secret"] = "fdk_mYh0Zr0GmVQkqB1kTn1W9dZf1c0Vw1XoYb2Jc3LhQ9s".into();
    json!({"data": example})
}

fn page() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

/// List Service Keys
///
/// The keys without their secrets, revoked and expired ones included, by id. A page has 15 rows where `per_page` does not say
/// otherwise.
#[utoipa::path(
    tag = "sign-in secrets",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `label`, `expires_at`, `created_at`, `revoked_at`; \
            `-label` is descending."),
    ),
    responses((status = 200, description = "A page of service keys.", body = Listing<ServiceKey>, example = json!(page()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/service-key")]
pub(crate) async fn service_key_list(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 15, &SORT))?;
    Ok(respond::listing(&call, call.services.sign_in.service_keys(&call.caller, page).await?))
}

/// Create Service Key
///
/// The secret, which goes into the header `Authorization: Bearer …`, is shown this once.
#[utoipa::path(
    tag = "sign-in secrets",
    request_body(
        content = NewServiceKey,
        example = json!({"label": "Nightly report", "scopes": ["tickets:read", "call_tasks:read"], "expires_at": "2099-12-31 18:00:00"}),
    ),
    responses((status = 201, description = "The key with its secret.", body = Data<IssuedServiceKey>, example = json!(issued()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/service-key")]
pub(crate) async fn service_key_create(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let input = call.body(NewServiceKey::read)?;
    // Without an idempotency key: under it the answer would be kept, and so the secret.
    let data = call.services.sign_in.add_service_key(&call.context(), input).await?;
    Ok(respond::send(respond::created_as(&data.key(), &Data { data }), false))
}

/// View Service Key
///
/// One key without its secret.
#[utoipa::path(
    tag = "sign-in secrets",
    params(("id" = i64, Path, description = "The key's id.", example = 2)),
    responses((status = 200, description = "The key.", body = ServiceKey, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/service-key/{id}")]
pub(crate) async fn service_key_view(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.read(present(&call, call.id()?).await?)
}

/// Revoke Service Key
///
/// The key is refused from then on. One that is revoked already stays as it is (204 too).
#[utoipa::path(
    tag = "sign-in secrets",
    params(("id" = i64, Path, description = "The key's id.", example = 2)),
    responses((status = 204, description = "Revoked.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/service-key/{id}")]
pub(crate) async fn service_key_revoke(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.judge_query()?;
    let id = call.id()?;
    let revoked = call.services.sign_in.revoke_service_key(&call.context(), id).await;
    told(revoked.map_err(Into::into), present(&call, id)).await?;
    Ok(respond::send(respond::gone(&()), false))
}
