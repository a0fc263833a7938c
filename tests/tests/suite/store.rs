//! What `Db` promises: reads do not write, a write happens once and whole or not at all.

mod engine;
mod idempotency;

use std::collections::HashSet;
use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::task::Poll;

use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::{Error, Result};
use frontdesk_store::{Change, Db, Tx, next_number};
use sea_orm::{ActiveModelTrait, ActiveValue, ConnectionTrait, EntityTrait, IntoActiveModel, Statement};
use serde_json::json;

use crate::harness::database::{Database, MIGRATED};
use crate::harness::{eventually, number, organization, sql, system, texts};

/// Any table will do; this one needs the least.
mod counter {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "counter")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A store with the organization 1.
async fn store() -> (Database, Db) {
    let database = MIGRATED.copy();
    let db = database.open().await;
    organization(&db, 1).await;
    (database, db)
}

async fn insert(tx: &Tx, name: &str) -> Result<()> {
    let row = counter::Model { organization_id: 1, name: name.into(), value: 1 };
    counter::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    tx.record(Change::created(Kind::Ticket, name, json!({"name": name})));
    Ok(())
}

/// Rows of the table, of the history and of the events.
async fn rows(db: &Db) -> [i64; 3] {
    let mut counts = [0; 3];
    for (table, count) in ["counter", "history", "event"].into_iter().zip(&mut counts) {
        *count = number(&db.read(), &format!("SELECT count(*) AS n FROM {table}")).await;
    }
    counts
}

#[tokio::test]
async fn a_read_handle_writes_nothing() {
    let (_database, db) = store().await;
    let delete = Statement::from_string(db.backend(), "DELETE FROM organization");
    let returning = Statement::from_string(db.backend(), "DELETE FROM organization RETURNING id");
    for read in [db.read(), db.scan()] {
        assert!(read.execute_unprepared("DELETE FROM organization").await.is_err());
        assert!(read.execute_raw(delete.clone()).await.is_err());
        assert!(read.query_one_raw(returning.clone()).await.is_err());
        assert!(read.query_all_raw(returning.clone()).await.is_err());
    }
    let refused = db.snapshot(move |snapshot| Box::pin(async move { Ok(snapshot.query_one_raw(returning).await?) })).await;
    assert!(refused.is_err());
    assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM organization").await, 1);
}

#[tokio::test]
async fn a_write_brings_its_history_and_event() {
    let (_database, db) = store().await;
    let written = db.write(&system(1), |tx| Box::pin(insert(tx, "a"))).await.unwrap();
    assert!(written.fresh().is_some());
    assert_eq!(rows(&db).await, [1, 1, 1]);
    let history = "SELECT kind || ' ' || record_id || ' ' || version || ' ' || action || ' ' || actor_kind || ' ' || request_id || ' ' || changes AS t FROM history";
    assert_eq!(texts(&db.read(), history).await, [r#"ticket a 1 created system test {"name":[null,"a"]}"#]);
    let event = "SELECT type || ' ' || record_id || ' ' || version || ' ' || actor_kind || ' ' || data AS t FROM event";
    assert_eq!(texts(&db.read(), event).await, ["ticket.created a 1 system null"]);
}

#[tokio::test]
async fn an_unannounced_write_has_history_alone() {
    let (_database, db) = store().await;
    let mut context = system(1);
    context.announce = false;
    db.write(&context, |tx| Box::pin(insert(tx, "a"))).await.unwrap();
    assert_eq!(rows(&db).await, [1, 1, 0]);
}

#[tokio::test]
async fn a_failed_write_leaves_nothing() {
    let (_database, db) = store().await;
    assert!(matches!(fail(&db, Fault::Refusal).await, Error::Conflict(text) if text == "no"));
    // More often than there are connections: none is lost.
    for fault in [Fault::Panic, Fault::Wait, Fault::Sql, Fault::Commit].repeat(5) {
        let error = fail(&db, fault).await;
        assert!(matches!(error, Error::Internal(_)), "{fault:?}: {error:?}");
    }
    assert_eq!(rows(&db).await, [0, 0, 0]);
    db.write(&system(1), |tx| Box::pin(insert(tx, "a"))).await.unwrap();
    assert_eq!(rows(&db).await, [1, 1, 1]);
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    Refusal,
    Panic,
    Wait,
    Sql,
    Commit,
}

async fn fail(db: &Db, fault: Fault) -> Error {
    let context = system(1);
    let written = db.write::<(), _>(&context, move |tx| {
        Box::pin(async move {
            insert(tx, "a").await?;
            match fault {
                Fault::Refusal => return Err(Error::Conflict("no".into())),
                Fault::Panic => panic!("on purpose"),
                Fault::Wait => pending().await,
                Fault::Sql => tx.execute_unprepared("INSERT INTO counter (organization_id, name, value) VALUES (2, 'b', 1)").await?,
                Fault::Commit => tx.execute_unprepared(" commit; ").await?,
            };
            Ok(())
        })
    });
    written.await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_caller_that_goes_away_never_leaves_half() {
    let (_database, db) = store().await;
    for round in 0..20 {
        let context = system(1);
        let write = db.write(&context, move |tx| {
            Box::pin(async move {
                insert(tx, &format!("{round} a")).await?;
                insert(tx, &format!("{round} b")).await
            })
        });
        let mut write = Box::pin(write);
        poll_fn(|cx| Poll::Ready(write.as_mut().poll(cx).is_ready())).await;
        drop(write);
        assert_eq!(rows(&db).await[0] % 2, 0);
    }
    eventually("all writes end", async || rows(&db).await == [40, 40, 40]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_update_is_lost() {
    let (_database, db) = store().await;
    sql(&db, "INSERT INTO counter (organization_id, name, value) VALUES (1, 'a', 0)").await;
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..50 {
                    db.write(&system(1), |tx| Box::pin(increment(tx))).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(number(&db.read(), "SELECT value AS n FROM counter").await, 200);
}

async fn increment(tx: &Tx) -> Result<()> {
    let found = tx.lock(counter::Entity::find_by_id((1, "a".to_owned()))).one(tx).await?.ok_or(Error::NotFound)?;
    let value = ActiveValue::Set(found.value + 1);
    counter::ActiveModel { value, ..found.into_active_model() }.update(tx).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_finds_nothing_and_inserts_is_alone() {
    let (_database, db) = store().await;
    let inserted = parallel(8, move || {
        let db = db.clone();
        async move { db.write(&system(1), |tx| Box::pin(insert_once(tx))).await.unwrap().fresh().unwrap() }
    });
    assert_eq!(inserted.await.into_iter().filter(|inserted| *inserted).count(), 1);
}

async fn insert_once(tx: &Tx) -> Result<bool> {
    if tx.lock(counter::Entity::find_by_id((1, "a".to_owned()))).one(tx).await?.is_some() {
        return Ok(false);
    }
    insert(tx, "a").await?;
    Ok(true)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_number_is_given_once() {
    let (_database, db) = store().await;
    organization(&db, 2).await;
    let numbers = parallel(40, move || {
        let db = db.clone();
        async move { db.write(&system(1), |tx| Box::pin(next_number(tx, OrganizationId(1), "a"))).await.unwrap().fresh().unwrap() }
    });
    assert_eq!(numbers.await.into_iter().collect::<HashSet<_>>(), (1..=40).collect());
}

#[tokio::test]
async fn a_failed_write_gives_its_number_back() {
    let (_database, db) = store().await;
    let number = async |fail: bool, organization: i64| {
        let context = system(1);
        let written = db.write(&context, move |tx| {
            Box::pin(async move {
                let number = next_number(tx, OrganizationId(organization), "a").await?;
                if fail { Err(Error::Forbidden) } else { Ok(number) }
            })
        });
        written.await
    };
    organization(&db, 2).await;
    assert_eq!(number(false, 1).await.unwrap().fresh(), Some(1));
    assert!(number(true, 1).await.is_err());
    assert_eq!(number(false, 1).await.unwrap().fresh(), Some(2));
    assert_eq!(number(false, 2).await.unwrap().fresh(), Some(1));
}

#[tokio::test]
async fn another_version_is_stale() {
    let (_database, db) = store().await;
    let expect = async |expected: Option<Vec<i64>>| {
        let mut context = system(1);
        context.expected = expected;
        db.write(&context, |tx| Box::pin(async move { tx.expect_version(2) })).await
    };
    assert!(expect(None).await.is_ok());
    assert!(expect(Some(vec![1, 2])).await.is_ok());
    assert!(matches!(expect(Some(vec![1, 3])).await, Err(Error::Stale(2))));
    assert!(matches!(expect(Some(vec![])).await, Err(Error::Stale(2))));
}

/// The answers of `count` tasks that run `work` at once.
async fn parallel<T: Send + 'static, F: Future<Output = T> + Send + 'static>(count: usize, work: impl Fn() -> F) -> Vec<T> {
    let start = Arc::new(tokio::sync::Barrier::new(count));
    let task = |work: F, start: Arc<tokio::sync::Barrier>| async move {
        start.wait().await;
        work.await
    };
    let tasks: Vec<_> = (0..count).map(|_| tokio::spawn(task(work(), start.clone()))).collect();
    let mut answers = vec![];
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}
