//! Ticket sub-categories: `/api/v1/subcategory`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::SubcategoryId;
use frontdesk_core::page::PageRequest;
use frontdesk_store::Kept;
use frontdesk_ticketing::{NewSubcategory, Subcategory, SubcategoryFilter, SubcategoryPatch};

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

async fn present(call: &Call, id: SubcategoryId) -> Result<Kept> {
    Ok(respond::one(&call.services.subcategories.get(&call.caller, id).await?))
}

/// List Sub-categories
///
/// Sub-categories, by id, each with the category it belongs to, if any. A page has 15 rows where `per_page` does not say
/// otherwise.
#[utoipa::path(
    tag = "look-ups",
    params(
        SubcategoryFilter,
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `name`, `category_id`, `created_at`, `updated_at`; `-name` is descending."),
    ),
    responses((status = 200, description = "A page of sub-categories.", body = Listing<Subcategory>, example = json!(examples::subcategories())))
)]
#[get("/api/v1/subcategory")]
pub(crate) async fn subcategory_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let keys = ["id", "name", "category_id", "created_at", "updated_at"];
    let (filter, page) = call.query(|fields| (SubcategoryFilter::read(fields), PageRequest::sorted(fields, 15, &keys)))?;
    Ok(respond::listing(&call, call.services.subcategories.list(&call.caller, filter, page).await?))
}

/// Create Sub-category
///
/// It need not belong to a category.
#[utoipa::path(
    tag = "look-ups",
    request_body(content = NewSubcategory, example = json!({"name": "時效", "category_id": 1})),
    responses((status = 201, description = "The sub-category.", body = Data<Subcategory>, example = json!({"data": examples::subcategory(1, 1)}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/subcategory")]
pub(crate) async fn subcategory_create(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, subcategories) = (call.body(NewSubcategory::read)?, &call.services.subcategories);
    call.write(respond::created, |cx| async move { subcategories.create(&cx, input).await }).await
}

/// View Sub-category
///
/// One sub-category with the category it belongs to, if any.
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The sub-category's id.", example = 1)),
    responses((status = 200, description = "The sub-category.", body = Subcategory, example = json!(examples::subcategory(1, 1)))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/subcategory/{id}")]
pub(crate) async fn subcategory_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Sub-category
///
/// A field that is absent stays as it is; null clears one that may be null.
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The sub-category's id.", example = 1)),
    request_body(content = SubcategoryPatch, example = json!({"category_id": 1})),
    responses((status = 200, description = "The sub-category.", body = Subcategory, example = json!(examples::subcategory(1, 1)))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/subcategory/{id}")]
pub(crate) async fn subcategory_update(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, id, subcategories) = (call.body(SubcategoryPatch::read)?, call.id()?, &call.services.subcategories);
    call.change(respond::one, |cx| async move { subcategories.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Sub-category
///
/// One that a ticket is sorted under stays (409, which says which).
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The sub-category's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/subcategory/{id}")]
pub(crate) async fn subcategory_delete(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    call.judge_query()?;
    let (id, subcategories) = (call.id()?, &call.services.subcategories);
    call.change(respond::gone, |cx| async move { subcategories.delete(&cx, id).await }, present(&call, id)).await
}
