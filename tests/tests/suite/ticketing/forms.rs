//! Bodies that are forms, and methods in bodies.

use serde_json::{Value, json};

use super::{fields, path, ticket};
use crate::harness::app::{Answer, App};

const FORM: &str = "application/x-www-form-urlencoded";

async fn form(app: &App, method: &str, path: &str, body: &str) -> Answer {
    app.supervisor().send(method, path, FORM, body.into()).await
}

#[tokio::test]
async fn a_form_is_a_body() {
    let app = App::new();
    let body = "subject=%E6%A8%99%E9%A1%8C&content=a+b%0Ac&status=2&priority=1&contact_id=1&termination_code=1&due_at=2026-03-05+18%3A00%3A00&handler_id=&none=1";
    let made = form(&app, "POST", "/api/v1/ticket", body).await.is(201)["data"].clone();
    let shown = ["subject", "content", "status", "priority", "contact_id", "termination_code_id", "due_at", "handler_id"]
        .map(|name| made[name].clone());
    assert_eq!(json!(shown), json!(["標題", "a b\nc", 2, 1, 1, 1, "2026-03-05 18:00:00", null]));
    let changed = form(&app, "PUT", &path(&made), "subject=x&due_at=&contact_id=2").await.is(200);
    let shown = ["subject", "content", "due_at", "contact_id"].map(|name| changed[name].clone());
    assert_eq!(json!(shown), json!(["x", "a b\nc", null, 2]));
    let with_charset = format!("{FORM}; charset=UTF-8");
    app.agent().send("PUT", &path(&made), &with_charset, b"subject=y".to_vec()).await.is(200);
    assert_eq!(fields(form(&app, "POST", "/api/v1/ticket", "content=c&status=x&contact_id=99").await), ["contact_id", "status", "subject"]);
    assert_eq!(fields(form(&app, "POST", "/api/v1/ticket", "subject=a%00b&content=c").await), ["subject"]);
    assert_eq!(fields(form(&app, "PUT", &path(&made), "subject=&status=").await), ["status", "subject"]);
    assert_eq!(fields(form(&app, "POST", "/api/v1/ticket", "").await), ["content", "subject"]);
}

#[tokio::test]
async fn the_method_in_the_body() {
    let app = App::new();
    for word in ["put", "PUT", "Put"] {
        let made = ticket(&app, json!({})).await;
        let changed = app.agent().post(&path(&made), json!({"_method": word, "subject": "json"})).await.is(200);
        assert_eq!(changed["subject"], "json");
        let changed = form(&app, "POST", &path(&made), &format!("_method={word}&subject=form")).await.is(200);
        assert_eq!(changed["subject"], "form");
    }
    for word in ["delete", "DELETE"] {
        let made = ticket(&app, json!({})).await;
        app.supervisor().post(&path(&made), json!({"_method": word})).await.is(204);
        app.agent().get(&path(&made)).await.is(404);
        let made = ticket(&app, json!({})).await;
        form(&app, "POST", &path(&made), &format!("_method={word}")).await.is(204);
        app.agent().get(&path(&made)).await.is(404);
    }
}

#[tokio::test]
async fn the_method_in_the_body_has_the_same_rules() {
    let app = App::new();
    let made = ticket(&app, json!({})).await;
    let tag = app.agent().get(&path(&made)).await.header("etag").to_owned();
    assert_eq!(fields(app.agent().post(&path(&made), json!({"_method": "put", "subject": null})).await), ["subject"]);
    app.agent().post(&path(&made), json!({"_method": "delete"})).await.is(403);
    app.supervisor().with("if-match", "\"9-0\"").post(&path(&made), json!({"_method": "delete"})).await.is(412);
    app.supervisor().post("/api/v1/ticket/999", json!({"_method": "delete"})).await.is(404);
    for other in [json!({}), json!({"_method": "patch"}), json!({"_method": "get"}), json!({"_method": 1}), json!({"_method": null})] {
        let refused = app.supervisor().post(&path(&made), other).await;
        assert!(refused.header("allow").contains("PUT"), "{}", refused.header("allow"));
        assert!(refused.is(405)["message"].is_string());
    }
    assert_eq!(app.agent().get(&path(&made)).await.header("etag"), tag);
    // On the list the word is a field like any other that nobody asked for.
    app.agent().put("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(405);
    let sent = app.agent().get("/api/v1/ticket?_method=delete").await;
    assert_eq!(fields(sent), ["_method"]);
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let app = App::new();
    for (method, path) in [("POST", "/api/v1/ticket"), ("PUT", "/api/v1/ticket/1")] {
        for body in ["{", "nonsense", "{\"subject\":\"\\ud800\"}", "{} {}", "\u{feff}{}"] {
            let refused = app.agent().send(method, path, "application/json", body.into()).await.is(400);
            assert!(refused["message"].is_string(), "{method} {body}");
        }
        let refused = app.agent().send(method, path, "application/json", vec![b'"', 0xff, b'"']).await;
        refused.is(400);
        for body in ["[]", "null", "1", "\"text\""] {
            let refused = app.agent().send(method, path, "application/json", body.into()).await;
            assert!(!fields(refused).is_empty(), "{method} {body}");
        }
        app.agent().send(method, path, "text/plain", "subject=s".into()).await.is(415);
        app.agent().send(method, path, "multipart/form-data; boundary=x", "--x--".into()).await.is(415);
        app.agent().send(method, path, "", "{}".into()).await.is(415);
    }
    // What cannot be read comes before what is not there.
    app.agent().send("PUT", "/api/v1/ticket/999", "application/json", "{".into()).await.is(400);
    let deep = "[".repeat(100_000);
    app.agent().send("POST", "/api/v1/ticket", "application/json", deep.into()).await.is(400);
    assert_eq!(app.agent().get("/api/v1/ticket").await.is(200)["meta"]["total"], Value::from(2));
}
