//! The first people of a store, and the demo organization.

use std::collections::BTreeSet;

use frontdesk_core::world::World;
use frontdesk_directory::organization::NewOrganization;
use frontdesk_directory::{Employees, Organizations};
use frontdesk_server::demo::{Demo, fill};
use frontdesk_server::first::administrator;
use frontdesk_store::Db;
use time::Duration;
use time::macros::datetime;

use crate::examples::DEMO;
use crate::harness::database::MIGRATED;
use crate::harness::world::import;
use crate::harness::{NOW, number, rows, system};

const TABLES: [&str; 6] = ["organization", "employee", "license", "ticket", "service_key", "webhook"];
const FULL: [i64; 6] = [1, 13, 2, 26, 2, 2];

async fn counts(db: &Db) -> [i64; 6] {
    let mut counts = [0; 6];
    for (count, table) in counts.iter_mut().zip(TABLES) {
        *count = number(&db.read(), &format!("SELECT COUNT(*) AS n FROM {table}")).await;
    }
    counts
}

#[tokio::test]
async fn the_demo_is_made_once() {
    let (database, world) = (MIGRATED.copy(), World::fixed(NOW));
    let db = database.open().await;
    let Demo::Made(records) = fill(&db, &world).await.unwrap() else { panic!("nothing was made") };
    assert!(records > 150, "{records}");
    assert_eq!(counts(&db).await, FULL);
    let before = rows(&db).await;
    world.advance(Duration::days(3));
    assert_eq!(fill(&db, &world).await.unwrap(), Demo::There);
    assert!(administrator(&db, &world).await.unwrap().is_none());
    assert_eq!(rows(&db).await.difference(&before).collect::<BTreeSet<_>>(), BTreeSet::new());
    assert_eq!(number(&db.read(), "SELECT COUNT(*) AS n FROM event").await, 0);
    assert_eq!(number(&db.read(), "SELECT COUNT(*) AS n FROM webhook WHERE is_active").await, 0, "the demo tells others");
    assert!(Employees::new(db).somebody_can_sign_in().await.unwrap());
}

#[tokio::test]
async fn the_demo_is_of_today() {
    let (database, world) = (MIGRATED.copy(), World::fixed(datetime!(2028-02-28 20:00 UTC)));
    let db = database.open().await;
    fill(&db, &world).await.unwrap();
    let between = async |column: &str, table: &str, from: i64, to: i64| {
        let (from, to) = (midnight(from), midnight(to));
        number(&db.read(), &format!("SELECT COUNT(*) AS n FROM {table} WHERE {column} >= {from} AND {column} < {to}")).await
    };
    assert_eq!(between("created_at", "ticket", 0, 9999).await, 0, "tickets of the future");
    assert!(between("created_at", "ticket", -1, 0).await >= 5, "tickets of yesterday");
    assert!(between("due_at", "ticket", -3, 0).await >= 2, "overdue tickets");
    assert_eq!(between("task_time", "appointment", 0, 1).await, 2, "appointments of today");
    assert_eq!(between("task_time", "appointment", 1, 2).await, 2, "appointments of tomorrow");
    assert_eq!(between("created_at", "call_task", -1, 0).await, 9, "call tasks of yesterday");
}

/// The beginning of a day on the demo's clocks, counted from the day of that test, in milliseconds since 1970.
fn midnight(day: i64) -> i64 {
    (datetime!(2028-02-29 00:00 +8) + Duration::days(day)).unix_timestamp() * 1000
}

#[tokio::test]
async fn an_organization_named_demo_is_no_demo() {
    let (database, world) = (MIGRATED.copy(), World::real());
    let db = database.open().await;
    let new = NewOrganization { name: "Demo".into(), time_zone: "UTC".into(), ..Default::default() };
    Organizations::new(db.clone()).create(&system(0), new).await.unwrap();
    assert_eq!(fill(&db, &world).await.unwrap(), Demo::NotEmpty);
    assert_eq!(counts(&db).await, [1, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn demos_that_start_at_once_make_one() {
    let (database, world) = (MIGRATED.copy(), World::real());
    let mut starts = vec![];
    for _ in 0..4 {
        let (db, world) = (database.open().await, world.clone());
        starts.push(tokio::spawn(async move {
            let filled = fill(&db, &world).await.unwrap();
            assert!(administrator(&db, &world).await.unwrap().is_none(), "a second administrator");
            filled
        }));
    }
    let mut made = 0;
    for start in starts {
        match start.await.unwrap() {
            Demo::Made(_) => made += 1,
            other => assert_eq!(other, Demo::There),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(counts(&database.open().await).await, FULL);
}

#[tokio::test]
async fn what_the_demo_lacks_goes_on_after_its_ids() {
    let database = DEMO.copy();
    let db = database.open().await;
    let employee =
        frontdesk_directory::employee::NewEmployee { employee_no: "next".into(), first_name: "Next".into(), ..Default::default() };
    let added = Employees::new(db).create(&system(1), employee).await.unwrap().fresh().unwrap();
    assert_eq!(added.record.id.0, 91);
}

#[tokio::test]
async fn servers_that_start_at_once_make_one_administrator() {
    let (database, world) = (MIGRATED.copy(), World::real());
    let mut starts = vec![];
    for _ in 0..3 {
        let (db, world) = (database.open().await, world.clone());
        starts.push(tokio::spawn(async move { administrator(&db, &world).await.unwrap() }));
    }
    let mut made = 0;
    for start in starts {
        made += usize::from(start.await.unwrap().is_some());
    }
    assert_eq!(made, 1);
    assert_eq!(counts(&database.open().await).await, [1, 1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn the_demos_records_are_an_import_file() {
    let records = include_str!("../../../crates/server/src/demo/demo.ndjson");
    let (demo, empty) = (DEMO.copy(), MIGRATED.copy());
    let report = import(&demo.open().await, &World::fixed(NOW), records).await;
    assert_eq!((report.imported, report.present, report.bad.len()), (0, records.lines().count(), 0), "{:#?}", report.bad);
    let report = import(&empty.open().await, &World::fixed(NOW), records).await;
    assert_eq!((report.imported, report.present, report.bad.len()), (records.lines().count(), 0, 0), "{:#?}", report.bad);
}
