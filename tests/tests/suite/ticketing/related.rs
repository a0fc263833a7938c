//! What the other surfaces have of a ticket.

use frontdesk_core::access::Scope::{AppointmentsRead, CallTasksRead, TicketsRead};
use serde_json::{Value, json};
use time::Duration;

use super::{fields, path, ticket};
use crate::appointments::make;
use crate::harness::app::{App, Caller};

async fn related(caller: &Caller<'_>, query: &str) -> Value {
    caller.get(&format!("/api/v1/ticket/1/related{query}")).await.is(200)
}

fn names(page: &Value, field: &str) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

/// Gives ticket 1 the call tasks a, b, c (cancelled) and d, and the appointments beside the one it has.
async fn link(app: &App) {
    for title in ["a", "b", "c", "d"] {
        app.world.advance(Duration::minutes(1));
        let task = app.agent().post("/api/tasks", json!({"title": title, "operator_id": 3})).await.is(200);
        let path = format!("/api/tasks/{}", task["id"].as_str().unwrap());
        app.agent().put(&format!("{path}/appeal"), json!({"appeal_id": 1})).await.is(200);
        if title == "c" {
            app.agent().put(&format!("{path}/status"), json!({"status": "cancelled"})).await.is(200);
        }
    }
    for number in ["R-1", "R-2", "R-3"] {
        make(&app.agent(), number, &json!({"ticket_id": 1})).await;
    }
}

#[tokio::test]
async fn call_tasks_and_appointments_newest_first() {
    let app = App::new();
    link(&app).await;
    let found = related(&app.agent(), "").await;
    assert_eq!(found.as_object().unwrap().keys().collect::<Vec<_>>(), ["call_tasks", "appointments"]);
    assert_eq!(names(&found["call_tasks"], "title"), ["d", "c", "b", "a"]);
    assert_eq!(names(&found["appointments"], "out_task_num"), ["R-3", "R-2", "R-1", "A-1"]);
    // Each has the form of its own surface.
    let task = found["call_tasks"]["items"][0].clone();
    app.agent().get(&format!("/api/tasks/{}", task["id"].as_str().unwrap())).await.equals(200, &task);
    let shown = app.agent().post("/api/task/get_info", json!({"task_num": "202603010000001"})).await.is(200);
    assert_eq!(found["appointments"]["items"][3], shown["info"]);
}

#[tokio::test]
async fn pages_hold_for_both() {
    let app = App::new();
    link(&app).await;
    let shape =
        |page: &Value| json!([page["items"].as_array().unwrap().len(), page["total"], page["page"], page["per_page"], page["pages"]]);
    for (query, expected) in [
        ("", json!([4, 4, 1, 15, 1])),
        ("?per_page=3", json!([3, 4, 1, 3, 2])),
        ("?per_page=3&page=2", json!([1, 4, 2, 3, 2])),
        ("?page=9", json!([0, 4, 9, 15, 1])),
    ] {
        let found = related(&app.agent(), query).await;
        assert_eq!(shape(&found["call_tasks"]), expected, "{query}");
        assert_eq!(shape(&found["appointments"]), expected, "{query}");
    }
    let refused = app.agent().get("/api/v1/ticket/1/related?page=0&per_page=201&sort=id").await;
    assert_eq!(fields(refused), ["page", "per_page", "sort"]);
}

#[tokio::test]
async fn a_ticket_without_any() {
    let app = App::new();
    let made = ticket(&app, json!({})).await;
    let none = json!({"items": [], "total": 0, "page": 1, "per_page": 15, "pages": 0});
    app.agent().get(&format!("{}/related", path(&made))).await.equals(200, &json!({"call_tasks": none, "appointments": none}));
}

#[tokio::test]
async fn what_may_not_be_read_is_null() {
    let app = App::new();
    link(&app).await;
    for (scopes, call_tasks, appointments) in [
        (&[TicketsRead][..], false, false),
        (&[TicketsRead, CallTasksRead], true, false),
        (&[TicketsRead, AppointmentsRead], false, true),
        (&[TicketsRead, CallTasksRead, AppointmentsRead], true, true),
    ] {
        let found = related(&app.key(scopes).await, "").await;
        assert_eq!((!found["call_tasks"].is_null(), !found["appointments"].is_null()), (call_tasks, appointments), "{scopes:?}");
    }
    app.key(&[CallTasksRead, AppointmentsRead]).await.get("/api/v1/ticket/1/related").await.is(403);
    app.publisher().get("/api/v1/ticket/1/related").await.is(403);
}

#[tokio::test]
async fn a_ticket_that_is_not_there() {
    let app = App::new();
    for id in ["999", "1001", "x"] {
        app.agent().get(&format!("/api/v1/ticket/{id}/related")).await.is(404);
        app.agent().get(&format!("/api/v1/ticket/{id}/related?page=0")).await.is(404);
    }
    let theirs = app.stranger().get("/api/v1/ticket/1001/related").await.is(200);
    assert!(!theirs.to_string().contains("\"organization_id\":1,"), "{theirs}");
}
