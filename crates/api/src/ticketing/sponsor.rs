//! Sponsors: `/api/v1/sponsor`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::SponsorId;
use frontdesk_core::page::PageRequest;
use frontdesk_store::Kept;
use frontdesk_ticketing::{NewSponsor, Sponsor, SponsorPatch};

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

async fn present(call: &Call, id: SponsorId) -> Result<Kept> {
    Ok(respond::one(&call.services.sponsors.get(&call.caller, id).await?))
}

/// List Sponsors
///
/// The clients on whose behalf the contact center answers, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "look-ups",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `name`, `created_at`, `updated_at`; `-name` is descending."),
    ),
    responses((status = 200, description = "A page of sponsors.", body = Listing<Sponsor>, example = json!(examples::sponsors())))
)]
#[get("/api/v1/sponsor")]
pub(crate) async fn sponsor_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 15, &["id", "name", "created_at", "updated_at"]))?;
    Ok(respond::listing(&call, call.services.sponsors.list(&call.caller, page).await?))
}

/// Create Sponsor
///
/// A new one may be changed and deleted; only an import makes immortal ones.
#[utoipa::path(
    tag = "look-ups",
    request_body(content = NewSponsor, example = json!({"name": "新業主"})),
    responses((status = 201, description = "The sponsor.", body = Data<Sponsor>, example = json!({"data": examples::sponsor("新業主")}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/sponsor")]
pub(crate) async fn sponsor_create(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, sponsors) = (call.body(NewSponsor::read)?, &call.services.sponsors);
    call.write(respond::created, |cx| async move { sponsors.create(&cx, input).await }).await
}

/// View Sponsor
///
/// One sponsor.
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The sponsor's id.", example = 1)),
    responses((status = 200, description = "The sponsor.", body = Sponsor, example = json!(examples::sponsor("業主")))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/sponsor/{id}")]
pub(crate) async fn sponsor_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Sponsor
///
/// A field that is absent stays as it is; null clears one that may be null. An immortal sponsor is neither changed nor deleted
/// (409).
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The sponsor's id.", example = 1)),
    request_body(content = SponsorPatch, example = json!({"description": "週一至週五"})),
    responses((status = 200, description = "The sponsor.", body = Sponsor, example = json!(examples::sponsor("業主")))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/sponsor/{id}")]
pub(crate) async fn sponsor_update(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, id, sponsors) = (call.body(SponsorPatch::read)?, call.id()?, &call.services.sponsors);
    call.change(respond::one, |cx| async move { sponsors.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Sponsor
///
/// One that a ticket, a contact or an interaction names stays (409, which says what).
#[utoipa::path(
    tag = "look-ups",
    params(("id" = i64, Path, description = "The sponsor's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/sponsor/{id}")]
pub(crate) async fn sponsor_delete(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    call.judge_query()?;
    let (id, sponsors) = (call.id()?, &call.services.sponsors);
    call.change(respond::gone, |cx| async move { sponsors.delete(&cx, id).await }, present(&call, id)).await
}
