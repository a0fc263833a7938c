//! Receivers that fail.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::{Value, json};
use time::Duration;

use super::receiver::Receiver;
use super::{add, change, deliveries, eventually, log, reasons, settle, told};
use crate::harness::app::App;
use crate::harness::{sql, texts};

/// A receiver whose status can be changed.
async fn moody(status: u16) -> (Receiver, Arc<AtomicU16>) {
    let mood = Arc::new(AtomicU16::new(status));
    let present = mood.clone();
    (Receiver::start(move |_| (present.load(Ordering::SeqCst), vec![])).await, mood)
}

/// A webhook as its row has it, its settings apart.
async fn state(app: &App, id: i64) -> String {
    let sql = format!(
        "SELECT CASE WHEN is_active THEN 'active' ELSE 'inactive' END || CASE WHEN paused_at IS NULL THEN '' ELSE ' paused: ' || paused_reason END AS t
         FROM webhook WHERE id = {id}"
    );
    texts(&app.db().await.read(), &sql).await.remove(0)
}

async fn types(app: &App) -> Vec<String> {
    texts(&app.db().await.read(), "SELECT type AS t FROM event WHERE type LIKE 'webhook.%' ORDER BY id").await
}

#[tokio::test]
async fn what_failed_is_sent_again_and_nothing_of_its_record_before() {
    let app = App::new();
    let refused = |sent: &super::Sent| sent.body["data"]["record_id"] == "1" && sent.body["data"]["version"] == 2;
    let mood = Arc::new(AtomicU16::new(500));
    let present = mood.clone();
    let receiver = Receiver::start(move |sent| (if refused(sent) { present.load(Ordering::SeqCst) } else { 200 }, vec![])).await;
    let (id, _) = add(&app, &receiver.url, json!(["ticket.*"])).await;
    for (ticket, subject) in [(1, "a"), (1, "b"), (2, "c")] {
        change(&app, ticket, subject).await;
    }
    let deliveries = deliveries(&app, app.world.clone()).await;
    settle(&app, &deliveries).await;
    assert_eq!(log(&app, id).await, ["ticket.updated 1 waiting 1 500", "ticket.updated 1 waiting 0 -", "ticket.updated 2 delivered 1 200"]);
    app.world.advance(Duration::seconds(3));
    settle(&app, &deliveries).await;
    assert_eq!(receiver.sent().len(), 2);
    app.world.advance(Duration::seconds(4));
    settle(&app, &deliveries).await;
    mood.store(200, Ordering::SeqCst);
    app.world.advance(Duration::seconds(80));
    settle(&app, &deliveries).await;
    assert_eq!(log(&app, id).await[..2], ["ticket.updated 1 delivered 3 200", "ticket.updated 1 delivered 1 200"]);
    let sent = receiver.sent();
    let of_first: Vec<_> = sent.iter().filter(|sent| sent.body["data"]["record_id"] == "1").map(super::Sent::event).collect();
    assert_eq!((of_first[0], of_first[1], of_first.len()), (of_first[2], of_first[2], 4));
    let ids: Vec<_> = sent.iter().filter(|sent| refused(sent)).map(|sent| (sent.header("webhook-id"), sent.bytes.clone())).collect();
    assert!(ids.iter().all(|one| *one == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn what_is_behind_a_failed_one_waits_with_it_and_follows_it_at_once() {
    let app = App::new();
    let (receiver, mood) = moody(500).await;
    let (id, _) = add(&app, &receiver.url, json!(["ticket.*"])).await;
    let deliveries = deliveries(&app, app.world.clone()).await;
    for subject in ["a", "b"] {
        change(&app, 1, subject).await;
    }
    settle(&app, &deliveries).await;
    change(&app, 1, "c").await;
    settle(&app, &deliveries).await;
    let times = "SELECT DISTINCT CAST(run_at AS TEXT) AS t FROM webhook_delivery WHERE state = 'waiting' AND run_at > created_at";
    let all = "SELECT CAST(id AS TEXT) AS t FROM webhook_delivery WHERE state = 'waiting' ORDER BY event_id";
    let db = app.db().await;
    assert_eq!((texts(&db.read(), times).await.len(), texts(&db.read(), all).await.len()), (1, 3));
    // Its first is sent again before its time.
    mood.store(200, Ordering::SeqCst);
    let first = texts(&db.read(), all).await.remove(0);
    app.admin().post(&format!("/api/v1/webhook/{id}/delivery/{first}/resend"), Value::Null).await.is(200);
    settle(&app, &deliveries).await;
    assert!(log(&app, id).await.iter().all(|line| line.contains("delivered")), "{:?}", log(&app, id).await);
}

#[tokio::test]
async fn a_receiver_may_ask_for_more_time() {
    let app = App::new();
    let receiver = Receiver::start(|_| (503, vec![("retry-after", "600".into())])).await;
    let (id, _) = add(&app, &receiver.url, json!([])).await;
    change(&app, 1, "a").await;
    let deliveries = deliveries(&app, app.world.clone()).await;
    settle(&app, &deliveries).await;
    for (wait, attempts) in [(590, 1), (15, 2)] {
        app.world.advance(Duration::seconds(wait));
        settle(&app, &deliveries).await;
        assert_eq!(log(&app, id).await.last().unwrap(), &format!("ticket.updated 1 waiting {attempts} 503"));
    }
}

#[tokio::test]
async fn whoever_answers_410_gets_nothing_more() {
    let app = App::new();
    let (receiver, mood) = moody(410).await;
    let (id, _) = add(&app, &receiver.url, json!(["ticket.*"])).await;
    change(&app, 1, "a").await;
    let deliveries = deliveries(&app, app.world.clone()).await;
    settle(&app, &deliveries).await;
    assert_eq!((log(&app, id).await, state(&app, id).await), (vec!["ticket.updated 1 given_up 1 410".to_owned()], "inactive".into()));
    assert_eq!(types(&app).await, ["webhook.created", "webhook.deactivated"]);
    change(&app, 1, "b").await;
    settle(&app, &deliveries).await;
    assert_eq!(receiver.sent().len(), 1);
    // It begins with what happens from now on.
    mood.store(200, Ordering::SeqCst);
    app.admin().put(&format!("/api/v1/webhook/{id}"), json!({"is_active": true})).await.is(200);
    change(&app, 1, "c").await;
    settle(&app, &deliveries).await;
    assert_eq!(receiver.sent().last().unwrap().body["data"]["version"], 4);
    assert_eq!(receiver.sent().len(), 2);
}

#[tokio::test]
async fn redirects_are_failures() {
    let app = App::new();
    let other = Receiver::start(|_| (200, vec![])).await;
    let there = other.url.clone();
    let receiver = Receiver::start(move |_| (307, vec![("location", there.clone())])).await;
    let (id, _) = add(&app, &receiver.url, json!(["ticket.*"])).await;
    change(&app, 1, "a").await;
    settle(&app, &deliveries(&app, app.world.clone()).await).await;
    assert_eq!((other.sent().len(), log(&app, id).await), (0, vec!["ticket.updated 1 waiting 1 307".to_owned()]));
    assert_eq!(reasons(&app, id).await, ["127.0.0.1 answered with status 307"]);
}

#[tokio::test]
async fn a_receiver_that_is_down_for_a_day_is_paused_and_misses_nothing() {
    let app = App::new();
    let down = Receiver::start(|_| (200, vec![])).await.url.clone();
    let (id, _) = add(&app, &down, json!(["ticket.*"])).await;
    change(&app, 1, "a").await;
    let deliveries = deliveries(&app, app.world.clone()).await;
    for _ in 0..7 {
        settle(&app, &deliveries).await;
        assert_eq!(state(&app, id).await, "active");
        app.world.advance(Duration::minutes(200));
    }
    app.world.advance(Duration::hours(12));
    settle(&app, &deliveries).await;
    let paused = state(&app, id).await;
    assert!(paused.starts_with("active paused: the receiver only failed for some time; the last time: "), "{paused}");
    assert_eq!(types(&app).await, ["webhook.created", "webhook.paused"]);
    let app = app.beside();
    let address = down.strip_prefix("http://").unwrap().strip_suffix("/hook").unwrap();
    let receiver = Receiver::at(address, |_| (200, vec![])).await;
    let system = app.context();
    let webhooks = frontdesk_events::Webhooks::new(app.db().await, app.world.clone());
    let tickets = frontdesk_ticketing::Tickets::new(app.db().await);
    let subject = Some("b".to_owned());
    tickets.update(&system, 2.into(), frontdesk_ticketing::TicketPatch { subject, ..Default::default() }).await.unwrap();
    settle(&app, &deliveries).await;
    assert_eq!(receiver.sent().len(), 0);
    let patch = frontdesk_events::webhook::WebhookPatch { is_active: Some(true), ..Default::default() };
    webhooks.update(&system, id.into(), patch).await.unwrap();
    settle(&app, &deliveries).await;
    // Different records are sent at the same time.
    let both: BTreeSet<_> = told(&receiver.sent()).into_iter().collect();
    assert_eq!(both.into_iter().collect::<Vec<_>>(), ["ticket.updated 1", "ticket.updated 2"]);
    assert_eq!(state(&app, id).await, "active");
}

#[tokio::test]
async fn five_given_up_in_a_row_are_too_many() {
    let app = App::new();
    let receiver = Receiver::start(|_| (500, vec![])).await;
    let (id, _) = add(&app, &receiver.url, json!(["ticket.created"])).await;
    let deliveries = deliveries(&app, app.world.clone()).await;
    for number in 1..=5 {
        app.agent().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
        settle(&app, &deliveries).await;
        assert_eq!(state(&app, id).await, "active", "{number}");
        // As if it had been tried for more than a day.
        sql(&app.db().await, "UPDATE webhook_delivery SET attempts = 8, run_at = 0 WHERE state = 'waiting'").await;
        settle(&app, &deliveries).await;
    }
    assert!(log(&app, id).await.iter().all(|line| line.contains("given_up 9 500")), "{:?}", log(&app, id).await);
    assert!(state(&app, id).await.contains("paused"));
    let shown: Value = app.admin().get(&format!("/api/v1/webhook/{id}")).await.is(200);
    assert_eq!(shown["paused_reason"], "the receiver only failed for some time; the last time: 127.0.0.1 answered with status 500");
}

#[tokio::test]
async fn a_slow_receiver_holds_up_nobody_else() {
    let app = App::new();
    let slow = Receiver::start(|_| (0, vec![])).await;
    let fast = Receiver::start(|_| (200, vec![])).await;
    let (id, _) = add(&app, &slow.url, json!(["ticket.*"])).await;
    add(&app, &fast.url, json!(["ticket.*"])).await;
    let deliveries = deliveries(&app, app.world.clone()).await;
    for subject in ["a", "b", "c"] {
        change(&app, 1, subject).await;
        eventually("the fast one has it", async || {
            deliveries.step().await.unwrap();
            fast.sent().last().is_some_and(|sent| sent.body["data"]["record_id"] == "1")
        })
        .await;
    }
    assert_eq!(slow.sent().len(), 1);
    settle(&app, &deliveries).await;
    assert_eq!(reasons(&app, id).await[0], "127.0.0.1 did not answer within 15 seconds");
}
