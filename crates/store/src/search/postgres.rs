//! The index of PostgreSQL: an inverted index (GIN) over the pieces of texts as numbers.

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::Index;
use super::index::Entry;
use crate::handle::Tx;

/// Rows of one statement.
const TOGETHER: usize = 200;

pub(super) async fn put(tx: &Tx, index: Index, organization: OrganizationId, entries: Vec<Entry>) -> Result<()> {
    for entries in entries.chunks(TOGETHER) {
        let (mut rows, mut values) = (vec![], vec![]);
        for entry in entries {
            let Some(pieces) = &entry.pieces else {
                remove(tx, index, organization, entry.id.clone()).await?;
                continue;
            };
            let at = values.len();
            rows.push(format!("(${}, ${}, CAST(${} AS bigint[]))", at + 1, at + 2, at + 3));
            values.extend([entry.id.clone(), organization.0.into(), pieces.as_str().into()]);
        }
        if !rows.is_empty() {
            let (table, rows) = (index.table, rows.join(", "));
            let sql = format!(
                "INSERT INTO {table} (id, organization_id, grams) VALUES {rows} ON CONFLICT (id) DO UPDATE SET grams = excluded.grams"
            );
            tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        }
    }
    Ok(())
}

async fn remove(tx: &Tx, index: Index, organization: OrganizationId, id: Value) -> Result<()> {
    let sql = format!("DELETE FROM {} WHERE organization_id = $1 AND id = $2", index.table);
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [organization.0.into(), id])).await?;
    Ok(())
}
