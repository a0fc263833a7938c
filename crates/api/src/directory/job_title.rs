//! Job Titles: `/api/v1/job-title`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::JobTitleId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::job_title::{JobTitle, JobTitlePatch, NewJobTitle};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

const KEYS: &[&str] = &["id", "abbrev", "name", "created_at", "updated_at"];

fn example() -> Value {
    json!({"id": 1, "abbrev": "SS", "name": "銷售專員", "description": "電話銷售"})
}

fn listed() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

async fn present(call: &Call, id: JobTitleId) -> Result<Kept> {
    Ok(respond::one(&call.services.job_titles.get(&call.caller, id).await?))
}

/// List Job Titles
///
/// The job titles of employees, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "staff",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `abbrev`, `name`, `created_at`, `updated_at`; `-id` is descending."),
    ),
    responses((status = 200, description = "A page of job titles.", body = Listing<JobTitle>, example = json!(listed()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/job-title")]
pub(crate) async fn job_title_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 15, KEYS))?;
    Ok(respond::listing(&call, call.services.job_titles.list(&call.caller, page).await?))
}

/// Create Job Title
///
/// An employee gets it by its own `job_title_id`.
#[utoipa::path(
    tag = "staff",
    request_body(content = NewJobTitle, example = json!({"abbrev": "SS", "name": "銷售專員"})),
    responses((status = 201, description = "The job title.", body = Data<JobTitle>, example = json!({"data": example()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/job-title")]
pub(crate) async fn job_title_create(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, job_titles) = (call.body(NewJobTitle::read)?, &call.services.job_titles);
    call.write(respond::created, |cx| async move { job_titles.create(&cx, input).await }).await
}

/// View Job Title
///
/// One job title.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The job title's id.", example = 1)),
    responses((status = 200, description = "The job title.", body = JobTitle, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/job-title/{id}")]
pub(crate) async fn job_title_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Job Title
///
/// A field that is absent stays as it is; null clears one that may be null.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The job title's id.", example = 1)),
    request_body(content = JobTitlePatch, example = json!({"description": "電話銷售"})),
    responses((status = 200, description = "The job title.", body = JobTitle, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/job-title/{id}")]
pub(crate) async fn job_title_update(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, id, job_titles) = (call.body(JobTitlePatch::read)?, call.id()?, &call.services.job_titles);
    call.change(respond::one, |cx| async move { job_titles.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Job Title
///
/// One that an employee has stays (409, which says what).
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The job title's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/job-title/{id}")]
pub(crate) async fn job_title_delete(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    call.judge_query()?;
    let (id, job_titles) = (call.id()?, &call.services.job_titles);
    call.change(respond::gone, |cx| async move { job_titles.delete(&cx, id).await }, present(&call, id)).await
}
