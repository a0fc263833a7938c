//! What happened, for those who follow it.

mod feed;
mod horizon;
mod stream;
mod webhook;

use serde_json::Value;

use crate::harness::app::{App, Caller};
use crate::harness::texts;

/// Reads the feed from a position to its end.
async fn read(caller: &Caller<'_>, mut after: i64) -> (Vec<Value>, i64) {
    let mut events = vec![];
    loop {
        let page = caller.get(&format!("/api/v1/event?after={after}&limit=50")).await.is(200);
        let next = page["next_after"].as_i64().unwrap();
        events.extend(page["data"].as_array().unwrap().iter().cloned());
        if next == after {
            return (events, after);
        }
        after = next;
    }
}

/// Where the feed ends now. On PostgreSQL it is asked for again as long as other tests write, who have the same server.
async fn end(caller: &Caller<'_>) -> i64 {
    loop {
        let answer = caller.get("/api/v1/event?after=latest").await;
        if answer.status != 503 {
            return answer.is(200)["next_after"].as_i64().unwrap();
        }
    }
}

/// Reads the feed from a position to its end, with all that is committed by now.
async fn read_all(caller: &Caller<'_>, after: i64) -> (Vec<Value>, i64) {
    end(caller).await;
    read(caller, after).await
}

/// The ids of events.
fn ids(events: &[Value]) -> Vec<i64> {
    events.iter().map(|event| event["id"].as_i64().unwrap()).collect()
}

/// The ids of all events of the first organization after a position that the store has.
async fn stored(app: &App, after: i64) -> Vec<i64> {
    let sql = format!("SELECT CAST(id AS TEXT) AS t FROM event WHERE organization_id = 1 AND id > {after} ORDER BY id");
    texts(&app.db().await.read(), &sql).await.iter().map(|id| id.parse().unwrap()).collect()
}
