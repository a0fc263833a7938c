//! `frontdesk verify` on stores that agree with themselves, and on stores that were broken on purpose.

mod broken;

use frontdesk_appointments::{Appointments, NewAppointment};
use frontdesk_core::Error;
use frontdesk_core::id::Kind;
use frontdesk_core::status::{AppointmentType, RoomType};
use frontdesk_core::world::World;
use frontdesk_server::verify::run;
use frontdesk_store::verify::Report;
use frontdesk_store::{Announcement, Db};
use frontdesk_ticketing::{NewTicket, TicketPatch, Tickets};
use sea_orm::DbBackend;
use serde_json::json;
use time::Duration;

use crate::examples::DEMO;
use crate::harness::database::{Database, MIGRATED, Template};
use crate::harness::world::import;
use crate::harness::{NOW, number, sql, system, texts};

/// The two organizations of `world/*.ndjson`, and of the first the ticket 1003 in version 3, the ticket 1004, which is deleted, and the
/// appointment 1003, number 1 of its day: with events, unlike what is imported.
static LIVED_IN: Template = Template::new(|db| Box::pin(live(db)));

async fn live(db: Db) {
    frontdesk_migration::migrate(db.schema()).await.unwrap();
    for records in [include_str!("world/main.ndjson"), include_str!("world/other.ndjson")] {
        let report = import(&db, &World::fixed(NOW), records).await;
        assert!(report.bad.is_empty(), "{:#?}", report.bad);
    }
    let tickets = Tickets::new(db.clone());
    let new = |subject: &str| NewTicket { subject: subject.into(), content: "c".into(), contact_id: Some(1.into()), ..Default::default() };
    let first = tickets.create(&system(1), new("first")).await.unwrap().fresh().unwrap().record.id;
    for subject in ["second", "third"] {
        let patch = TicketPatch { subject: Some(subject.into()), ..Default::default() };
        tickets.update(&system(1), first, patch).await.unwrap();
    }
    let gone = tickets.create(&system(1), new("gone")).await.unwrap().fresh().unwrap().record.id;
    tickets.delete(&system(1), gone).await.unwrap();
    let new = NewAppointment {
        business_id: 1,
        out_task_num: "now".into(),
        branch_code: "1".into(),
        task_type: AppointmentType::Normal,
        room_type: RoomType::Realtime,
        ..Default::default()
    };
    let number = Appointments::new(db).create(&system(1), new).await.unwrap().fresh().unwrap().info.task_num;
    assert_eq!((first.0, gone.0, number.as_str()), (1003, 1004, "202603020000001"));
}

/// Everything that does not agree, one text each.
async fn found(db: &Db) -> Vec<String> {
    let report = run(db).await.unwrap();
    assert_eq!(report.more, 0);
    report.findings.iter().map(ToString::to_string).collect()
}

async fn lived_in() -> (Database, Db) {
    let database = LIVED_IN.copy();
    let db = database.open().await;
    (database, db)
}

fn count(report: &Report, word: &str) -> (i64, i64, i64) {
    let count = report.counts.iter().find(|count| count.kind.word() == word).unwrap();
    (count.records, count.changes, count.events)
}

#[tokio::test]
async fn what_was_written_through_the_service_agrees() {
    let (_database, db) = lived_in().await;
    let report = run(&db).await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(count(&report, "ticket"), (5, 9, 5));
    assert_eq!(count(&report, "appointment"), (5, 5, 1));
    assert_eq!(count(&report, "organization"), (2, 2, 0));
    let demo = DEMO.copy();
    assert_eq!(found(&demo.open().await).await, [""; 0]);
    let empty = MIGRATED.copy();
    assert_eq!(found(&empty.open().await).await, [""; 0]);
}

#[tokio::test]
async fn it_changes_nothing() {
    let (_database, db) = lived_in().await;
    let before = crate::harness::rows(&db).await;
    run(&db).await.unwrap();
    assert_eq!(crate::harness::rows(&db).await, before);
}

#[tokio::test]
async fn histories_of_before_the_chain_agree() {
    let (_database, db) = lived_in().await;
    sql(&db, "UPDATE history SET hash = '', salt = ''").await;
    assert_eq!(found(&db).await, [""; 0]);
    let patch = TicketPatch { subject: Some("chained".into()), ..Default::default() };
    Tickets::new(db.clone()).update(&system(1), 1003.into(), patch).await.unwrap();
    assert_eq!(found(&db).await, [""; 0]);
    sql(&db, "UPDATE history SET changes = '{}' WHERE kind = 'ticket' AND record_id = '1003' AND seq = 4").await;
    assert_eq!(found(&db).await.len(), 1);
}

#[tokio::test]
async fn old_events_may_be_gone_and_no_others() {
    let (_database, db) = lived_in().await;
    let patch = || TicketPatch { subject: Some("later".into()), ..Default::default() };
    let mut later = system(1);
    later.at += Duration::days(10);
    Tickets::new(db.clone()).update(&later, 1003.into(), patch()).await.unwrap();
    assert_eq!(db.forget_events(NOW + Duration::days(90), Duration::days(90)).await.unwrap(), 0);
    assert_eq!(db.forget_events(NOW + Duration::days(91), Duration::days(90)).await.unwrap(), 6);
    assert_eq!(db.forget_events(NOW + Duration::days(91), Duration::days(90)).await.unwrap(), 0);
    assert_eq!(number(&db.read(), "SELECT COUNT(*) AS n FROM event").await, 1);
    assert_eq!(found(&db).await, [""; 0]);
    sql(&db, "DELETE FROM event").await;
    assert_eq!(found(&db).await, ["organization 1, ticket 1003, change 4: it has no event"]);
}

#[tokio::test]
async fn an_event_that_tells_of_no_change_agrees() {
    let (_database, db) = lived_in().await;
    announce(&db, "overdue").await.unwrap();
    let last = "SELECT type || ' ' || record_id || ' ' || CAST(version AS TEXT) || ' ' || data AS t FROM event ORDER BY id DESC LIMIT 1";
    assert_eq!(texts(&db.read(), last).await, [r#"ticket.overdue 1003 3 {"due_at":"2026-03-02T10:00:00+08:00"}"#]);
    assert_eq!(found(&db).await, [""; 0]);
    // Nobody could tell this one from an event without its change.
    assert!(matches!(announce(&db, "updated").await, Err(Error::Internal(_))));
}

async fn announce(db: &Db, what: &'static str) -> Result<(), Error> {
    let cx = system(1);
    let announced = db.write(&cx, move |tx| {
        let data = json!({"due_at": "2026-03-02T10:00:00+08:00"});
        tx.announce(Announcement { kind: Kind::Ticket, id: "1003".into(), version: 3, what, data });
        Box::pin(async { Ok(()) })
    });
    announced.await.map(drop)
}

/// Runs SQL with foreign keys off.
async fn past_all_references(db: &Db, text: &str) {
    let (off, on) = match db.backend() {
        DbBackend::Sqlite => ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        _ => ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT"),
    };
    sql(db, &format!("{off}; {text}; {on}")).await;
}
