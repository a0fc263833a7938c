//! What is deleted for its age.

use frontdesk_store::{Db, Keep, Kept, Options, Render, WriteContext, Written};
use time::Duration;

use crate::harness::database::{MIGRATED, options};
use crate::harness::{NOW, number, organization, sql, system};

async fn events(db: &Db) -> i64 {
    number(&db.read(), "SELECT COUNT(*) AS n FROM event").await
}

/// Events of the moments 0, 1, 2, … after 1970, in milliseconds.
async fn fill(db: &Db, events: i64) {
    organization(db, 1).await;
    let text = format!(
        "INSERT INTO event (organization_id, type, record_id, version, actor_kind, request_id, at, data)
         WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {})
         SELECT 1, 'ticket.created', '1', 1, 'system', 'r', n, 'null' FROM n",
        events - 1
    );
    sql(db, &text).await;
}

#[tokio::test]
async fn events_older_than_their_age() {
    let database = MIGRATED.copy();
    let db = database.open().await;
    fill(&db, 1700).await;
    let since = |millis| time::OffsetDateTime::UNIX_EPOCH + Duration::days(90) + Duration::milliseconds(millis);
    assert_eq!(db.forget_events(since(0), Duration::days(90)).await.unwrap(), 0);
    assert_eq!(db.forget_events(since(1234), Duration::days(90)).await.unwrap(), 1234);
    assert_eq!(number(&db.read(), "SELECT MIN(at) AS n FROM event").await, 1234);
    assert_eq!(number(&db.read(), "SELECT value AS n FROM counter WHERE name = 'events_before'").await, 1234);
    assert_eq!(db.forget_events(since(5), Duration::days(90)).await.unwrap(), 0);
    assert_eq!(number(&db.read(), "SELECT value AS n FROM counter WHERE name = 'events_before'").await, 1234);
}

#[tokio::test]
async fn events_of_a_clock_that_was_set() {
    let database = MIGRATED.copy();
    let db = database.open().await;
    fill(&db, 40_000).await;
    // It was ahead for a while, a little behind for one event, and far behind for the last ones.
    sql(&db, "UPDATE event SET at = at + 1000000 WHERE at BETWEEN 100 AND 9000").await;
    sql(&db, "UPDATE event SET at = 1 WHERE at = 11000").await;
    sql(&db, "UPDATE event SET at = 2 WHERE at >= 39000 AND at < 100000").await;
    let since = |millis| time::OffsetDateTime::UNIX_EPOCH + Duration::days(90) + Duration::milliseconds(millis);
    let forgotten = "SELECT value AS n FROM counter WHERE name = 'events_forgotten'";
    // Those before 10,000 but for the 8,901 of the clock that was ahead, and 11,000.
    assert_eq!(db.forget_events(since(10_000), Duration::days(90)).await.unwrap(), 1100);
    // The last ones are as old by their clock, but came long after: nobody who follows the events is told that they are gone.
    assert_eq!(number(&db.read(), forgotten).await, 11_001);
    assert_eq!(db.forget_events(since(15_000), Duration::days(90)).await.unwrap(), 4999);
    assert_eq!(db.forget_events(since(2_000_000), Duration::days(90)).await.unwrap(), 40_000 - 1100 - 4999);
    assert_eq!(number(&db.read(), forgotten).await, 40_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_servers_that_delete_at_once() {
    let database = MIGRATED.copy();
    let db = database.open().await;
    fill(&db, 5000).await;
    let mut servers = vec![];
    for _ in 0..4 {
        let db = database.open().await;
        servers.push(tokio::spawn(async move { db.forget_events(NOW, Duration::days(1)).await.unwrap() }));
    }
    let mut deleted = 0;
    for server in servers {
        deleted += server.await.unwrap();
    }
    // One that found another at the same rows may have left some to the next time.
    deleted += db.forget_events(NOW, Duration::days(1)).await.unwrap();
    assert_eq!((deleted, events(&db).await), (5000, 0));
}

fn keyed(after: Duration) -> WriteContext {
    let render = Render::of(|number: &i64| Kept { status: 200, headers: vec![], body: number.to_string().into_bytes() });
    let keep = Keep { key: "k".into(), fingerprint: "f".into(), render };
    let cx = system(1);
    WriteContext { at: cx.at + after, keep: Some(keep), ..cx }
}

#[tokio::test]
async fn answers_may_be_kept_longer_than_a_day() {
    let database = MIGRATED.copy();
    let db = Db::open(database.url(), &Options { answers_kept: std::time::Duration::from_hours(48), ..options() }).await.unwrap();
    organization(&db, 1).await;
    let next = async |after| db.write(&keyed(after), |_| Box::pin(async { Ok(1_i64) })).await.unwrap();
    assert!(matches!(next(Duration::ZERO).await, Written::Fresh(_)));
    assert!(matches!(next(Duration::hours(47)).await, Written::Replayed(_)));
    assert_eq!(db.forget_answers(NOW + Duration::hours(48)).await.unwrap(), 0);
    assert!(matches!(next(Duration::hours(48)).await, Written::Fresh(_)));
    assert_eq!(db.forget_answers(NOW + Duration::hours(97)).await.unwrap(), 1);
}
