//! Many changes, receivers that fail by chance, and several servers that send.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use frontdesk_core::id::TicketId;
use frontdesk_events::Deliveries;
use frontdesk_ticketing::{TicketPatch, Tickets};
use futures_util::future::join_all;
use sea_orm::DbBackend;
use serde_json::json;
use time::Duration;

use super::receiver::{Receiver, Sent};
use super::{add, deliveries_of};
use crate::events::{end, stored};
use crate::harness::app::App;
use crate::harness::number;

const WRITERS: usize = 4;

/// A number that looks like chance, the same in every run.
fn chance(seed: &AtomicU64) -> u64 {
    let mut x = seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Of so many changes of some tickets all arrive, those of a ticket in their order, each under one id, while every fifth attempt
/// fails: not so many that one would be given up.
async fn all_arrive(changes: usize) {
    let app = App::new();
    let drawn = Arc::new(AtomicU64::new(7));
    let receiver = Receiver::start(move |_| match chance(&drawn) % 16 {
        0 => (500, vec![]),
        1 => (429, vec![("retry-after", "1".into())]),
        2 => (302, vec![("location", "/elsewhere".into())]),
        _ => (200, vec![]),
    })
    .await;
    let mut records = vec![];
    for _ in 0..(changes / 100).max(10) {
        let made = app.agent().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
        records.push(TicketId(made["data"]["id"].as_i64().unwrap()));
    }
    let (id, _) = add(&app, &receiver.url, json!(["ticket.*"])).await;
    let begin = end(&app.admin()).await;
    let db = app.db().await;
    let (tickets, cx) = (Tickets::new(db.clone()), app.context());
    let write = async |writer: usize| {
        for n in 0..changes / WRITERS {
            let patch = TicketPatch { subject: Some(format!("{writer} {n}")), ..Default::default() };
            tickets.update(&cx, records[(writer + n) % records.len()], patch).await.unwrap();
        }
    };
    // Of an embedded store there is one handle.
    let other = if db.backend() == DbBackend::Sqlite { db.clone() } else { app.db().await };
    let senders = [db.clone(), other].map(|db| deliveries_of(db, app.world.clone()));
    let others = "SELECT COUNT(*) AS n FROM webhook_delivery WHERE state <> 'delivered'";
    let over = format!("SELECT COUNT(*) AS n FROM webhook_delivery WHERE webhook_id = {id} AND state <> 'waiting'");
    let send = async || {
        while number(&db.read(), &over).await < i64::try_from(changes).unwrap() {
            let steps = join_all(senders.iter().map(Deliveries::step)).await;
            // What is being sent would be another's at a later time.
            if !steps.into_iter().any(Result::unwrap) {
                app.world.advance(Duration::minutes(2));
            }
        }
    };
    tokio::join!(join_all((0..WRITERS).map(write)), send());
    assert_eq!(number(&db.read(), others).await, 0);
    judge(&receiver.sent(), &stored(&app, begin).await);
}

fn judge(sent: &[Sent], expected: &[i64]) {
    let arrived: BTreeSet<_> = sent.iter().map(Sent::event).collect();
    assert_eq!(arrived.iter().copied().collect::<Vec<_>>(), expected);
    assert!(sent.len() > expected.len(), "nothing failed");
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    for sent in sent {
        assert_eq!(sent.header("webhook-id"), format!("evt_{}", sent.event()));
        let last = last.entry(sent.body["data"]["record_id"].to_string()).or_default();
        // Again, or the next: never one that was behind already.
        assert!(sent.event() >= *last, "{} after {last}", sent.event());
        *last = sent.event();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_hundred_changes_all_arrive_in_order() {
    all_arrive(200).await;
}

/// `cargo test --workspace --test suite -- --ignored ten_thousand`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes"]
async fn ten_thousand_changes_all_arrive_in_order() {
    all_arrive(10_000).await;
}
