//! Termination codes: `/api/v1/ticket-termination-code`.

use actix_web::get;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Listing;
use frontdesk_core::page::PageRequest;
use frontdesk_ticketing::{TerminationCode, TerminationCodeFilter};

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

/// List Ticket Termination Codes
///
/// The details of a ticket's status, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "look-ups",
    params(TerminationCodeFilter, Paging),
    responses((status = 200, description = "A page of codes.", body = Listing<TerminationCode>, example = json!(examples::termination_codes())))
)]
#[get("/api/v1/ticket-termination-code")]
pub(crate) async fn termination_code_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let (filter, page) = call.query(|fields| (TerminationCodeFilter::read(fields), PageRequest::read(fields, 15)))?;
    Ok(respond::listing(call.services.termination_codes.list(&call.caller, &filter, page).await?))
}
