//! The sequence of events, as those read it that follow it: in order, and never past one that may still appear.
//!
//! Ids of events are drawn inside transactions. On PostgreSQL these commit in another order, so that an id may appear below one that
//! is there already; who has read on would miss it. So nobody reads beyond the *horizon*. A mark is the newest event there is and a
//! transaction id drawn after it was seen: every event up to the newest was drawn by a transaction with a lower id, because
//! whatever draws one has its id already. Once no transaction runs below the mark's, all events up to its newest are there
//! that ever will be. (The `xmax` of a snapshot would not do for the mark: transactions that run may have higher ids.) On SQLite
//! one transaction writes at a time; what can be read may not be on the disk yet, which is waited for: after a loss of power its id would
//! be drawn anew.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use frontdesk_core::id::OrganizationId;
use frontdesk_core::{Error, Result};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::Value;

use crate::announce;
use crate::connect::{Base, Db};
use crate::retention::FORGOTTEN;

/// So often, so long it is waited for writes that have begun: 2 seconds in all.
const NAPS: u32 = 100;
const NAP: Duration = Duration::from_millis(20);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The id, higher than that of every event before it. There are gaps.
    pub id: i64,
    /// What happened to what, such as `ticket.updated`.
    pub what: String,
    /// The record's id, as history has it.
    pub record_id: String,
    /// The record's version from then on; of a deletion its last.
    pub version: i64,
    /// What the actor is: `employee`, `service_key`, `external_user` or `system`.
    pub actor_kind: String,
    /// Which of these.
    pub actor_id: Option<i64>,
    /// The request's id.
    pub request_id: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What an announcement tells, or the number of an appointment; null for every other.
    pub data: Value,
}

impl Event {
    fn of(row: &QueryResult) -> Result<Self> {
        let data: Option<String> = row.try_get("", "told")?;
        Ok(Self {
            id: row.try_get("", "id")?,
            what: row.try_get("", "type")?,
            record_id: row.try_get("", "record_id")?,
            version: row.try_get("", "version")?,
            actor_kind: row.try_get("", "actor_kind")?,
            actor_id: row.try_get("", "actor_id")?,
            request_id: row.try_get("", "request_id")?,
            at: row.try_get("", "at")?,
            data: data.map_or(Ok(Value::Null), |data| serde_json::from_str(&data))?,
        })
    }

    /// Whether it is an announcement, and tells of no change.
    #[must_use]
    pub fn is_announcement(&self) -> bool {
        announce::TYPES.contains(&self.what.as_str())
    }
}

/// How far events may be read.
#[derive(Debug, Default)]
pub(crate) struct Horizon(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Every event up to here is there, or never will be.
    settled: i64,
    mark: Option<Mark>,
}

/// An event, and a transaction that is younger than all that drew ids up to it.
#[derive(Clone, Copy, Debug)]
struct Mark {
    newest: i64,
    transaction: i64,
}

impl Horizon {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it is, now that `oldest` is the oldest transaction that runs, and whether it takes a new mark to get to `newest`.
    fn at(&self, newest: i64, oldest: i64) -> (i64, bool) {
        let mut seen = self.seen();
        if let Some(mark) = seen.mark.filter(|mark| mark.transaction <= oldest) {
            seen.settled = seen.settled.max(mark.newest);
            seen.mark = None;
        }
        (seen.settled, seen.settled < newest && seen.mark.is_none())
    }

    fn set(&self, mark: Mark) {
        self.seen().mark = Some(mark);
    }
}

/// The columns of an event, with `data` only of those that have something to tell in it: older versions kept the record in it, and may
/// run beside this one while it takes their place.
fn columns() -> String {
    let types = announce::listed();
    format!(
        "id, type, record_id, version, actor_kind, actor_id, request_id, at,
         CASE WHEN type IN ({types}) OR type LIKE 'appointment.%' THEN data END AS told"
    )
}

impl Db {
    /// The id up to which every event is there that ever will be. What is beyond is not to be read yet.
    pub async fn horizon(&self) -> Result<i64> {
        if let Base::Sqlite(sqlite) = self.base() {
            let newest = self.number("SELECT MAX(id) AS n FROM event", vec![]).await?.unwrap_or(0);
            sqlite.on_disk().await?;
            return Ok(newest);
        }
        let look = "SELECT COALESCE(MAX(id), 0) AS newest, CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS oldest
             FROM event";
        let mark = "SELECT COALESCE(MAX(id), 0) AS newest, CAST(CAST(pg_current_xact_id() AS text) AS bigint) AS oldest FROM event";
        let ask = async |sql: &str| {
            let row = self.read().query_one_raw(Statement::from_string(self.backend(), sql)).await?;
            let row = row.ok_or_else(|| Error::internal("a query without a row"))?;
            Ok::<(i64, i64), Error>((row.try_get("", "newest")?, row.try_get("", "oldest")?))
        };
        let (newest, oldest) = ask(look).await?;
        let (settled, wants_mark) = self.seen().at(newest, oldest);
        if !wants_mark {
            return Ok(settled);
        }
        let (newest, transaction) = ask(mark).await?;
        self.seen().set(Mark { newest, transaction });
        // Where nothing else runs, that was all.
        let (newest, oldest) = ask(look).await?;
        Ok(self.seen().at(newest, oldest).0)
    }

    /// The horizon once it is at the newest event that there is now: where somebody begins who wants what comes from now on. [`Error::Busy`]
    /// where a write that began before goes on for too long.
    pub async fn newest_event(&self) -> Result<i64> {
        let newest = self.number("SELECT MAX(id) AS n FROM event", vec![]).await?.unwrap_or(0);
        for _ in 0..NAPS {
            let horizon = self.horizon().await?;
            if horizon >= newest {
                return Ok(horizon);
            }
            tokio::time::sleep(NAP).await;
        }
        Err(Error::Busy)
    }

    /// Events of an organization, the first one first: up to `most` of those after the id `after` and not after `until`, which is not beyond
    /// the [`horizon`](Self::horizon).
    pub async fn events(&self, organization: OrganizationId, after: i64, until: i64, most: u32) -> Result<Vec<Event>> {
        let sql = format!("SELECT {} FROM event WHERE organization_id = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT $4", columns());
        let values = [organization.0, after, until, most.into()].map(Into::into);
        let rows = self.read().query_all_raw(Statement::from_sql_and_values(self.backend(), sql, values)).await?;
        rows.iter().map(Event::of).collect()
    }

    /// The id of the last event of an organization that may have been deleted for its age; 0 where none was.
    pub async fn last_forgotten_event(&self, organization: OrganizationId) -> Result<i64> {
        let sql = "SELECT value AS n FROM counter WHERE organization_id = $1 AND name = $2";
        Ok(self.number(sql, vec![organization.0.into(), FORGOTTEN.into()]).await?.unwrap_or(0))
    }

    async fn number(&self, sql: &str, values: Vec<sea_orm::Value>) -> Result<Option<i64>> {
        match self.read().query_one_raw(Statement::from_sql_and_values(self.backend(), sql, values)).await? {
            Some(row) => Ok(row.try_get("", "n")?),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_holds_until_all_before_it_are_done() {
        let horizon = Horizon::default();
        assert_eq!(horizon.at(7, 100), (0, true));
        horizon.set(Mark { newest: 7, transaction: 105 });
        assert_eq!(horizon.at(9, 104), (0, false));
        // All below 105 are done. What came after the mark wants another.
        assert_eq!(horizon.at(9, 105), (7, true));
        assert_eq!(horizon.at(7, 105), (7, false));
    }
}
