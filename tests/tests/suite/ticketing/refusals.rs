//! What is refused, in the shape of this surface.

use serde_json::{Value, json};

use super::with;
use crate::harness::app::{Answer, App};

/// Fails unless the body is one message.
#[track_caller]
fn message(answer: Answer, status: u16) -> String {
    let refusal = answer.is(status);
    assert_eq!(refusal.as_object().unwrap().len(), 1, "{refusal}");
    refusal["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_ticket_that_is_not_there() {
    let app = App::new();
    for id in ["999", "1001", "0", "-1", "x", "1.5", "9223372036854775807", "9223372036854775808", "%20"] {
        let path = format!("/api/v1/ticket/{id}");
        assert_eq!(message(app.admin().get(&path).await, 404), "Not Found", "{id}");
        message(app.admin().put(&path, json!({"subject": "x"})).await, 404);
        message(app.admin().put(&path, json!({"subject": null})).await, 404);
        message(app.admin().delete(&path).await, 404);
    }
    message(app.admin().get("/api/v1/ticket/1/none").await, 404);
    message(app.admin().get("/api/v1/none").await, 404);
    let strange = app.stranger().get("/api/v1/ticket/1001").await.is(200);
    assert_eq!(strange["id"], 1001);
}

#[tokio::test]
async fn who_may_not() {
    let app = App::new();
    for answer in [
        app.anonymous().get("/api/v1/ticket").await,
        app.bearer("x").get("/api/v1/ticket/1").await,
        app.anonymous().post("/api/v1/ticket", with(&json!({}))).await,
        app.anonymous().get("/api/v1/ticket?token=x").await,
        app.nobody().get("/api/v1/sponsor").await,
    ] {
        answer.equals(401, &json!({"message": "Unauthenticated."}));
    }
    for answer in [
        app.publisher().get("/api/v1/ticket").await,
        app.publisher().post("/api/v1/ticket", json!({})).await,
        app.agent().delete("/api/v1/ticket/1").await,
        // The role comes before whether it is there.
        app.agent().delete("/api/v1/ticket/999").await,
    ] {
        answer.equals(403, &json!({"message": "This action is unauthorized."}));
    }
}

#[tokio::test]
async fn methods_that_are_none() {
    let app = App::new();
    for (method, path, allowed) in [
        ("DELETE", "/api/v1/ticket", ["GET", "POST"]),
        ("PUT", "/api/v1/ticket", ["GET", "POST"]),
        ("PATCH", "/api/v1/ticket/1", ["GET", "PUT"]),
        ("POST", "/api/v1/ticket/1", ["DELETE", "PUT"]),
    ] {
        let answer = app.admin().json(method, path, &json!({})).await;
        let allow = answer.header("allow").to_owned();
        assert!(allowed.iter().all(|method| allow.contains(method)), "{method} {path}: {allow}");
        message(answer, 405);
    }
}

#[tokio::test]
async fn a_body_that_is_too_large() {
    let app = App::new();
    let body = with(&json!({"nonsense": "x".repeat(2 * 1024 * 1024)}));
    message(app.agent().post("/api/v1/ticket", body).await, 413);
    let body = with(&json!({"nonsense": "x".repeat(2 * 1024 * 1024 - 100)}));
    assert_eq!(app.agent().post("/api/v1/ticket", body).await.is(201)["data"]["subject"], "s");
}

#[tokio::test]
async fn a_refusal_tells_every_field_and_no_value() {
    let app = App::new();
    let secret = "do-not-repeat-me";
    let answer =
        app.agent().post("/api/v1/ticket", json!({"subject": [secret], "content": "c", "contact_id": secret, "due_at": secret})).await;
    assert!(!answer.text.contains(secret), "{}", answer.text);
    let refusal = answer.is(422);
    let named: Vec<_> = refusal["errors"].as_object().unwrap().keys().collect();
    assert_eq!(named.len(), 3, "{refusal}");
}

#[tokio::test]
async fn a_key_of_idempotency() {
    let app = App::new();
    let keyed = app.agent().with("idempotency-key", "k");
    let first = keyed.post("/api/v1/ticket", with(&json!({}))).await;
    let again = keyed.post("/api/v1/ticket", with(&json!({}))).await;
    assert_eq!((again.status, &again.text, again.header("idempotent-replay")), (201, &first.text, "true"));
    let path = super::path(&first.body["data"]);
    // A token in the query is not what is asked. Another method, path or body is.
    assert_eq!(keyed.post("/api/v1/ticket?token=x", with(&json!({}))).await.header("idempotent-replay"), "true");
    for other in [keyed.post("/api/v1/ticket", with(&json!({"status": 1}))).await, keyed.put(&path, with(&json!({}))).await] {
        assert_eq!(super::fields(other), ["Idempotency-Key"]);
    }
    // A kept answer comes before the version.
    let keyed = app.supervisor().with("idempotency-key", "d").with("if-match", first.header("etag"));
    keyed.put(&path, json!({"subject": "x"})).await.is(200);
    let again = keyed.put(&path, json!({"subject": "x"})).await;
    assert_eq!(again.header("idempotent-replay"), "true");
    assert_eq!(again.is(200)["subject"], "x");
    let gone = app.supervisor().with("idempotency-key", "e");
    for replay in ["", "true"] {
        let answer = gone.delete(&path).await;
        assert_eq!((answer.status, answer.text.as_str(), answer.header("idempotent-replay")), (204, "", replay));
    }
    assert_eq!(app.agent().get(&path).await.is(404)["message"], Value::from("Not Found"));
}
