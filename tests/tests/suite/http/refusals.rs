//! One error in three shapes, and the order in which a request is judged.

use std::sync::Arc;

use serde_json::json;

use crate::harness::app::App;
use crate::harness::database::MIGRATED;
use crate::harness::sql;

const MIB: usize = 1024 * 1024;
const TASK: &str = "/api/tasks/019ca000-0000-7000-8000-000000000001";

#[tokio::test]
async fn an_unknown_path_has_the_shape_of_its_prefix() {
    let app = App::new();
    for caller in [app.anonymous(), app.admin()] {
        caller.post("/api/task/none", json!({})).await.equals(404, &json!({"status": 0, "message": "Resource Not Found"}));
        caller.post("/api/auth/none", json!({})).await.equals(404, &json!({"status": 0, "message": "Resource Not Found"}));
        caller.get("/api/tasks/1/2/3").await.equals(404, &json!({"detail": "Not Found"}));
        for path in ["/api/v1/none", "/none", "/", "/api/taskss"] {
            caller.get(path).await.equals(404, &json!({"message": "Not Found"}));
        }
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let app = App::new();
    let refused = app.anonymous().get("/api/task/do_add").await;
    assert_eq!(refused.header("allow"), "POST");
    refused.equals(405, &json!({"status": 0, "message": "the method is not allowed for this path"}));
    let refused = app.anonymous().delete("/api/tasks").await;
    assert_eq!(methods(refused.header("allow")), ["GET", "HEAD", "POST"]);
    refused.equals(405, &json!({"detail": "the method is not allowed for this path"}));
    let refused = app.anonymous().patch("/api/v1/ticket/1", json!({})).await;
    assert_eq!(methods(refused.header("allow")), ["DELETE", "GET", "HEAD", "PUT"]);
    refused.equals(405, &json!({"message": "the method is not allowed for this path"}));
}

fn methods(allow: &str) -> Vec<&str> {
    let mut methods: Vec<_> = allow.split(", ").collect();
    methods.sort_unstable();
    methods
}

#[tokio::test]
async fn a_broken_body_is_refused() {
    let app = App::new();
    let send = async |path: &str| app.admin().send("POST", path, "application/json", b"{\"title\": ".to_vec()).await;
    let refused = send("/api/task/do_add").await;
    assert_eq!((&refused.body["status"], refused.status), (&json!(0), 200));
    let refused = send("/api/tasks").await;
    assert_eq!((&refused.body["detail"][0]["type"], refused.status), (&json!("json_invalid"), 422));
    assert_eq!(refused.body["detail"][0]["loc"][0], "body");
    send("/api/v1/ticket").await.is(400);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let app = App::new();
    for body in [json!([]), json!("text"), json!(7)] {
        assert_eq!(app.admin().post("/api/task/do_add", body.clone()).await.is(200)["status"], 0, "{body}");
        app.admin().post("/api/tasks", body.clone()).await.is(422);
        app.admin().post("/api/v1/ticket", body).await.is(422);
    }
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let app = App::new();
    for kind in ["text/plain", "application/xml", ""] {
        let send = async |path: &str| app.admin().send("POST", path, kind, b"{}".to_vec()).await;
        let text = "the content type of the body is not supported";
        send("/api/task/do_add").await.equals(415, &json!({"status": 0, "message": text}));
        send("/api/tasks").await.equals(415, &json!({"detail": text}));
        send("/api/v1/ticket").await.equals(415, &json!({"message": text}));
    }
    let form = async |path: &str| app.admin().send("POST", path, "application/x-www-form-urlencoded", b"a=b".to_vec()).await;
    form("/api/task/do_add").await.is(415);
    form("/api/tasks").await.is(415);
    form("/api/v1/ticket").await.is(422);
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let app = App::new();
    let send = async |path: &str, size: usize| {
        let body = format!("{{\"subject\": \"{}\"}}", "x".repeat(size));
        app.admin().send("POST", path, "application/json", body.into()).await
    };
    assert_eq!(send("/api/task/do_add", 2 * MIB).await.is(413)["status"], 0);
    assert!(send("/api/tasks", 8 * MIB).await.is(413)["detail"].is_string());
    assert!(send("/api/v1/ticket", 2 * MIB).await.is(413)["message"].is_string());
    send("/api/v1/ticket", MIB).await.is(422);
    send("/api/tasks", 7 * MIB).await.is(422);
}

#[tokio::test]
async fn an_unknown_parameter_is_named() {
    let app = App::new();
    assert_eq!(app.admin().get("/api/v1/ticket?per_pag=3&foo=1").await.offending(), ["per_pag", "foo"]);
    assert_eq!(app.admin().get("/api/v1/ticket/1?foo=").await.offending(), ["foo"]);
    let refused = app.admin().get("/api/tasks?foo=1").await;
    assert_eq!(refused.offending(), ["foo"]);
    assert_eq!(refused.is(422)["detail"][0]["loc"][0], "query");
    let refused = app.admin().post("/api/task/do_add?foo=1", json!({})).await.is(200);
    assert!(refused["message"].as_str().unwrap().contains("foo"), "{refused}");
    app.admin().post("/api/v1/ticket?foo=1", json!({"subject": "s", "content": "c"})).await.is(422);
    app.admin().delete("/api/v1/ticket/2?foo=1").await.is(422);
    app.admin().get("/api/v1/ticket/2").await.is(200);
}

#[tokio::test]
async fn a_fault_inside_tells_nothing_and_passes() {
    let app = App::new();
    let db = app.db().await;
    for (table, path) in [("ticket", "/api/v1/ticket"), ("call_task", "/api/tasks"), ("appointment", "/api/task/get_list")] {
        let ask = async || if table == "appointment" { app.admin().post(path, json!({})).await } else { app.admin().get(path).await };
        sql(&db, &format!("ALTER TABLE {table} RENAME TO lost")).await;
        let failed = ask().await;
        assert!(!failed.text.contains(table) && !failed.text.contains("lost"), "{}", failed.text);
        let text = json!("internal error");
        let expected = match table {
            "ticket" => json!({"message": text}),
            "call_task" => json!({"detail": text}),
            _ => json!({"status": 0, "message": text}),
        };
        failed.equals(500, &expected);
        sql(&db, &format!("ALTER TABLE lost RENAME TO {table}")).await;
        ask().await.is(200);
    }
}

#[tokio::test]
async fn a_panic_is_a_fault_inside_and_passes() {
    let app = App::start_with(&MIGRATED, Arc::new(|_| panic!("on purpose")));
    // More often than the server has threads.
    for _ in 0..5 {
        let request = reqwest::Client::new().get(format!("{}/readyz", app.url)).header("x-request-id", "mine");
        let answer = request.send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["x-request-id"].to_str().unwrap()), (500, "mine"));
        assert_eq!(answer.text().await.unwrap(), r#"{"message":"internal error"}"#);
    }
    app.anonymous().get("/healthz").await.is(200);
}

#[tokio::test]
async fn a_request_is_judged_in_one_order() {
    let app = App::new();
    let large = vec![b' '; 8 * MIB + 1];
    let send = async |caller: crate::harness::app::Caller<'_>, method: &str, path: &str, kind: &str, body: &[u8]| {
        caller.send(method, path, kind, body.to_vec()).await.status
    };
    let json = "application/json";
    assert_eq!(send(app.anonymous(), "POST", "/api/tasks", "text/plain", &large).await, 413);
    assert_eq!(send(app.anonymous(), "POST", "/api/tasks", "text/plain", b"{").await, 415);
    assert_eq!(send(app.anonymous(), "POST", "/api/tasks", json, b"{").await, 401);
    assert_eq!(send(app.publisher(), "POST", "/api/tasks", json, b"{").await, 403);
    assert_eq!(send(app.agent(), "PUT", "/api/tasks/none/status", json, b"{").await, 422);
    assert_eq!(send(app.agent(), "PUT", "/api/v1/ticket/999", json, b"{").await, 400);
    assert_eq!(send(app.agent(), "PUT", "/api/v1/ticket/999", json, b"{\"subject\": 7}").await, 404);
    assert_eq!(send(app.agent().with("if-match", "\"9-x\""), "PUT", "/api/v1/ticket/1", json, b"{\"subject\": 7}").await, 412);
    assert_eq!(send(app.agent().with("if-match", "\"9-x\""), "PUT", &format!("{TASK}/status"), json, b"{\"status\": 7}").await, 412);
    assert_eq!(send(app.agent(), "PUT", "/api/v1/ticket/1", json, b"{\"subject\": 7}").await, 422);
}
