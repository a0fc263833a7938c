//! The service log: `/api/v1/interact-collection`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::InteractionId;
use frontdesk_core::page::PageRequest;
use frontdesk_store::Kept;
use frontdesk_ticketing::{Interaction, InteractionFilter, InteractionListItem, InteractionPatch, NewInteraction};

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

async fn present(call: &Call, id: InteractionId) -> Result<Kept> {
    Ok(respond::one(&call.services.interactions.get(&call.caller, id).await?))
}

/// List Interactions
///
/// The entries of the service log that meet every filter given, newest first. A page has 15 rows where `per_page` does not say
/// otherwise.
#[utoipa::path(
    tag = "tickets",
    params(
        InteractionFilter,
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `first_enter_queue_at`, `first_start_service_at`, `acw_at`, `last_finished_at`, `created_at`, `updated_at`; `-first_enter_queue_at` is descending."),
    ),
    responses((status = 200, description = "A page of interactions.", body = Listing<InteractionListItem>, example = json!(examples::interactions())))
)]
#[get("/api/v1/interact-collection")]
pub(crate) async fn interaction_list(call: Call) -> Answer {
    call.require(Permission::ReadTickets)?;
    let keys = ["id", "first_enter_queue_at", "first_start_service_at", "acw_at", "last_finished_at", "created_at", "updated_at"];
    let (filter, page) = call.query(|fields| (InteractionFilter::read(fields), PageRequest::sorted(fields, 15, &keys)))?;
    Ok(respond::listing(&call, call.services.interactions.list(&call.caller, filter, page).await?))
}

/// Create Interaction
///
/// Every field may be left out. `ticket_ids` are the tickets it led to, whose lists then show it; the answer has them by id.
#[utoipa::path(
    tag = "tickets",
    request_body(content = NewInteraction, example = json!(examples::new_interaction())),
    responses((status = 201, description = "The interaction.", body = Data<Interaction>, example = json!({"data": examples::interaction()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/interact-collection")]
pub(crate) async fn interaction_create(call: Call) -> Answer {
    call.require(Permission::WriteTickets)?;
    let (input, interactions) = (call.body(NewInteraction::read)?, &call.services.interactions);
    call.write(respond::created, |cx| async move { interactions.create(&cx, input).await }).await
}

/// View Interaction
///
/// One entry of the service log, with the tickets it is linked to.
#[utoipa::path(
    tag = "tickets",
    params(("id" = i64, Path, description = "The interaction's id.", example = 1)),
    responses((status = 200, description = "The interaction.", body = Interaction, example = json!(examples::interaction()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/interact-collection/{id}")]
pub(crate) async fn interaction_view(call: Call) -> Answer {
    call.require(Permission::ReadTickets)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Interaction
///
/// A field that is absent stays as it is; null clears one that may be null. `ticket_ids` are all the tickets it is then linked to;
/// empty or null are none.
#[utoipa::path(
    tag = "tickets",
    params(("id" = i64, Path, description = "The interaction's id.", example = 1)),
    request_body(content = InteractionPatch, example = json!({"is_acw_completed": true, "ticket_ids": [1]})),
    responses((status = 200, description = "The interaction.", body = Interaction, example = json!(examples::interaction()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/interact-collection/{id}")]
pub(crate) async fn interaction_update(call: Call) -> Answer {
    call.require(Permission::WriteTickets)?;
    let (input, id, interactions) = (call.body(InteractionPatch::read)?, call.id()?, &call.services.interactions);
    call.change(respond::one, |cx| async move { interactions.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Interaction
///
/// Drops its links to tickets.
#[utoipa::path(
    tag = "tickets",
    params(("id" = i64, Path, description = "The interaction's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/interact-collection/{id}")]
pub(crate) async fn interaction_delete(call: Call) -> Answer {
    call.require(Permission::DeleteTickets)?;
    call.judge_query()?;
    let (id, interactions) = (call.id()?, &call.services.interactions);
    call.change(respond::gone, |cx| async move { interactions.delete(&cx, id).await }, present(&call, id)).await
}
