//! The ticket that a task led to.

use serde_json::{Value, json};
use time::Duration;

use super::{id, path, places, task};
use crate::harness::app::App;
use crate::journal::{changes, history};

#[tokio::test]
async fn linked_and_unlinked_by_either_method() {
    let app = App::new();
    for method in ["PUT", "PATCH"] {
        let made = task(&app, json!({})).await;
        let appeal = format!("{}/appeal", path(&made));
        app.world.advance(Duration::minutes(1));
        let linked = app.agent().json(method, &appeal, &json!({"appeal_id": 2})).await.is(200);
        assert_eq!(linked["appeal_id"], 2);
        assert_ne!(linked["updated_at"], made["updated_at"]);
        app.agent().get(&path(&made)).await.equals(200, &linked);
        app.world.advance(Duration::minutes(1));
        app.agent().json(method, &appeal, &json!({"appeal_id": 2})).await.equals(200, &linked);
        assert_eq!(app.agent().json(method, &appeal, &json!({"appeal_id": 1})).await.is(200)["appeal_id"], 1);
        assert_eq!(app.agent().json(method, &appeal, &json!({"appeal_id": null})).await.is(200)["appeal_id"], Value::Null);
        let expected = ["created 1 employee 3", "appeal_linked 2 employee 3", "appeal_linked 3 employee 3", "appeal_unlinked 4 employee 3"];
        assert_eq!(history(&app, "call_task", id(&made)).await, expected, "{method}");
        assert_eq!(changes(&app, "call_task", id(&made)).await[1], json!({"appeal_id": [null, 2]}), "{method}");
    }
}

#[tokio::test]
async fn only_a_ticket_of_the_organization_can_be_linked() {
    let app = App::new();
    let made = task(&app, json!({})).await;
    let appeal = format!("{}/appeal", path(&made));
    for bad in [
        json!({}),
        json!({"appeal_id": 999}),
        json!({"appeal_id": 1001}),
        json!({"appeal_id": 0}),
        json!({"appeal_id": "x"}),
        json!({"appeal_id": 1.5}),
    ] {
        for method in ["PUT", "PATCH"] {
            assert_eq!(places(app.agent().json(method, &appeal, &bad).await), ["body.appeal_id"], "{method} {bad}");
        }
    }
    app.agent().get(&path(&made)).await.equals(200, &made);
}

#[tokio::test]
async fn a_task_of_any_status_can_be_linked() {
    let app = App::new();
    let made = task(&app, json!({})).await;
    app.agent().put(&format!("{}/status", path(&made)), json!({"status": "cancelled"})).await.is(200);
    let linked = app.agent().put(&format!("{}/appeal", path(&made)), json!({"appeal_id": 1})).await.is(200);
    assert_eq!((&linked["appeal_id"], &linked["status"]), (&json!(1), &json!("cancelled")));
}
