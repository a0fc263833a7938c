//! What is refused, in the shape of this surface.

use serde_json::{Value, json};

use super::{path, places, task, with};
use crate::harness::app::{Answer, App};

const UNKNOWN: &str = "019ca000-0000-7000-8000-0000000000ff";
/// A task of the other organization.
const FOREIGN: &str = "019ca000-0000-7000-9000-000000000001";

/// Every operation on one task.
fn operations() -> [(&'static str, &'static str, Value); 6] {
    [
        ("GET", "", json!(null)),
        ("PATCH", "", json!({"title": "t"})),
        ("PUT", "/status", json!({"status": "completed"})),
        ("PUT", "/appeal", json!({"appeal_id": 1})),
        ("PATCH", "/appeal", json!({"appeal_id": null})),
        ("POST", "/reprocess", json!(null)),
    ]
}

/// The text of a refusal that names no field.
#[track_caller]
fn detail(answer: Answer, status: u16) -> String {
    let refusal = answer.is(status);
    assert_eq!(refusal.as_object().unwrap().len(), 1, "{refusal}");
    refusal["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_task_that_is_not_there() {
    let app = App::new();
    for (method, rest, body) in operations() {
        for id in [UNKNOWN, FOREIGN] {
            let answer = app.admin().json(method, &format!("/api/tasks/{id}{rest}"), &body).await;
            assert!(!detail(answer, 404).is_empty(), "{method} {rest}");
        }
        // Whether it is there comes before whether the request is in order.
        if !body.is_null() {
            detail(app.admin().json(method, &format!("/api/tasks/{UNKNOWN}{rest}"), &json!({"status": "x", "appeal_id": "x"})).await, 404);
        }
    }
    detail(app.admin().get("/api/tasks/x/y/z").await, 404);
}

#[tokio::test]
async fn an_id_that_is_none() {
    let app = App::new();
    for (method, rest, body) in operations() {
        for id in ["x", "1", "019ca000-0000-7000-8000-00000000000g", "%20"] {
            let answer = app.admin().json(method, &format!("/api/tasks/{id}{rest}"), &body).await;
            assert_eq!(places(answer), ["path.task_id"], "{method} {id}{rest}");
        }
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read() {
    let app = App::new();
    let made = task(&app, json!({})).await;
    let paths =
        [("POST", "/api/tasks".to_owned()), ("PUT", format!("{}/status", path(&made))), ("PATCH", format!("{}/appeal", path(&made)))];
    for (method, path) in &paths {
        for body in ["{", "{\"title\":}", "", "nonsense", "{\"title\":\"\\ud800\"}", "{} {}"] {
            let answer = app.agent().send(method, path, "application/json", body.into()).await;
            if body.is_empty() {
                // None at all is an empty object.
                assert!(places(answer)[0].starts_with("body."), "{path}");
                continue;
            }
            assert_eq!(answer.clone().is(422)["detail"][0]["type"], "json_invalid", "{path} {body}");
            assert_eq!(places(answer)[0].split('.').next(), Some("body"), "{path} {body}");
        }
        for body in ["[]", "null", "1", "\"text\""] {
            let places = places(app.agent().send(method, path, "application/json", body.into()).await);
            assert!(places.contains(&"body".to_owned()), "{path} {body}: {places:?}");
        }
        detail(app.agent().send(method, path, "text/plain", "{}".into()).await, 415);
        detail(app.agent().send(method, path, "application/x-www-form-urlencoded", "title=t".into()).await, 415);
    }
}

#[tokio::test]
async fn what_cannot_be_read_comes_before_what_is_not_there() {
    let app = App::new();
    let path = format!("/api/tasks/{UNKNOWN}/status");
    let refused = app.agent().send("PUT", &path, "application/json", "{".into()).await.is(422);
    assert_eq!(refused["detail"][0]["type"], "json_invalid");
}

#[tokio::test]
async fn who_may_not() {
    let app = App::new();
    let made = task(&app, json!({})).await;
    assert_eq!(detail(app.anonymous().get("/api/tasks").await, 401), "Not authenticated");
    detail(app.anonymous().post("/api/tasks", with(&json!({}))).await, 401);
    detail(app.bearer("x").get(&path(&made)).await, 401);
    // Only the ticketing surface takes a token in the query.
    detail(app.anonymous().get("/api/tasks?token=x").await, 401);
    detail(app.publisher().get(&path(&made)).await, 403);
    detail(app.publisher().post("/api/tasks", json!({})).await, 403);
}

#[tokio::test]
async fn parameters_that_nobody_knows() {
    let app = App::new();
    let made = task(&app, json!({})).await;
    let path = path(&made);
    for (method, path, body) in [
        ("POST", "/api/tasks".to_owned(), with(&json!({}))),
        ("GET", path.clone(), json!(null)),
        ("PATCH", path.clone(), json!({"title": "t"})),
        ("PUT", format!("{path}/status"), json!({"status": "in_progress"})),
        ("PUT", format!("{path}/appeal"), json!({"appeal_id": 1})),
    ] {
        assert_eq!(places(app.agent().json(method, &format!("{path}?page=1"), &body).await), ["query.page"], "{method} {path}");
    }
    app.agent().get(&path).await.equals(200, &made);
}

#[tokio::test]
async fn a_key_of_idempotency_and_a_version() {
    let app = App::new();
    let keyed = app.agent().with("idempotency-key", "k");
    let first = keyed.post("/api/tasks", with(&json!({"call_id": "call-9"}))).await;
    let again = keyed.post("/api/tasks", with(&json!({"call_id": "call-9"}))).await;
    assert_eq!((again.status, &again.text, again.header("idempotent-replay")), (200, &first.text, "true"));
    assert_eq!(places(keyed.post("/api/tasks", with(&json!({"call_id": "call-10"}))).await), ["header.Idempotency-Key"]);
    let path = format!("{}/status", path(&first.body));
    let tagged = app.agent().with("if-match", first.header("etag"));
    tagged.put(&path, json!({"status": "in_progress"})).await.is(200);
    let stale = tagged.put(&path, json!({"status": "completed"})).await;
    detail(stale, 412);
    // The version comes before the rules.
    detail(tagged.put(&path, json!({"status": "x"})).await, 412);
    assert_eq!(app.agent().get(path.strip_suffix("/status").unwrap()).await.is(200)["status"], "in_progress");
}

#[tokio::test]
async fn an_id_has_one_form() {
    let app = App::new();
    let id = "019ca000-0000-7000-8000-000000000001";
    app.agent().get(&format!("/api/tasks/{id}")).await.is(200);
    app.agent().get(&format!("/api/tasks/{}", id.to_uppercase())).await.is(200);
    for other in [id.replace('-', ""), format!("%7B{id}%7D"), format!("urn:uuid:{id}"), format!("{id}0"), "none".to_owned()] {
        let refused = app.agent().get(&format!("/api/tasks/{other}")).await;
        assert_eq!(refused.body["detail"][0]["loc"], json!(["path", "task_id"]), "{other}");
        refused.is(422);
    }
}
