//! Ticket categories: `/api/v1/category`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::CategoryId;
use frontdesk_core::page::PageRequest;
use frontdesk_store::Kept;
use frontdesk_ticketing::{Category, CategoryPatch, NewCategory};

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

async fn present(call: &Call, id: CategoryId) -> Result<Kept> {
    Ok(respond::one(&call.services.categories.get(&call.caller, id).await?))
}

/// List Categories
///
/// Categories with their sub-categories, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "look-ups",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `name`, `created_at`, `updated_at`; `-name` is descending."),
    ),
    responses((status = 200, description = "A page of categories.", body = Listing<Category>, example = json!(examples::categories())))
)]
#[get("/api/v1/category")]
pub(crate) async fn category_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let keys = ["id", "name", "created_at", "updated_at"];
    let page = call.query(|fields| PageRequest::sorted(fields, 15, &keys))?;
    Ok(respond::listing(&call, call.services.categories.list(&call.caller, page).await?))
}

/// Create Category
///
/// Sub-categories are put into it by their own operations.
#[utoipa::path(
    tag = "look-ups",
    request_body(content = NewCategory, example = json!({"name": "電子郵件", "description": "電子郵件相關的功能"})),
    responses((status = 201, description = "The category.", body = Data<Category>, example = json!({"data": examples::category_whole(1)}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/category")]
pub(crate) async fn category_create(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, categories) = (call.body(NewCategory::read)?, &call.services.categories);
    call.write(respond::created, |cx| async move { categories.create(&cx, input).await }).await
}

/// View Category
///
/// One category with its sub-categories.
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The category's id.", example = 1)),
    responses((status = 200, description = "The category.", body = Category, example = json!(examples::category_whole(1)))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/category/{id}")]
pub(crate) async fn category_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Category
///
/// A field that is absent stays as it is; null clears one that may be null.
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The category's id.", example = 1)),
    request_body(content = CategoryPatch, example = json!({"description": "電子郵件相關的功能"})),
    responses((status = 200, description = "The category.", body = Category, example = json!(examples::category_whole(1)))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/category/{id}")]
pub(crate) async fn category_update(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, id, categories) = (call.body(CategoryPatch::read)?, call.id()?, &call.services.categories);
    call.change(respond::one, |cx| async move { categories.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Category
///
/// One that has sub-categories stays (409).
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The category's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/category/{id}")]
pub(crate) async fn category_delete(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    call.judge_query()?;
    let (id, categories) = (call.id()?, &call.services.categories);
    call.change(respond::gone, |cx| async move { categories.delete(&cx, id).await }, present(&call, id)).await
}
