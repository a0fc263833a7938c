//! Running a write: begin, the kept answer, the work, its journal, commit.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use frontdesk_core::{Error, Result};
use sea_orm::TransactionTrait;
use tracing::Instrument;

use crate::connect::{Base, Db, Pools};
use crate::context::{WriteContext, Written};
use crate::error::{is_lost, is_retryable, unconfirmed};
use crate::handle::{Transaction, Tx};
use crate::idempotency::Found;
use crate::sqlite::Write;
use crate::steady::{NAP, TRYING};
use crate::{BoxFuture, idempotency, journal};

const ATTEMPTS: u32 = 5;
/// A request waits so often, so long, for another one with its idempotency key: 5 seconds in all.
const NAPS: u32 = 100;

impl Db {
    /// One transaction: everything `work` writes, its history and events, and the answer kept for its idempotency key, or
    /// nothing.
    ///
    /// `work` awaits nothing but its transaction and may run more than once (on PostgreSQL after a serialization failure, a deadlock or
    /// a unique violation, up to 5 times, and where the connection broke before the commit, for some seconds); what it decides on
    /// it finds through [`Tx::lock`]. It runs to its end even when the caller goes away.
    pub async fn write<T, W>(&self, context: &WriteContext, work: W) -> Result<Written<T>>
    where
        T: Send + 'static,
        W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        let context = Arc::new(context.clone());
        let written = match self.base() {
            Base::Sqlite(sqlite) => Write::send(sqlite, context, self.answers_kept(), self.shelves(), work).await,
            Base::Postgres(_) => {
                let db = self.clone();
                let write = async move { db.persist(&context, &work).await };
                match tokio::spawn(write.in_current_span()).await {
                    Ok(done) => done,
                    Err(panic) => Err(Error::internal(format!("a write did not end: {panic}"))),
                }
            }
        };
        if matches!(written, Ok(Written::Fresh(_))) {
            self.writes().send_replace(());
        }
        written
    }

    /// Tries until it went well, or is not worth another try.
    async fn persist<T, W>(&self, context: &Arc<WriteContext>, work: &W) -> Result<Written<T>>
    where
        T: Send + 'static,
        W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync,
    {
        let (mut attempt, mut naps, begun) = (1, 0, Instant::now());
        loop {
            match self.attempt(context, work).await {
                // Between the tries it holds no connection.
                Ok(Done::Running) if naps < NAPS => {
                    naps += 1;
                    tokio::time::sleep(NAP).await;
                }
                Ok(Done::Running) => return Err(Error::Conflict("a request with this Idempotency-Key is still running".into())),
                Ok(Done::Written(written)) => return Ok(written),
                Err(error) if is_retryable(&error) && attempt < ATTEMPTS => attempt += 1,
                Err(error) if is_lost(&error) && begun.elapsed() < TRYING => tokio::time::sleep(NAP).await,
                Err(error) => return Err(error),
            }
        }
    }

    /// One try on PostgreSQL.
    #[expect(clippy::disallowed_methods, reason = "the store is where transactions begin")]
    async fn attempt<T, W>(&self, context: &Arc<WriteContext>, work: &W) -> Result<Done<T>>
    where
        T: Send + 'static,
        W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync,
    {
        let Base::Postgres(Pools { write, .. }) = self.base() else { return Err(Error::internal("a try on another database")) };
        let tx = Tx::new(Transaction::Postgres(self.steadily(write, || write.begin()).await?), context.clone(), self.shelves());
        let done = perform(&tx, self.answers_kept(), work).await?;
        let is_fresh = matches!(done, Done::Written(Written::Fresh(_)));
        if is_fresh && let (Transaction::Postgres(transaction), memory) = tx.into_parts() {
            transaction.commit().await.map_err(unconfirmed)?;
            memory.committed();
        }
        Ok(done)
    }
}

/// What became of a try.
pub(crate) enum Done<T> {
    /// It went well; what is fresh is to be committed.
    Written(Written<T>),
    /// Another request with the same idempotency key is still running.
    Running,
}

/// All of a write but its beginning and its end: the kept answer, the work, its journal.
pub(crate) async fn perform<T, W>(tx: &Tx, answers_kept: Duration, work: &W) -> Result<Done<T>>
where
    T: Send + 'static,
    W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync,
{
    let keep = tx.context().keep.as_ref();
    let mut first = None;
    if let Some(keep) = keep {
        match idempotency::find(tx, keep, answers_kept).await? {
            Found::Kept(kept) => first = Some(kept),
            Found::Running => return Ok(Done::Running),
            Found::Nothing => {}
        }
    }
    let done = watched(tx, work(tx)).await;
    if let Some(kept) = first {
        // Nothing of it is committed. It only tells whether the caller may still ask; what else would go wrong by now, such
        // as a record that is gone, is no part of the first answer.
        let refused = matches!(done, Err(Error::Forbidden));
        return if refused { Err(Error::Forbidden) } else { Ok(Done::Written(Written::Replayed(kept))) };
    }
    let value = done?;
    journal::write(tx).await?;
    if let Some(keep) = keep {
        let kept = keep.render.call(&value).ok_or_else(|| Error::internal("a kept answer of another type"))?;
        idempotency::store(tx, keep, &kept).await?;
    }
    Ok(Done::Written(Written::Fresh(value)))
}

/// Runs `work`, and fails it when it waits for something that is no statement of its transaction: that would hold up every
/// other writer.
async fn watched<T>(tx: &Tx, mut work: BoxFuture<'_, Result<T>>) -> Result<T> {
    poll_fn(move |cx| match work.as_mut().poll(cx) {
        Poll::Pending if tx.idle() => Poll::Ready(Err(Error::internal("a write closure awaited something other than its transaction"))),
        other => other,
    })
    .await
}
