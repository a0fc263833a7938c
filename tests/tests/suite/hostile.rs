//! Requests meant to do harm: none takes the server down or leaves something that cannot be read.

use serde_json::{Value, json};

use crate::harness::app::App;
use crate::harness::world::PASSWORD;

const LISTS: [&str; 5] = [
    "/api/v1/ticket?search=",
    "/api/v1/employee?search=",
    "/api/v1/ticket-termination-code?search=",
    "/api/tasks?search=",
    "/api/tasks?q=",
];

#[tokio::test]
async fn a_character_that_stands_for_many_words() {
    let app = App::new();
    for list in LISTS {
        app.agent().get(&format!("{list}{}", "%EF%B7%BA".repeat(500))).await.is(200);
        let words: Vec<_> = (0..60).map(|n| format!("{n}")).collect();
        app.agent().get(&format!("{list}{}", words.join("%20"))).await.is(422);
    }
}

#[tokio::test]
async fn arrays_of_nonsense() {
    let app = App::new();
    for entry in [json!({}), json!(1)] {
        let customer = vec![entry; 200_000];
        let answer = app.agent().post("/api/task/customer/do_add", json!({"task_num": "x", "customer": customer})).await;
        assert!(answer.text.len() < 10_000);
    }
    let names: Vec<_> = (0..5_000).map(|n| format!("z{n}")).collect();
    let answer = app.anonymous().post(&format!("/api/v1/auth?{}", names.join("&")), json!({"name": "a", "password": "b"})).await;
    assert!(answer.text.len() < 20_000);
    answer.is(422);
}

#[tokio::test]
async fn moments_at_the_edge_of_time() {
    let app = App::new();
    for moment in
        ["0000-01-01T00:00:00+14:00", "0001-01-01T00:00:00", "0001-01-02", "1850-01-01 00:00:00", "9999-12-30", "9999-12-31 23:59:59"]
    {
        let task =
            app.agent().post("/api/tasks", json!({"operator_id": 3, "title": "t", "due_date": moment, "call_datetime": moment})).await;
        assert!(matches!(task.status, 200 | 422), "{moment}: {}", task.text);
        let ticket = app.agent().post("/api/v1/ticket", json!({"subject": "s", "content": "c", "due_at": moment})).await;
        assert!(matches!(ticket.status, 201 | 422), "{moment}: {}", ticket.text);
    }
    app.agent().get("/api/tasks").await.is(200);
    app.agent().get("/api/v1/ticket").await.is(200);
}

#[tokio::test]
async fn a_new_token_repeats_what_the_old_one_did() {
    let app = App::new();
    let body = json!({"name": "agent@main", "password": PASSWORD, "ttl": 5});
    let mut answers = vec![];
    for _ in 0..2 {
        let signed_in: Value = serde_json::from_str(&app.anonymous().post("/api/v1/auth", body.clone()).await.text).unwrap();
        let path = format!("/api/v1/ticket?token={}", signed_in["access_token"].as_str().unwrap());
        answers.push(app.anonymous().with("idempotency-key", "k").post(&path, json!({"subject": "s", "content": "c"})).await.text);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_filter_of_many_values() {
    let app = App::new();
    let months = |n: usize| format!("/api/v1/contact?birth_months={}", vec!["1"; n].join(","));
    app.agent().get(&months(10_000)).await.is(200);
    let ids: Vec<_> = (1..=3_000).map(|id| id.to_string()).collect();
    app.agent().get(&format!("/api/v1/ticket?creater_ids={}&termination_code_ids={0}", ids.join(","))).await.is(200);
}
