//! The versions of a call task's texts: `/api/tasks/{task_id}/processing`.

use actix_web::{get, put};
use frontdesk_callcenter::{CallTask, CallText, CallTextChoice};
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::ItemPage;
use frontdesk_core::page::PageRequest;
use serde_json::{Value, json};

use super::examples;
use super::task::{present, task_id};
use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

fn texts() -> Value {
    let text = |stage: &str, version: Option<i64>, text: Option<&str>| {
        json!({
            "stage": stage, "version": version, "run": 1, "state": if version.is_some() { "succeeded" } else { "failed" },
            "source": "endpoint", "model": "whisper-1", "is_current": version.is_some(), "text": text,
            "error_class": if version.is_some() { Value::Null } else { "retryable".into() },
            "error_message": if version.is_some() { Value::Null } else { "chat.example.com answered with status 503".into() },
            "attempts": if version.is_some() { 1 } else { 8 }, "started_at": "2026-03-02T15:16:41+08:00",
            "finished_at": "2026-03-02T15:16:52+08:00",
        })
    };
    let items = [text("call_summary", None, None), text("transcription", Some(1), Some("Добрый день. Я жду счёт с пятницы."))];
    json!({"items": items, "total": 2, "page": 1, "per_page": 20, "pages": 1})
}

/// List Versions Of A Task's Texts
///
/// Every version of the transcription and of both summaries, and what failed, the newest first. A text that was never replaced
/// has no version yet.
#[utoipa::path(
    tag = "call center",
    params(
        ("task_id" = Uuid, Path, description = "The task's id.", example = "0199d2f0-0000-7000-8000-000000000001"),
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`; `id` is the order in which they came."),
    ),
    responses((status = 200, description = "A page of texts.", body = ItemPage<CallText>, example = json!(texts()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/tasks/{task_id}/processing")]
pub(crate) async fn call_task_processing(call: Call) -> Answer {
    call.require(Permission::ReadCallTasks)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 20, &["id"]))?;
    Ok(respond::items(&call, call.services.call_tasks.texts(&call.caller, task_id(&call)?, page).await?))
}

/// Choose Version Of A Task's Text
///
/// Has the task show this version. The one it showed stays to be chosen again. A later run replaces it as it would any text
/// that no person edited.
#[utoipa::path(
    tag = "call center",
    params(("task_id" = Uuid, Path, description = "The task's id.", example = "0199d2f0-0000-7000-8000-000000000001")),
    request_body(content = CallTextChoice, example = json!({"stage": "transcription", "version": 1})),
    responses((status = 200, description = "The task.", body = CallTask, example = json!(examples::task("new", None)))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/tasks/{task_id}/processing")]
pub(crate) async fn call_task_choose_text(call: Call) -> Answer {
    call.require(Permission::WriteCallTasks)?;
    let (input, id) = (call.body(CallTextChoice::read)?, task_id(&call)?);
    let tasks = &call.services.call_tasks;
    call.change(respond::one, |cx| async move { tasks.choose_text(&cx, id, input).await }, present(&call, id)).await
}
