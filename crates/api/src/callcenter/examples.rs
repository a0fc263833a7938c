//! Examples for the document.

use serde_json::{Value, json};

/// A task to be created.
pub(super) fn new_task() -> Value {
    json!({
        "operator_id": 1, "task_type": "call", "priority": "normal", "title": "Перезвонить по счёту",
        "caller_phone": "+7 (000) 555-01-21", "caller_name": "Иван Смирнов", "call_id": "1772435712.4521",
        "recording_url": "https://pbx.example.com/records/4521.mp3", "call_datetime": "2026-03-02T10:15:12+03:00",
        "due_date": "2026-03-03T18:00:00+03:00",
    })
}

/// The task as answers show it.
pub(crate) fn task(status: &str, appeal_id: Option<i64>) -> Value {
    json!({
        "id": "0199d2f0-0000-7000-8000-000000000001", "organization_id": 1, "assigned_user_id": 1, "created_by_user_id": 1,
        "task_type": "call", "status": status, "priority": "normal", "title": "Перезвонить по счёту", "description": null,
        "caller_phone": "+7 (000) 555-01-21", "caller_name": "Иван Смирнов", "call_id": "1772435712.4521",
        "recording_url": "https://pbx.example.com/records/4521.mp3", "call_datetime": "2026-03-02T15:15:12+08:00",
        "call_transcription": null, "call_summary": null, "call_response_summary": null, "error_message": null,
        "created_at": "2026-03-02T15:16:40+08:00", "updated_at": "2026-03-02T15:16:40+08:00", "due_date": "2026-03-03T23:00:00+08:00",
        "completed_at": null, "appeal_id": appeal_id, "assigned_user_name": "Demo Admin",
        "processing": {"state": "queued", "stage": "transcription", "attempt": 0, "version": 1},
    })
}

/// A page of tasks.
pub(super) fn tasks() -> Value {
    json!({"items": [task("new", None)], "total": 1, "page": 1, "per_page": 20, "pages": 1})
}
