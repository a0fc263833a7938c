//! Who is behind a token is remembered for a moment, and never too long.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{code, exchange, token};
use crate::harness::app::{App, Caller};
use crate::harness::world::PASSWORD;
use crate::harness::{eventually, sql};

const AGENT: &str = "/api/v1/employee/3";

async fn seen(caller: &Caller<'_>) -> u16 {
    caller.get("/api/v1/ticket").await.status
}

/// Whoever signs in anew as the agent, and has just been seen.
async fn agent(app: &App) -> Caller<'_> {
    let caller = app.bearer(&token(app, "agent@main").await);
    assert_eq!(seen(&caller).await, 200);
    caller
}

#[tokio::test]
async fn what_ends_a_token_ends_it_at_once() {
    let app = App::new();
    let known = agent(&app).await;
    known.post("/api/v1/auth/logout", json!(null)).await.is(200);
    assert_eq!(seen(&known).await, 401);

    let known = agent(&app).await;
    let other = known.put("/api/v1/auth", json!(null)).await.is(200)["access_token"].as_str().unwrap().to_owned();
    assert_eq!([seen(&known).await, seen(&app.bearer(&other)).await], [401, 200]);

    for change in [json!({"role": "supervisor"}), json!({"role": "agent"}), json!({"is_active": false})] {
        let known = agent(&app).await;
        app.admin().put(AGENT, change.clone()).await.is(200);
        assert_eq!(seen(&known).await, 401, "{change}");
    }
    app.admin().put(AGENT, json!({"is_active": true})).await.is(200);

    let known = agent(&app).await;
    app.admin().put("/api/v1/auth/password", json!({"password": PASSWORD, "employee_id": 3})).await.is(200);
    assert_eq!(seen(&known).await, 401);

    let made = app.admin().post("/api/v1/employee", json!({"employee_no": "leaver", "first_name": "G", "role": "agent"})).await.is(201);
    let id = &made["data"]["id"];
    app.admin().put("/api/v1/auth/password", json!({"password": PASSWORD, "employee_id": id})).await.is(200);
    let known = app.bearer(&token(&app, "leaver@main").await);
    assert_eq!(seen(&known).await, 200);
    app.admin().delete(&format!("/api/v1/employee/{id}")).await.is(204);
    assert_eq!(seen(&known).await, 401);
}

#[tokio::test]
async fn what_changes_a_caller_changes_it_at_once() {
    let app = App::new();
    let issued = app.admin().post("/api/v1/service-key", json!({"label": "l", "scopes": ["tickets:read"]})).await.is(201);
    let key = app.bearer(issued["data"]["secret"].as_str().unwrap());
    assert_eq!(seen(&key).await, 200);
    app.admin().delete(&format!("/api/v1/service-key/{}", issued["data"]["id"])).await.is(204);
    assert_eq!(seen(&key).await, 401);

    let created = async || app.agent().get("/api/v1/ticket/1").await.is(200)["created_at"].clone();
    let before = created().await;
    app.admin().put("/api/v1/organization", json!({"time_zone": "America/Lima"})).await.is(200);
    assert_ne!(created().await, before, "the clocks are the organization's");

    let found = async |caller: &Caller<'_>| {
        let list = caller.post("/api/task/get_list", json!({})).await.is(200);
        list["info"]["items"].as_array().map_or(0, Vec::len)
    };
    let publisher = exchange(&app, &code(&app.license(), "A123456789", "PUBLISHER").await, "arctos-client").await.is(200);
    let publisher = app.bearer(publisher["info"]["access_token"].as_str().unwrap());
    assert!(found(&publisher).await > 0);
    for contact in 1..=3 {
        app.admin().post(&format!("/api/v1/contact/{contact}/anonymize"), Value::Null).await;
    }
    assert_eq!(found(&publisher).await, 0, "the number that it knew its appointments by is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_meanwhile_keeps_no_token_alive() {
    let app = App::new();
    for _ in 0..15 {
        let (known, over) = (agent(&app).await, AtomicBool::new(false));
        let reader = async || {
            while !over.load(Ordering::SeqCst) {
                seen(&known).await;
            }
        };
        let end = async {
            known.post("/api/v1/auth/logout", json!(null)).await.is(200);
            let after = seen(&known).await;
            over.store(true, Ordering::SeqCst);
            after
        };
        let readers = join_all((0..4).map(|_| reader()));
        assert_eq!(futures_util::future::join(end, readers).await.0, 401);
    }
}

#[tokio::test]
async fn what_another_process_does_counts_after_a_moment() {
    let app = App::new();
    let (known, mut refused) = (agent(&app).await, "SET revoked_at = 1");
    for _ in 0..2 {
        sql(&app.db().await, &format!("UPDATE token {refused} WHERE employee_id = 3")).await;
        let wanted = if refused.ends_with('1') { 401 } else { 200 };
        eventually("it counts here too", async || seen(&known).await == wanted).await;
        refused = "SET revoked_at = NULL";
    }
}
