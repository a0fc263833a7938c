//! Departments: `/api/v1/department`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::DepartmentId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::department::{Department, DepartmentPatch, NewDepartment};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

const KEYS: &[&str] = &["id", "name", "abbrev", "number", "created_at", "updated_at"];

fn example() -> Value {
    json!({"id": 1, "name": "客服部", "abbrev": "CSD", "number": "D01", "description": "一樓"})
}

fn listed() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

async fn present(call: &Call, id: DepartmentId) -> Result<Kept> {
    Ok(respond::one(&call.services.departments.get(&call.caller, id).await?))
}

/// List Departments
///
/// The departments of the organization, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "staff",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `name`, `abbrev`, `number`, `created_at`, `updated_at`; `-id` is descending."),
    ),
    responses((status = 200, description = "A page of departments.", body = Listing<Department>, example = json!(listed()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/department")]
pub(crate) async fn department_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 15, KEYS))?;
    Ok(respond::listing(&call, call.services.departments.list(&call.caller, page).await?))
}

/// Create Department
///
/// An employee joins it by its own `department_id`.
#[utoipa::path(
    tag = "staff",
    request_body(content = NewDepartment, example = json!({"name": "客服部", "abbrev": "CSD", "number": "D01"})),
    responses((status = 201, description = "The department.", body = Data<Department>, example = json!({"data": example()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/department")]
pub(crate) async fn department_create(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, departments) = (call.body(NewDepartment::read)?, &call.services.departments);
    call.write(respond::created, |cx| async move { departments.create(&cx, input).await }).await
}

/// View Department
///
/// One department.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The department's id.", example = 1)),
    responses((status = 200, description = "The department.", body = Department, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/department/{id}")]
pub(crate) async fn department_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Department
///
/// A field that is absent stays as it is; null clears one that may be null.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The department's id.", example = 1)),
    request_body(content = DepartmentPatch, example = json!({"description": "一樓"})),
    responses((status = 200, description = "The department.", body = Department, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/department/{id}")]
pub(crate) async fn department_update(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, id, departments) = (call.body(DepartmentPatch::read)?, call.id()?, &call.services.departments);
    call.change(respond::one, |cx| async move { departments.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Department
///
/// One that an employee is in stays (409, which says what).
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The department's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/department/{id}")]
pub(crate) async fn department_delete(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    call.judge_query()?;
    let (id, departments) = (call.id()?, &call.services.departments);
    call.change(respond::gone, |cx| async move { departments.delete(&cx, id).await }, present(&call, id)).await
}
