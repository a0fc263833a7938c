//! Bodies, identifiers, health and the document.

use serde_json::json;

use crate::harness::app::App;
use crate::harness::contract::DOCUMENT;
use crate::harness::sql;

#[tokio::test]
async fn a_request_keeps_its_id_or_gets_one() {
    let app = App::new();
    for path in ["/healthz", "/none", "/api/v1/ticket", "/api/tasks", "/docs"] {
        let named = app.anonymous().with("x-request-id", "my-id.7").get(path).await;
        assert_eq!(named.header("x-request-id"), "my-id.7", "{path}");
        let (first, second) = (app.anonymous().get(path).await, app.anonymous().get(path).await);
        assert!(!first.header("x-request-id").is_empty(), "{path}");
        assert_ne!(first.header("x-request-id"), second.header("x-request-id"), "{path}");
    }
    for bad in ["x".repeat(200), "two words".into(), String::new()] {
        let answer = app.anonymous().with("x-request-id", &bad).get("/healthz").await;
        assert!(!answer.header("x-request-id").is_empty());
        assert_ne!(answer.header("x-request-id"), bad);
    }
}

#[tokio::test]
async fn a_body_may_name_the_method() {
    let app = App::new();
    let ticket = app.admin().post("/api/v1/ticket/1", json!({"_method": "PUT", "subject": "by JSON"})).await.is(200);
    assert_eq!(ticket["subject"], "by JSON");
    let form =
        async |path: &str, body: &str| app.admin().send("POST", path, "application/x-www-form-urlencoded", body.as_bytes().to_vec()).await;
    assert_eq!(form("/api/v1/ticket/1", "_method=put&subject=by+form&priority=3&status_memo=").await.is(200)["subject"], "by form");
    let ticket = app.admin().get("/api/v1/ticket/1").await.is(200);
    assert_eq!((&ticket["priority"], &ticket["status_memo"]), (&json!(3), &json!(null)));
    app.admin().post("/api/v1/ticket/1", json!({"subject": "no method"})).await.is(405);
    app.admin().post("/api/tasks", json!({"_method": "delete"})).await.is(422);
    let made = form("/api/v1/ticket", "subject=%E5%95%8F&content=c&contact_id=1").await.is(201);
    assert_eq!((&made["data"]["subject"], &made["data"]["contact_id"]), (&json!("問"), &json!(1)));
    let path = format!("/api/v1/ticket/{}", made["data"]["id"]);
    form(&path, "_method=delete").await.is(204);
    app.admin().get(&path).await.is(404);
}

#[tokio::test]
async fn health_and_counts() {
    let app = App::new();
    app.anonymous().get("/healthz").await.is(200);
    app.anonymous().get("/readyz").await.is(200);
    app.admin().get("/api/v1/ticket/1").await.is(200);
    app.admin().get("/api/v1/ticket/2").await.is(200);
    app.admin().get("/api/v1/none/12345678").await.is(404);
    app.agent().post("/api/tasks", json!({"title": "t", "operator_id": 3, "call_transcription": "Алло"})).await.is(200);
    let counts = app.anonymous().get("/metrics").await;
    let waiting = r#"frontdesk_jobs{kind="call_processing",state="waiting"} 1"#;
    assert!(counts.text.lines().any(|line| line == waiting), "{}", counts.text);
    let counted = r#"frontdesk_http_requests_total{method="GET",path="/api/v1/ticket/{id}",status="200",surface="ticketing"} 2"#;
    assert!(counts.text.lines().any(|line| line == counted), "{}", counts.text);
    assert!(!counts.text.contains("12345678"), "a path of a client makes a count of its own");
    sql(&app.db().await, "DELETE FROM seaql_migrations WHERE version = 'm0005_journal'").await;
    app.anonymous().get("/readyz").await.is(503);
    app.anonymous().get("/healthz").await.is(200);
}

#[tokio::test]
async fn the_document_is_served_and_shown() {
    let app = App::new();
    assert_eq!(app.anonymous().get("/openapi.json").await.is(200), *DOCUMENT);
    let moved = app.anonymous().get("/docs").await;
    assert_eq!((moved.status, moved.header("location")), (308, "/docs/"));
    let page = app.anonymous().get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("swagger-ui"), "{}", page.text);
    assert!(!page.text.contains("https://"), "the page needs another server: {}", page.text);
    app.anonymous().get("/docs/swagger-ui-bundle.js").await.is(200);
}
