//! What servers on one PostgreSQL count together: requests, and failed sign-ins. Who is counted stands here as a hash.

use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::time::Zone;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbBackend, IntoActiveModel, Statement};
use time::OffsetDateTime;

use self::entity::{Column, Entity, Model};
use crate::connect::Db;
use crate::context::WriteContext;

/// Seconds for which a minute of failed sign-ins can count, and more.
const COUNTS: i64 = 2 * 60 * 60;

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel)]
    #[sea_orm(table_name = "failed_sign_in")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub who: String,
        pub since: i64,
        pub waits: i64,
        pub failures: i64,
        pub running: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The failed sign-ins of somebody within some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// When the time began, in Unix seconds.
    pub since: i64,
    /// How often whoever it is had to wait before.
    pub waits: i64,
    /// How many there were.
    pub failures: i64,
    /// Attempts whose end is not known.
    pub running: i64,
}

impl Db {
    /// Whether several servers may be using the store.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }

    /// Adds to what all servers know of buckets (PostgreSQL alone): by how much each is emptied, in microseconds, from the moment
    /// `since` on. Says of each when it will be full again, in Unix microseconds.
    pub async fn share_rates(&self, now: OffsetDateTime, since: i64, taken: HashMap<String, i64>) -> Result<HashMap<String, i64>> {
        // One text for any number of buckets, so that the statement is prepared once.
        let sql = "INSERT INTO request_rate (who, full_at) SELECT key, $1 + value::bigint FROM json_each_text($2::json) ORDER BY key
             ON CONFLICT (who) DO UPDATE SET full_at = GREATEST(request_rate.full_at, $1) + excluded.full_at - $1
             RETURNING who, full_at";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [since.into(), serde_json::to_string(&taken)?.into()]);
        let cx = context(now);
        let work = self.write(&cx, move |tx| {
            let statement = statement.clone();
            Box::pin(async move {
                let rows = tx.query_all_raw(statement).await?;
                rows.iter().map(|row| Ok((row.try_get("", "who")?, row.try_get("", "full_at")?))).collect()
            })
        });
        Ok(work.await?.fresh().unwrap_or_default())
    }

    /// Changes what all servers know of somebody's failed sign-ins (PostgreSQL alone). `change` may be called more than once.
    pub async fn change_failures<T: Send + 'static>(
        &self,
        now: OffsetDateTime,
        who: &str,
        change: impl Fn(&mut Failures) -> T + Send + Sync + 'static,
    ) -> Result<Option<T>> {
        let change = Arc::new((who.to_owned(), change));
        let cx = context(now);
        let work = self.write(&cx, move |tx| {
            let change = change.clone();
            Box::pin(async move {
                let (who, change) = &*change;
                // Nobody waits for the disk: what a crash of the database takes away is a minute of counting.
                tx.execute_unprepared("SET LOCAL synchronous_commit TO off").await?;
                let row = tx.lock(Entity::find_by_id(who.clone())).one(tx).await?;
                let there = row.is_some();
                let mut known = row.map_or_else(Failures::default, Failures::from);
                let before = known;
                let done = change(&mut known);
                let row = known.row(who.clone()).into_active_model();
                if !there {
                    Entity::insert(row).exec_without_returning(tx).await?;
                } else if known != before {
                    Entity::update(row.reset_all()).exec(tx).await?;
                }
                Ok(done)
            })
        });
        Ok(work.await?.fresh())
    }

    /// Deletes what the limits of requests and failed sign-ins need no more; says how many.
    pub async fn forget_limits(&self, now: OffsetDateTime) -> Result<u64> {
        let (seconds, backend) = (now.unix_timestamp(), self.backend());
        let cx = context(now);
        let work = self.write(&cx, move |tx| {
            Box::pin(async move {
                let full =
                    Statement::from_sql_and_values(backend, "DELETE FROM request_rate WHERE full_at < $1", [(seconds * 1_000_000).into()]);
                let full = tx.execute_raw(full).await?.rows_affected();
                let old = Entity::delete_many().filter(Column::Since.lt(seconds - COUNTS)).exec(tx).await?;
                Ok(full + old.rows_affected)
            })
        });
        Ok(work.await?.fresh().unwrap_or_default())
    }
}

impl From<Model> for Failures {
    fn from(row: Model) -> Self {
        Self { since: row.since, waits: row.waits, failures: row.failures, running: row.running }
    }
}

impl Failures {
    fn row(self, who: String) -> Model {
        let Self { since, waits, failures, running } = self;
        Model { who, since, waits, failures, running }
    }
}

fn context(now: OffsetDateTime) -> WriteContext {
    WriteContext::new(Caller::system(OrganizationId(0), Zone::utc()), "limits", now)
}
