//! Each change leaves one history row and one event; what changes nothing leaves none.

use serde_json::{Value, json};

use super::{close, join, make, show};
use crate::harness::app::App;
use crate::harness::texts;

/// What history and events say of an appointment, in order.
async fn traces(app: &App, id: &Value) -> [Vec<String>; 2] {
    let db = app.db().await;
    let who = "' ' || version || ' ' || actor_kind || ' ' || actor_id";
    let history = format!("SELECT action || {who} AS t FROM history WHERE kind = 'appointment' AND record_id = '{id}' ORDER BY id");
    let events = format!("SELECT type || {who} AS t FROM event WHERE type LIKE 'appointment.%' AND record_id = '{id}' ORDER BY id");
    [texts(&db.read(), &history).await, texts(&db.read(), &events).await]
}

#[tokio::test]
async fn every_change_leaves_its_traces_once() {
    let app = App::new();
    let task = make(&app.agent(), "H-1", &json!({})).await;
    let id = show(&app.agent(), &task).await["id"].clone();
    let customers = async |name: &str| {
        let body = json!({"task_num": task, "customer": [{"customer_name": name, "customer_id_num": "c1"}]});
        app.supervisor().post("/api/task/customer/do_add", body).await.is(200);
    };
    let again = super::request("H-1");
    for _ in 0..2 {
        join(&app.agent(), &task, "agent").await.is(200);
    }
    join(&app.agent(), &task, "gone").await.is(200);
    for name in ["a", "a", "b", ""] {
        customers(name).await;
    }
    app.agent().post("/api/task/do_add", again.clone()).await.is(200);
    for status in ["finished", "finished", "canceled"] {
        close(&app.admin(), &task, status).await.is(200);
    }
    customers("c").await;
    let expected = [
        "created 1 employee 3",
        "moderator_added 2 employee 3",
        "publishers_added 3 employee 2",
        "publishers_updated 4 employee 2",
        "finished 5 employee 1",
    ];
    let [history, events] = traces(&app, &id).await;
    assert_eq!(history, expected);
    assert_eq!(events, expected.map(|text| format!("appointment.{text}")));
}

#[tokio::test]
async fn a_new_time_and_removals_leave_theirs() {
    let app = App::new();
    let task = make(&app.agent(), "H-1", &json!({})).await;
    let id = show(&app.agent(), &task).await["id"].clone();
    join(&app.agent(), &task, "other").await.is(200);
    let customer = json!([{"customer_name": "a", "customer_id_num": "c1"}]);
    app.agent().post("/api/task/customer/do_add", json!({"task_num": task, "customer": customer})).await.is(200);
    for (path, body) in [
        ("time/do_update", json!({"task_num": task, "task_time": 1_900_000_000})),
        ("service/do_del", json!({"task_num": task, "emp_id": "other"})),
        ("customer/do_del", json!({"task_num": task, "customer": customer})),
    ] {
        for _ in 0..2 {
            app.supervisor().post(&format!("/api/task/{path}"), body.clone()).await.is(200);
        }
    }
    let expected = [
        "created 1 employee 3",
        "moderator_added 2 employee 3",
        "publishers_added 3 employee 3",
        "rescheduled 4 employee 2",
        "moderator_removed 5 employee 2",
        "publishers_removed 6 employee 2",
    ];
    let [history, events] = traces(&app, &id).await;
    assert_eq!(history, expected);
    assert_eq!(events, expected.map(|text| format!("appointment.{text}")));
    let changes = crate::journal::changes(&app, "appointment", &id.to_string()).await;
    assert_eq!(changes[3]["task_time"], json!([super::ELEVEN * 1000, 1_900_000_000_000_i64]));
    assert_eq!(changes[4]["moderators"][1], json!([]));
}

#[tokio::test]
async fn an_event_names_the_appointment_and_history_says_what_changed() {
    let app = App::new();
    let task = make(&app.agent(), "H-1", &json!({})).await;
    app.agent().with("x-request-id", "req-7").post("/api/task/service/do_add", json!({"task_num": task})).await.is(200);
    let db = app.db().await;
    let data = texts(&db.read(), "SELECT data AS t FROM event WHERE request_id = 'req-7'").await;
    assert_eq!(data, [json!({"task_num": task}).to_string()]);
    let changes = texts(&db.read(), "SELECT changes AS t FROM history WHERE request_id = 'req-7'").await;
    let changes: Value = serde_json::from_str(&changes[0]).unwrap();
    assert_eq!(changes.as_object().unwrap().keys().collect::<Vec<_>>(), ["moderators"]);
}
