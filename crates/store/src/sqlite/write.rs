//! A write of a request, on the thread that writes.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use frontdesk_core::{Error, Result};
use tokio::sync::oneshot;
use tracing::Span;

use super::Sqlite;
use super::connection::Connection;
use super::writer::{Fate, Job};
use crate::BoxFuture;
use crate::context::{WriteContext, Written};
use crate::handle::{Transaction, Tx};
use crate::run::{Done, perform};
use crate::shelves::{Memory, Shelves};

/// A closure with all it needs.
pub(crate) struct Write<T, W> {
    context: Arc<WriteContext>,
    answers_kept: Duration,
    shelves: Arc<Shelves>,
    work: W,
    span: Span,
    done: Option<Result<Written<T>>>,
    memory: Option<Memory>,
    /// Whoever waits gets all of it back, and clears it away: the thread that tells them has others to tell.
    waiting: Option<oneshot::Sender<Box<Self>>>,
}

impl<T, W> Write<T, W>
where
    T: Send + 'static,
    W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
{
    /// Has `work` done, and waits until what it wrote is on the disk. It is done even when nobody waits any more.
    pub(crate) async fn send(
        sqlite: &Sqlite,
        context: Arc<WriteContext>,
        answers_kept: Duration,
        shelves: Arc<Shelves>,
        work: W,
    ) -> Result<Written<T>> {
        let (waiting, answer) = oneshot::channel::<Box<Self>>();
        let write = Self { context, answers_kept, shelves, work, span: Span::current(), done: None, memory: None, waiting: Some(waiting) };
        sqlite.writer().send(Box::new(write)).await?;
        answer.await.ok().and_then(|write| write.done).unwrap_or_else(|| Err(Error::internal("a write did not end")))
    }

    /// Runs the closure to its end: its statements are done when they are asked for, so nothing in it has to wait.
    fn perform(&mut self, connection: &Arc<Mutex<Connection>>) -> Result<Written<T>> {
        let tx = Tx::new(Transaction::Sqlite(connection.clone()), self.context.clone(), self.shelves.clone());
        let done = pin!(perform(&tx, self.answers_kept, &self.work)).poll(&mut Context::from_waker(Waker::noop()));
        self.memory = Some(tx.into_parts().1);
        match done {
            Poll::Ready(Ok(Done::Written(written))) => Ok(written),
            Poll::Ready(Ok(Done::Running)) => Err(Error::internal("two writes at once on SQLite")),
            Poll::Ready(Err(error)) => Err(error),
            Poll::Pending => Err(Error::internal("a write waited for something")),
        }
    }
}

impl<T, W> Job for Write<T, W>
where
    T: Send + 'static,
    W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
{
    fn may_undo(&self) -> bool {
        // The answer to the same request is made anew, and thrown away.
        self.context.keep.is_some()
    }

    fn run(&mut self, connection: &Arc<Mutex<Connection>>) -> Fate {
        // Where it panics nothing is left of an earlier run.
        (self.done, self.memory) = (None, None);
        let span = self.span.clone();
        let done = span.in_scope(|| self.perform(connection));
        let fate = if matches!(done, Ok(Written::Fresh(_))) { Fate::Keep } else { Fate::Undo };
        self.done = Some(done);
        fate
    }

    fn finish(mut self: Box<Self>, committed: Result<()>, seen: Result<()>) {
        self.done = Some(match self.done.take() {
            Some(Ok(Written::Fresh(value))) => committed.map(|()| {
                self.memory.iter().for_each(Memory::committed);
                Written::Fresh(value)
            }),
            // The first answer may tell of a write that is lost.
            Some(Ok(replayed)) => seen.map(|()| replayed),
            Some(refused) => refused,
            None => Err(committed.err().unwrap_or_else(|| Error::internal("a write did not end: it panicked"))),
        });
        // Whoever asked may have gone away.
        let _ = self.waiting.take().map(|waiting| waiting.send(self));
    }
}
