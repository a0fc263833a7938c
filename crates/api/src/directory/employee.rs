//! Employees: `/api/v1/employee`.

use actix_web::get;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Listing;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::employee::{Employee, EmployeeFilter};
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

fn example() -> Value {
    json!({
        "data": [{
            "id": 17, "name": "AG 8018", "first_name": "AG", "last_name": "8018", "employee_no": "ag8018", "photo_url": null,
            "identity_no": null, "job_title_id": 21,
            "job_title": {"id": 21, "abbrev": null, "name": "銷售專員", "description": null},
            "department_id": -1, "department": null, "extension_id": -1, "extension": null,
            "profile": {"id": 29, "phones": []}, "is_active": true, "role": "", "email": null, "group_id": 3,
            "group": {"id": 3, "name": "SUN1", "description": null, "supervisor_id": 9},
            "is_immortal": false, "cti_agent_account": null, "cti_agent": null,
            "created_at": "2019-04-18 06:13:43", "updated_at": "2019-04-18 06:16:51"
        }],
        "meta": {"current_page": 1, "from": 1, "last_page": 17, "per_page": "1", "to": 1, "total": 17}
    })
}

/// List Employees
///
/// The staff with everything that belongs to them, newest first. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "look-ups",
    params(EmployeeFilter, Paging),
    responses((status = 200, description = "A page of employees.", body = Listing<Employee>, example = json!(example())))
)]
#[get("/api/v1/employee")]
pub(crate) async fn employee_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let (filter, page) = call.query(|fields| (EmployeeFilter::read(fields), PageRequest::read(fields, 15)))?;
    Ok(respond::listing(call.services.employees.list(&call.caller, &filter, page).await?))
}
