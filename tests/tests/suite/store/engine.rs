//! Reads and writes of a SQLite store beside each other: none holds the others up, none takes the others with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use frontdesk_core::id::OrganizationId;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Db, Options, next_number};
use futures_util::future::join_all;
use sea_orm::prelude::Uuid;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::idempotency::{keyed, next};
use super::{insert, parallel, rows, store};
use crate::harness::database::{Database, MIGRATED};
use crate::harness::{number, organization, sql, system};

/// A store on SQLite; none where the run is on PostgreSQL.
async fn on_a_file() -> Option<(Database, Db)> {
    let (database, db) = store().await;
    (db.backend() == DbBackend::Sqlite).then_some((database, db))
}

/// A statement that takes a second or more.
fn endless(steps: u64) -> Statement {
    let sql = format!("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < {steps}) SELECT count(*) AS n FROM c");
    Statement::from_string(DbBackend::Sqlite, sql)
}

#[tokio::test]
async fn a_read_that_takes_long_holds_nobody_up() {
    let Some((_database, db)) = on_a_file().await else { return };
    let over = Arc::new(AtomicBool::new(false));
    let (slow, told) = (db.read(), over.clone());
    // One thread runs both.
    let slow = tokio::spawn(async move {
        let rows = slow.query_all_raw(endless(3_000_000)).await.unwrap();
        told.store(true, Ordering::SeqCst);
        rows[0].try_get::<i64>("", "n").unwrap()
    });
    for _ in 0..20 {
        tokio::task::yield_now().await;
        assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM organization").await, 1);
    }
    assert!(!over.load(Ordering::SeqCst), "the reads waited for it");
    assert_eq!(slow.await.unwrap(), 3_000_000);
}

#[tokio::test]
async fn a_read_that_nobody_waits_for_is_stopped() {
    let Some((_database, db)) = on_a_file().await else { return };
    for _ in 0..20 {
        // Far longer than any test.
        let given_up = tokio::time::timeout(Duration::from_millis(20), async { db.scan().query_all_raw(endless(1 << 40)).await });
        assert!(given_up.await.is_err());
    }
    assert_eq!(db.scan().query_all_raw(endless(10)).await.unwrap()[0].try_get::<i64>("", "n").unwrap(), 10);
    let snapshot = db.snapshot(|view| Box::pin(async { Ok(view.query_one_raw(endless(1 << 40)).await?.is_some()) }));
    assert!(tokio::time::timeout(Duration::from_millis(50), snapshot).await.is_err());
    db.write(&system(1), |tx| Box::pin(insert(tx, "a"))).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_stays_as_it_is_while_others_write() {
    let Some((_database, db)) = on_a_file().await else { return };
    let writer = db.clone();
    let seen = db.snapshot(move |view| {
        Box::pin(async move {
            let count = "SELECT count(*) AS n FROM counter";
            let before = number(view, count).await;
            // It takes its time, so what follows runs elsewhere.
            view.query_one_raw(endless(300_000)).await?;
            writer.write(&system(1), |tx| Box::pin(insert(tx, "a"))).await?;
            Ok((before, number(view, count).await, number(&writer.read(), count).await))
        })
    });
    assert_eq!(seen.await.unwrap(), (0, 0, 1));
}

#[tokio::test]
async fn the_reads_of_an_answer_are_of_one_state_until_one_takes_long() {
    let Some((_database, db)) = on_a_file().await else { return };
    let count = "SELECT count(*) AS n FROM counter";
    let (together, idle) = (db.together(), db.together());
    assert_eq!(number(&together, count).await, 0);
    db.write(&system(1), |tx| Box::pin(insert(tx, "a"))).await.unwrap();
    assert_eq!([number(&together, count).await, number(&together.clone(), count).await], [0, 0]);
    // What nobody has asked yet has no state.
    assert_eq!([number(&db.read(), count).await, number(&idle, count).await], [1, 1]);
    // A statement that fails ends nothing.
    assert!(together.query_one_raw(Statement::from_string(DbBackend::Sqlite, "SELECT nothing FROM counter")).await.is_err());
    assert_eq!(number(&together, count).await, 0);
    together.query_one_raw(endless(300_000)).await.unwrap();
    assert_eq!(number(&together, count).await, 1);
    db.write(&system(1), |tx| Box::pin(insert(tx, "b"))).await.unwrap();
    assert_eq!([number(&together, count).await, number(&idle, count).await], [1, 1]);
    drop((together, idle));
    // Their connections are others' now.
    assert_eq!(number(&db.together(), count).await, 2);
    assert!(db.together().execute_unprepared("DELETE FROM counter").await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_writes_at_once_each_stands_for_itself() {
    let Some((_database, db)) = on_a_file().await else { return };
    let (handle, turn) = (db.clone(), Arc::new(std::sync::atomic::AtomicI64::new(0)));
    let done = parallel(200, move || {
        let (db, mine) = (handle.clone(), turn.fetch_add(1, Ordering::SeqCst));
        async move {
            let context = system(1);
            let written = db.write(&context, move |tx| {
                Box::pin(async move {
                    insert(tx, &format!("w {mine}")).await?;
                    match mine % 5 {
                        0 => Err(Error::Forbidden),
                        1 => panic!("on purpose"),
                        2 => Ok(tx.execute_unprepared("INSERT INTO counter VALUES (77, 'no organization', 1)").await.map(|_| ())?),
                        _ => Ok(()),
                    }
                })
            });
            (mine, written.await.is_ok())
        }
    })
    .await;
    assert!(done.iter().all(|(mine, ok)| *ok == (mine % 5 > 2)));
    assert_eq!(rows(&db).await, [80, 80, 80]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_of_another_process_is_waited_for_and_then_told() {
    let Some((database, db)) = on_a_file().await else { return };
    let impatient = Db::open(database.url(), &Options { patience: Duration::from_millis(100), ..Options::default() }).await.unwrap();
    db.schema().execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let refused = parallel(10, move || {
        let db = impatient.clone();
        async move {
            db.write(&system(1), |tx| Box::pin(insert(tx, "a"))).await.map(|_| ()).map_err(|error| frontdesk_store::unavailable(&error))
        }
    })
    .await;
    assert!(refused.iter().all(|done| matches!(done, Err(Some(Error::Busy)))), "{refused:?}");
    let waiting = tokio::spawn({
        let db = db.clone();
        async move { db.write(&system(1), |tx| Box::pin(insert(tx, "b"))).await.map(|_| ()) }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    db.schema().execute_unprepared("COMMIT").await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(rows(&db).await, [1, 1, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_disk_that_is_full_takes_none_of_the_others_along() {
    let Some((_database, db)) = on_a_file().await else { return };
    let pages = number(&db.read(), "SELECT page_count AS n FROM pragma_page_count").await;
    let limit = format!("PRAGMA max_page_count = {}", pages + 60);
    db.maintain(Statement::from_string(DbBackend::Sqlite, limit)).await.unwrap();
    let (handle, turn) = (db.clone(), Arc::new(std::sync::atomic::AtomicI64::new(0)));
    let done = parallel(100, move || {
        let (db, mine) = (handle.clone(), turn.fetch_add(1, Ordering::SeqCst));
        async move {
            let length = if mine % 10 == 0 { 1_000_000 } else { 10 };
            let name = format!("{mine} {}", "x".repeat(length));
            let context = system(1);
            let written = db.write(&context, move |tx| {
                let name = name.clone();
                Box::pin(async move { insert(tx, &name).await })
            });
            (mine, written.await.map(|_| ()).map_err(|error| frontdesk_store::unavailable(&error).is_some()))
        }
    })
    .await;
    for (mine, written) in done {
        assert_eq!(written, if mine % 10 == 0 { Err(true) } else { Ok(()) }, "{mine}");
    }
    assert_eq!(rows(&db).await, [90, 90, 90]);
}

/// Has the next sync fail: who reads has the journal open already, who is to sync it finds none.
async fn lose_journal(database: &Database, db: &Db) {
    let url = database.url().trim_start_matches("sqlite://");
    assert_eq!(rows(db).await, [0, 0, 0]);
    std::fs::remove_file(format!("{}-wal", url.split('?').next().unwrap_or(url))).unwrap();
}

#[tokio::test]
async fn what_the_disk_did_not_take_is_not_acknowledged() {
    let Some((database, db)) = on_a_file().await else { return };
    lose_journal(&database, &db).await;
    let told = async || {
        let refused = db.write(&system(1), |tx| Box::pin(insert(tx, "a"))).await.unwrap_err();
        frontdesk_store::unavailable(&refused).unwrap_or(refused)
    };
    assert!(matches!(told().await, Error::Unavailable("the database did not confirm the change, which may have been made or not")));
    // The first may have been made, no other one is.
    for _ in 0..3 {
        assert!(matches!(told().await, Error::Unavailable("the database cannot use its disk at present; nothing was changed")));
    }
    assert_eq!(rows(&db).await, [1, 1, 1]);
    assert!(db.ping().await.is_err());
    // Nobody is told of an event that may never have been.
    assert!(db.horizon().await.is_err());
}

#[tokio::test]
async fn the_answer_to_what_the_disk_did_not_take_is_not_given_again() {
    for _ in 0..10 {
        let Some((database, db)) = on_a_file().await else { return };
        lose_journal(&database, &db).await;
        let once = keyed("k", "f");
        // All but the first find its answer, before or after its sync has failed, or are refused.
        for told in join_all((0..8).map(|_| next(&db, &once))).await {
            let refused = told.map(|_| ()).unwrap_err();
            let refused = frontdesk_store::unavailable(&refused).unwrap_or(refused);
            assert!(matches!(refused, Error::Unavailable(_)), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn a_store_that_is_closed_says_so() {
    let Some((database, db)) = on_a_file().await else { return };
    let other = db.clone();
    db.close().await;
    let refused = other.write(&system(1), |tx| Box::pin(insert(tx, "a"))).await;
    assert!(matches!(refused, Err(Error::Unavailable("the store is closed"))), "{:?}", refused.map(|_| ()));
    let again = database.open().await;
    assert_eq!(rows(&again).await, [0, 0, 0]);
}

#[tokio::test]
async fn what_cannot_be_stored_is_an_error_and_no_null() {
    let Some((_database, db)) = on_a_file().await else { return };
    let odd: [sea_orm::Value; 2] = [u64::MAX.into(), 1.5_f32.into()];
    for value in odd {
        let read = Statement::from_sql_and_values(DbBackend::Sqlite, "SELECT count(*) AS n FROM counter WHERE value = ?", [value]);
        assert!(db.read().query_one_raw(read).await.is_err());
    }
}

#[tokio::test]
async fn a_value_stands_where_its_number_is() {
    let Some((_database, db)) = on_a_file().await else { return };
    let text = async |sql: &str, values: Vec<sea_orm::Value>| {
        let row = db.read().query_one_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
        row.unwrap().try_get::<String>("", "t")
    };
    let (one, two) = (|| "1".into(), || "2".into());
    assert_eq!(text("SELECT $2 || $1 || $2 AS t", vec![one(), two()]).await.unwrap(), "212");
    assert_eq!(text("SELECT ? || ? AS t", vec![one(), two()]).await.unwrap(), "12");
    for (sql, values) in [("SELECT ? || ? AS t", vec![one()]), ("SELECT ? AS t", vec![one(), two()]), ("SELECT $2 AS t", vec![one()])] {
        assert!(text(sql, values).await.is_err(), "{sql}");
    }
}

/// What a write gives back is read as what a query finds: uuids, booleans and bytes included, of which SQLite keeps no type.
#[tokio::test]
async fn values_come_back_as_they_went_in() {
    let (_database, db) = store().await;
    sql(
        &db,
        "CREATE TABLE every (id UUID_TEXT PRIMARY KEY, yes BOOLEAN, bytes BLOB, text TEXT, number BIGINT)"
            .replace("UUID_TEXT", if db.backend() == DbBackend::Sqlite { "uuid_text" } else { "uuid" })
            .replace("BLOB", if db.backend() == DbBackend::Sqlite { "blob" } else { "bytea" })
            .as_str(),
    )
    .await;
    let cases = [(true, vec![7; 16], "", i64::MIN), (false, vec![], "字\u{0}ё", 0), (true, vec![0, 255], "x", i64::MAX)];
    for (yes, bytes, text, number) in cases {
        if db.backend() != DbBackend::Sqlite && text.contains('\u{0}') {
            continue;
        }
        let id = Uuid::from_u128(number.unsigned_abs().into());
        let values: [sea_orm::Value; 5] = [id.into(), yes.into(), bytes.clone().into(), text.into(), number.into()];
        let backend = db.backend();
        let context = system(1);
        let back = db.write(&context, move |tx| {
            let insert = "INSERT INTO \"every\" (id, yes, bytes, text, number) VALUES ($1, $2, $3, $4, $5) RETURNING *";
            let insert = Statement::from_sql_and_values(backend, insert, values.clone());
            Box::pin(async move { read(&tx.query_one_raw(insert).await?.unwrap()) })
        });
        let expected = (id, yes, bytes, text.to_owned(), number);
        assert_eq!(back.await.unwrap().fresh(), Some(expected.clone()));
        let find = Statement::from_sql_and_values(backend, "SELECT * FROM \"every\" WHERE id = $1", [id.into()]);
        assert_eq!(read(&db.read().query_one_raw(find).await.unwrap().unwrap()).unwrap(), expected);
    }
}

type Every = (Uuid, bool, Vec<u8>, String, i64);

fn read(row: &sea_orm::QueryResult) -> Result<Every> {
    Ok((row.try_get("", "id")?, row.try_get("", "yes")?, row.try_get("", "bytes")?, row.try_get("", "text")?, row.try_get("", "number")?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_stores_of_one_file_follow_each_other() {
    let database = MIGRATED.copy();
    let (one, two) = (database.open().await, database.open().await);
    organization(&one, 1).await;
    let numbers = parallel(50, {
        let turn = Arc::new(AtomicBool::new(false));
        move || {
            let db = if turn.fetch_xor(true, Ordering::SeqCst) { one.clone() } else { two.clone() };
            async move { db.write(&system(1), |tx| Box::pin(next_number(tx, OrganizationId(1), "a"))).await.unwrap().fresh().unwrap() }
        }
    });
    let mut numbers = numbers.await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
}
