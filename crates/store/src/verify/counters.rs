//! No counter is behind the numbers that were given out, and the counts of records are true.

use std::collections::BTreeMap;

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};

use super::{Finding, Report, query};
use crate::counts::{DIRECTORY, TABLE, has_status, is_counted};
use crate::handle::Snapshot;
use crate::lookup::table;

pub(super) async fn check(db: &Snapshot, report: &mut Report) -> Result<()> {
    task_nums(db, report).await?;
    for (table, sequence) in sequences(db).await? {
        ids(db, report, &table, &sequence).await?;
    }
    counts(db, report).await
}

/// The counts that lists tell, by organization, kind and status, against the rows.
async fn counts(db: &Snapshot, report: &mut Report) -> Result<()> {
    type Counted = BTreeMap<(i64, String, String), (i64, i64)>;
    let mut counted = Counted::new();
    let note = |counted: &mut Counted, row: &QueryResult, kept: bool| -> Result<()> {
        let key = (row.try_get("", "organization")?, row.try_get("", "kind")?, row.try_get("", "status")?);
        let pair = counted.entry(key).or_default();
        *(if kept { &mut pair.0 } else { &mut pair.1 }) += row.try_get::<i64>("", "n")?;
        Ok(())
    };
    let kept = format!(
        "SELECT organization_id AS organization, kind, status, CAST(value AS BIGINT) AS n FROM {TABLE} WHERE kind <> '{DIRECTORY}'"
    );
    for row in query(db, &kept).await? {
        note(&mut counted, &row, true)?;
    }
    for kind in Kind::ALL.into_iter().filter(|kind| is_counted(*kind)) {
        let status = if has_status(kind) { "CAST(status AS TEXT)" } else { "''" };
        // What has version 0 is not all there yet, and has no history.
        let there = format!(
            "SELECT organization_id AS organization, '{}' AS kind, {status} AS status, COUNT(*) AS n FROM \"{}\"
             WHERE version > 0 GROUP BY 1, 3",
            kind.word(),
            table(kind)
        );
        for row in query(db, &there).await? {
            note(&mut counted, &row, false)?;
        }
    }
    for ((organization, kind, status), (kept, there)) in counted {
        if kept != there {
            let of = if status.is_empty() { String::new() } else { format!(" of status {status}") };
            let what = format!("{kept} of them{of} are counted, and {there} are there");
            report.add(Finding { organization: Some(organization), kind, id: String::new(), seq: None, what });
        }
    }
    Ok(())
}

/// The counters of appointments, one a day: the last seven digits of a number are what the counter of its day had.
async fn task_nums(db: &Snapshot, report: &mut Report) -> Result<()> {
    let sql = "SELECT a.organization_id AS organization, a.day, a.given, COALESCE(c.value, 0) AS value
         FROM (SELECT organization_id, substr(task_num, 1, 8) AS day, MAX(substr(task_num, 9)) AS given
               FROM appointment GROUP BY organization_id, substr(task_num, 1, 8)) a
           LEFT JOIN counter c ON c.organization_id = a.organization_id AND c.name = 'task_num:' || a.day
         ORDER BY a.organization_id, a.day";
    for row in query(db, sql).await? {
        let (given, value): (String, i64) = (row.try_get("", "given")?, row.try_get("", "value")?);
        let what = match given.parse::<i64>() {
            Ok(given) if given <= value => continue,
            Ok(given) => format!("it is at {value}, and number {given} was given out"),
            Err(_) => "an appointment has a number that no counter gave".to_owned(),
        };
        report.add(Finding {
            organization: row.try_get("", "organization")?,
            kind: "counter".into(),
            id: format!("task_num:{}", row.try_get::<String>("", "day")?),
            seq: None,
            what,
        });
    }
    Ok(())
}

/// The tables that give ids out, each with what SQL answers the last one.
async fn sequences(db: &Snapshot) -> Result<Vec<(String, String)>> {
    let (sql, last): (_, fn(&str) -> String) = match db.get_database_backend() {
        DbBackend::Sqlite => ("SELECT name FROM sqlite_sequence", |table| {
            format!("(SELECT CAST(MAX(seq) AS BIGINT) FROM sqlite_sequence WHERE name = '{table}')")
        }),
        _ => (
            // CASE, because conditions are tried in any order, and a table without the column is an error.
            "SELECT table_name::text AS name FROM information_schema.columns WHERE table_schema = current_schema()
               AND CASE WHEN column_name = 'id' THEN pg_get_serial_sequence(quote_ident(table_name), 'id') END IS NOT NULL",
            |table| format!("pg_sequence_last_value(pg_get_serial_sequence('\"{table}\"', 'id')::regclass)"),
        ),
    };
    let mut tables = vec![];
    for row in query(db, sql).await? {
        let name: String = row.try_get("", "name")?;
        tables.push((name.clone(), last(&name)));
    }
    Ok(tables)
}

async fn ids(db: &Snapshot, report: &mut Report, table: &str, sequence: &str) -> Result<()> {
    let sql = format!("SELECT MAX(id) AS given, COALESCE({sequence}, 0) AS value FROM \"{table}\"");
    for row in query(db, &sql).await? {
        let (given, value): (Option<i64>, i64) = (row.try_get("", "given")?, row.try_get("", "value")?);
        if given.is_some_and(|given| given > value) {
            let what = format!("the last id is {value}, and {} was given out", given.unwrap_or_default());
            report.add(Finding { organization: None, kind: table.into(), id: String::new(), seq: None, what });
        }
    }
    Ok(())
}
