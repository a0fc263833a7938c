//! The index of SQLite: its full-text search over the pieces of texts as words. A row of it has the id of its record; those of call
//! tasks, whose ids are UUIDs, a key that follows the moment of creation.

use frontdesk_core::id::{Kind, OrganizationId};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::Index;
use super::index::Entry;
use crate::handle::Tx;
use crate::sqlite::fault::Fault;
use crate::sqlite::{Connection, Rows};

/// Where entries lie until their transaction is committed: in the memory of the connection that writes. Full-text search is much faster
/// with many at once than with one in each savepoint.
pub(crate) const PENDING: &str =
    "CREATE TEMP TABLE search_pending (list TEXT NOT NULL, id INTEGER NOT NULL, grams TEXT, PRIMARY KEY (list, id)) WITHOUT ROWID";
/// More entries than this are not kept in memory.
const MANY: usize = 100;
/// So many bits of the key of a call task tell those of a millisecond apart.
pub(super) const BITS: u32 = 21;

/// The least key of call tasks of a moment.
pub(super) fn key(created_at: i64) -> i64 {
    const LAST: i64 = (1 << (62 - BITS)) - 1;
    created_at.clamp(-LAST, LAST) << BITS
}

pub(super) async fn put(tx: &Tx, index: Index, organization: OrganizationId, entries: Vec<Entry>) -> frontdesk_core::Result<()> {
    let is_many = entries.len() > MANY;
    for entry in entries {
        let grams = entry.grams.as_ref().map(|grams| grams.words(organization));
        let key = if index.kind == Kind::CallTask { call_task(tx, &entry).await? } else { entry.id };
        // The last write of a record in a transaction counts.
        let sql =
            "INSERT INTO search_pending (list, id, grams) VALUES (?, ?, ?) ON CONFLICT (list, id) DO UPDATE SET grams = excluded.grams";
        run(tx, sql, vec![index.table.into(), key, grams.into()]).await?;
    }
    if is_many {
        for sql in settling(index.table) {
            run(tx, &sql, vec![]).await?;
        }
    }
    Ok(())
}

/// The key of a call task, which it is given where it has none.
async fn call_task(tx: &Tx, entry: &Entry) -> frontdesk_core::Result<Value> {
    let sql = "SELECT key FROM call_task_key WHERE id = ?";
    if let Some(row) = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, [entry.id.clone()])).await? {
        return Ok(row.try_get::<i64>("", "key")?.into());
    }
    let least = key(entry.created_at);
    let sql = "INSERT INTO call_task_key (key, id)
         VALUES (1 + COALESCE((SELECT MAX(key) FROM call_task_key WHERE key >= ? AND key < ?), ?), ?) RETURNING key";
    let values = [least.into(), (least + (1 << BITS)).into(), (least - 1).into(), entry.id.clone()];
    let row = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
    let row = row.ok_or_else(|| frontdesk_core::Error::internal("a call task got no key"))?;
    Ok(row.try_get::<i64>("", "key")?.into())
}

/// Moves what the writes of a transaction brought into the indexes themselves, before it is committed.
pub(crate) fn settle(connection: &Connection) -> Result<(), Fault> {
    let lists = Statement::from_string(DbBackend::Sqlite, "SELECT DISTINCT list FROM search_pending");
    for row in connection.found(&lists, Rows::All)? {
        if let Some(Value::String(Some(list))) = row.get("list") {
            settling(list).iter().try_for_each(|sql| connection.run(sql))?;
        }
    }
    Ok(())
}

/// What brings into an index what waits for it.
fn settling(list: &str) -> [String; 3] {
    [
        format!("DELETE FROM {list} WHERE rowid IN (SELECT id FROM search_pending WHERE list = '{list}' AND grams IS NULL)"),
        format!(
            "INSERT OR REPLACE INTO {list} (rowid, grams)
             SELECT id, grams FROM search_pending WHERE list = '{list}' AND grams IS NOT NULL ORDER BY id"
        ),
        format!("DELETE FROM search_pending WHERE list = '{list}'"),
    ]
}

async fn run(tx: &Tx, sql: &str, values: Vec<Value>) -> frontdesk_core::Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
    Ok(())
}
