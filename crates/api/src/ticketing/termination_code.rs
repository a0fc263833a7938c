//! Termination codes: `/api/v1/ticket-termination-code`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::TerminationCodeId;
use frontdesk_core::page::PageRequest;
use frontdesk_store::Kept;
use frontdesk_ticketing::{NewTerminationCode, TerminationCode, TerminationCodeFilter, TerminationCodePatch};

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

async fn present(call: &Call, id: TerminationCodeId) -> Result<Kept> {
    Ok(respond::one(&call.services.termination_codes.get(&call.caller, id).await?))
}

/// List Ticket Termination Codes
///
/// The details of a ticket's status, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "look-ups",
    params(
        TerminationCodeFilter,
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `name`, `status`, `created_at`, `updated_at`; `-name` is descending."),
    ),
    responses((status = 200, description = "A page of codes.", body = Listing<TerminationCode>, example = json!(examples::termination_codes())))
)]
#[get("/api/v1/ticket-termination-code")]
pub(crate) async fn termination_code_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let keys = ["id", "name", "status", "created_at", "updated_at"];
    let (filter, page) = call.query(|fields| (TerminationCodeFilter::read(fields), PageRequest::sorted(fields, 15, &keys)))?;
    Ok(respond::listing(&call, call.services.termination_codes.list(&call.caller, &filter, page).await?))
}

/// Create Ticket Termination Code
///
/// Its creater is the employee of the token; a service key leaves none.
#[utoipa::path(
    tag = "look-ups",
    request_body(content = NewTerminationCode, example = json!({"name": "確認可否處理", "status": 0})),
    responses((status = 201, description = "The code.", body = Data<TerminationCode>, example = json!({"data": examples::termination_code(1, Some(1))}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/ticket-termination-code")]
pub(crate) async fn termination_code_create(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, termination_codes) = (call.body(NewTerminationCode::read)?, &call.services.termination_codes);
    call.write(respond::created, |cx| async move { termination_codes.create(&cx, input).await }).await
}

/// View Ticket Termination Code
///
/// One detail of a ticket's status.
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The code's id.", example = 1)),
    responses((status = 200, description = "The code.", body = TerminationCode, example = json!(examples::termination_code(1, Some(1))))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/ticket-termination-code/{id}")]
pub(crate) async fn termination_code_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Ticket Termination Code
///
/// A field that is absent stays as it is; null clears one that may be null.
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The code's id.", example = 1)),
    request_body(content = TerminationCodePatch, example = json!({"status": 0})),
    responses((status = 200, description = "The code.", body = TerminationCode, example = json!(examples::termination_code(1, Some(1))))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/ticket-termination-code/{id}")]
pub(crate) async fn termination_code_update(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, id, termination_codes) = (call.body(TerminationCodePatch::read)?, call.id()?, &call.services.termination_codes);
    call.change(respond::one, |cx| async move { termination_codes.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Ticket Termination Code
///
/// One that a ticket has stays (409, which says which).
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The code's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/ticket-termination-code/{id}")]
pub(crate) async fn termination_code_delete(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    call.judge_query()?;
    let (id, termination_codes) = (call.id()?, &call.services.termination_codes);
    call.change(respond::gone, |cx| async move { termination_codes.delete(&cx, id).await }, present(&call, id)).await
}
