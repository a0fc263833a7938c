//! The organization's settings: `/api/v1/organization`.

use actix_web::{get, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_directory::organization::{Organization, OrganizationPatch};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::respond;

fn example() -> Value {
    json!({
        "id": 1, "slug": "demo", "name": "晨星客服中心", "time_zone": "Asia/Taipei", "language": "zh-Hant", "double_booking": "warn",
        "created_at": "2026-03-02 10:15:00", "updated_at": "2026-03-02 10:15:00"
    })
}

async fn present(call: &Call) -> Result<Kept> {
    Ok(respond::one(&call.services.organizations.get(&call.caller).await?))
}

/// View Organization
///
/// The caller's organization with its settings. Organizations are made on the command line.
#[utoipa::path(
    tag = "organization",
    responses((status = 200, description = "The organization.", body = Organization, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/organization")]
pub(crate) async fn organization_view(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.read(present(&call).await?)
}

/// Update Organization
///
/// A field that is absent stays as it is; null clears `language`. Times are stored as moments: another time zone shows them on
/// other clocks and changes none.
#[utoipa::path(
    tag = "organization",
    request_body(content = OrganizationPatch, example = json!({"time_zone": "Asia/Taipei", "double_booking": "warn"})),
    responses((status = 200, description = "The organization.", body = Organization, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/organization")]
pub(crate) async fn organization_update(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let (input, organizations) = (call.body(OrganizationPatch::read)?, &call.services.organizations);
    call.change(respond::one, |cx| async move { organizations.update(&cx, input).await }, present(&call)).await
}
