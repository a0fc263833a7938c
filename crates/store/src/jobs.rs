//! Work that follows a write, and is as durable as it.
//!
//! A job is a row, written in the transaction of the write it belongs to, so that there is never one without the other.
//! Workers take jobs with a lease; whoever has the lease at the end commits the job's result and its end together, so that a
//! crash in the middle runs it again and nothing is done twice after its commit. Any number of servers take jobs at once.
//!
//! This is not `apalis`, whose stores put a job in through a connection of their own: not in the write's transaction, and on
//! SQLite as a second writer beside ours.

use std::time::Duration;

use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::time::{Zone, millis};
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::sync::watch;

use crate::connect::Db;
use crate::context::WriteContext;
use crate::handle::Tx;

/// The first wait after a failure; each further one is three times as long.
const FIRST_WAIT: Duration = Duration::from_secs(10);
/// The longest wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_hours(4);
/// For how long jobs that were given up can be looked at.
const GIVEN_UP_KEPT: time::Duration = time::Duration::days(30);

/// A job to be queued.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// What sort of work it is; workers ask by it.
    pub kind: &'static str,
    /// What it is about. Of an organization, a kind and a record one job waits at most: a later one takes the place of the
    /// earlier.
    pub record: String,
    /// What it needs to know.
    pub payload: Value,
    /// When it is due, in milliseconds since 1970; at once where there is none.
    pub run_at: Option<i64>,
    /// When it is not worth doing any more, in milliseconds since 1970.
    pub deadline: Option<i64>,
    /// How often it is begun at most, 1 or more, crashes included.
    pub attempts: u32,
}

/// A job that somebody works on.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The job's id.
    pub id: i64,
    /// Whose record it is about.
    pub organization: OrganizationId,
    /// What sort of work it is.
    pub kind: String,
    /// What it is about.
    pub record: String,
    /// What it needs to know.
    pub payload: Value,
    /// How often it was begun, this time included.
    pub attempt: i64,
    /// How often it is begun at most.
    pub attempts: i64,
    /// When it is not worth doing any more, in milliseconds since 1970.
    pub deadline: Option<i64>,
    /// Why it was not done the last time.
    pub reason: Option<String>,
    holder: String,
}

impl Claim {
    /// What its result is written with: the system is who asks.
    #[must_use]
    pub fn context(&self, world: &World) -> WriteContext {
        let caller = Caller::system(self.organization, Zone::utc());
        WriteContext::new(caller, format!("job-{}-{}", self.id, self.attempt), world.now())
    }

    /// Why it is not worth beginning: it was begun too often without an end, or it is too late.
    #[must_use]
    pub fn over(&self, now: OffsetDateTime) -> Option<String> {
        if self.attempt > self.attempts {
            return Some(format!("it was begun {} times and never came to an end", self.attempts));
        }
        let late = self.deadline.is_some_and(|deadline| deadline < millis(now));
        late.then(|| "it could not be done in time".to_owned())
    }

    /// When it may be tried again after a failure, in milliseconds since 1970: after a wait that grows with the attempts and
    /// differs by chance, and no sooner than `after`. None where it has been tried often enough, or would be too late.
    pub fn next(&self, world: &World, after: Option<Duration>) -> Result<Option<i64>> {
        if self.attempt >= self.attempts {
            return Ok(None);
        }
        let factor = u32::try_from(self.attempt - 1).ok().and_then(|power| 3_u32.checked_pow(power)).unwrap_or(u32::MAX);
        let wait = FIRST_WAIT.saturating_mul(factor).min(LONGEST_WAIT);
        let chance = u16::from_be_bytes(world.random::<2>()?);
        // Between a half and the whole of it.
        let wait = wait / 2 + (wait / 2).mul_f64(f64::from(chance) / f64::from(u16::MAX));
        let at = millis(world.now() + wait.max(after.unwrap_or_default()));
        Ok(Some(at).filter(|at| self.deadline.is_none_or(|deadline| *at <= deadline)))
    }

    /// Keeps it for `lease` from now on. False where it is another's by now, and whatever is being done for it is in vain.
    pub async fn renew(&self, db: &Db, world: &World, lease: Duration) -> Result<bool> {
        let sql = "UPDATE job SET run_at = $3 WHERE id = $1 AND holder = $2";
        let until = millis(world.now() + lease);
        Ok(db.maintain(self.statement(db.backend(), sql, [until.into()])).await? == 1)
    }

    /// Gives it back undone, as if it had not been begun: another may take it at once.
    pub async fn release(&self, db: &Db, world: &World) -> Result<()> {
        let sql = "UPDATE job SET run_at = $3, holder = NULL, attempt = attempt - 1 WHERE id = $1 AND holder = $2";
        db.maintain(self.statement(db.backend(), sql, [millis(world.now()).into()])).await?;
        Ok(())
    }

    fn of(row: &QueryResult, holder: String) -> Result<Self> {
        Ok(Self {
            id: row.try_get("", "id")?,
            organization: OrganizationId(row.try_get("", "organization_id")?),
            kind: row.try_get("", "kind")?,
            record: row.try_get("", "record")?,
            payload: serde_json::from_str(&row.try_get::<String>("", "payload")?)?,
            attempt: row.try_get("", "attempt")?,
            attempts: row.try_get("", "attempts")?,
            deadline: row.try_get("", "deadline")?,
            reason: row.try_get("", "reason")?,
            holder,
        })
    }

    /// A statement whose first two values are the id and the holder.
    fn statement(&self, backend: DbBackend, sql: &str, values: impl IntoIterator<Item = sea_orm::Value>) -> Statement {
        let own = [self.id.into(), self.holder.as_str().into()];
        Statement::from_sql_and_values(backend, sql, own.into_iter().chain(values))
    }
}

/// The job stays this claim's until the write ends. [`Error::Conflict`] where it is another's: before a write with several
/// steps, so that none of them meets what the other has made.
pub async fn held(tx: &Tx, claim: &Claim) -> Result<()> {
    change(tx, claim, "UPDATE job SET updated_at = $3 WHERE id = $1 AND holder = $2", [tx.now().into()]).await
}

/// The job is done: nobody begins it again once the write of `tx` is committed. [`Error::Conflict`] where it is another's.
pub async fn done(tx: &Tx, claim: &Claim) -> Result<()> {
    change(tx, claim, "DELETE FROM job WHERE id = $1 AND holder = $2", []).await
}

/// The next part of the job, with a new payload and all of its attempts; the claim goes on. [`Error::Conflict`] where it is
/// another's.
pub async fn advance(tx: &Tx, claim: &Claim, payload: Value) -> Result<Claim> {
    let sql = "UPDATE job SET payload = $3, attempt = 1, reason = NULL, updated_at = $4 WHERE id = $1 AND holder = $2";
    change(tx, claim, sql, [payload.to_string().into(), tx.now().into()]).await?;
    Ok(Claim { payload, attempt: 1, reason: None, ..claim.clone() })
}

/// The job is to be tried again `at` this moment, in milliseconds since 1970. [`Error::Conflict`] where it is another's.
pub async fn again(tx: &Tx, claim: &Claim, at: i64, reason: &str) -> Result<()> {
    let sql = "UPDATE job SET run_at = $3, holder = NULL, reason = $4, updated_at = $5 WHERE id = $1 AND holder = $2";
    change(tx, claim, sql, [at.into(), reason.into(), tx.now().into()]).await
}

/// The job is given up for this reason, which stays to be read for 30 days. [`Error::Conflict`] where it is another's.
pub async fn given_up(tx: &Tx, claim: &Claim, reason: &str) -> Result<()> {
    let sql = "UPDATE job SET state = 'given_up', holder = NULL, reason = $3, updated_at = $4 WHERE id = $1 AND holder = $2";
    change(tx, claim, sql, [reason.into(), tx.now().into()]).await
}

/// Whether a job of this kind waits for this record of the caller's organization, or is being worked on.
pub async fn waits(tx: &Tx, kind: &str, record: &str) -> Result<bool> {
    let sql = "SELECT 1 AS waits FROM job WHERE organization_id = $1 AND kind = $2 AND record = $3 AND state = 'waiting'";
    let values = [tx.caller().organization.0.into(), kind.into(), record.into()];
    Ok(tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?.is_some())
}

async fn change<const N: usize>(tx: &Tx, claim: &Claim, sql: &str, values: [sea_orm::Value; N]) -> Result<()> {
    let changed = tx.execute_raw(claim.statement(tx.get_database_backend(), sql, values)).await?.rows_affected();
    if changed == 1 { Ok(()) } else { Err(Error::Conflict("the job is another's by now".into())) }
}

impl Tx {
    /// Queues a job of the caller's organization; it is there when this write is committed.
    pub async fn queue(&self, job: NewJob) -> Result<()> {
        let sql = "INSERT INTO job
             (organization_id, kind, record, payload, state, attempt, attempts, run_at, deadline, created_at, updated_at)
             VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $6, $7, $8, $8)
             ON CONFLICT (organization_id, kind, record) WHERE state = 'waiting' DO UPDATE SET payload = excluded.payload,
             attempt = 0, attempts = excluded.attempts, run_at = excluded.run_at, deadline = excluded.deadline, holder = NULL,
             reason = NULL, created_at = excluded.created_at, updated_at = excluded.updated_at";
        let values = [
            self.caller().organization.0.into(),
            job.kind.into(),
            job.record.into(),
            job.payload.to_string().into(),
            i64::from(job.attempts).into(),
            job.run_at.unwrap_or(self.now()).into(),
            job.deadline.into(),
            self.now().into(),
        ];
        self.execute_raw(Statement::from_sql_and_values(self.get_database_backend(), sql, values)).await?;
        Ok(())
    }
}

impl Db {
    /// Takes the job of one of these kinds that is due longest, for `lease`: whoever does not [`Claim::renew`] it in time has
    /// lost it to another. None where none is due.
    pub async fn claim_job(&self, world: &World, kinds: &[&str], lease: Duration) -> Result<Option<Claim>> {
        let (now, backend) = (world.now(), self.backend());
        let places: Vec<_> = (0..kinds.len()).map(|place| format!("${}", place + 2)).collect();
        let due = format!("FROM job WHERE state = 'waiting' AND run_at <= $1 AND kind IN ({})", places.join(", "));
        let mut values: Vec<sea_orm::Value> = vec![millis(now).into()];
        values.extend(kinds.iter().map(|kind| (*kind).into()));
        // Idle workers write nothing.
        let is_due = Statement::from_sql_and_values(backend, format!("SELECT 1 AS due {due} LIMIT 1"), values.clone());
        if self.read().query_one_raw(is_due).await?.is_none() {
            return Ok(None);
        }
        let (holder, place) = (world.uuid().to_string(), values.len() + 1);
        values.extend([holder.as_str().into(), millis(now + lease).into()]);
        let skip = if backend == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!(
            "UPDATE job SET attempt = attempt + 1, holder = ${place}, run_at = ${}, updated_at = $1
             WHERE id = (SELECT id {due} ORDER BY run_at, id LIMIT 1 {skip})
             RETURNING id, organization_id, kind, record, payload, attempt, attempts, deadline, reason",
            place + 1
        );
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let cx = WriteContext::new(Caller::system(OrganizationId(0), Zone::utc()), "jobs", now);
        let claimed = self.write(&cx, move |tx| {
            let (statement, holder) = (statement.clone(), holder.clone());
            Box::pin(async move {
                let row = tx.query_one_raw(statement).await?;
                row.map(|row| Claim::of(&row, holder)).transpose()
            })
        });
        Ok(claimed.await?.fresh().flatten())
    }

    /// How many jobs there are of each kind, `waiting` or `given_up`: `(kind, state, count)`.
    pub async fn count_jobs(&self) -> Result<Vec<(String, String, i64)>> {
        let sql = "SELECT kind, state, COUNT(*) AS jobs FROM job GROUP BY kind, state ORDER BY kind, state";
        let rows = self.read().query_all_raw(Statement::from_string(self.backend(), sql)).await?;
        rows.iter().map(|row| Ok((row.try_get("", "kind")?, row.try_get("", "state")?, row.try_get("", "jobs")?))).collect()
    }

    /// Deletes jobs that were given up 30 days before `now`; says how many.
    pub async fn forget_jobs(&self, now: OffsetDateTime) -> Result<u64> {
        let sql = "DELETE FROM job WHERE state = 'given_up' AND updated_at < $1";
        self.maintain(Statement::from_sql_and_values(self.backend(), sql, [millis(now - GIVEN_UP_KEPT).into()])).await
    }

    /// What tells of this process' writes from now on.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker(self.writes().subscribe())
    }
}

/// Tells of the writes of this process, so that what follows them begins at once; those of other servers are found by asking
/// now and then.
#[derive(Clone, Debug)]
pub struct Waker(watch::Receiver<()>);

impl Waker {
    /// Waits for a write since the last call, for `at_most` this time.
    pub async fn woken(&mut self, at_most: Duration) {
        // An error means that the store is closed: then nothing is written any more, and the time is waited.
        let write = async {
            if self.0.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let _ = tokio::time::timeout(at_most, write).await;
    }
}
