//! `/api/v1/auth/password`: one's own, and those of others.

use serde_json::{Value, json};

use super::{granted, login, revoked, token};
use crate::harness::app::App;
use crate::harness::world::PASSWORD;
use crate::harness::{rows, texts};

const PATH: &str = "/api/v1/auth/password";
const NEW: &str = "battery staple";

#[tokio::test]
async fn one_changes_ones_own_and_all_tokens_end() {
    let app = App::new();
    let (one, two) = (token(&app, "agent@main").await, token(&app, "agent@main").await);
    let by_code = granted(&app, &app.license(), "agent", "MODERATOR").await;
    let untouched = token(&app, "supervisor@main").await;
    app.bearer(&one).put(PATH, json!({"current_password": PASSWORD, "password": NEW})).await.is(200);
    for token in [&one, &two, &by_code] {
        revoked(&app, token).await;
    }
    app.bearer(&untouched).get("/api/v1/auth/me").await.is(200);
    login(&app, "agent@main", PASSWORD).await.is(401);
    login(&app, "agent@main", NEW).await.is(200);
}

#[tokio::test]
async fn one_must_know_the_present_one() {
    let app = App::new();
    let own = app.bearer(&token(&app, "agent@main").await);
    let db = app.db().await;
    let before = rows(&db).await;
    for (body, fields) in [
        (json!({"password": NEW}), vec!["current_password"]),
        (json!({"current_password": "wrong", "password": NEW}), vec!["current_password"]),
        (json!({"current_password": PASSWORD}), vec!["password"]),
        (json!({"current_password": PASSWORD, "password": "7 chars"}), vec!["password"]),
        (json!({"current_password": PASSWORD, "password": "x".repeat(129)}), vec!["password"]),
        (json!({"current_password": PASSWORD, "password": 12_345_678}), vec!["password"]),
    ] {
        let refused = own.put(PATH, body.clone()).await;
        assert_eq!(refused.offending(), fields, "{body}");
        refused.is(422);
    }
    assert_eq!(rows(&db).await, before);
    own.get("/api/v1/auth/me").await.is(200);
}

#[tokio::test]
async fn an_admin_sets_those_of_others() {
    let app = App::new();
    let theirs = token(&app, "supervisor@main").await;
    app.admin().put(PATH, json!({"password": NEW, "employee_id": 2})).await.is(200);
    revoked(&app, &theirs).await;
    login(&app, "supervisor@main", NEW).await.is(200);
    app.admin().get("/api/v1/auth/me").await.is(200);
    for unknown in [json!(999), json!(1003)] {
        let refused = app.admin().put(PATH, json!({"password": NEW, "employee_id": unknown})).await;
        assert_eq!(refused.offending(), ["employee_id"]);
        refused.is(422);
    }
    for caller in [app.supervisor(), app.agent(), app.moderator()] {
        let refused = caller.put(PATH, json!({"password": NEW, "employee_id": 5})).await;
        assert!(matches!(refused.status, 401 | 403), "{}", refused.text);
    }
    login(&app, "other@main", NEW).await.is(401);
}

#[tokio::test]
async fn a_change_leaves_a_trace_without_the_password() {
    let app = App::new();
    app.admin().with("x-request-id", "req-9").put(PATH, json!({"password": NEW, "employee_id": 3})).await.is(200);
    let db = app.db().await;
    let read = db.read();
    let history = texts(&read, "SELECT action || ' ' || record_id || ' ' || actor_id AS t FROM history WHERE request_id = 'req-9'").await;
    assert_eq!(history, ["password_changed 3 1"]);
    let events = texts(&read, "SELECT type || ' ' || record_id AS t FROM event WHERE request_id = 'req-9'").await;
    assert_eq!(events, ["employee.password_changed 3"]);
    let told = texts(&read, "SELECT changes AS t FROM history UNION ALL SELECT data AS t FROM event").await;
    assert!(told.iter().all(|text| !text.contains("argon2") && !text.contains("password_hash")), "{told:#?}");
}

#[tokio::test]
async fn a_hash_has_the_recommended_parameters() {
    let app = App::new();
    let hashes = texts(&app.db().await.read(), "SELECT password_hash AS t FROM employee WHERE password_hash IS NOT NULL").await;
    assert_eq!(hashes.len(), 4);
    for hash in hashes {
        let parts: Vec<_> = hash.split('$').collect();
        assert_eq!((parts[1], parts[2]), ("argon2id", "v=19"));
        let value = |name: &str| parts[3].split(',').find_map(|one| one.strip_prefix(name)).unwrap().parse::<u32>().unwrap();
        let (memory, passes) = (value("m="), value("t="));
        assert!((memory >= 19_456 && passes >= 2) || (memory >= 65_536 && passes >= 3), "{hash}");
    }
}

#[tokio::test]
async fn a_machine_or_a_customer_has_none() {
    let app = App::new();
    let body: Value = json!({"current_password": PASSWORD, "password": NEW});
    app.key(&frontdesk_core::access::Scope::ALL).await.put(PATH, body.clone()).await.is(403);
    app.publisher().put(PATH, body).await.is(403);
}
