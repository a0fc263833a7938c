//! Due dates: a moment that comes without anybody's doing, and is announced once.
//!
//! How far the present due date of a record was announced stands in its column `due_told`, which goes back to 0 with each new
//! date. It is changed in the transaction of the event, so any number of servers may look at once.

use std::time::Duration;

use frontdesk_core::Result;
use frontdesk_core::access::Caller;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::time::{Zone, millis};
use frontdesk_core::world::World;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use serde_json::json;
use uuid::Uuid;

use crate::announce::Announcement;
use crate::connect::Db;
use crate::context::WriteContext;
use crate::handle::Tx;
use crate::lookup::table;

/// Records of one write.
const ROWS: u64 = 100;

/// What `due_told` says of a record whose date was announced as near.
const SOON: i64 = 1;
/// What it says of one that is overdue, or was so when the service learned of it.
const OVERDUE: i64 = 2;

/// What `due_told` is to say of a record that is brought in: what was overdue by then is no news.
#[must_use]
pub fn told_at_import(tx: &Tx, due: Option<i64>) -> i64 {
    if due.is_some_and(|due| due < tx.now()) { OVERDUE } else { 0 }
}

/// The records of a kind that have a due date, in `due_told`'s table.
#[derive(Clone, Copy, Debug)]
pub struct DueDates {
    /// What they are.
    pub kind: Kind,
    /// The column of the date, whose name the event has too.
    pub column: &'static str,
    /// The condition of those that are not done yet, in the very words of the index.
    pub open: &'static str,
}

/// What is announced of which dates.
#[derive(Clone, Copy, Debug)]
struct Stage {
    what: &'static str,
    /// The values of `due_told` before.
    before: &'static str,
    after: i64,
    /// From this moment on.
    from: i64,
    /// Before this one.
    until: i64,
}

impl DueDates {
    /// Announces some of the dates that are over as `overdue`; says whether there were any.
    pub async fn overdue(&self, db: &Db, world: &World) -> Result<bool> {
        let until = millis(world.now());
        self.announce(db, world, Stage { what: "overdue", before: "0, 1", after: OVERDUE, from: i64::MIN, until }).await
    }

    /// Announces some of the dates that come within this time as `due_soon`; says whether there were any.
    pub async fn due_soon(&self, db: &Db, world: &World, within: Duration) -> Result<bool> {
        let (from, until) = (millis(world.now()), millis(world.now() + within));
        self.announce(db, world, Stage { what: "due_soon", before: "0", after: SOON, from, until }).await
    }

    /// Some records of the organization that has any.
    async fn announce(&self, db: &Db, world: &World, stage: Stage) -> Result<bool> {
        let condition = self.condition(stage);
        let sql = format!(
            "SELECT r.organization_id, o.time_zone FROM \"{}\" r JOIN organization o ON o.id = r.organization_id WHERE {condition} LIMIT 1",
            table(self.kind)
        );
        let found = Statement::from_sql_and_values(db.backend(), sql, [stage.from.into(), stage.until.into()]);
        let Some(row) = db.read().query_one_raw(found).await? else { return Ok(false) };
        let zone = Zone::named(&row.try_get::<String>("", "time_zone")?).unwrap_or_else(Zone::utc);
        let caller = Caller::system(OrganizationId(row.try_get("", "organization_id")?), zone);
        let (due, cx) = (*self, WriteContext::new(caller, "due-dates", world.now()));
        let told = db.write(&cx, move |tx| Box::pin(async move { due.tell(tx, stage).await })).await?;
        // Where another has them in hand there is nothing to do here.
        Ok(told.fresh().is_some_and(|told| told > 0))
    }

    fn condition(&self, stage: Stage) -> String {
        let Self { column, open, .. } = self;
        let before = stage.before;
        format!("{open} AND due_told < {OVERDUE} AND due_told IN ({before}) AND {column} IS NOT NULL AND {column} >= $1 AND {column} < $2")
    }

    async fn tell(&self, tx: &Tx, stage: Stage) -> Result<usize> {
        let (table, column, backend) = (table(self.kind), self.column, tx.get_database_backend());
        let skip = if backend == DbBackend::Postgres { "FOR NO KEY UPDATE SKIP LOCKED" } else { "" };
        let condition = self.condition(stage);
        let sql = format!(
            "SELECT id, version, {column} AS due FROM \"{table}\" WHERE {condition} AND organization_id + 0 = $3 LIMIT {ROWS} {skip}"
        );
        let organization = tx.caller().organization.0;
        let values = [stage.from.into(), stage.until.into(), organization.into()];
        let rows = tx.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        for row in &rows {
            let (id, key) = self.id(row)?;
            let sql = format!("UPDATE \"{table}\" SET due_told = $1 WHERE organization_id = $2 AND id = $3");
            tx.execute_raw(Statement::from_sql_and_values(backend, sql, [stage.after.into(), organization.into(), key])).await?;
            let data = json!({column: tx.caller().zone.zoned(row.try_get("", "due")?)});
            tx.announce(Announcement { kind: self.kind, id, version: row.try_get("", "version")?, what: stage.what, data });
        }
        Ok(rows.len())
    }

    /// The id of a row, as a text and as a value.
    fn id(&self, row: &QueryResult) -> Result<(String, Value)> {
        if self.kind == Kind::CallTask {
            let id: Uuid = row.try_get("", "id")?;
            return Ok((id.to_string(), id.into()));
        }
        let id: i64 = row.try_get("", "id")?;
        Ok((id.to_string(), id.into()))
    }
}
