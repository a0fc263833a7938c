//! Going on where connections to PostgreSQL break, and no queue in front of it while it is gone.

use std::time::{Duration, Instant};

use sea_orm::{ConnAcquireErr, DatabaseConnection, DbBackend, DbErr};

use crate::connect::Db;
use crate::error::{Trouble, trouble};

/// A restart of the database leaves broken connections in the pools; so long others are tried, one after the other.
pub(crate) const TRYING: Duration = Duration::from_secs(2);
pub(crate) const NAP: Duration = Duration::from_millis(50);
/// So long a request waits for a database that did not answer the one before.
const KNOCK: Duration = Duration::from_secs(2);

impl Db {
    /// Runs what may run again on one of the pools.
    pub(crate) async fn steadily<T, F>(&self, on: &DatabaseConnection, run: impl Fn() -> F) -> Result<T, DbErr>
    where
        F: Future<Output = Result<T, DbErr>>,
    {
        if self.backend() != DbBackend::Postgres {
            return run().await;
        }
        if self.is_gone() {
            self.knock(on).await?;
        }
        let begun = Instant::now();
        loop {
            let done = run().await;
            match done.as_ref().err().and_then(trouble) {
                Some(Trouble::Lost) if begun.elapsed() < TRYING => tokio::time::sleep(NAP).await,
                trouble => {
                    self.set_gone(matches!(trouble, Some(Trouble::Lost | Trouble::Busy)));
                    return done;
                }
            }
        }
    }

    /// Whether the database answers on one of the pools, within a short time.
    pub(crate) async fn knock(&self, on: &DatabaseConnection) -> Result<(), DbErr> {
        let late = |_| Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        let answered = tokio::time::timeout(KNOCK, on.ping()).await.unwrap_or_else(late);
        self.set_gone(answered.is_err());
        answered
    }
}
