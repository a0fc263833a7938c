//! Running a write: begin, the kept answer, the work, its journal, commit.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Instant;

use frontdesk_core::{Error, Result};
use tracing::Instrument;

use crate::connect::{Db, begin_immediate};
use crate::context::{WriteContext, Written};
use crate::error::{is_lost, is_retryable, unconfirmed};
use crate::handle::Tx;
use crate::idempotency::Found;
use crate::steady::{NAP, TRYING};
use crate::{BoxFuture, idempotency, journal};

const ATTEMPTS: u32 = 5;
/// A request waits so often, so long, for another one with its idempotency key: 5 seconds in all.
const NAPS: u32 = 100;

impl Db {
    /// One transaction: everything `work` writes, its history and events, and the answer kept for its idempotency key, or
    /// nothing.
    ///
    /// `work` awaits nothing but its transaction and may run more than once (after a serialization failure, a deadlock or a
    /// unique violation, up to 5 times, and where the connection broke before the commit, for some seconds); what it decides on
    /// it finds through [`Tx::lock`]. It runs to its end even when the caller goes away.
    pub async fn write<T, W>(&self, context: &WriteContext, work: W) -> Result<Written<T>>
    where
        T: Send + 'static,
        W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        let (db, context) = (self.clone(), context.clone());
        let write = async move {
            let (mut attempt, mut naps, begun) = (1, 0, Instant::now());
            loop {
                match db.attempt(&context, &work).await {
                    // Between the tries it holds no connection.
                    Ok(None) if naps < NAPS => {
                        naps += 1;
                        tokio::time::sleep(NAP).await;
                    }
                    Ok(None) => return Err(Error::Conflict("a request with this Idempotency-Key is still running".into())),
                    Ok(Some(written)) => return Ok(written),
                    Err(error) if is_retryable(&error) && attempt < ATTEMPTS => attempt += 1,
                    Err(error) if is_lost(&error) && begun.elapsed() < TRYING => tokio::time::sleep(NAP).await,
                    Err(error) => return Err(error),
                }
            }
        };
        match tokio::spawn(write.in_current_span()).await {
            Ok(done) => done,
            Err(panic) => Err(Error::internal(format!("a write did not end: {panic}"))),
        }
    }

    /// One try; none where another request with the same idempotency key is still running.
    async fn attempt<T, W>(&self, context: &WriteContext, work: &W) -> Result<Option<Written<T>>>
    where
        T: Send + 'static,
        W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync,
    {
        let transaction = self.steadily(self.writer(), || begin_immediate(self.writer())).await?;
        let mut first = None;
        if let Some(keep) = &context.keep {
            match idempotency::find(&transaction, context, keep, self.answers_kept()).await? {
                Found::Kept(kept) => first = Some(kept),
                Found::Running => return Ok(None),
                Found::Nothing => {}
            }
        }
        let tx = Tx::new(transaction, context.clone());
        let done = watched(&tx, work(&tx)).await;
        if let Some(kept) = first {
            // Nothing of it is committed. It only tells whether the caller may still ask; what else would go wrong by now, such
            // as a record that is gone, is no part of the first answer.
            return if matches!(done, Err(Error::Forbidden)) { Err(Error::Forbidden) } else { Ok(Some(Written::Replayed(kept))) };
        }
        let value = done?;
        journal::write(&tx).await?;
        if let Some(keep) = &context.keep {
            let kept = keep.render.call(&value).ok_or_else(|| Error::internal("a kept answer of another type"))?;
            idempotency::store(&tx, keep, &kept).await?;
        }
        tx.into_transaction().commit().await.map_err(unconfirmed)?;
        Ok(Some(Written::Fresh(value)))
    }
}

/// Runs `work`, and fails it when it waits for something that is no statement of its transaction: on SQLite that would hold
/// up every other writer.
async fn watched<T>(tx: &Tx, mut work: BoxFuture<'_, Result<T>>) -> Result<T> {
    poll_fn(move |cx| match work.as_mut().poll(cx) {
        Poll::Pending if tx.idle() => Poll::Ready(Err(Error::internal("a write closure awaited something other than its transaction"))),
        other => other,
    })
    .await
}
