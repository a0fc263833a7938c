//! New texts that are in none of SQLite's indexes yet. Full-text search takes many at once much faster than one by one, so a new
//! record is only noted, in its own transaction, and the texts of those that are noted are looked into one by one. When they are
//! many, they all are brought into the index after a write; what is left is brought there while nobody writes. A record is in the
//! index of its text or here, never in both.

use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_core::grams::Grams;
use frontdesk_core::id::{Kind, OrganizationId};
use sea_orm::{DbBackend, Statement, Value};

use super::{ALL, Index, New, merge, sqlite};
use crate::lookup::table;
use crate::sqlite::fault::Fault;
use crate::sqlite::{Connection, Rows};

/// So many records of an index are brought there together: writes that wait are held up for a few milliseconds. A search looks into about
/// as many texts.
const TOGETHER: usize = 128;
/// Longer texts, in bytes, are brought into the index at once.
const LONG: usize = 4096;

/// What the connection that writes knows of each index, by its table.
pub(crate) type Tails = HashMap<&'static str, Tail>;

/// What it knows of one.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    /// Texts that were cut before they were noted, by their places. A transaction that was undone may have left some; they are not
    /// believed where the record has another text.
    new: HashMap<i64, Arc<New>>,
    /// So many pages of the index are to be merged, at most.
    pub(super) unmerged: usize,
}

/// Whether a new text waits here.
pub(super) fn takes(text: &str) -> bool {
    text.len() <= LONG
}

fn about(sql: &str, table: &'static str, id: &Value) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, [table.into(), id.clone()])
}

/// Notes a new record of an index.
pub(super) fn add(connection: &Connection, table: &'static str, id: &Value, new: Arc<New>) -> Result<(), Fault> {
    connection.change(&about("INSERT OR IGNORE INTO search_tail (list, place) VALUES (?, ?)", table, id))?;
    if let Value::BigInt(Some(id)) = id {
        connection.tails().entry(table).or_default().new.insert(*id, new);
    }
    Ok(())
}

/// Whether the record is noted.
pub(super) fn has(connection: &Connection, table: &'static str, id: &Value) -> Result<bool, Fault> {
    let noted = about("SELECT 1 AS one FROM search_tail WHERE list = ? AND place = ?", table, id);
    Ok(!connection.found(&noted, Rows::First)?.is_empty())
}

/// Forgets the record.
pub(super) fn remove(connection: &Connection, table: &'static str, id: &Value) -> Result<(), Fault> {
    connection.change(&about("DELETE FROM search_tail WHERE list = ? AND place = ?", table, id))?;
    Ok(())
}

/// Whether an index is to be looked after: many new texts wait for it, or are to be merged.
pub(crate) fn is_due(connection: &Connection) -> bool {
    connection.tails().values().any(|tail| tail.new.len() >= TOGETHER || tail.unmerged >= merge::FEW_PAGES)
}

/// Brings those into their index that are many, or merges some parts of it: not both at once.
pub(crate) fn tend(connection: &Connection) -> Result<(), Fault> {
    for index in ALL {
        let waiting = connection.tails().get(index.table).map(|tail| tail.new.len());
        match waiting {
            Some(TOGETHER..) => {
                flush(connection, index)?;
            }
            Some(_) => merge::some(connection, index.table)?,
            None => {}
        }
    }
    Ok(())
}

/// Brings all into their index; how many there were.
pub(super) fn flush(connection: &Connection, index: Index) -> Result<u64, Fault> {
    let records = table(index.kind);
    let join = match index.kind {
        Kind::CallTask => format!("JOIN call_task_key k ON k.key = t.place JOIN {records} r ON r.id = k.id"),
        _ => format!("JOIN {records} r ON r.id = t.place"),
    };
    let sql = format!(
        "SELECT t.place AS place, r.organization_id AS organization, r.{} AS text FROM search_tail t {join} WHERE t.list = ? ORDER BY t.place",
        index.column
    );
    let of_index = |sql: &str| Statement::from_sql_and_values(DbBackend::Sqlite, sql, [index.table.into()]);
    let rows = connection.found(&of_index(&sql), Rows::All)?;
    let cut = connection.tails().get_mut(index.table).map(|tail| std::mem::take(&mut tail.new)).unwrap_or_default();
    for mut row in rows {
        let values = (row.remove("place"), row.remove("organization"), row.remove("text"));
        let (Some(Value::BigInt(Some(place))), Some(Value::BigInt(Some(organization))), Some(Value::String(Some(text)))) = values else {
            // There is nothing to search.
            continue;
        };
        let pieces = match cut.get(&place).filter(|new| new.text == text) {
            Some(new) => new.pieces.clone(),
            // It was noted by another process, or has changed since.
            None => Grams::of(&text).words(OrganizationId(organization)),
        };
        sqlite::put(connection, index.table, place.into(), pieces)?;
    }
    connection.change(&of_index("DELETE FROM search_tail WHERE list = ?"))
}
