//! Export to a file, and back.

use std::collections::BTreeSet;
use std::io::{Error, ErrorKind, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use frontdesk_appointments::{Appointments, NewAppointment};
use frontdesk_core::id::OrganizationId;
use frontdesk_core::status::{AppointmentType, RoomType};
use frontdesk_server::export::{Target, write};
use frontdesk_store::Db;
use frontdesk_ticketing::{NewTicket, Tickets};
use serde_json::{Value, json};
use tempfile::tempdir;
use time::Duration;

use crate::harness::{rows, system};
use crate::import::desk::Desk;
use crate::schema::is_of_search;

const RICH: &str = include_str!("export/rich.ndjson");
const SEED: &str = include_str!("../../fixtures/seed003.ndjson");

const ONE: OrganizationId = OrganizationId(1);

/// What is written, for the test to read.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

async fn exported(db: &Db) -> String {
    let written = Written::default();
    let counts = write(db, ONE, written.clone()).await.unwrap();
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert_eq!(u64::try_from(text.lines().count()).unwrap(), counts.iter().map(|(_, count)| count).sum::<u64>());
    text
}

fn line<'a>(text: &'a str, record: &str) -> &'a str {
    text.lines().find(|line| line.contains(&format!("\"record\":\"{record}\""))).unwrap()
}

async fn import(desk: &Desk, lines: &str) -> (usize, usize) {
    let report = desk.import(lines, false).await;
    assert!(report.bad.is_empty(), "{:#?}", report.bad);
    (report.imported, report.present)
}

/// What came into SQLite goes out of it, into the database under test, and out again.
async fn goes_round(records: &str) -> (Desk, Desk, String) {
    let (from, to) = (Desk::on_sqlite().await, Desk::new().await);
    let (imported, _) = import(&from, records).await;
    let first = exported(&from.db).await;
    assert_eq!(first.lines().count(), imported);
    assert_eq!(import(&to, &first).await, (imported, 0));
    assert_eq!(exported(&to.db).await, first);
    let straight = Desk::new().await;
    import(&straight, records).await;
    assert_eq!(rows_of(&to.db).await, rows_of(&straight.db).await);
    (from, to, first)
}

/// The records' rows, with all their columns.
async fn rows_of(db: &Db) -> BTreeSet<String> {
    let mut rows = rows(db).await;
    // The search indexes follow the order of the import; `verify` and the tests of searches look at them.
    let table = |row: &str| row.split(' ').next().unwrap_or_default().to_owned();
    // How the counts are spread over their rows is left to the writers; `verify` adds them up.
    rows.retain(|row| !matches!(&*table(row), "history" | "seaql_migrations" | "record_count") && !is_of_search(&table(row)));
    rows
}

#[tokio::test]
async fn what_comes_out_goes_in_and_comes_out_the_same() {
    let (from, to, first) = goes_round(RICH).await;
    for desk in [from, to] {
        let history = desk.number("SELECT COUNT(*) AS n FROM history").await;
        assert_eq!(import(&desk, &first).await, (0, first.lines().count()));
        assert_eq!(exported(&desk.db).await, first);
        assert_eq!(desk.number("SELECT COUNT(*) AS n FROM history").await, history);
    }
    goes_round(SEED).await;
}

#[tokio::test]
async fn kinds_have_an_order_and_records_that_of_their_ids() {
    let (_, _, text) = goes_round(RICH).await;
    let mut kinds: Vec<_> = text.lines().map(|line| line.split('"').nth(3).unwrap()).collect();
    kinds.dedup();
    let order = [
        "organization",
        "job_title",
        "department",
        "extension",
        "group",
        "cti_agent",
        "sponsor",
        "category",
        "subcategory",
        "employee",
        "termination_code",
        "contact",
        "ticket",
        "interact_collection",
        "call_task",
        "appointment",
    ];
    assert_eq!(kinds, order);
    let tasks: Vec<_> =
        text.lines().filter_map(|line| line.strip_prefix(r#"{"record":"call_task","id":""#)).map(|line| &line[..8]).collect();
    assert_eq!(tasks, ["019ca000", "019ca000", "ffa00000"]);
    assert!(line(&text, "call_task").contains("000000000001"));
}

#[tokio::test]
async fn moments_are_kept_to_the_millisecond_where_clocks_go_back() {
    let (_, _, text) = goes_round(RICH).await;
    let organization = r#""created_at":"2025-10-26T00:30:00.001Z","updated_at":"2025-10-26T01:30:00.001Z""#;
    assert!(line(&text, "organization").contains(organization), "{text}");
    assert!(line(&text, "ticket").contains(r#""due_at":"2025-10-26T00:59:59.999Z""#), "{text}");
    assert!(line(&text, "contact").contains(r#""created_at":"0001-01-02T00:00:00Z","updated_at":"9999-12-30T21:59:59.999Z""#), "{text}");
}

#[tokio::test]
async fn what_a_repeated_request_is_compared_with_goes_along() {
    let from = Desk::on_sqlite().await;
    import(&from, RICH).await;
    let new = NewAppointment {
        business_id: 1,
        out_task_num: "now".into(),
        branch_code: "1".into(),
        task_type: AppointmentType::Normal,
        room_type: RoomType::Realtime,
        ..Default::default()
    };
    let mut cx = system(1);
    cx.at += Duration::milliseconds(678);
    let first = Appointments::new(from.db.clone()).create(&cx, new.clone()).await.unwrap().fresh().unwrap();
    let text = exported(&from.db).await;
    let to = Desk::new().await;
    import(&to, &text).await;
    assert_eq!(exported(&to.db).await, text);
    cx.at += Duration::HOUR;
    let again = Appointments::new(to.db.clone()).create(&cx, new).await.unwrap().fresh().unwrap();
    assert_eq!((again.info, again.remark.is_some()), (first.info, true));
}

#[tokio::test]
async fn more_records_than_are_read_at_once() {
    let desk = Desk::new().await;
    let tickets = (1..=1000).map(|id| format!("{{\"record\": \"ticket\", \"id\": {}, \"subject\": \"s\", \"content\": \"c\"}}\n", id * 3));
    let lines: String = RICH.lines().take(1).map(|line| format!("{line}\n")).chain(tickets).collect();
    assert_eq!(import(&desk, &lines).await.0, 1001);
    assert_eq!(exported(&desk.db).await.lines().count(), 1001);
}

#[tokio::test]
async fn more_people_than_a_request_may_name() {
    let appointment = RICH.lines().rfind(|line| line.contains("\"appointment\"")).unwrap();
    let people: Vec<_> = (0..1001).map(|id| json!({"customer_name": "n", "customer_id_num": id.to_string()})).collect();
    let crowd = appointment.replace("\"video\":true", &format!("\"video\":true,\"publishers\":{}", Value::from(people)));
    goes_round(&RICH.replace(appointment, &crowd)).await;
}

/// Adds a ticket to the store as soon as anything is written to it.
struct Meddler {
    url: String,
    done: bool,
}

impl Write for Meddler {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        if !std::mem::replace(&mut self.done, true) {
            let url = self.url.clone();
            let add = async move {
                let db = Db::open(&url, &crate::harness::database::options()).await.unwrap();
                let new = NewTicket { subject: "meanwhile".into(), content: "c".into(), ..Default::default() };
                Tickets::new(db.clone()).create(&system(1), new).await.unwrap();
                db.close().await;
            };
            let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(add);
            std::thread::spawn(run).join().unwrap();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

#[tokio::test]
async fn the_records_are_of_one_moment() {
    let desk = Desk::new().await;
    let long = "x".repeat(9000);
    let lines = format!(
        "{}\n{}",
        RICH.lines().next().unwrap(),
        format_args!(r#"{{"record":"job_title","id":1,"name":"j","description":"{long}"}}"#)
    );
    import(&desk, &lines).await;
    let counts = write(&desk.db, ONE, Meddler { url: desk.url().to_owned(), done: false }).await.unwrap();
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<u64>(), 2);
    assert_eq!(desk.number("SELECT COUNT(*) AS n FROM ticket").await, 1);
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> Result<usize, Error> {
        Err(ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_file_comes_to_be_whole_or_not_at_all() {
    let desk = Desk::new().await;
    import(&desk, RICH).await;
    let folder = tempdir().unwrap();
    let path = folder.path().join("export.ndjson");
    assert!(write(&desk.db, ONE, Full).await.is_err());
    let refused = Target::begin(&path, false).unwrap().fill(&desk.db, OrganizationId(7)).await.unwrap_err();
    assert_eq!(format!("{refused:#}"), "there is no organization 7");
    drop(Target::begin(&path, false).unwrap());
    assert_eq!(names(folder.path()), [""; 0]);
    let late = Target::begin(&path, false).unwrap();
    std::fs::write(&path, "mine").unwrap();
    for refused in [late.fill(&desk.db, ONE).await.unwrap_err(), Target::begin(&path, false).unwrap_err()] {
        assert_eq!(format!("{refused:#}"), format!("{} is there already; --force replaces it", path.display()));
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    Target::begin(&path, true).unwrap().fill(&desk.db, ONE).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), exported(&desk.db).await);
    assert_eq!(names(folder.path()), ["export.ndjson"]);
    assert!(Target::begin(folder.path(), true).is_err());
    assert!(Target::begin(&folder.path().join("missing/export.ndjson"), true).is_err());
}
