//! What is deleted for its age: events and kept answers. A few rows a statement, so that no write waits long.

use frontdesk_core::Result;
use frontdesk_core::time::millis;
use sea_orm::{ConnectionTrait, Statement, Value};
use time::{Duration, OffsetDateTime};

use crate::connect::Db;

/// The counter of an organization that says before which moment events may have been deleted.
pub(crate) const SWEPT: &str = "events_before";

/// The counter of an organization that says which was the last event that may have been deleted.
pub(crate) const FORGOTTEN: &str = "events_forgotten";

const ROWS: u64 = 500;

impl Db {
    /// Deletes the events of every organization that are older than `age` at `now`; says how many. Their history stays.
    pub async fn forget_events(&self, now: OffsetDateTime, age: Duration) -> Result<u64> {
        let before = millis(now - age);
        let old = "SELECT 1 AS old FROM event WHERE at < $1 LIMIT 1";
        if self.read().query_one_raw(self.statement(old, vec![before.into()])).await?.is_none() {
            return Ok(0);
        }
        // Said before it is done: whoever verifies does not miss what is being deleted.
        let mark = "INSERT INTO counter (organization_id, name, value) SELECT id, $1, $2 FROM organization WHERE id > 0
             ON CONFLICT (organization_id, name) DO UPDATE SET value = excluded.value WHERE counter.value < excluded.value";
        self.maintain(self.statement(mark, vec![SWEPT.into(), before.into()])).await?;
        // And whoever follows the events is told that it is too late.
        let mark = "INSERT INTO counter (organization_id, name, value)
             SELECT organization_id, $1, MAX(id) FROM event WHERE at < $2 GROUP BY organization_id HAVING organization_id > 0
             ON CONFLICT (organization_id, name) DO UPDATE SET value = excluded.value WHERE counter.value < excluded.value";
        self.maintain(self.statement(mark, vec![FORGOTTEN.into(), before.into()])).await?;
        let some = format!("DELETE FROM event WHERE id IN (SELECT id FROM event WHERE at < $1 ORDER BY at LIMIT {ROWS})");
        self.repeat(&some, &[before]).await
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
