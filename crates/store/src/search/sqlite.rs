//! The index of SQLite: its full-text search over the pieces of texts as words. A row of it has the id of its record; those of call
//! tasks, whose ids are UUIDs, a key that follows the moment of creation.

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::{Pending, Text, merge, tail};
use crate::handle::Tx;
use crate::sqlite::Connection;
use crate::sqlite::fault::Fault;

/// So many bits of the key of a call task tell those of a millisecond apart.
pub(super) const BITS: u32 = 21;

/// The least key of call tasks of a moment.
pub(super) fn key(created_at: i64) -> i64 {
    const LAST: i64 = (1 << (62 - BITS)) - 1;
    created_at.clamp(-LAST, LAST) << BITS
}

/// The key of a call task, which it is given where it has none.
pub(super) async fn call_task(tx: &Tx, id: Value, created_at: i64) -> frontdesk_core::Result<Value> {
    let sql = "SELECT key FROM call_task_key WHERE id = ?";
    if let Some(row) = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, [id.clone()])).await? {
        return Ok(row.try_get::<i64>("", "key")?.into());
    }
    let least = key(created_at);
    let sql = "INSERT INTO call_task_key (key, id)
         VALUES (1 + COALESCE((SELECT MAX(key) FROM call_task_key WHERE key >= ? AND key < ?), ?), ?) RETURNING key";
    let values = [least.into(), (least + (1 << BITS)).into(), (least - 1).into(), id];
    let row = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
    let row = row.ok_or_else(|| frontdesk_core::Error::internal("a call task got no key"))?;
    Ok(row.try_get::<i64>("", "key")?.into())
}

/// Brings what waits into the indexes, before the transaction is committed.
pub(crate) fn settle(connection: &Connection) -> Result<(), Fault> {
    let number = |entry: &Pending| if let Value::BigInt(id) = entry.id { id } else { None };
    let mut waiting = connection.take_pending();
    waiting.sort_by_key(|entry| (entry.table, number(entry)));
    let mut waiting = waiting.into_iter().peekable();
    while let Some(Pending { table, id, text }) = waiting.next() {
        match text {
            Text::New(new) => tail::add(connection, table, &id, new)?,
            // The last write of a record counts.
            Text::Cut(_) if waiting.peek().is_some_and(|next| next.table == table && next.id == id) => {}
            // The index will take the text that it has then.
            Text::Cut(_) if tail::has(connection, table, &id)? => {}
            Text::Cut(pieces) => put(connection, table, id, pieces)?,
            Text::Gone => {
                tail::remove(connection, table, &id)?;
                let sql = format!("DELETE FROM {table} WHERE rowid = ?");
                connection.change(&Statement::from_sql_and_values(DbBackend::Sqlite, sql, [id]))?;
            }
        }
    }
    Ok(())
}

/// Puts the pieces of a record into an index, in the place of any others.
pub(super) fn put(connection: &Connection, table: &'static str, id: Value, pieces: String) -> Result<(), Fault> {
    merge::note(connection, table, pieces.len());
    let sql = format!("INSERT OR REPLACE INTO {table} (rowid, grams) VALUES (?, ?)");
    connection.change(&Statement::from_sql_and_values(DbBackend::Sqlite, sql, [id, pieces.into()]))?;
    Ok(())
}
