//! Seed 002: the operations of the page, with the fields it names.

use serde_json::{Value, json};

use super::keys;
use crate::harness::app::App;

/// The fields of a task, in the page's order, and ours.
const FIELDS: [&str; 25] = [
    "id",
    "organization_id",
    "assigned_user_id",
    "created_by_user_id",
    "task_type",
    "status",
    "priority",
    "title",
    "description",
    "caller_phone",
    "caller_name",
    "call_id",
    "recording_url",
    "call_datetime",
    "call_transcription",
    "call_summary",
    "call_response_summary",
    "error_message",
    "created_at",
    "updated_at",
    "due_date",
    "completed_at",
    "appeal_id",
    "assigned_user_name",
    "processing",
];

/// A body with every field that the page names, in its order.
fn every_field() -> Value {
    json!({
        "operator_id": 3, "task_type": "callback", "priority": "urgent", "title": "Заголовок", "description": "Описание",
        "caller_phone": "+7 (495) 123-45-67", "caller_name": "Иван", "call_id": "1772435712.4521",
        "recording_url": "https://pbx.example.com/4521.mp3", "call_datetime": "2026-03-02T10:15:12+08:00",
        "call_transcription": "Алло", "call_summary": "О счёте", "call_response_summary": "Перезвоним", "due_date": "2026-03-03T18:00:00+08:00",
    })
}

#[tokio::test]
async fn a_task_has_the_fields_of_the_page() {
    let app = App::new();
    let agent = app.agent();
    let body = every_field();
    let task = agent.post("/api/tasks", body.clone()).await.is(200);
    assert_eq!(keys(&task), FIELDS);
    let sent = body.as_object().unwrap();
    for (name, value) in sent.iter().filter(|(name, _)| *name != "operator_id") {
        assert_eq!(&task[name], value, "{name}");
    }
    let others = json!({"organization_id": 1, "assigned_user_id": 3, "created_by_user_id": 3, "status": "new", "error_message": null,
        "created_at": "2026-03-02T10:00:00+08:00", "updated_at": "2026-03-02T10:00:00+08:00", "completed_at": null, "appeal_id": null,
        "assigned_user_name": "Anna Gent", "processing": {"state": "none", "stage": null, "attempt": 0, "version": 0}});
    for (name, value) in others.as_object().unwrap() {
        assert_eq!(&task[name], value, "{name}");
    }

    let path = format!("/api/tasks/{}", task["id"].as_str().unwrap());
    agent.get(&path).await.equals(200, &task);
    let listed = agent.get("/api/tasks").await.is(200);
    assert_eq!(keys(&listed), ["items", "total", "page", "per_page", "pages"]);
    assert_eq!(listed["items"][0].to_string(), task.to_string());
    let status = agent.put(&format!("{path}/status"), json!({"status": "in_progress"})).await.is(200);
    let linked = agent.put(&format!("{path}/appeal"), json!({"appeal_id": 1})).await.is(200);
    let again = agent.post(&format!("{path}/reprocess"), json!(null)).await.is(200);
    for answer in [status, linked, again] {
        assert_eq!(keys(&answer), FIELDS);
    }
}

#[tokio::test]
async fn the_fields_that_the_page_does_not_require_may_be_left_out_or_null() {
    let app = App::new();
    let mut body = every_field();
    for (name, value) in body.as_object_mut().unwrap() {
        if !matches!(name.as_str(), "operator_id" | "title") {
            *value = Value::Null;
        }
    }
    for body in [body, json!({"operator_id": 3, "title": "Заголовок"})] {
        let task = app.agent().post("/api/tasks", body).await.is(200);
        assert_eq!((&task["task_type"], &task["priority"], &task["status"]), (&json!("call"), &json!("normal"), &json!("new")));
        let nulls = FIELDS[8..18].iter().chain(&FIELDS[20..23]).filter(|name| **name != "processing");
        for name in nulls {
            assert_eq!(task[name], Value::Null, "{name}");
        }
    }
}
