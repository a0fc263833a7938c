//! What is deleted for its age: events and kept answers. A few rows a statement, so that no write waits long.

use frontdesk_core::time::millis;
use frontdesk_core::{Error, Result};
use sea_orm::{ConnectionTrait, Statement, Value};
use time::{Duration, OffsetDateTime};

use crate::connect::Db;

/// The counter of an organization that says before which moment events may have been deleted.
pub(crate) const SWEPT: &str = "events_before";

/// The counter of an organization that says which was the last event that may have been deleted.
pub(crate) const FORGOTTEN: &str = "events_forgotten";

const ROWS: u64 = 500;

/// So many events are looked at together.
const STRETCH: u64 = 10_000;

impl Db {
    /// Deletes the events of every organization that are older than `age` at `now`; says how many. Their history stays.
    pub async fn forget_events(&self, now: OffsetDateTime, age: Duration) -> Result<u64> {
        let before = millis(now - age);
        let Some(last) = self.last_event_before(before).await? else { return Ok(0) };
        // Said before it is done: whoever verifies does not miss what is being deleted.
        let mark = "INSERT INTO counter (organization_id, name, value) SELECT id, $1, $2 FROM organization WHERE id > 0
             ON CONFLICT (organization_id, name) DO UPDATE SET value = excluded.value WHERE counter.value < excluded.value";
        self.maintain(self.statement(mark, vec![SWEPT.into(), before.into()])).await?;
        // And whoever follows the events is told that it is too late.
        let mark = "INSERT INTO counter (organization_id, name, value)
             SELECT organization_id, $1, MAX(id) FROM event WHERE id <= $2 AND at < $3 GROUP BY organization_id HAVING organization_id > 0
             ON CONFLICT (organization_id, name) DO UPDATE SET value = excluded.value WHERE counter.value < excluded.value";
        self.maintain(self.statement(mark, vec![FORGOTTEN.into(), last.into(), before.into()])).await?;
        let some = format!("DELETE FROM event WHERE id IN (SELECT id FROM event WHERE id <= $1 AND at < $2 ORDER BY id LIMIT {ROWS})");
        self.repeat(&some, &[last, before]).await
    }

    /// The id of the last event of before a moment. No index has their age, for they come in its order, but where a clock was set: so
    /// it is looked for from the first one on, to a stretch that has none.
    async fn last_event_before(&self, moment: i64) -> Result<Option<i64>> {
        let stretch = format!(
            "SELECT MAX(id) AS last, MAX(CASE WHEN at < $1 THEN id END) AS old
             FROM (SELECT id, at FROM event WHERE id > $2 ORDER BY id LIMIT {STRETCH}) stretch"
        );
        let (mut after, mut found) = (0_i64, None);
        loop {
            let row = self.scan().query_one_raw(self.statement(&stretch, vec![moment.into(), after.into()])).await?;
            let row = row.ok_or_else(|| Error::internal("a query without a row"))?;
            let (Some(last), Some(old)) = (row.try_get("", "last")?, row.try_get("", "old")?) else { return Ok(found) };
            (after, found) = (last, Some(old));
        }
    }

    /// Deletes the answers that have been kept long enough at `now`; says how many.
    pub async fn forget_answers(&self, now: OffsetDateTime) -> Result<u64> {
        let before = millis(now - self.answers_kept());
        let some = format!(
            "DELETE FROM kept_answer WHERE organization_id = $2 AND (actor, \"key\") IN
               (SELECT actor, \"key\" FROM kept_answer WHERE organization_id = $2 AND created_at < $1 LIMIT {ROWS})"
        );
        let mut all = 0;
        for row in self.read().query_all_raw(self.statement("SELECT id FROM organization ORDER BY id", vec![])).await? {
            all += self.repeat(&some, &[before, row.try_get("", "id")?]).await?;
        }
        Ok(all)
    }

    /// Runs a statement that deletes some rows until it finds no more. Other servers may do the same.
    async fn repeat(&self, some: &str, values: &[i64]) -> Result<u64> {
        let mut all = 0;
        loop {
            let values = values.iter().map(|value| (*value).into()).collect();
            let deleted = self.maintain(self.statement(some, values)).await?;
            all += deleted;
            if deleted < ROWS {
                return Ok(all);
            }
        }
    }

    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend(), sql, values)
    }
}
