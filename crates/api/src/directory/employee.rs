//! Employees: `/api/v1/employee`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::EmployeeId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::employee::{Employee, EmployeeFilter, EmployeePatch, NewEmployee};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

const KEYS: &[&str] = &["id", "employee_no", "first_name", "last_name", "email", "role", "created_at", "updated_at"];

fn example() -> Value {
    json!({
        "id": 17, "name": "AG 8018", "first_name": "AG", "last_name": "8018", "employee_no": "ag8018", "photo_url": null,
        "identity_no": null, "job_title_id": 21,
        "job_title": {"id": 21, "abbrev": null, "name": "銷售專員", "description": null},
        "department_id": -1, "department": null, "extension_id": -1, "extension": null,
        "profile": {"id": 29, "phones": []}, "is_active": true, "role": "", "email": null, "group_id": 3,
        "group": {"id": 3, "name": "SUN1", "description": null, "supervisor_id": 9},
        "is_immortal": false, "cti_agent_account": null, "cti_agent": null,
        "created_at": "2019-04-18 06:13:43", "updated_at": "2019-04-18 06:16:51"
    })
}

fn listed() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 17, "per_page": "1", "to": 1, "total": 17}})
}

async fn present(call: &Call, id: EmployeeId) -> Result<Kept> {
    Ok(respond::one(&call.services.employees.get(&call.caller, id).await?))
}

/// List Employees
///
/// The staff with everything that belongs to them, newest first. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "staff",
    params(
        EmployeeFilter,
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `employee_no`, `first_name`, `last_name`, `email`, \
            `role`, `created_at`, `updated_at`; `-id` is descending."),
    ),
    responses((status = 200, description = "A page of employees.", body = Listing<Employee>, example = json!(listed())))
)]
#[get("/api/v1/employee")]
pub(crate) async fn employee_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let (filter, page) = call.query(|fields| (EmployeeFilter::read(fields), PageRequest::sorted(fields, 15, KEYS)))?;
    Ok(respond::listing(&call, call.services.employees.list(&call.caller, &filter, page).await?))
}

/// Create Employee
///
/// Who has no password yet: an admin gives one with `PUT /api/v1/auth/password`. `role` is `admin`, `supervisor`, `agent`, or
/// empty: listed and assignable, but cannot sign in.
#[utoipa::path(
    tag = "staff",
    request_body(content = NewEmployee, example = json!({
        "employee_no": "ag8019", "first_name": "AG", "last_name": "8019", "group_id": 1, "department_id": -1, "role": "agent",
        "email": "ag8019@example.com"
    })),
    responses((status = 201, description = "The employee.", body = Data<Employee>, example = json!({"data": example()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/employee")]
pub(crate) async fn employee_create(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let (input, employees) = (call.body(NewEmployee::read)?, &call.services.employees);
    call.write(respond::created, |cx| async move { employees.create(&cx, input).await }).await
}

/// View Employee
///
/// One employee with everything that belongs to it.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The employee's id.", example = 1)),
    responses((status = 200, description = "The employee.", body = Employee, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/employee/{id}")]
pub(crate) async fn employee_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Employee
///
/// A field that is absent stays as it is; null clears one that may be null. Another `role`, or `is_active` false, revokes the
/// employee's tokens at once. The last admin who can sign in stays one (409); an immortal employee is neither changed nor
/// deleted (409).
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The employee's id.", example = 1)),
    request_body(content = EmployeePatch, example = json!({"photo_url": "/employee/1/photo"})),
    responses((status = 200, description = "The employee.", body = Employee, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/employee/{id}")]
pub(crate) async fn employee_update(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let (input, id, employees) = (call.body(EmployeePatch::read)?, call.id()?, &call.services.employees);
    call.change(respond::one, |cx| async move { employees.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Employee
///
/// With the employee's phone numbers and tokens. One that another record names stays (409, which says what), and so does the
/// last admin who can sign in.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The employee's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/employee/{id}")]
pub(crate) async fn employee_delete(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.judge_query()?;
    let (id, employees) = (call.id()?, &call.services.employees);
    call.change(respond::gone, |cx| async move { employees.delete(&cx, id).await }, present(&call, id)).await
}
