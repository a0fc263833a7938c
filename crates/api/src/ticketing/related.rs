//! What the other surfaces have of a ticket: `/api/v1/ticket/{id}/related`.

use actix_web::get;
use frontdesk_appointments::{Appointment, AppointmentFilter};
use frontdesk_callcenter::{CallTask, CallTaskFilter};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::ItemPage;
use frontdesk_core::id::TicketId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::Counting;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::appointments::task as appointment;
use crate::call::{Answer, Call};
use crate::callcenter::examples as call_task;
use crate::docs::Paging;
use crate::respond;

/// What is linked to a ticket.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TicketRelated {
    /// The call tasks that led to it, cancelled ones included, newest first; null where the caller may not read call tasks.
    #[schema(required)]
    call_tasks: Option<ItemPage<CallTask>>,
    /// The appointments made for it, newest first; null where the caller may not read appointments.
    #[schema(required)]
    appointments: Option<ItemPage<Appointment>>,
}

fn example() -> Value {
    let page = |item: Value| json!({"items": [item], "total": 1, "page": 1, "per_page": 15, "pages": 1});
    let mut linked = appointment::example();
    linked["ticket_id"] = json!(1);
    json!({"call_tasks": page(call_task::task("new", Some(1))), "appointments": page(linked)})
}

/// Related Records of a Ticket
///
/// The call tasks whose appeal it is and the appointments linked to it, in the forms of their own surfaces. `page` and
/// `per_page` hold for both; a page has 15 rows where `per_page` does not say otherwise. What the caller may not read is null.
#[utoipa::path(
    tag = "tickets",
    params(("id" = i64, Path, description = "The ticket's id.", example = 1), Paging),
    responses((status = 200, description = "What is linked to it.", body = TicketRelated, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/ticket/{id}/related")]
pub(crate) async fn ticket_related(call: Call) -> Answer {
    call.require(Permission::ReadTickets)?;
    let id: TicketId = call.id()?;
    call.services.tickets.get(&call.caller, id).await?;
    let page = call.query(|fields| PageRequest::numbered(fields, 15))?;
    let (tasks, appointments) = (call_tasks(&call, id, page.clone()).await?, appointments(&call, id, page).await?);
    let totals = [tasks.as_ref().map(|page| page.total), appointments.as_ref().map(|page| page.total)];
    let total = totals.into_iter().flatten().find(|total| total.capped).unwrap_or_default();
    let related = TicketRelated { call_tasks: tasks.map(ItemPage::from), appointments: appointments.map(ItemPage::from) };
    Ok(respond::paged(respond::json(200, &related), total, None))
}

async fn call_tasks(call: &Call, id: TicketId, page: PageRequest) -> Result<Option<Page<CallTask>>> {
    if !call.caller.may(Permission::ReadCallTasks) {
        return Ok(None);
    }
    let filter = CallTaskFilter { appeal_id: Some(id), include_cancelled: true, ..CallTaskFilter::default() };
    Ok(Some(call.services.call_tasks.list(&call.caller, &filter, page).await?))
}

async fn appointments(call: &Call, id: TicketId, page: PageRequest) -> Result<Option<Page<Appointment>>> {
    if !call.caller.may(Permission::ReadAppointments) {
        return Ok(None);
    }
    let (number, rows, total) = (Some(page.page), Some(page.per_page), page.exact.then_some(Counting::Exact));
    let filter = AppointmentFilter { ticket_id: Some(id), page: number, per_page: rows, total, ..AppointmentFilter::default() };
    Ok(Some(call.services.appointments.list(&call.caller, filter).await?))
}
