//! Groups: `/api/v1/group`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::GroupId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::group::{Group, GroupPatch, NewGroup};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

const KEYS: &[&str] = &["id", "name", "supervisor_id", "created_at", "updated_at"];

fn example() -> Value {
    json!({"id": 1, "name": "測試B組", "description": "夜班", "supervisor_id": 1})
}

fn listed() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

async fn present(call: &Call, id: GroupId) -> Result<Kept> {
    Ok(respond::one(&call.services.groups.get(&call.caller, id).await?))
}

/// List Groups
///
/// The groups of employees, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "staff",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `name`, `supervisor_id`, `created_at`, `updated_at`; `-id` is descending."),
    ),
    responses((status = 200, description = "A page of groups.", body = Listing<Group>, example = json!(listed()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/group")]
pub(crate) async fn group_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 15, KEYS))?;
    Ok(respond::listing(&call, call.services.groups.list(&call.caller, page).await?))
}

/// Create Group
///
/// An employee joins it by its own `group_id`.
#[utoipa::path(
    tag = "staff",
    request_body(content = NewGroup, example = json!({"name": "測試B組", "description": null, "supervisor_id": 1})),
    responses((status = 201, description = "The group.", body = Data<Group>, example = json!({"data": example()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/group")]
pub(crate) async fn group_create(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, groups) = (call.body(NewGroup::read)?, &call.services.groups);
    call.write(respond::created, |cx| async move { groups.create(&cx, input).await }).await
}

/// View Group
///
/// One group.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The group's id.", example = 1)),
    responses((status = 200, description = "The group.", body = Group, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/group/{id}")]
pub(crate) async fn group_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Group
///
/// A field that is absent stays as it is; null clears one that may be null.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The group's id.", example = 1)),
    request_body(content = GroupPatch, example = json!({"description": "夜班"})),
    responses((status = 200, description = "The group.", body = Group, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/group/{id}")]
pub(crate) async fn group_update(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, id, groups) = (call.body(GroupPatch::read)?, call.id()?, &call.services.groups);
    call.change(respond::one, |cx| async move { groups.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Group
///
/// One that an employee or an agent account is in stays (409, which says what).
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The group's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/group/{id}")]
pub(crate) async fn group_delete(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    call.judge_query()?;
    let (id, groups) = (call.id()?, &call.services.groups);
    call.change(respond::gone, |cx| async move { groups.delete(&cx, id).await }, present(&call, id)).await
}
