//! How often somebody may ask, and who is believed about addresses.

use frontdesk_api::{Proxies, ProxyHeader, Rate, ServeOptions};
use frontdesk_core::access::Scope;
use serde_json::json;
use time::Duration;

use crate::harness::app::{Answer, App, options};
use crate::harness::world::PASSWORD;

/// A server that lets everybody ask three times, and then once every ten seconds.
fn limited() -> App {
    App::with(ServeOptions { rate: Rate { per_minute: 6, burst: 3 }, ..options() })
}

/// The same behind proxies on this machine.
fn behind_a_proxy(header: ProxyHeader) -> App {
    let proxies = Proxies { networks: vec!["127.0.0.0/8".parse().unwrap()], header };
    App::with(ServeOptions { rate: Rate { per_minute: 6, burst: 3 }, proxies, ..options() })
}

fn standing(answer: &Answer) -> [&str; 3] {
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| answer.header(name))
}

#[tokio::test]
async fn there_is_none_by_default() {
    let app = App::new();
    for _ in 0..200 {
        let answer = app.agent().get("/api/v1/sponsor/1").await;
        assert_eq!((answer.status, standing(&answer)), (200, ["", "", ""]));
    }
}

#[tokio::test]
async fn each_surface_refuses_in_its_shape() {
    let text = "too many requests; try again in 10 seconds";
    let app = limited();
    for left in ["2", "1", "0"] {
        let answer = app.agent().get("/api/v1/ticket/1").await;
        assert_eq!((answer.status, standing(&answer)[..2].to_vec()), (200, vec!["3", left]));
    }
    let refused = app.agent().get("/api/v1/ticket/1").await;
    assert_eq!((standing(&refused), refused.header("retry-after")), (["3", "0", "30"], "10"));
    refused.equals(429, &json!({"message": text}));
    app.agent().get("/api/tasks").await.equals(429, &json!({"detail": text}));
    app.agent().post("/api/task/get_list", json!({})).await.equals(429, &json!({"status": 0, "message": text}));
    app.world.advance(Duration::seconds(10));
    assert_eq!(standing(&app.agent().get("/api/v1/ticket/1").await), ["3", "0", "30"]);
    app.agent().get("/api/v1/ticket/1").await.is(429);
}

#[tokio::test]
async fn it_counts_who_asks_and_not_the_token() {
    let app = limited();
    for caller in [app.agent(), app.moderator(), app.agent()] {
        caller.get("/api/v1/ticket/1").await.is(200);
    }
    // The same employee with another token.
    app.moderator().get("/api/v1/ticket/1").await.is(429);
    app.supervisor().get("/api/v1/ticket/1").await.is(200);
    app.stranger().get("/api/v1/ticket/1001").await.is(200);
    app.key(&[Scope::TicketsRead]).await.get("/api/v1/ticket/1").await.is(200);
}

#[tokio::test]
async fn it_is_judged_after_the_token_and_before_the_role() {
    let app = limited();
    for _ in 0..3 {
        app.agent().get("/api/v1/license").await.is(403);
    }
    app.agent().get("/api/v1/license").await.is(429);
    app.agent().send("POST", "/api/v1/ticket", "text/plain", b"x".to_vec()).await.is(415);
    app.agent().send("POST", "/api/v1/ticket", "application/json", b"{".to_vec()).await.is(429);
    let made = app.supervisor().get("/api/v1/ticket").await.is(200)["meta"]["total"].clone();
    app.agent().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(429);
    assert_eq!(app.supervisor().get("/api/v1/ticket").await.is(200)["meta"]["total"], made, "a refused write changes nothing");
}

#[tokio::test]
async fn nobody_known_is_counted_by_the_address() {
    let app = limited();
    app.bearer("fd_bad").get("/api/v1/ticket").await.is(401);
    app.anonymous().get("/api/tasks").await.is(401);
    app.anonymous().post("/api/v1/auth", json!({"name": "agent@main", "password": PASSWORD})).await.is(200);
    app.bearer("fd_bad").get("/api/v1/ticket").await.is(429);
    app.anonymous().get("/none").await.is(429);
    let refused = app.license().post("/api/auth/code", json!({"user_id": "agent", "role": "MODERATOR"})).await;
    assert_eq!(refused.is(429)["status"], 0);
    // Whoever is known is not held by what others do at the address, and health is always told.
    app.agent().get("/api/v1/ticket/1").await.is(200);
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs/"] {
        let answer = app.anonymous().get(path).await;
        assert_eq!((answer.status, standing(&answer)), (200, ["", "", ""]), "{path}");
    }
}

#[tokio::test]
async fn a_client_cannot_say_where_it_is() {
    let app = limited();
    for n in 0..6 {
        let caller = app.anonymous().with("x-forwarded-for", &format!("198.51.100.{n}")).with("forwarded", &format!("for=198.51.100.{n}"));
        caller.get("/api/v1/ticket").await.is(if n < 3 { 401 } else { 429 });
    }
}

#[tokio::test]
async fn a_believed_proxy_says_where_a_client_is() {
    for (header, name, prefix) in [(ProxyHeader::XForwardedFor, "x-forwarded-for", ""), (ProxyHeader::Forwarded, "forwarded", "for=")] {
        let app = behind_a_proxy(header);
        let from = async |list: &[&str]| {
            let value = list.iter().map(|address| format!("{prefix}{address}")).collect::<Vec<_>>().join(", ");
            app.anonymous().with(name, &value).get("/api/v1/ticket").await.status
        };
        for _ in 0..3 {
            assert_eq!(from(&["198.51.100.1"]).await, 401);
        }
        assert_eq!(from(&["198.51.100.1"]).await, 429);
        assert_eq!(from(&["198.51.100.2"]).await, 401);
        // What the client wrote itself stands on the left.
        assert_eq!(from(&["198.51.100.77", "198.51.100.1"]).await, 429);
        assert_eq!(from(&["198.51.100.1", "198.51.100.3", "127.0.0.9"]).await, 401);
        let other = if name == "forwarded" { "x-forwarded-for" } else { "forwarded" };
        let caller = app.anonymous().with(name, &format!("{prefix}198.51.100.1")).with(other, "198.51.100.66");
        caller.get("/api/v1/ticket").await.is(429);
    }
}

#[tokio::test]
async fn failed_sign_ins_are_counted_by_the_client_and_not_the_proxy() {
    let proxies = Proxies { networks: vec!["127.0.0.1/32".parse().unwrap()], ..Proxies::default() };
    let app = App::with(ServeOptions { proxies, ..options() });
    let attempt = async |from: &str, password: &str| {
        let caller = app.anonymous().with("x-forwarded-for", from);
        caller.post("/api/v1/auth", json!({"name": "agent@main", "password": password})).await.status
    };
    for n in 0..20 {
        assert_eq!(attempt(&format!("2001:db8:1:2::{n}"), "not the password").await, 401);
    }
    assert_eq!(attempt("2001:db8:1:2:ffff::1", PASSWORD).await, 429, "a host has 64 bits of addresses");
    assert_eq!(attempt("2001:db8:1:3::1", PASSWORD).await, 200);
}
