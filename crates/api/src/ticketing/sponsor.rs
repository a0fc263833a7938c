//! Sponsors: `/api/v1/sponsor`.

use actix_web::get;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Listing;
use frontdesk_core::page::PageRequest;
use frontdesk_ticketing::Sponsor;

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

/// List Sponsors
///
/// The clients on whose behalf the contact center answers, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "look-ups",
    params(Paging),
    responses((status = 200, description = "A page of sponsors.", body = Listing<Sponsor>, example = json!(examples::sponsors())))
)]
#[get("/api/v1/sponsor")]
pub(crate) async fn sponsor_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let page = call.query(|fields| PageRequest::read(fields, 15))?;
    Ok(respond::listing(call.services.sponsors.list(&call.caller, page).await?))
}
