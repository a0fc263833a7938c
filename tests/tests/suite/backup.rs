//! Backup and restore, of whatever database is under test.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use frontdesk_core::world::World;
use frontdesk_server::backup::{backup, restore};
use frontdesk_server::settings::Settings;
use frontdesk_store::Db;
use frontdesk_ticketing::{NewTicket, TicketPatch, Tickets};
use sea_orm::DbBackend;
use tempfile::{TempDir, tempdir};

use crate::harness::database::{Database, EMPTY, MIGRATED};
use crate::harness::world::WORLD;
use crate::harness::{NOW, number, rows, sql, system};

fn settings(url: &str) -> Settings {
    Settings::read(None, [("FRONTDESK__DATABASE__URL".to_owned(), url.to_owned())]).unwrap()
}

/// A place for a store, of the same database as that under test: nothing is there yet.
struct Place {
    url: String,
    _database: Database,
    folder: TempDir,
}

fn place() -> Place {
    let (database, folder) = (EMPTY.copy(), tempdir().unwrap());
    let url = if database.url().starts_with("sqlite://") {
        format!("sqlite://{}", folder.path().join("new/store.db").display())
    } else {
        database.url().to_owned()
    };
    Place { url, _database: database, folder }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("backup")
}

fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

async fn open(url: &str) -> Db {
    Db::open(url, &settings(url).options()).await.unwrap()
}

#[tokio::test]
async fn every_row_comes_back_but_tokens_and_codes() {
    let (database, folder, new) = (WORLD.copy(), tempdir().unwrap(), place());
    let db = database.open().await;
    backup(&settings(database.url()), &file(&folder), false).await.unwrap();
    let report = restore(&settings(&new.url), &World::fixed(NOW), &file(&folder)).await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(names(folder.path()), ["backup"]);
    let back = open(&new.url).await;
    assert!(number(&db.read(), "SELECT COUNT(*) AS n FROM token").await > 5);
    assert_eq!(number(&back.read(), "SELECT COUNT(*) AS n FROM token").await, 0);
    assert_eq!(number(&back.read(), "SELECT COUNT(*) AS n FROM auth_code").await, 0);
    sql(&db, "DELETE FROM token").await;
    sql(&db, "DELETE FROM auth_code").await;
    assert_eq!(rows(&back).await, rows(&db).await);
    let new = NewTicket { subject: "s".into(), content: "c".into(), ..Default::default() };
    let next = Tickets::new(back.clone()).create(&system(1), new.clone()).await.unwrap().fresh().unwrap();
    assert_eq!(next.record.id, Tickets::new(db).create(&system(1), new).await.unwrap().fresh().unwrap().record.id);
    back.close().await;
}

/// Creates tickets, and changes each, until it is told to stop; says the ids.
async fn write(db: Db, stop: Arc<AtomicBool>) -> Vec<i64> {
    let tickets = Tickets::new(db);
    let mut done = vec![];
    while !stop.load(Ordering::SeqCst) {
        let new = NewTicket { subject: "s".into(), content: "c".into(), ..Default::default() };
        let id = tickets.create(&system(1), new).await.unwrap().fresh().unwrap().record.id;
        let patch = TicketPatch { subject: Some("t".into()), ..Default::default() };
        tickets.update(&system(1), id, patch).await.unwrap();
        done.push(id.0);
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_under_load_agrees_with_itself() {
    let (database, folder) = (WORLD.copy(), tempdir().unwrap());
    let db = database.open().await;
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4).map(|_| tokio::spawn(write(db.clone(), stop.clone()))).collect();
    for attempt in 0..3 {
        let (before, new) = (number(&db.read(), "SELECT COUNT(*) AS n FROM ticket").await, place());
        backup(&settings(database.url()), &file(&folder), attempt > 0).await.unwrap();
        let report = restore(&settings(&new.url), &World::fixed(NOW), &file(&folder)).await.unwrap();
        assert_eq!(report.findings, []);
        let tickets = report.counts.iter().find(|count| count.kind.word() == "ticket").unwrap();
        assert!(tickets.records >= before, "{} tickets came back of {before}", tickets.records);
    }
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        assert!(!writer.await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_store_that_is_there_stays() {
    let (database, folder, other) = (WORLD.copy(), tempdir().unwrap(), MIGRATED.copy());
    backup(&settings(database.url()), &file(&folder), false).await.unwrap();
    let before = rows(&database.open().await).await;
    let refused = restore(&settings(database.url()), &World::fixed(NOW), &file(&folder)).await.unwrap_err();
    let why = match other.open().await.backend() {
        DbBackend::Sqlite => "is a store with organizations in it; a backup is restored where there is none",
        _ => "the database is not empty; a backup is restored into one that was just made",
    };
    assert!(format!("{refused:#}").ends_with(why), "{refused:#}");
    assert_eq!(rows(&database.open().await).await, before);
}

#[tokio::test]
async fn a_backup_of_a_newer_program_and_of_something_else() {
    for (break_it, why) in [
        ("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)", "has the step m9999_later, which this program"),
        ("DELETE FROM seaql_migrations", "is no backup of a Frontdesk store"),
    ] {
        let (database, folder, new) = (MIGRATED.copy(), tempdir().unwrap(), place());
        sql(&database.open().await, break_it).await;
        backup(&settings(database.url()), &file(&folder), false).await.unwrap();
        let refused = restore(&settings(&new.url), &World::fixed(NOW), &file(&folder)).await.unwrap_err();
        assert!(format!("{refused:#}").contains(why), "{refused:#}");
        if new.url.starts_with("sqlite://") {
            assert_eq!(names(&new.folder.path().join("new")), [""; 0]);
        } else {
            assert!(frontdesk_store::backup::is_blank(&open(&new.url).await).await.unwrap());
        }
    }
}

#[tokio::test]
async fn what_does_not_agree_comes_back_and_is_told() {
    let (database, folder, new) = (WORLD.copy(), tempdir().unwrap(), place());
    sql(&database.open().await, "UPDATE ticket SET version = 7 WHERE id = 1").await;
    backup(&settings(database.url()), &file(&folder), false).await.unwrap();
    let report = restore(&settings(&new.url), &World::fixed(NOW), &file(&folder)).await.unwrap();
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].to_string(), "organization 1, ticket 1, change 1: it has version 7, and the last of its history is 1");
    assert_eq!(number(&open(&new.url).await.read(), "SELECT version AS n FROM ticket WHERE id = 1").await, 7);
}

#[tokio::test]
async fn half_an_archive_and_that_of_another_database() {
    let (database, folder, new) = (WORLD.copy(), tempdir().unwrap(), place());
    backup(&settings(database.url()), &file(&folder), false).await.unwrap();
    let bytes = std::fs::read(file(&folder)).unwrap();
    let half = folder.path().join("half");
    std::fs::write(&half, &bytes[..bytes.len() * 2 / 3]).unwrap();
    assert!(restore(&settings(&new.url), &World::fixed(NOW), &half).await.is_err());
    let (start, why) = if new.url.starts_with("sqlite://") {
        (&b"PGDMP"[..], "of a store on PostgreSQL, and this one is on SQLite")
    } else {
        (&b"SQLite format 3\0"[..], "of a store on SQLite, and this one is on PostgreSQL")
    };
    std::fs::write(&half, start).unwrap();
    let refused = restore(&settings(&new.url), &World::fixed(NOW), &half).await.unwrap_err();
    assert!(format!("{refused:#}").contains(why), "{refused:#}");
    if !new.url.starts_with("sqlite://") {
        assert!(frontdesk_store::backup::is_blank(&open(&new.url).await).await.unwrap());
    }
}
