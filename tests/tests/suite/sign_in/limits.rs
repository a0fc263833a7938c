//! Failed sign-ins: twenty a minute for each name and address.

use futures_util::future::join_all;
use serde_json::json;
use time::Duration;

use super::{ask, code, exchange, login, unauthorized};
use crate::harness::app::App;
use crate::harness::world::PASSWORD;

#[tokio::test]
async fn the_twenty_first_wrong_password_waits() {
    let app = App::new();
    for n in 0..20 {
        app.world.advance(Duration::milliseconds(500));
        login(&app, "agent@main", &format!("wrong {n}")).await.is(401);
        if n == 10 {
            login(&app, "agent@main", PASSWORD).await.is(200);
        }
    }
    for password in ["wrong", PASSWORD] {
        let refused = login(&app, "agent@main", password).await;
        let wait: i64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert!(refused.is(429)["message"].is_string());
    }
    login(&app, "supervisor@main", PASSWORD).await.is(200);
    app.world.advance(Duration::seconds(61));
    login(&app, "agent@main", PASSWORD).await.is(200);
}

#[tokio::test]
async fn an_unknown_name_waits_as_well() {
    let app = App::new();
    for _ in 0..20 {
        login(&app, "who@main", "wrong").await.is(401);
    }
    login(&app, "who@main", "wrong").await.is(429);
}

#[tokio::test]
async fn a_flood_does_not_slip_through() {
    let app = App::new();
    let statuses: Vec<_> = join_all((0..60).map(async |n| login(&app, "agent@main", &format!("wrong {n}")).await.status)).await;
    let judged = statuses.iter().filter(|status| **status == 401).count();
    assert!(judged <= 20, "{judged} passwords were tried in a minute");
}

#[tokio::test]
async fn licenses_cannot_be_guessed() {
    let app = App::new();
    for n in 0..20 {
        unauthorized(ask(&app.anonymous().with("arc-license-key", &format!("fdl_{n}")), "agent", "MODERATOR").await);
    }
    let refused = ask(&app.license(), "agent", "MODERATOR").await;
    assert!(!refused.header("retry-after").is_empty());
    let body = refused.is(429);
    assert_eq!(body["status"], 0);
    assert!(body["message"].is_string());
    app.world.advance(Duration::seconds(60));
    code(&app.license(), "agent", "MODERATOR").await;
}

#[tokio::test]
async fn codes_cannot_be_guessed() {
    let app = App::new();
    let good = code(&app.license(), "agent", "MODERATOR").await;
    for n in 0..20 {
        unauthorized(exchange(&app, &format!("fdc_{n}"), "arctos-webapp").await);
    }
    let refused = exchange(&app, &good, "arctos-webapp").await;
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(refused.is(429)["status"], 0);
    app.world.advance(Duration::seconds(60));
    assert_eq!(exchange(&app, &good, "arctos-webapp").await.is(200)["info"]["user_id"], json!(3));
}

#[tokio::test]
async fn the_present_password_cannot_be_guessed() {
    let app = App::new();
    let guess = json!({"current_password": "wrong", "password": "a new password"});
    for _ in 0..20 {
        app.agent().put("/api/v1/auth/password", guess.clone()).await.is(422);
    }
    app.agent().put("/api/v1/auth/password", json!({"current_password": PASSWORD, "password": "a new password"})).await.is(429);
    app.supervisor().put("/api/v1/auth/password", guess).await.is(422);
}
