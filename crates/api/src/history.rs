//! What became of tickets, contacts, call tasks and appointments: `…/history`, `/api/task/get_history`.

use actix_web::{get, post};
use frontdesk_appointments::{AppointmentHistoryRequest, UnixTime};
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Envelope, ItemPage, Listing};
use frontdesk_core::page::PageRequest;
use frontdesk_core::status::Outcome;
use frontdesk_core::time::{LocalTime, ZonedTime};
use frontdesk_directory::history::HistoryEntry;
use serde_json::{Value, json};

use crate::appointments::page::AppointmentPage;
use crate::call::{Answer, Call};
use crate::callcenter::task::task_id;
use crate::docs::Paging;
use crate::respond;

fn example(version: i64, action: &str, at: &str, change: &Value) -> Value {
    json!({
        "version": version, "action": action, "at": at, "actor": {"kind": "employee", "id": 1, "name": "Demo Admin"},
        "request_id": "0199d2f0-6f0c-7c33-a1d7-3b3c3f0b7a51", "changes": [change]
    })
}

fn change(field: &str, from: &Value, to: &Value) -> Value {
    json!({"field": field, "from": from, "to": to, "erased": false})
}

fn listing(entry: &Value) -> Value {
    json!({"data": [entry], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

fn items(entry: &Value) -> Value {
    json!({"items": [entry], "total": 1, "page": 1, "per_page": 20, "pages": 1})
}

fn of_ticket() -> Value {
    listing(&example(2, "updated", "2026-03-02 15:20:11", &change("status", &json!(0), &json!(1))))
}

fn of_contact() -> Value {
    listing(&example(2, "updated", "2026-03-02 15:20:11", &change("membership_no", &Value::Null, &json!("M-1001"))))
}

fn of_call_task() -> Value {
    items(&example(2, "status_changed", "2026-03-02T15:20:11+08:00", &change("status", &json!("new"), &json!("in_progress"))))
}

fn of_appointment() -> Value {
    let moderator = json!({"emp_id": "yating", "employee_id": 3, "name": "林 雅婷", "business_code": "2", "branch_code": "85"});
    let entry = example(2, "moderator_added", "1767410400", &change("moderators", &json!([]), &json!([moderator])));
    let mut page = items(&entry);
    page["next_cursor"] = Value::Null;
    json!({"status": 1, "message": "success", "info": page})
}

/// History of a Ticket
///
/// Every change of the ticket, the last one first: who, when, and each field with its values before and after in the forms of the
/// ticket itself. Of a deleted ticket it is shown to those who may delete tickets, and says who did. A page has 15 rows where
/// `per_page` does not say otherwise.
#[utoipa::path(
    tag = "tickets",
    params(("id" = i64, Path, description = "The ticket's id.", example = 1), Paging),
    responses((status = 200, description = "A page of changes.", body = Listing<HistoryEntry<LocalTime>>, example = json!(of_ticket()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/ticket/{id}/history")]
pub(crate) async fn ticket_history(call: Call) -> Answer {
    call.require(Permission::ReadTickets)?;
    let (id, page) = (call.id()?, call.asked(|fields| PageRequest::read(fields, 15)));
    Ok(respond::listing(&call, call.services.tickets.history(&call.caller, id, page).await?))
}

/// History of a Contact
///
/// Every change of the contact, the last one first: who, when, and each field with its values before and after. What was erased,
/// as by `anonymize`, is null and marked. Changes of its phone numbers are not among them; a deleted contact has no history to
/// show. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "contacts",
    params(("id" = i64, Path, description = "The contact's id.", example = 1), Paging),
    responses((status = 200, description = "A page of changes.", body = Listing<HistoryEntry<LocalTime>>, example = json!(of_contact()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/contact/{id}/history")]
pub(crate) async fn contact_history(call: Call) -> Answer {
    call.require(Permission::ReadContacts)?;
    let (id, page) = (call.id()?, call.asked(|fields| PageRequest::read(fields, 15)));
    Ok(respond::listing(&call, call.services.contacts.history(&call.caller, id, page).await?))
}

/// Task History
///
/// Every change of the task, the last one first: who, when, and each field with its values before and after in the forms of the
/// task itself. A page has 20 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "call center",
    params(("task_id" = Uuid, Path, description = "The task's id.", example = "0199d2f0-0000-7000-8000-000000000001"), Paging),
    responses((status = 200, description = "A page of changes.", body = ItemPage<HistoryEntry<ZonedTime>>, example = json!(of_call_task()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/tasks/{task_id}/history")]
pub(crate) async fn call_task_history(call: Call) -> Answer {
    call.require(Permission::ReadCallTasks)?;
    let (id, page) = (task_id(&call)?, call.asked(|fields| PageRequest::read(fields, 20)));
    Ok(respond::items(&call, call.services.call_tasks.history(&call.caller, id, page).await?))
}

/// getTaskHistory
///
/// Every change of an appointment and of its people, the last one first: who, when, and each field with its values before and
/// after in the forms of getTask. A customer may not ask. A page has 20 where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "appointments",
    request_body(content = AppointmentHistoryRequest, example = json!({"task_num": "202601050000001", "per_page": 20})),
    responses((status = 200, description = "A page of changes (1), or the request is refused (0).",
        body = Envelope<AppointmentPage<HistoryEntry<UnixTime>>>, example = json!(of_appointment()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/task/get_history")]
pub(crate) async fn appointment_history(call: Call) -> Answer {
    call.require(Permission::ReadAppointmentHistory)?;
    let asked = call.body(AppointmentHistoryRequest::read)?;
    let page = call.services.appointments.history(&call.caller, asked).await?;
    let total = page.total;
    let answer = Envelope { status: Outcome::Success, message: "success".into(), info: Some(AppointmentPage::from(page)) };
    Ok(respond::paged(respond::json(200, &answer), total, None))
}
