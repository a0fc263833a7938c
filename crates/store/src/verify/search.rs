//! Every searched text is in its index, and the index has nothing else.

use frontdesk_core::Result;
use frontdesk_core::grams::Grams;
use frontdesk_core::id::{Kind, OrganizationId};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::{Finding, MOST, Report, query, text_of};
use crate::handle::Snapshot;
use crate::lookup::table;
use crate::search::{ALL, Index};

/// Texts that are read at once: they may be long.
const ROWS: usize = 20;

pub(super) async fn check(db: &Snapshot, report: &mut Report) -> Result<()> {
    for index in ALL {
        strange(db, report, index).await?;
        if db.get_database_backend() == DbBackend::Sqlite {
            tail(db, report, index).await?;
            sqlite(db, report, index).await?;
        } else {
            postgres(db, report, index).await?;
        }
    }
    Ok(())
}

fn finding(index: Index, organization: Option<i64>, id: String, what: &str) -> Finding {
    Finding { organization, kind: index.kind.word().into(), id, seq: None, what: format!("{what} of its {}", index.column) }
}

/// Rows of the index without a record.
async fn strange(db: &Snapshot, report: &mut Report, index: Index) -> Result<()> {
    let (records, index_table) = (table(index.kind), index.table);
    let sql = match (db.get_database_backend(), index.kind) {
        (DbBackend::Postgres, _) => {
            format!("SELECT CAST(s.id AS text) AS id FROM {index_table} s LEFT JOIN {records} r ON r.id = s.id WHERE r.id IS NULL")
        }
        (_, Kind::CallTask) => format!(
            "SELECT {} AS id FROM {index_table}_docsize s LEFT JOIN call_task_key k ON k.key = s.id
             LEFT JOIN {records} r ON r.id = k.id WHERE r.id IS NULL",
            text_of("k.id", true, DbBackend::Sqlite)
        ),
        _ => {
            format!("SELECT CAST(s.id AS text) AS id FROM {index_table}_docsize s LEFT JOIN {records} r ON r.id = s.id WHERE r.id IS NULL")
        }
    };
    for row in query(db, &format!("{sql} LIMIT {}", MOST + 1)).await? {
        report.add(finding(index, None, row.try_get("", "id")?, "it is not there, and is found by the pieces"));
    }
    Ok(())
}

/// What SQLite's index does not have yet is there, and it really does not have it.
async fn tail(db: &Snapshot, report: &mut Report, index: Index) -> Result<()> {
    let (records, index_table) = (table(index.kind), index.table);
    let (id, key) = match index.kind {
        Kind::CallTask => (text_of("k.id", true, DbBackend::Sqlite), "LEFT JOIN call_task_key k ON k.key = t.place"),
        _ => ("CAST(t.place AS text)".to_owned(), ""),
    };
    let record = if index.kind == Kind::CallTask { "k.id" } else { "t.place" };
    let sql = format!(
        "SELECT CASE WHEN r.id IS NULL THEN CAST(t.place AS text) ELSE {id} END AS id, r.id IS NULL AS gone FROM search_tail t {key}
         LEFT JOIN {records} r ON r.id = {record} LEFT JOIN {index_table}_docsize s ON s.id = t.place
         WHERE t.list = '{index_table}' AND (r.id IS NULL OR s.id IS NOT NULL) LIMIT {}",
        MOST + 1
    );
    for row in query(db, &sql).await? {
        let gone: i64 = row.try_get("", "gone")?;
        let what = if gone == 1 { "it is not there, and is found by the pieces" } else { "it is found twice by the pieces" };
        report.add(finding(index, None, row.try_get("", "id")?, what));
    }
    Ok(())
}

/// PostgreSQL tells which pieces a record has.
async fn postgres(db: &Snapshot, report: &mut Report, index: Index) -> Result<()> {
    let (records, index_table, column) = (table(index.kind), index.table, index.column);
    let sql = format!(
        "SELECT CAST(r.id AS text) AS id, r.organization_id AS organization, r.{column} AS text, CAST(s.grams AS text) AS grams
         FROM {records} r LEFT JOIN {index_table} s ON s.id = r.id AND s.organization_id = r.organization_id
         WHERE r.id > CAST($1 AS {}) ORDER BY r.id LIMIT {ROWS}",
        if index.kind == Kind::CallTask { "uuid" } else { "bigint" }
    );
    let mut last = if index.kind == Kind::CallTask { "00000000-0000-0000-0000-000000000000".to_owned() } else { i64::MIN.to_string() };
    loop {
        let rows = db.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, &sql, [last.into()])).await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.try_get("", "id")?;
        for row in &rows {
            let (organization, text): (i64, String) = (row.try_get("", "organization")?, row.try_get("", "text")?);
            let numbers = Grams::of(&text).numbers(OrganizationId(organization));
            if row.try_get::<Option<String>>("", "grams")?.as_deref().unwrap_or("{}") != numbers {
                report.add(finding(index, Some(organization), row.try_get("", "id")?, "it is not found by the pieces"));
            }
        }
    }
}

/// SQLite tells only whether a record has certain pieces: some of each record are asked for.
async fn sqlite(db: &Snapshot, report: &mut Report, index: Index) -> Result<()> {
    let (records, index_table, column) = (table(index.kind), index.table, index.column);
    let (key, from) = match index.kind {
        Kind::CallTask => ("k.key", "call_task r LEFT JOIN call_task_key k ON k.id = r.id".to_owned()),
        _ => ("r.id", format!("{records} r")),
    };
    let id = text_of("r.id", index.kind == Kind::CallTask, DbBackend::Sqlite);
    let sql = format!(
        "SELECT r.rowid AS place, COALESCE({key}, -1) AS key, {id} AS id, r.organization_id AS organization, r.{column} AS text
         FROM {from} WHERE r.rowid > ? ORDER BY r.rowid LIMIT {ROWS}"
    );
    let there = format!(
        "SELECT rowid AS id FROM {index_table} WHERE {index_table} MATCH ?1 AND rowid = ?2
         UNION ALL SELECT place FROM search_tail WHERE list = '{index_table}' AND place = ?2"
    );
    let mut last = i64::MIN;
    loop {
        let rows = db.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, &sql, [last.into()])).await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.try_get("", "place")?;
        for row in &rows {
            let (organization, text): (i64, String) = (row.try_get("", "organization")?, row.try_get("", "text")?);
            let some = Grams::of(&text).some();
            if some.is_empty() {
                continue;
            }
            let values: [Value; 2] = [some.query(OrganizationId(organization)).into(), row.try_get::<i64>("", "key")?.into()];
            if db.query_one_raw(Statement::from_sql_and_values(DbBackend::Sqlite, &there, values)).await?.is_none() {
                report.add(finding(index, Some(organization), row.try_get("", "id")?, "it is not found by the pieces"));
            }
        }
    }
}
