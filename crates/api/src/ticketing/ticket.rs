//! Tickets: `/api/v1/ticket*`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::TicketId;
use frontdesk_core::page::PageRequest;
use frontdesk_store::Kept;
use frontdesk_ticketing::{NewTicket, Ticket, TicketFilter, TicketListItem, TicketPatch};

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

async fn present(call: &Call, id: TicketId) -> Result<Kept> {
    Ok(respond::one(&call.services.tickets.get(&call.caller, id).await?))
}

/// Search Tickets
///
/// The tickets that meet every filter given, newest first, each with its contact, sub-category, handler, creater, sponsor and
/// interactions. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "tickets",
    params(
        TicketFilter,
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `subject`, `status`, `priority`, `due_at`, `created_at`, `updated_at`; `-due_at` is descending."),
    ),
    responses((status = 200, description = "A page of tickets.", body = Listing<TicketListItem>, example = json!(examples::tickets())))
)]
#[get("/api/v1/ticket")]
pub(crate) async fn ticket_list(call: Call) -> Answer {
    call.require(Permission::ReadTickets)?;
    let keys = ["id", "subject", "status", "priority", "due_at", "created_at", "updated_at"];
    let (filter, page) = call.query(|fields| (TicketFilter::read(fields), PageRequest::sorted(fields, 15, &keys)))?;
    Ok(respond::listing(&call, call.services.tickets.list(&call.caller, &filter, page).await?))
}

/// Create Ticket
///
/// The creater is the employee of the token; a service key leaves none. The ticket comes back wrapped in `data`.
#[utoipa::path(
    tag = "tickets",
    request_body(content = NewTicket, example = json!(examples::new_ticket())),
    responses((status = 201, description = "The ticket.", body = Data<Ticket>, example = json!({"data": examples::ticket("標題")})))
)]
#[post("/api/v1/ticket")]
pub(crate) async fn ticket_create(call: Call) -> Answer {
    call.require(Permission::WriteTickets)?;
    let input = call.body(NewTicket::read)?;
    let tickets = &call.services.tickets;
    call.write(respond::created, |cx| async move { tickets.create(&cx, input).await }).await
}

/// View Ticket
///
/// One ticket, without its creater and its interactions.
#[utoipa::path(
    tag = "tickets",
    params(("id" = i64, Path, description = "The ticket's id.", example = 1)),
    responses((status = 200, description = "The ticket.", body = Ticket, example = json!(examples::ticket("標題"))))
)]
#[get("/api/v1/ticket/{id}")]
pub(crate) async fn ticket_view(call: Call) -> Answer {
    call.require(Permission::ReadTickets)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Ticket
///
/// A field that is absent stays as it is; null clears one that may be null. Also taken as `POST` with `"_method": "put"` in
/// the body.
#[utoipa::path(
    tag = "tickets",
    params(("id" = i64, Path, description = "The ticket's id.", example = 1)),
    request_body(content = TicketPatch, example = json!({"subject": "修改後的標題"})),
    responses((status = 200, description = "The ticket.", body = Ticket, example = json!(examples::ticket("修改後的標題"))))
)]
#[put("/api/v1/ticket/{id}")]
pub(crate) async fn ticket_update(call: Call) -> Answer {
    call.require(Permission::WriteTickets)?;
    let (input, id) = (call.body(TicketPatch::read)?, call.id()?);
    let tickets = &call.services.tickets;
    call.change(respond::one, |cx| async move { tickets.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Ticket
///
/// Drops its links to interactions, which are thereby changed. A ticket that a call task or an appointment is linked to stays
/// (409). Also taken as `POST` with `"_method": "delete"` in the body.
#[utoipa::path(
    tag = "tickets",
    params(("id" = i64, Path, description = "The ticket's id.", example = 90)),
    responses((status = 204, description = "Deleted."))
)]
#[delete("/api/v1/ticket/{id}")]
pub(crate) async fn ticket_delete(call: Call) -> Answer {
    call.require(Permission::DeleteTickets)?;
    call.judge_query()?;
    let (id, tickets) = (call.id()?, &call.services.tickets);
    call.change(respond::gone, |cx| async move { tickets.delete(&cx, id).await }, present(&call, id)).await
}
