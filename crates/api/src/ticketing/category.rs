//! Ticket categories: `/api/v1/category`.

use actix_web::get;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Listing;
use frontdesk_core::page::PageRequest;
use frontdesk_ticketing::Category;

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

/// List Categories
///
/// Categories with their sub-categories, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "look-ups",
    params(Paging),
    responses((status = 200, description = "A page of categories.", body = Listing<Category>, example = json!(examples::categories())))
)]
#[get("/api/v1/category")]
pub(crate) async fn category_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let page = call.query(|fields| PageRequest::read(fields, 15))?;
    Ok(respond::listing(call.services.categories.list(&call.caller, page).await?))
}
