//! Tokens at the door of all three surfaces.

use serde_json::json;
use time::Duration;

use crate::harness::app::{App, Caller};
use crate::harness::world::PASSWORD;

/// The answer of each surface to a token's fault.
async fn refused(caller: Caller<'_>, code: u16, text: &str) {
    caller.post("/api/task/get_list", json!({})).await.equals(401, &json!({"status": 0, "code": code, "message": text}));
    let detail = if code == 1401 { "Not authenticated" } else { text };
    caller.get("/api/tasks").await.equals(401, &json!({"detail": detail}));
    caller.get("/api/v1/ticket").await.equals(401, &json!({"message": "Unauthenticated."}));
}

#[tokio::test]
async fn each_fault_has_its_code() {
    let app = App::new();
    refused(app.anonymous(), 1401, "authorization is null").await;
    for value in ["Basic YTpi", "Bearer", "Bearer ", "token"] {
        refused(app.anonymous().with("authorization", value), 1402, "authorization type is incorrect").await;
    }
    for token in ["fd_unknown", "fdk_unknown", "x"] {
        refused(app.bearer(token), 1403, "unauthorized").await;
    }
    refused(app.nobody(), 1405, "token is invalid").await;
    let token = login(&app, 60).await;
    app.world.advance(Duration::minutes(59));
    app.bearer(&token).get("/api/tasks").await.is(200);
    app.world.advance(Duration::minutes(1));
    refused(app.bearer(&token), 1404, "token has expired").await;
}

async fn login(app: &App, ttl: i64) -> String {
    let answer = app.anonymous().post("/api/v1/auth", json!({"name": "agent@main", "password": PASSWORD, "ttl": ttl})).await.is(200);
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("bearer"), &json!(ttl * 60)));
    answer["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_of_one_surface_works_on_all() {
    let app = App::new();
    for caller in [app.agent(), app.moderator()] {
        caller.post("/api/task/get_list", json!({})).await.is(200);
        caller.get("/api/tasks").await.is(200);
        caller.get("/api/v1/ticket").await.is(200);
    }
    let shouting = app.anonymous().with("authorization", &format!("BEARER {}", login(&app, 5).await));
    shouting.get("/api/tasks").await.is(200);
}

#[tokio::test]
async fn the_ticketing_surface_takes_a_token_in_the_query() {
    let app = App::new();
    let token = login(&app, 5).await;
    app.anonymous().get(&format!("/api/v1/ticket?token={token}")).await.is(200);
    app.anonymous().get(&format!("/api/v1/ticket?token={token}x")).await.is(401);
    app.anonymous().get(&format!("/api/tasks?token={token}")).await.is(401);
    app.anonymous().post(&format!("/api/task/get_list?token={token}"), json!({})).await.is(401);
}

#[tokio::test]
async fn a_refreshed_or_ended_token_is_refused() {
    let app = App::new();
    let old = login(&app, 5).await;
    let new = app.bearer(&old).put("/api/v1/auth", json!(null)).await.is(200);
    assert_eq!(new["expires_in"], 300);
    let new = new["access_token"].as_str().unwrap();
    refused(app.bearer(&old), 1405, "token is invalid").await;
    app.bearer(new).get("/api/v1/auth/me").await.is(200);
    app.bearer(new).post("/api/v1/auth/logout", json!(null)).await.equals(200, &json!({"message": "Successfully logged out"}));
    refused(app.bearer(new), 1405, "token is invalid").await;
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_after_twenty_waits() {
    let app = App::new();
    let attempt =
        async |name: &str, password: &str| app.anonymous().post("/api/v1/auth", json!({"name": name, "password": password})).await;
    for name in ["agent@main", "none@main", "agent", "agent@none", "gone@main", "other@main"] {
        attempt(name, "wrong password").await.equals(401, &json!({"error": "Unauthorized"}));
    }
    for _ in 0..19 {
        attempt("agent@main", "wrong password").await.is(401);
    }
    let waiting = attempt("agent@main", PASSWORD).await;
    assert_eq!(waiting.header("retry-after"), "60");
    waiting.is(429);
    attempt("supervisor@main", PASSWORD).await.is(200);
    app.world.advance(Duration::seconds(60));
    attempt("agent@main", PASSWORD).await.is(200);
}

#[tokio::test]
async fn a_code_is_good_once_and_for_ten_minutes() {
    let app = App::new();
    let code = async |role: &str| {
        let answer = app.license().post("/api/auth/code", json!({"user_id": "agent", "role": role})).await.is(200);
        assert_eq!((&answer["status"], &answer["message"]), (&json!(1), &json!("")));
        answer["info"]["code"].as_str().unwrap().to_owned()
    };
    let exchange = async |code: &str| {
        let body = json!({"grant_type": "authorization_code", "client_id": "arctos-switch", "code": code});
        app.anonymous().post("/api/auth/login", body).await.is(200)
    };
    let first = code("MODERATOR").await;
    let token = exchange(&first).await;
    assert_eq!((&token["status"], &token["info"]["user_id"]), (&json!(1), &json!(3)));
    let checked = app.bearer(token["info"]["access_token"].as_str().unwrap()).post("/api/auth/check", json!({})).await.is(200);
    assert_eq!(checked["info"], json!({"client_id": "arctos-switch", "user_id": 3, "role": "MODERATOR"}));
    let late = code("MODERATOR").await;
    app.world.advance(Duration::minutes(10));
    for bad in [&first, &late] {
        let refused = exchange(bad).await;
        assert_eq!((&refused["status"], &refused["message"]), (&json!(0), &json!("Unauthorized Access")));
    }
    let wrong =
        app.anonymous().with("arc-license-key", "fdl_none").post("/api/auth/code", json!({"user_id": "agent", "role": "MODERATOR"})).await;
    assert_eq!(wrong.is(200)["message"], "Unauthorized Access");
}

#[tokio::test]
async fn no_secret_opens_the_door_of_another() {
    let app = App::new();
    let token = login(&app, 5).await;
    let code = app.license().post("/api/auth/code", json!({"user_id": "agent", "role": "MODERATOR"})).await.is(200);
    let code = code["info"]["code"].as_str().unwrap();
    let key = app.admin().post("/api/v1/service-key", json!({"label": "l", "scopes": ["tickets:read"]})).await.is(201);
    let key = key["data"]["secret"].as_str().unwrap();
    let license = app.admin().post("/api/v1/license", json!({"label": "l"})).await.is(201);
    let license = license["data"]["secret"].as_str().unwrap();
    for other in [code, license] {
        refused(app.bearer(other), 1403, "unauthorized").await;
    }
    for other in [token.as_str(), key, license] {
        let body = json!({"grant_type": "authorization_code", "client_id": "arctos-webapp", "code": other});
        assert_eq!(app.anonymous().post("/api/auth/login", body).await.is(200)["message"], "Unauthorized Access");
    }
    for other in [token.as_str(), key, code] {
        let caller = app.anonymous().with("arc-license-key", other);
        let refused = caller.post("/api/auth/code", json!({"user_id": "agent", "role": "MODERATOR"})).await.is(200);
        assert_eq!(refused["message"], "Unauthorized Access");
    }
    // Each is good for what it is.
    app.bearer(&token).get("/api/v1/ticket").await.is(200);
    app.bearer(key).get("/api/v1/ticket").await.is(200);
}
