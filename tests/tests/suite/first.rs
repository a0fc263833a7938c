//! The first people of a store.

use frontdesk_core::world::World;
use frontdesk_directory::organization::NewOrganization;
use frontdesk_directory::{Employees, Organizations};
use frontdesk_server::first::{administrator, demo};
use frontdesk_store::Db;

use crate::harness::database::MIGRATED;
use crate::harness::{number, system};

async fn counts(db: &Db) -> [i64; 3] {
    let mut counts = [0; 3];
    for (count, table) in counts.iter_mut().zip(["organization", "employee", "license"]) {
        *count = number(&db.read(), &format!("SELECT COUNT(*) AS n FROM {table}")).await;
    }
    counts
}

#[tokio::test]
async fn the_demo_is_made_in_an_empty_store_only() {
    let (database, world) = (MIGRATED.copy(), World::real());
    let db = database.open().await;
    for _ in 0..2 {
        assert!(demo(&db, &world).await.unwrap());
        assert_eq!(counts(&db).await, [1, 1, 1]);
        assert!(administrator(&db, &world).await.unwrap().is_none());
    }
    assert!(Employees::new(db).somebody_can_sign_in().await.unwrap());
}

#[tokio::test]
async fn an_organization_named_demo_is_no_demo() {
    let (database, world) = (MIGRATED.copy(), World::real());
    let db = database.open().await;
    let new = NewOrganization { name: "Demo".into(), time_zone: "UTC".into(), ..Default::default() };
    Organizations::new(db.clone()).create(&system(0), new).await.unwrap();
    assert!(!demo(&db, &world).await.unwrap());
    assert_eq!(counts(&db).await, [1, 0, 0]);
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
    assert_eq!(counts(&database.open().await).await, [1, 1, 0]);
}
