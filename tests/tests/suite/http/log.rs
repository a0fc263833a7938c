//! What the log says and what it never says. Every server of the suite is watched (`harness/leaks.rs`); here is what shows that
//! the watch would find something.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::harness::app::{App, Caller};
use crate::harness::database::MIGRATED;
use crate::harness::world::PASSWORD;
use crate::harness::{leaks, sql};

const PHONE: &str = "+886 912 555 0199";
const SAID: &str = "the customer said something private";

#[test]
fn the_watch_finds_what_it_is_for() {
    leaks::sent(&json!({"customer": [{"customer_phone": PHONE}], "password": PASSWORD, "call_transcription": SAID}));
    let random = "A".repeat(42);
    for prefix in ["fd_", "fdc_", "fdk_", "fdl_"] {
        assert!(leaks::secret(&format!("path=/api/v1/ticket?token={prefix}{random}B&x")).is_some(), "{prefix}");
        assert!(leaks::secret(&format!("{prefix}{random}")).is_none(), "{prefix}: too short for one of ours");
    }
    assert!(leaks::secret(&format!("name {PASSWORD}")).is_some());
    assert!(leaks::private(&format!("number={PHONE:?}")).is_some());
    assert!(leaks::private(&format!("{{\"text\":\"{SAID}\"}}")).is_some());
    assert!(leaks::private("nothing").is_none() && leaks::secret("fd_unknown").is_none());
}

/// Everything that has to do with secrets and personal data, right and wrong.
#[tokio::test]
async fn a_day_leaves_nothing_private_in_the_log() {
    let app = App::new();
    let before = leaks::lines();
    let login = |name: &str, password: &str| json!({"name": name, "password": password});
    let token = app.anonymous().post("/api/v1/auth", login("agent@main", PASSWORD)).await.is(200)["access_token"].clone();
    let token = token.as_str().unwrap();
    app.anonymous().post("/api/v1/auth", login("agent@main", "battery staple")).await.is(401);
    app.anonymous().post("/api/v1/auth", login(PASSWORD, "battery staple")).await.is(401);
    app.anonymous().get(&format!("/api/v1/ticket?token={token}")).await.is(200);
    app.anonymous().get(&format!("/api/v1/ticket?token={token}&none=1")).await.is(422);
    for path in ["nope", "api/v1/ticket", "api/tasks", "docs"] {
        assert!(app.bearer(token).get(&format!("/{path}/{token}")).await.status >= 400);
    }
    app.bearer(&format!("{token}x")).get("/api/v1/ticket").await.is(401);
    let task = json!({"title": "t", "operator_id": 3, "caller_phone": PHONE, "call_transcription": SAID});
    app.agent().post("/api/tasks", task).await.is(200);
    app.agent().post("/api/tasks", json!({"caller_phone": PHONE, "call_transcription": SAID})).await.is(422);
    app.agent().send("POST", "/api/tasks", "application/json", format!("{{\"call_transcription\": \"{SAID}").into()).await.is(422);
    let number = json!({"contact_id": 1, "type": 2, "number": PHONE});
    app.agent().post("/api/v1/phone-number", number).await.is(201);
    app.agent().get("/api/v1/contact?phone_number=%2B886%20912%20555%200199").await.is(200);
    let issued = app.license().post("/api/auth/code", json!({"user_id": "agent", "role": "MODERATOR"})).await.is(200);
    let exchange = json!({"grant_type": "authorization_code", "client_id": "arctos-webapp", "code": issued["info"]["code"]});
    app.anonymous().post("/api/auth/login", exchange.clone()).await.is(200);
    app.anonymous().post("/api/auth/login", exchange).await.is(200);
    app.admin().post("/api/v1/license", json!({"label": "l"})).await.is(201);
    app.admin().post("/api/v1/service-key", json!({"label": "l", "scopes": ["tickets:read"]})).await.is(201);
    app.admin().put("/api/v1/auth/password", json!({"password": "another horse", "employee_id": 2})).await.is(200);
    app.bearer(token).post("/api/v1/auth/logout", json!(null)).await.is(200);
    assert!(leaks::lines() > before + 20, "the log is not watched");
    leaks::none();
}

/// What is logged about security, and of errors, in a request.
async fn logged(caller: Caller<'_>, id: &str, path: &str, body: Value) -> Vec<Value> {
    let caller = caller.with("x-request-id", id);
    let _ = if body.is_null() { caller.get(path).await } else { caller.post(path, body).await };
    leaks::noted(id)
}

fn has(lines: &[Value], level: &str, message: &str) -> bool {
    lines.iter().any(|line| line["level"] == level && line["message"] == message)
}

#[tokio::test]
async fn sign_ins_are_logged() {
    let app = App::new();
    let login = |name: &str, password: &str| json!({"name": name, "password": password});
    let lines = logged(app.anonymous(), "audit-1", "/api/v1/auth", login("agent@main", PASSWORD)).await;
    assert!(has(&lines, "INFO", "signed in with a password") && lines[0]["employee"] == 3, "{lines:?}");
    let lines = logged(app.anonymous(), "audit-2", "/api/v1/auth", login("agent@main", "battery staple")).await;
    assert!(has(&lines, "WARN", "a password was refused") && lines[0]["employee"] == 3, "{lines:?}");
    assert!(has(&lines, "WARN", "a sign-in was refused") && lines[1]["peer"] == "127.0.0.1", "{lines:?}");
    let lines = logged(app.anonymous(), "audit-3", "/api/v1/auth", login("nobody at all", "battery staple")).await;
    assert!(has(&lines, "WARN", "a password was refused") && lines[0]["known"] == false, "{lines:?}");
    assert!(!format!("{lines:?}").contains("nobody at all"), "what stands for a name may be a password: {lines:?}");
    let code = json!({"user_id": "agent", "role": "MODERATOR"});
    let lines = logged(app.license(), "audit-4", "/api/auth/code", code.clone()).await;
    assert!(has(&lines, "INFO", "a code was issued"), "{lines:?}");
    let lines = logged(app.anonymous().with("arc-license-key", "fdl_none"), "audit-5", "/api/auth/code", code).await;
    assert!(has(&lines, "WARN", "a sign-in was refused"), "{lines:?}");
    let exchange = json!({"grant_type": "authorization_code", "client_id": "arctos-webapp", "code": "fdc_none"});
    let lines = logged(app.anonymous(), "audit-6", "/api/auth/login", exchange).await;
    assert!(has(&lines, "WARN", "a sign-in was refused"), "{lines:?}");
}

#[tokio::test]
async fn refusals_are_logged_with_who_was_refused() {
    let app = App::new();
    let lines = logged(app.bearer("fd_bad"), "audit-10", "/api/v1/ticket", json!(null)).await;
    assert!(has(&lines, "WARN", "a token was refused") && lines[0]["peer"] == "127.0.0.1", "{lines:?}");
    let lines = logged(app.nobody(), "audit-11", "/api/tasks", json!(null)).await;
    assert!(has(&lines, "WARN", "a token was refused"), "{lines:?}");
    let lines = logged(app.anonymous(), "audit-12", "/api/tasks", json!(null)).await;
    assert!(has(&lines, "INFO", "a request without a good token"), "{lines:?}");
    let lines = logged(app.agent(), "audit-13", "/api/v1/license", json!(null)).await;
    assert!(has(&lines, "WARN", "an authorization was refused"), "{lines:?}");
    assert_eq!((&lines[0]["span"]["caller"], &lines[0]["path"]), (&json!("employee 3"), &json!("/api/v1/license")));
    // Not its moderator: judged in the service, where the appointment is known.
    let finish = json!({"task_num": "202603010000001", "status": "finished"});
    let lines = logged(app.bystander(), "audit-14", "/api/task/status/do_update", finish).await;
    assert!(has(&lines, "WARN", "an authorization was refused"), "{lines:?}");
    for n in 0..20 {
        app.anonymous().post("/api/v1/auth", json!({"name": "agent@main", "password": format!("battery staple {n}")})).await.is(401);
    }
    let lines = logged(app.anonymous(), "audit-15", "/api/v1/auth", json!({"name": "agent@main", "password": PASSWORD})).await;
    assert!(has(&lines, "WARN", "a limit was hit"), "{lines:?}");
}

#[tokio::test]
async fn faults_inside_are_logged() {
    let app = App::new();
    sql(&app.db().await, "ALTER TABLE ticket RENAME TO lost").await;
    let lines = logged(app.agent(), "audit-20", "/api/v1/ticket/1", json!(null)).await;
    let told = |line: &Value| line["error"].as_str().is_some_and(|error| error.contains("ticket"));
    assert!(has(&lines, "ERROR", "a request failed") && lines.iter().any(told), "{lines:?}");
    let app = App::start_with(&MIGRATED, Arc::new(|_| panic!("on purpose")));
    let request = reqwest::Client::new().get(format!("{}/readyz", app.url)).header("x-request-id", "audit-21");
    assert_eq!(request.send().await.unwrap().status(), 500);
    assert!(has(&leaks::noted("audit-21"), "ERROR", "a handler panicked"));
}
