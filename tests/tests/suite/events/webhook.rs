//! Webhooks, against a receiver of their own.

mod failures;
mod manage;
mod order;
mod receiver;

use frontdesk_core::world::World;
use frontdesk_events::Deliveries;
use frontdesk_outbound::{Client, HeaderMap, Reach, Settings};
use frontdesk_store::Db;
use serde_json::{Value, json};
use time::Duration;

use self::receiver::{Receiver, Sent};
use super::end;
use crate::harness::app::App;
use crate::harness::{eventually, number, texts};

/// What sends, at the receivers of these tests too.
async fn deliveries(app: &App, world: World) -> Deliveries {
    deliveries_of(app.db().await, world)
}

fn deliveries_of(db: Db, world: World) -> Deliveries {
    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    let settings = Settings { reach: Reach::Public(allow), connect_timeout: std::time::Duration::from_secs(5), more_roots: vec![] };
    Deliveries::new(db, world, Client::new(settings))
}

/// Steps until every event that is committed is among the deliveries, and nothing is due.
async fn settle(app: &App, deliveries: &Deliveries) {
    let db = app.db().await;
    let behind = "SELECT COUNT(*) AS n FROM webhook WHERE is_active AND paused_at IS NULL AND position < (SELECT MAX(id) FROM event)";
    eventually("all is sent", async || {
        while deliveries.step().await.unwrap() {}
        number(&db.read(), behind).await == 0
    })
    .await;
}

/// Adds a webhook; gives its id and secret.
async fn add(app: &App, url: &str, events: Value) -> (i64, String) {
    let made = app.admin().post("/api/v1/webhook", json!({"url": url, "events": events})).await.is(201);
    (made["data"]["id"].as_i64().unwrap(), made["data"]["secret"].as_str().unwrap().to_owned())
}

async fn change(app: &App, ticket: i64, subject: &str) {
    app.agent().put(&format!("/api/v1/ticket/{ticket}"), json!({"subject": subject})).await.is(200);
}

/// The deliveries of a webhook, by event: `ticket.updated 1 delivered 1 200`.
async fn log(app: &App, webhook: i64) -> Vec<String> {
    let sql = format!(
        "SELECT type || ' ' || record_id || ' ' || state || ' ' || CAST(attempts AS TEXT) || ' ' || COALESCE(CAST(last_status AS TEXT), '-') AS t
         FROM webhook_delivery WHERE webhook_id = {webhook} ORDER BY event_id"
    );
    texts(&app.db().await.read(), &sql).await
}

/// Why the last attempt of each delivery failed.
async fn reasons(app: &App, webhook: i64) -> Vec<String> {
    let sql = format!("SELECT COALESCE(reason, '') AS t FROM webhook_delivery WHERE webhook_id = {webhook} ORDER BY event_id");
    texts(&app.db().await.read(), &sql).await
}

/// The types of what was sent, and the records.
fn told(sent: &[Sent]) -> Vec<String> {
    sent.iter().map(|sent| format!("{} {}", sent.body["type"], sent.body["data"]["record_id"]).replace('"', "")).collect()
}

/// What the specification's own library says of a delivery.
fn verifies(secret: &str, sent: &Sent) -> bool {
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: HeaderMap = names.iter().map(|name| (name.parse().unwrap(), sent.header(name).parse().unwrap())).collect();
    standardwebhooks::Webhook::new(secret).unwrap().verify(&sent.bytes, &headers).is_ok()
}

#[tokio::test]
async fn events_arrive_signed() {
    let app = App::new();
    let receiver = Receiver::start(|_| (200, vec![])).await;
    let (id, secret) = add(&app, &receiver.url, json!(["ticket.*"])).await;
    change(&app, 1, "a").await;
    app.admin().post("/api/v1/contact", json!({"first_name": "not wanted"})).await.is(201);
    change(&app, 2, "b").await;
    // The library takes what is of today alone.
    settle(&app, &deliveries(&app, World::real()).await).await;
    let sent = receiver.sent();
    assert_eq!(sent.len(), 2);
    let feed = async || app.agent().get("/api/v1/event?type=ticket.*").await.is(200)["data"].as_array().unwrap().clone();
    // On PostgreSQL the feed may wait for what others began before.
    let has = |feed: &[Value], sent: &Sent| feed.iter().any(|event| event["id"] == sent.body["data"]["id"]);
    eventually("the feed has what was sent", async || {
        let feed = feed().await;
        sent.iter().all(|sent| has(&feed, sent))
    })
    .await;
    let feed = feed().await;
    for sent in &sent {
        let event = feed.iter().find(|event| event["id"] == sent.body["data"]["id"]).unwrap();
        assert_eq!(sent.body, json!({"type": "ticket.updated", "timestamp": event["at"], "data": event}));
        assert_eq!(sent.header("webhook-id"), format!("evt_{}", event["id"]));
        assert_eq!(sent.header("content-type"), "application/json");
        assert!(verifies(&secret, sent) && !verifies("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", sent));
    }
    assert_eq!(log(&app, id).await, ["ticket.updated 1 delivered 1 200", "ticket.updated 2 delivered 1 200"]);
}

#[tokio::test]
async fn the_secret_changes_without_a_gap() {
    let app = App::new();
    let receiver = Receiver::start(|_| (204, vec![])).await;
    let (id, old) = add(&app, &receiver.url, json!([])).await;
    let new = app.admin().post(&format!("/api/v1/webhook/{id}/rotate"), json!(null)).await.is(200);
    let new = new["secret"].as_str().unwrap();
    let signatures = async |world: &World| {
        change(&app, 1, &world.now().to_string()).await;
        settle(&app, &deliveries(&app, world.clone()).await).await;
        let last = receiver.sent().pop().unwrap();
        let at: i64 = last.header("webhook-timestamp").parse().unwrap();
        let by = |secret: &str| standardwebhooks::Webhook::new(secret).unwrap().sign(&last.header("webhook-id"), at, &last.bytes).unwrap();
        (last.header("webhook-signature"), by(new), by(&old))
    };
    let (both, by_new, by_old) = signatures(&app.world).await;
    assert_eq!(both, format!("{by_new} {by_old}"));
    let later = World::fixed(app.world.now() + Duration::hours(24));
    let (one, by_new, _) = signatures(&later).await;
    assert_eq!(one, by_new);
}

#[tokio::test]
async fn what_is_not_public_is_not_asked() {
    let app = App::new();
    let receiver = Receiver::start(|_| (200, vec![])).await;
    let (id, _) = add(&app, &receiver.url, json!([])).await;
    change(&app, 1, "a").await;
    let settings = Settings { reach: Reach::Public(vec![]), connect_timeout: std::time::Duration::from_secs(5), more_roots: vec![] };
    settle(&app, &Deliveries::new(app.db().await, app.world.clone(), Client::new(settings))).await;
    assert_eq!(receiver.sent().len(), 0);
    let reasons = reasons(&app, id).await;
    assert!(reasons.iter().any(|reason| reason.contains("127.0.0.1")), "{reasons:?}");
}

#[tokio::test]
async fn organizations_are_told_of_their_own() {
    let app = App::new();
    let (ours, theirs) = (Receiver::start(|_| (200, vec![])).await, Receiver::start(|_| (200, vec![])).await);
    add(&app, &ours.url, json!(["ticket.*"])).await;
    app.stranger().post("/api/v1/webhook", json!({"url": theirs.url, "events": ["ticket.*"]})).await.is(201);
    change(&app, 1, "a").await;
    app.stranger().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    settle(&app, &deliveries(&app, app.world.clone()).await).await;
    assert_eq!(told(&ours.sent()), ["ticket.updated 1"]);
    assert_eq!(theirs.sent().len(), 1);
    assert_eq!(theirs.sent()[0].body["type"], "ticket.created");
}
