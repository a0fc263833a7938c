//! Statements on the connection that writes, which belong to no request.

use std::sync::{Arc, Mutex, PoisonError};

use frontdesk_core::{Error, Result};
use sea_orm::DbErr;
use tokio::sync::oneshot;

use super::Sqlite;
use super::connection::Connection;
use super::writer::{Fate, Job};

/// One of them.
pub(crate) struct Upkeep<W> {
    work: W,
    fate: Fate,
    done: Result<u64>,
    waiting: oneshot::Sender<Result<u64>>,
}

impl<W> Upkeep<W>
where
    W: Fn(&Connection) -> Result<u64, DbErr> + Send + 'static,
{
    /// Does `work` in a transaction, and undoes it again where `fate` says so. Gives what that gives, how many rows it changed.
    pub(crate) async fn send(sqlite: &Sqlite, fate: Fate, work: W) -> Result<u64> {
        let (waiting, answer) = oneshot::channel();
        sqlite.writer().send(Box::new(Self { work, fate, done: Ok(0), waiting })).await?;
        answer.await.map_err(|_| Error::internal("a write did not end"))?
    }
}

impl<W> Job for Upkeep<W>
where
    W: Fn(&Connection) -> Result<u64, DbErr> + Send,
{
    fn may_undo(&self) -> bool {
        self.fate == Fate::Undo
    }

    fn run(&mut self, connection: &Arc<Mutex<Connection>>) -> Fate {
        let done = (self.work)(&connection.lock().unwrap_or_else(PoisonError::into_inner));
        self.done = done.map_err(Error::from);
        if self.done.is_ok() { self.fate } else { Fate::Undo }
    }

    fn finish(self: Box<Self>, committed: Result<()>, _: Result<()>) {
        let Self { done, waiting, .. } = *self;
        let _ = waiting.send(done.and_then(|rows| committed.map(|()| rows)));
    }
}
