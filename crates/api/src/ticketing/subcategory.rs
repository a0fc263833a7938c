//! Ticket sub-categories: `/api/v1/subcategory`.

use actix_web::get;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Listing;
use frontdesk_core::page::PageRequest;
use frontdesk_ticketing::{Subcategory, SubcategoryFilter};

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

/// List Sub-categories
///
/// Sub-categories, by id, each with the category it belongs to, if any. A page has 15 rows where `per_page` does not say
/// otherwise.
#[utoipa::path(
    tag = "look-ups",
    params(SubcategoryFilter, Paging),
    responses((status = 200, description = "A page of sub-categories.", body = Listing<Subcategory>, example = json!(examples::subcategories())))
)]
#[get("/api/v1/subcategory")]
pub(crate) async fn subcategory_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let (filter, page) = call.query(|fields| (SubcategoryFilter::read(fields), PageRequest::read(fields, 15)))?;
    Ok(respond::listing(call.services.subcategories.list(&call.caller, filter, page).await?))
}
