//! Every field of a new task: its forms, its bounds, its default.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use super::{path, places, task, with};
use crate::harness::app::App;
use crate::journal::{changes, events, history};

#[tokio::test]
async fn times_in_every_form() {
    let app = App::new();
    let forms = [
        ("2026-03-02T10:15:12+03:00", "2026-03-02T15:15:12+08:00"),
        ("2026-03-02 10:15:12+03:00", "2026-03-02T15:15:12+08:00"),
        ("2026-03-02T02:15:12Z", "2026-03-02T10:15:12+08:00"),
        ("2026-03-01T20:45:12-05:30", "2026-03-02T10:15:12+08:00"),
        ("2026-03-02T10:15:12", "2026-03-02T10:15:12+08:00"),
        ("2026-03-02 10:15:12", "2026-03-02T10:15:12+08:00"),
        ("2026-03-02T10:15:12.987+08:00", "2026-03-02T10:15:12+08:00"),
        ("2026-03-02", "2026-03-02T00:00:00+08:00"),
        ("1969-12-31T23:59:59.5+08:00", "1969-12-31T23:59:59+08:00"),
    ];
    for (sent, shown) in forms {
        let made = task(&app, json!({"call_datetime": sent, "due_date": sent})).await;
        assert_eq!((&made["call_datetime"], &made["due_date"]), (&json!(shown), &json!(shown)), "{sent}");
        app.agent().get(&path(&made)).await.equals(200, &made);
    }
    for bad in [
        json!("yesterday"),
        json!("2026-13-01"),
        json!("2026-02-30 10:00:00"),
        json!("10:15"),
        json!(""),
        json!(1_772_435_712),
        json!(true),
        json!([]),
    ] {
        let refused = app.agent().post("/api/tasks", with(&json!({"call_datetime": bad, "due_date": bad}))).await;
        assert_eq!(places(refused), ["body.call_datetime", "body.due_date"], "{bad}");
    }
}

#[tokio::test]
async fn times_are_shown_in_the_organizations_zone() {
    let app = App::new();
    let body = json!({"title": "t", "operator_id": 1003, "call_datetime": "2026-03-02 10:15:12"});
    let made = app.stranger().post("/api/tasks", body).await.is(200);
    assert_eq!((&made["call_datetime"], &made["created_at"]), (&json!("2026-03-02T10:15:12+03:00"), &json!("2026-03-02T05:00:00+03:00")));
}

#[tokio::test]
async fn every_offending_field_is_named() {
    let app = App::new();
    let wrong = json!({"operator_id": "x", "task_type": "Звонок", "priority": "highest", "title": "", "description": 1, "caller_phone": "1".repeat(65),
        "caller_name": [], "call_id": "", "recording_url": "ftp://example.com", "call_datetime": "x", "call_transcription": {},
        "call_summary": false, "call_response_summary": 1.5, "due_date": 0});
    let mut every: Vec<_> = wrong.as_object().unwrap().keys().map(|name| format!("body.{name}")).collect();
    every.sort_unstable();
    assert_eq!(places(app.agent().post("/api/tasks", wrong).await), every);
    assert_eq!(places(app.agent().post("/api/tasks", json!({})).await), ["body.operator_id", "body.title"]);
    assert_eq!(
        places(app.agent().post("/api/tasks", json!({"operator_id": null, "title": null})).await),
        ["body.operator_id", "body.title"]
    );
    // An unknown operator is found beside the rest.
    assert_eq!(places(app.agent().post("/api/tasks", json!({"operator_id": 99, "title": 7})).await), ["body.operator_id", "body.title"]);
    let list = app.agent().get("/api/tasks").await.is(200);
    assert_eq!(list["total"], 2, "a refused task was made");
}

#[tokio::test]
async fn bounds_of_every_field() {
    let app = App::new();
    let good = [
        json!({"title": "🎧".repeat(500)}),
        json!({"title": "x"}),
        json!({"task_type": "a".repeat(64)}),
        json!({"task_type": "call-back_2"}),
        json!({"priority": "low"}),
        json!({"priority": "normal"}),
        json!({"priority": "high"}),
        json!({"priority": "urgent"}),
        json!({"description": "я".repeat(512 * 1024)}),
        json!({"call_summary": "x".repeat(1024 * 1024)}),
        json!({"caller_phone": "１".repeat(64)}),
        json!({"recording_url": "http://pbx.example.com:8080/a?b=c#d"}),
        json!({"recording_url": "https://pbx.example.com/записи/1.mp3"}),
    ];
    for fields in good {
        let made = task(&app, fields.clone()).await;
        let (name, value) = fields.as_object().unwrap().iter().next().unwrap();
        assert_eq!(&made[name], value, "{name}");
    }
    let bad = [
        ("title", json!("x".repeat(501))),
        ("title", json!("a\u{0}b")),
        ("task_type", json!("")),
        ("task_type", json!("a".repeat(65))),
        ("task_type", json!("Call")),
        ("task_type", json!("call back")),
        ("priority", json!("")),
        ("priority", json!("URGENT")),
        ("priority", json!(1)),
        ("description", json!("x".repeat(1024 * 1024 + 1))),
        ("call_transcription", json!("x".repeat(1024 * 1024 + 1))),
        ("call_summary", json!("x".repeat(1024 * 1024 + 1))),
        ("call_response_summary", json!("x".repeat(1024 * 1024 + 1))),
        ("caller_phone", json!("1".repeat(65))),
        ("recording_url", json!("pbx.example.com/1.mp3")),
        ("recording_url", json!("file:///etc/passwd")),
        ("recording_url", json!("")),
    ];
    for (name, value) in bad {
        let refused = app.agent().post("/api/tasks", with(&json!({name: value}))).await;
        assert_eq!(places(refused), [format!("body.{name}")]);
    }
}

#[tokio::test]
async fn a_phone_is_kept_as_sent() {
    let app = App::new();
    for phone in ["anonymous", "sip:alice@example.com;transport=tls", "+7 (495) 123-45-67", "０９１２", "  42 ", "*72#"] {
        assert_eq!(task(&app, json!({"caller_phone": phone})).await["caller_phone"], phone);
    }
}

#[tokio::test]
async fn the_operator_is_an_active_employee_of_the_organization() {
    let app = App::new();
    for operator in [999, 6, 1003, 0, -1, i64::MAX] {
        let refused = app.agent().post("/api/tasks", json!({"title": "t", "operator_id": operator})).await;
        assert_eq!(places(refused), ["body.operator_id"], "{operator}");
    }
    // Listed and assignable, though unable to sign in.
    let made = task(&app, json!({"operator_id": 4})).await;
    assert_eq!((&made["assigned_user_id"], &made["assigned_user_name"]), (&json!(4), &json!("No Body")));
}

#[tokio::test]
async fn a_key_is_nobody() {
    let app = App::new();
    let key = app.key(&[Scope::CallTasksWrite]).await;
    let made = key.post("/api/tasks", with(&json!({}))).await.is(200);
    assert_eq!((&made["created_by_user_id"], &made["assigned_user_id"]), (&Value::Null, &json!(3)));
}

#[tokio::test]
async fn fields_that_nobody_asked_for_are_ignored() {
    let app = App::new();
    let extra =
        json!({"id": "x", "status": "completed", "organization_id": 2, "appeal_id": 1, "completed_at": "x", "_method": "put", "none": {}});
    let made = task(&app, extra).await;
    assert_eq!((&made["status"], &made["organization_id"], &made["appeal_id"]), (&json!("new"), &json!(1), &Value::Null));
}

#[tokio::test]
async fn a_creation_is_in_history_and_events() {
    let app = App::new();
    let made = task(&app, json!({"caller_name": "Иван"})).await;
    let id = super::id(&made);
    assert_eq!(history(&app, "call_task", id).await, ["created 1 employee 3"]);
    assert_eq!(events(&app, "call_task", id).await, ["call_task.created 1 employee 3"]);
    let changes = changes(&app, "call_task", id).await;
    assert_eq!(changes[0]["caller_name"], json!([null, "Иван"]));
    app.agent().post("/api/tasks", json!({})).await.is(422);
    assert_eq!(history(&app, "call_task", id).await.len(), 1);
}
