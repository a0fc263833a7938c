//! Extensions: `/api/v1/extension`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::ExtensionId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::extension::{Extension, ExtensionPatch, NewExtension};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

const KEYS: &[&str] = &["id", "type", "extension", "media_cluster_id", "created_at", "updated_at"];

fn example() -> Value {
    json!({"id": 1, "type": 3, "extension": "8005", "description": "二樓", "media_cluster_id": null})
}

fn listed() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

async fn present(call: &Call, id: ExtensionId) -> Result<Kept> {
    Ok(respond::one(&call.services.extensions.get(&call.caller, id).await?))
}

/// List Extensions
///
/// The telephone extensions, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "staff",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `type`, `extension`, `media_cluster_id`, `created_at`, `updated_at`; `-id` is descending."),
    ),
    responses((status = 200, description = "A page of extensions.", body = Listing<Extension>, example = json!(listed()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/extension")]
pub(crate) async fn extension_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 15, KEYS))?;
    Ok(respond::listing(&call, call.services.extensions.list(&call.caller, page).await?))
}

/// Create Extension
///
/// `type` is 0 for an extension, 1 for ACD, 2 for IVR, 3 for WebRTC.
#[utoipa::path(
    tag = "staff",
    request_body(content = NewExtension, example = json!({"type": 3, "extension": "8005"})),
    responses((status = 201, description = "The extension.", body = Data<Extension>, example = json!({"data": example()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/extension")]
pub(crate) async fn extension_create(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, extensions) = (call.body(NewExtension::read)?, &call.services.extensions);
    call.write(respond::created, |cx| async move { extensions.create(&cx, input).await }).await
}

/// View Extension
///
/// One telephone extension.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The extension's id.", example = 1)),
    responses((status = 200, description = "The extension.", body = Extension, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/extension/{id}")]
pub(crate) async fn extension_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Extension
///
/// A field that is absent stays as it is; null clears one that may be null.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The extension's id.", example = 1)),
    request_body(content = ExtensionPatch, example = json!({"description": "二樓"})),
    responses((status = 200, description = "The extension.", body = Extension, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/extension/{id}")]
pub(crate) async fn extension_update(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, id, extensions) = (call.body(ExtensionPatch::read)?, call.id()?, &call.services.extensions);
    call.change(respond::one, |cx| async move { extensions.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Extension
///
/// One that an employee has stays (409, which says what).
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The extension's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/extension/{id}")]
pub(crate) async fn extension_delete(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    call.judge_query()?;
    let (id, extensions) = (call.id()?, &call.services.extensions);
    call.change(respond::gone, |cx| async move { extensions.delete(&cx, id).await }, present(&call, id)).await
}
