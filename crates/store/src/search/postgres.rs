//! The index of PostgreSQL: an inverted index (GIN) over the pieces of texts as numbers.

use std::collections::BTreeMap;

use frontdesk_core::id::OrganizationId;
use sea_orm::{DbBackend, Statement, Value};

use super::{Pending, Text};

/// Rows of one statement.
const TOGETHER: usize = 200;

/// The statements that bring what waits into the indexes of an organization.
pub(crate) fn settling(organization: OrganizationId, pending: Vec<Pending>) -> Vec<Statement> {
    let mut indexes: BTreeMap<&'static str, BTreeMap<String, (Value, Option<String>)>> = BTreeMap::new();
    for Pending { table, id, text } in pending {
        let pieces = if let Text::Cut(pieces) = text { Some(pieces) } else { None };
        // The last write of a record counts.
        indexes.entry(table).or_default().insert(format!("{id:?}"), (id, pieces));
    }
    let mut statements = vec![];
    for (table, entries) in indexes {
        let (there, gone): (Vec<_>, Vec<_>) = entries.into_values().partition(|(_, pieces)| pieces.is_some());
        for entries in there.chunks(TOGETHER) {
            let (mut rows, mut values) = (vec![], vec![]);
            for (id, pieces) in entries {
                let at = values.len();
                rows.push(format!("(${}, ${}, CAST(${} AS bigint[]))", at + 1, at + 2, at + 3));
                values.extend([id.clone(), organization.0.into(), pieces.clone().into()]);
            }
            let rows = rows.join(", ");
            let sql = format!(
                "INSERT INTO {table} (id, organization_id, grams) VALUES {rows} ON CONFLICT (id) DO UPDATE SET grams = excluded.grams"
            );
            statements.push(Statement::from_sql_and_values(DbBackend::Postgres, sql, values));
        }
        for (id, _) in gone {
            let sql = format!("DELETE FROM {table} WHERE organization_id = $1 AND id = $2");
            statements.push(Statement::from_sql_and_values(DbBackend::Postgres, sql, [organization.0.into(), id]));
        }
    }
    statements
}
