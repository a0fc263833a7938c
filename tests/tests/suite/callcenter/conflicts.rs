//! A call makes one task.

use serde_json::json;

use super::{id, task, with};
use crate::harness::app::App;

#[tokio::test]
async fn a_second_task_of_a_call_names_the_first() {
    let app = App::new();
    let first = task(&app, json!({"call_id": "call-7"})).await;
    let second = app.agent().post("/api/tasks", with(&json!({"call_id": "call-7", "title": "Другой"}))).await.is(409);
    assert_eq!(second.as_object().unwrap().len(), 1);
    assert!(second["detail"].as_str().unwrap().contains(id(&first)), "{second}");
    // Each organization has its own telephone system; no call is nobody's.
    app.stranger().post("/api/tasks", json!({"title": "t", "operator_id": 1003, "call_id": "call-7"})).await.is(200);
    task(&app, json!({"call_id": "CALL-7"})).await;
    task(&app, json!({"call_id": null})).await;
    task(&app, json!({})).await;
}

#[tokio::test]
async fn a_call_makes_one_task_however_many_ask_at_once() {
    let app = App::new();
    let agent = app.agent();
    let creates = (0..20).map(|_| agent.post("/api/tasks", with(&json!({"call_id": "call-8"}))));
    let answers = futures_util::future::join_all(creates).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(made.len(), 1);
    let first = id(&made[0].body).to_owned();
    for answer in refused {
        let refusal = answer.is(409);
        assert!(refusal["detail"].as_str().unwrap().contains(&first), "{refusal}");
    }
    assert_eq!(agent.get("/api/tasks").await.is(200)["total"], 3);
}
