//! Tasks made from calls: `/api/tasks*`.

use actix_web::{get, patch, post, put};
use frontdesk_callcenter::{AppealLink, CallTask, CallTaskFilter, CallTaskPatch, CallTaskStatusChange, NewCallTask, ReprocessRequest};
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::ItemPage;
use frontdesk_core::id::{CallTaskId, uuid};
use frontdesk_core::input::{In, Rule};
use frontdesk_core::page::PageRequest;
use frontdesk_core::{Error, Result};
use frontdesk_store::Kept;

use super::examples;
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

pub(crate) fn task_id(call: &Call) -> Result<CallTaskId> {
    let id = uuid(call.raw_id()).map(CallTaskId);
    id.ok_or_else(|| Error::field(In::Path, "task_id", Rule::Form("a UUID")))
}

pub(crate) async fn present(call: &Call, id: CallTaskId) -> Result<Kept> {
    Ok(respond::one(&call.services.call_tasks.get(&call.caller, id).await?))
}

/// Create Task
///
/// The task is new and assigned to its operator. With a `recording_url` and no `call_transcription` it is queued for
/// transcription; with a transcription and no `call_summary` it is queued for the summaries. A second task with the same
/// `call_id` is a 409 that names the first.
#[utoipa::path(
    tag = "call center",
    request_body(content = NewCallTask, example = json!(examples::new_task())),
    responses((status = 200, description = "The task.", body = CallTask, example = json!(examples::task("new", None))))
)]
#[post("/api/tasks")]
pub(crate) async fn call_task_create(call: Call) -> Answer {
    call.require(Permission::WriteCallTasks)?;
    let input = call.body(NewCallTask::read)?;
    let tasks = &call.services.call_tasks;
    call.write(respond::one, |cx| async move { tasks.create(&cx, input).await }).await
}

/// List Tasks
///
/// Newest first. Cancelled tasks are left out unless `include_cancelled` is true or `status=cancelled` is asked for. A page
/// has 20 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "call center",
    params(
        CallTaskFilter,
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `title`, `status`, `priority`, `call_datetime`, `due_date`, `completed_at`, `created_at`, `updated_at`; `-priority` is the most urgent first (a Frontdesk extension)."),
    ),
    responses((status = 200, description = "A page of tasks.", body = ItemPage<CallTask>, example = json!(examples::tasks())))
)]
#[get("/api/tasks")]
pub(crate) async fn call_task_list(call: Call) -> Answer {
    call.require(Permission::ReadCallTasks)?;
    let keys = ["id", "title", "status", "priority", "call_datetime", "due_date", "completed_at", "created_at", "updated_at"];
    let (filter, page) = call.query(|fields| (CallTaskFilter::read(fields), PageRequest::sorted(fields, 20, &keys)))?;
    Ok(respond::items(&call, call.services.call_tasks.list(&call.caller, &filter, page).await?))
}

/// Get Task
///
/// One task of the caller's organization.
#[utoipa::path(
    tag = "call center",
    params(("task_id" = Uuid, Path, description = "The task's id.", example = "0199d2f0-0000-7000-8000-000000000001")),
    responses((status = 200, description = "The task.", body = CallTask, example = json!(examples::task("new", None))))
)]
#[get("/api/tasks/{task_id}")]
pub(crate) async fn call_task_get(call: Call) -> Answer {
    call.require(Permission::ReadCallTasks)?;
    call.read(present(&call, task_id(&call)?).await?)
}

/// Edit Task
///
/// A field that is absent stays as it is; null clears one that may be null. A new recording on a task without a transcription
/// queues it for transcription, a new transcription on one without a summary for the summaries, unless something waits or runs
/// already or the task is cancelled. Status, appeal, `call_id` and processing are not edited here.
#[utoipa::path(
    tag = "call center",
    params(("task_id" = Uuid, Path, description = "The task's id.", example = "0199d2f0-0000-7000-8000-000000000001")),
    request_body(content = CallTaskPatch, example = json!({"title": "Перезвонить по счёту", "priority": "high", "due_date": null})),
    responses((status = 200, description = "The task.", body = CallTask, example = json!(examples::task("new", None)))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[patch("/api/tasks/{task_id}")]
pub(crate) async fn call_task_update(call: Call) -> Answer {
    call.require(Permission::WriteCallTasks)?;
    let (input, id) = (call.body(CallTaskPatch::read)?, task_id(&call)?);
    let tasks = &call.services.call_tasks;
    call.change(respond::one, |cx| async move { tasks.update(&cx, id, input).await }, present(&call, id)).await
}

/// Update Task Status
///
/// `new` → `in_progress` → `completed`; `new` or `in_progress` → `cancelled`; `completed` → `in_progress`, which clears
/// `completed_at`. Any other change is a 409 that names both; the status the task already has changes nothing.
#[utoipa::path(
    tag = "call center",
    params(("task_id" = Uuid, Path, description = "The task's id.", example = "0199d2f0-0000-7000-8000-000000000002")),
    request_body(content = CallTaskStatusChange, example = json!({"status": "in_progress"})),
    responses((status = 200, description = "The task.", body = CallTask, example = json!(examples::task("in_progress", None))))
)]
#[put("/api/tasks/{task_id}/status")]
pub(crate) async fn call_task_set_status(call: Call) -> Answer {
    call.require(Permission::WriteCallTasks)?;
    let (input, id) = (call.body(CallTaskStatusChange::read)?, task_id(&call)?);
    let tasks = &call.services.call_tasks;
    call.change(respond::one, |cx| async move { tasks.set_status(&cx, id, input).await }, present(&call, id)).await
}

/// Link Appeal To Task
///
/// The appeal is a ticket of the organization. Null unlinks; the field itself must be there.
#[utoipa::path(
    tag = "call center",
    params(("task_id" = Uuid, Path, description = "The task's id.", example = "0199d2f0-0000-7000-8000-000000000004")),
    request_body(content = AppealLink, example = json!({"appeal_id": 1})),
    responses((status = 200, description = "The task.", body = CallTask, example = json!(examples::task("new", Some(1)))))
)]
#[put("/api/tasks/{task_id}/appeal")]
pub(crate) async fn call_task_link_appeal(call: Call) -> Answer {
    link_appeal(&call).await
}

/// Link Appeal To Task (PATCH)
///
/// The same as `PUT`: the page does not show which method it is.
#[utoipa::path(
    tag = "call center",
    params(("task_id" = Uuid, Path, description = "The task's id.", example = "0199d2f0-0000-7000-8000-000000000005")),
    request_body(content = AppealLink, example = json!({"appeal_id": 1})),
    responses((status = 200, description = "The task.", body = CallTask, example = json!(examples::task("new", Some(1)))))
)]
#[patch("/api/tasks/{task_id}/appeal")]
pub(crate) async fn call_task_patch_appeal(call: Call) -> Answer {
    link_appeal(&call).await
}

async fn link_appeal(call: &Call) -> Answer {
    call.require(Permission::WriteCallTasks)?;
    let (input, id) = (call.body(AppealLink::read)?, task_id(call)?);
    let tasks = &call.services.call_tasks;
    call.change(respond::one, |cx| async move { tasks.link_appeal(&cx, id, input).await }, present(call, id)).await
}

/// Reprocess Task
///
/// Queues the task for processing again and answers at once. Nothing changes while it is queued or running, or where it has
/// neither a recording nor a transcription to work on. A cancelled task is a 409. The texts stay as they are until the whole run
/// is through, and a text that a person edited stays unless `overwrite` is true; every earlier version stays readable.
#[utoipa::path(
    tag = "call center",
    params(("task_id" = Uuid, Path, description = "The task's id.", example = "0199d2f0-0000-7000-8000-000000000003"), ReprocessRequest),
    responses((status = 200, description = "The task.", body = CallTask, example = json!(examples::task("new", None))))
)]
#[post("/api/tasks/{task_id}/reprocess")]
pub(crate) async fn call_task_reprocess(call: Call) -> Answer {
    call.require(Permission::WriteCallTasks)?;
    let (id, request) = (task_id(&call)?, call.asked(ReprocessRequest::read));
    let tasks = &call.services.call_tasks;
    call.change(respond::one, |cx| async move { tasks.reprocess(&cx, id, request).await }, present(&call, id)).await
}
