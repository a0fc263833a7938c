//! How many records an organization has of each kind and status, kept with the writes.
//!
//! Among them, how often each organization's directory has changed. On SQLite all writes of a transaction count together. On PostgreSQL each connection counts in rows of its own, so that writers do not wait for each other; what counts is their sum.

use std::collections::BTreeMap;

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use serde_json::Value;

use crate::shelves;
use crate::sqlite::Connection;
use crate::sqlite::fault::Fault;

/// Where the counts are.
pub(crate) const TABLE: &str = "record_count";

/// Under this kind the changes of a directory are counted, which are no records.
pub(crate) const DIRECTORY: &str = "directory";

/// How often a directory has changed, that of the organization `$1`.
const OF_DIRECTORY: &str = "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) AS directory_changes FROM record_count
     WHERE organization_id = $1 AND kind = 'directory' AND status = ''";

/// How often the organization's directory has changed.
pub(crate) async fn of_directory(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<i64> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), OF_DIRECTORY, [organization.0.into()]);
    match db.query_one_raw(statement).await? {
        Some(row) => of_directory_beside(&row),
        None => Ok(0),
    }
}

/// The same question along with one about the organization `$1`: each of its rows has the answer beside it.
pub(crate) fn beside_of_directory(mut asked: Statement) -> Statement {
    asked.sql = format!("SELECT asked.*, ({OF_DIRECTORY}) AS directory_changes FROM ({}) AS asked", asked.sql);
    asked
}

/// How often the directory has changed, as it stands in a row of such a question.
pub(crate) fn of_directory_beside(row: &QueryResult) -> Result<i64> {
    Ok(row.try_get("", "directory_changes")?)
}

/// What writes have added to the counts, by organization, kind and status.
#[derive(Debug, Default)]
pub(crate) struct Counts(BTreeMap<(i64, &'static str, String), i64>);

/// Whether lists show records of a kind, which are counted then.
pub(crate) fn is_counted(kind: Kind) -> bool {
    !matches!(kind, Kind::Organization | Kind::ExternalUser)
}

/// Whether lists show those with a status alone.
pub(crate) fn has_status(kind: Kind) -> bool {
    matches!(kind, Kind::Ticket | Kind::CallTask | Kind::Appointment)
}

/// The status under which a row is counted; empty where its kind is not counted by status.
fn status(kind: Kind, row: &Value) -> String {
    match &row["status"] {
        Value::String(word) if has_status(kind) => word.clone(),
        Value::Number(number) if has_status(kind) => number.to_string(),
        _ => String::new(),
    }
}

impl Counts {
    /// Notes what became of a record.
    pub(crate) fn note(&mut self, organization: i64, kind: Kind, before: Option<&Value>, after: Option<&Value>) {
        if shelves::is_kept(kind) {
            *self.0.entry((organization, DIRECTORY, String::new())).or_default() += 1;
        }
        if !is_counted(kind) {
            return;
        }
        let of = |row: Option<&Value>| row.map(|row| status(kind, row));
        let (before, after) = (of(before), of(after));
        if before == after {
            return;
        }
        for (status, change) in before.into_iter().map(|status| (status, -1)).chain(after.map(|status| (status, 1))) {
            *self.0.entry((organization, kind.word(), status)).or_default() += change;
        }
    }

    /// Takes out how often directories have changed, which the next write may ask for; the rest can wait for the commit.
    pub(crate) fn take_directories(&mut self) -> Self {
        Self(self.0.extract_if(.., |(_, kind, _), _| *kind == DIRECTORY).collect())
    }

    /// Adds what another write has noted.
    pub(crate) fn add(&mut self, other: Self) {
        for (place, change) in other.0 {
            *self.0.entry(place).or_default() += change;
        }
    }

    /// Whether nothing was noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The statement that writes what was noted, in one order for all; none where nothing was.
    pub(crate) fn statement(mut self, backend: DbBackend) -> Option<Statement> {
        self.0.retain(|_, change| *change != 0);
        if self.0.is_empty() {
            return None;
        }
        // Rows of several connections may be the same: then one waits for the other.
        let slot = if backend == DbBackend::Postgres { "pg_backend_pid() % 64" } else { "0" };
        let (mut rows, mut values) = (vec![], vec![]);
        for ((organization, kind, status), change) in self.0 {
            let place = values.len();
            rows.push(format!("(${}, ${}, ${}, {slot}, ${})", place + 1, place + 2, place + 3, place + 4));
            values.extend([organization.into(), kind.into(), status.into(), change.into()]);
        }
        let sql = format!(
            "INSERT INTO {TABLE} (organization_id, kind, status, slot, value) VALUES {}
             ON CONFLICT (organization_id, kind, status, slot) DO UPDATE SET value = {TABLE}.value + excluded.value",
            rows.join(", ")
        );
        Some(Statement::from_sql_and_values(backend, sql, values))
    }
}

/// Writes what the writes of a transaction have counted, before it is committed.
pub(crate) fn settle(connection: &Connection) -> Result<(), Fault> {
    let mut all = Counts::default();
    connection.take_counted().into_iter().for_each(|counts| all.add(counts));
    match all.statement(DbBackend::Sqlite) {
        Some(statement) => connection.change(&statement).map(|_| ()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_moves_a_record_from_status_to_status() {
        let mut counts = Counts::default();
        let (open, closed) = (json!({"status": 0}), json!({"status": 3}));
        counts.note(1, Kind::Ticket, None, Some(&open));
        counts.note(1, Kind::Ticket, None, Some(&open));
        counts.note(1, Kind::Ticket, Some(&open), Some(&closed));
        counts.note(1, Kind::Ticket, Some(&closed), Some(&closed));
        counts.note(2, Kind::Ticket, Some(&closed), None);
        counts.note(1, Kind::TerminationCode, Some(&open), Some(&closed));
        counts.note(1, Kind::TerminationCode, None, Some(&open));
        counts.note(1, Kind::Organization, None, Some(&json!({})));
        let expected = [
            ((1, DIRECTORY, ""), 2),
            ((1, "termination_code", ""), 1),
            ((1, "ticket", "0"), 1),
            ((1, "ticket", "3"), 1),
            ((2, "ticket", "3"), -1),
        ];
        assert_eq!(counts.0, expected.map(|((organization, kind, status), n)| ((organization, kind, status.to_owned()), n)).into());
    }
}
