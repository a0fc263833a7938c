//! What tests stand on.

pub(crate) mod app;
pub(crate) mod contract;
pub(crate) mod database;
pub(crate) mod leaks;
pub(crate) mod mail;
pub(crate) mod members;
pub(crate) mod relay;
pub(crate) mod stub;
pub(crate) mod world;

use std::collections::BTreeSet;
use std::time::Duration;

use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::time::Zone;
use frontdesk_store::{Db, WriteContext};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use time::OffsetDateTime;
use time::macros::datetime;

/// The moment at which every test's world begins.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-03-02 02:00 UTC);

/// A write of Frontdesk itself.
pub(crate) fn system(organization: i64) -> WriteContext {
    WriteContext::new(Caller::system(OrganizationId(organization), Zone::utc()), "test", NOW)
}

/// The only number that `sql` answers, in its column `n`.
pub(crate) async fn number(db: &impl ConnectionTrait, sql: &str) -> i64 {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

/// The texts that `sql` answers in its column `t`.
pub(crate) async fn texts(db: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "t").unwrap()).collect()
}

/// Every row of every table, one a line, but for what several servers count of those who ask.
pub(crate) async fn rows(db: &Db) -> BTreeSet<String> {
    let read = db.read();
    let sqlite = db.backend() == DbBackend::Sqlite;
    let tables = if sqlite {
        "SELECT name AS t FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public'"
    };
    let mut rows = BTreeSet::new();
    for table in texts(&read, tables).await.into_iter().filter(|table| !matches!(table.as_str(), "request_rate" | "failed_sign_in")) {
        let row = if sqlite {
            let columns = texts(&read, &format!("SELECT 'quote(\"' || name || '\")' AS t FROM pragma_table_info('{table}')")).await;
            columns.join(" || ',' || ")
        } else {
            "CAST(r AS text)".to_owned()
        };
        rows.extend(texts(&read, &format!("SELECT '{table} ' || {row} AS t FROM \"{table}\" r")).await);
    }
    rows
}

/// Runs SQL past all rules, on the connection that migrations use.
pub(crate) async fn sql(db: &Db, sql: &str) {
    db.schema().execute_unprepared(sql).await.unwrap();
}

/// Counts records anew, of which some were brought in or taken away past all rules.
pub(crate) async fn recount(db: &Db) {
    let by_status = ["ticket", "call_task", "appointment"];
    for kind in by_status.into_iter().chain(["contact", "employee", "phone_number", "license", "service_key", "webhook"]) {
        let status = if by_status.contains(&kind) { "CAST(status AS TEXT)" } else { "''" };
        let count = format!(
            "DELETE FROM record_count WHERE kind = '{kind}';
             INSERT INTO record_count (organization_id, kind, status, slot, value)
             SELECT organization_id, '{kind}', {status}, 0, COUNT(*) FROM {kind} GROUP BY 1, 3"
        );
        sql(db, &count).await;
    }
    let interactions = "DELETE FROM record_count WHERE kind = 'interact_collection';
         INSERT INTO record_count (organization_id, kind, status, slot, value)
         SELECT organization_id, 'interact_collection', '', 0, COUNT(*) FROM interaction GROUP BY organization_id";
    sql(db, interactions).await;
}

/// Makes an organization without anything in it.
pub(crate) async fn organization(db: &Db, id: i64) {
    sql(
        db,
        &format!(
            "INSERT INTO organization (id, slug, name, time_zone, double_booking, version, created_at, updated_at)
             VALUES ({id}, 'org-{id}', 'Organization {id}', 'UTC', 'warn', 1, 0, 0)"
        ),
    )
    .await;
}

/// Waits until `holds` answers true; fails where it never does.
pub(crate) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what}: not within 10 seconds");
}
