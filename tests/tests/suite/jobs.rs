//! Jobs: there with their write or not at all, one's at a time, ended with their result.

use std::collections::BTreeSet;
use std::time::Duration;

use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_store::jobs::{self, Claim, NewJob};
use frontdesk_store::{Db, Written};
use serde_json::{Value, json};
use time::Duration as Span;

use crate::harness::database::{Database, MIGRATED};
use crate::harness::{NOW, number, organization, system};

const LEASE: Duration = Duration::from_mins(1);

async fn store() -> (Database, Db, World) {
    let database = MIGRATED.copy();
    let db = database.open().await;
    organization(&db, 1).await;
    (database, db, World::fixed(NOW))
}

fn job(record: &str) -> NewJob {
    NewJob { kind: "test", record: record.into(), payload: json!({"of": record}), run_at: None, deadline: None, attempts: 3 }
}

async fn queue(db: &Db, job: NewJob) {
    db.write(&system(1), move |tx| {
        let job = job.clone();
        Box::pin(async move { tx.queue(job).await })
    })
    .await
    .unwrap();
}

async fn claim(db: &Db, world: &World) -> Option<Claim> {
    db.claim_job(world, &["other", "test"], LEASE).await.unwrap()
}

/// Ends a job in a write that does nothing else.
async fn done(db: &Db, claim: &Claim) -> Result<Written<()>> {
    let claim = claim.clone();
    db.write(&system(1), move |tx| {
        let claim = claim.clone();
        Box::pin(async move { jobs::done(tx, &claim).await })
    })
    .await
}

async fn again(db: &Db, claim: &Claim, at: i64) {
    let claim = claim.clone();
    let cx = system(1);
    let work = db.write(&cx, move |tx| {
        let claim = claim.clone();
        Box::pin(async move { jobs::again(tx, &claim, at, "why").await })
    });
    work.await.unwrap();
}

#[tokio::test]
async fn a_job_is_there_with_its_write_alone() {
    let (_database, db, world) = store().await;
    let refused: Result<Written<()>> = db
        .write(&system(1), |tx| {
            Box::pin(async move {
                tx.queue(job("a")).await?;
                Err(Error::NotFound)
            })
        })
        .await;
    assert!(refused.is_err());
    assert!(claim(&db, &world).await.is_none());
    let mut waker = db.waker();
    queue(&db, job("a")).await;
    waker.woken(Duration::from_mins(10)).await;
    let taken = claim(&db, &world).await.unwrap();
    assert_eq!((taken.record.as_str(), &taken.payload, taken.attempt, taken.organization.0), ("a", &json!({"of": "a"}), 1, 1));
    assert!(db.claim_job(&world, &["other"], LEASE).await.unwrap().is_none());
    assert!(claim(&db, &world).await.is_none(), "one's at a time");
    done(&db, &taken).await.unwrap();
    assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM job").await, 0);
}

#[tokio::test]
async fn many_workers_take_different_jobs() {
    let (_database, db, world) = store().await;
    for number in 0..40 {
        queue(&db, job(&format!("{number:02}"))).await;
    }
    let workers = (0..8).map(|_| {
        let (db, world) = (db.clone(), world.clone());
        tokio::spawn(async move {
            let mut mine = vec![];
            while let Some(taken) = claim(&db, &world).await {
                done(&db, &taken).await.unwrap();
                mine.push(taken.record);
            }
            mine
        })
    });
    let mut all = vec![];
    for worker in workers.collect::<Vec<_>>() {
        all.extend(worker.await.unwrap());
    }
    assert_eq!((all.len(), all.into_iter().collect::<BTreeSet<_>>().len()), (40, 40));
}

#[tokio::test]
async fn a_lost_lease_ends_nothing() {
    let (_database, db, world) = store().await;
    queue(&db, job("a")).await;
    let first = claim(&db, &world).await.unwrap();
    world.advance(Span::seconds(59));
    assert!(claim(&db, &world).await.is_none());
    assert!(first.renew(&db, &world, LEASE).await.unwrap());
    world.advance(Span::seconds(59));
    assert!(claim(&db, &world).await.is_none(), "it was kept");
    world.advance(Span::seconds(2));
    let second = claim(&db, &world).await.unwrap();
    assert_eq!(second.attempt, 2);
    assert!(!first.renew(&db, &world, LEASE).await.unwrap());
    assert!(matches!(done(&db, &first).await, Err(Error::Conflict(_))));
    first.release(&db, &world).await.unwrap();
    assert!(claim(&db, &world).await.is_none(), "it is no more the first one's to give back");
    second.release(&db, &world).await.unwrap();
    let third = claim(&db, &world).await.unwrap();
    assert_eq!(third.attempt, 2, "what was given back counts for nothing");
    done(&db, &third).await.unwrap();
}

#[tokio::test]
async fn attempts_grow_apart_and_end() {
    let (_database, db, world) = store().await;
    queue(&db, job("a")).await;
    let mut waits = vec![];
    for attempt in 1..=3 {
        let taken = claim(&db, &world).await.unwrap();
        assert_eq!((taken.attempt, taken.reason.as_deref()), (attempt, (attempt > 1).then_some("why")));
        assert_eq!(taken.over(world.now()), None);
        let next = taken.next(&world, None).unwrap();
        assert_eq!(next.is_some(), attempt < 3, "the budget");
        if let Some(at) = next {
            let now = frontdesk_core::time::millis(world.now());
            assert_eq!(taken.next(&world, Some(Duration::from_hours(1))).unwrap(), Some(now + 3_600_000));
            waits.push(at - now);
            again(&db, &taken, at).await;
            assert!(claim(&db, &world).await.is_none());
            world.advance(Span::milliseconds(at - now));
        } else {
            // It crashes: nobody ends it.
            world.advance(Span::minutes(2));
        }
    }
    assert!((5_000..=10_000).contains(&waits[0]) && (15_000..=30_000).contains(&waits[1]), "{waits:?}");
    let crashed = claim(&db, &world).await.unwrap();
    assert!(crashed.over(world.now()).is_some_and(|reason| reason.contains("3 times")));
}

#[tokio::test]
async fn a_later_job_takes_the_place_of_the_earlier() {
    let (_database, db, world) = store().await;
    queue(&db, job("a")).await;
    let old = claim(&db, &world).await.unwrap();
    let now = frontdesk_core::time::millis(world.now());
    queue(&db, NewJob { payload: json!({"of": "new"}), run_at: Some(now + 1000), deadline: Some(now + 2000), ..job("a") }).await;
    assert!(matches!(done(&db, &old).await, Err(Error::Conflict(_))));
    assert!(claim(&db, &world).await.is_none(), "it is not due yet");
    world.advance(Span::seconds(1));
    let new = claim(&db, &world).await.unwrap();
    assert_eq!((new.payload.clone(), new.attempt), (json!({"of": "new"}), 1));
    assert_eq!(new.next(&world, None).unwrap(), None, "it would be too late");
    world.advance(Span::seconds(2));
    assert!(new.over(world.now()).is_some());
}

#[tokio::test]
async fn parts_and_what_is_given_up() {
    let (_database, db, world) = store().await;
    queue(&db, job("a")).await;
    let first = claim(&db, &world).await.unwrap();
    let taken = first.clone();
    let cx = system(1);
    let part = db.write(&cx, move |tx| {
        let taken = taken.clone();
        Box::pin(async move { jobs::advance(tx, &taken, json!("second")).await })
    });
    let part = part.await.unwrap().fresh().unwrap();
    assert_eq!((&part.payload, part.attempt), (&json!("second"), 1));
    world.advance(Span::seconds(61));
    let second = claim(&db, &world).await.unwrap();
    assert_eq!((&second.payload, second.attempt), (&Value::from("second"), 2), "a crash goes on with the part");
    let taken = second.clone();
    let cx = system(1);
    let end = db.write(&cx, move |tx| {
        let taken = taken.clone();
        Box::pin(async move { jobs::given_up(tx, &taken, "no use").await })
    });
    end.await.unwrap();
    assert!(claim(&db, &world).await.is_none());
    queue(&db, job("a")).await;
    assert!(claim(&db, &world).await.is_some(), "a new one is another's business");
    let kept = "SELECT count(*) AS n FROM job WHERE state = 'given_up' AND reason = 'no use'";
    assert_eq!((number(&db.read(), kept).await, db.forget_jobs(NOW + Span::days(29)).await.unwrap()), (1, 0));
    assert_eq!((db.forget_jobs(NOW + Span::days(31)).await.unwrap(), number(&db.read(), kept).await), (1, 0));
}
