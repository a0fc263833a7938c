//! The one thread that writes. Most of what waits is done in one transaction and committed together: to reach the disk takes longer
//! than to write. While that is on its way there the rest is done. A write that fails has mostly written nothing by then; where it has,
//! the transaction is undone and the others are done anew. Between two transactions the thread looks after the indexes of texts and the
//! journal.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Context;
use frontdesk_core::Error;
use sea_orm::DbErr;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;

use super::attempts::Attempts;
use super::checkpoint::Checkpoints;
use super::connection::{Connection, Mark};
use super::fault::Fault;
use super::location::Location;
use super::syncs::{Committed, Journal, Syncs};
use crate::{counts, search};

/// Writes that may wait; who comes later is told that the service is busy.
const QUEUE: usize = 1024;
/// Writes of one transaction.
const TOGETHER: usize = 64;
/// No write joins a transaction that is older, for its first ones are waited for.
const OPEN: Duration = Duration::from_millis(1);
/// Of a hundred writes at hand so many are committed together where nothing is on its way to the disk: while they are, the rest is done.
const SHARE: usize = 70;
/// A write that takes longer is told of in the log, for it holds up all others.
const LONG: Duration = Duration::from_millis(5);

/// What the log is told where the indexes cannot be looked after.
const UNTENDED: &str = "new texts cannot be brought into their indexes; they are searched one by one";

/// A write on its way.
pub(crate) trait Job: Send {
    /// Whether it may well write something and undo it again: it gets a savepoint, which costs every page that it writes on a copy.
    fn may_undo(&self) -> bool;

    /// Does it, and says whether it is to stay.
    fn run(&mut self, connection: &Arc<Mutex<Connection>>) -> Fate;

    /// Tells whoever waits for it what became of the transaction. `seen` is whether what it has read is on the disk: that may have been
    /// committed just before.
    fn finish(self: Box<Self>, committed: Result<(), Error>, seen: Result<(), Error>);
}

/// Whether what a write did is to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Keep,
    Undo,
}

/// What the thread is told.
enum Call {
    Write(Box<dyn Job>),
    /// What was committed is on the disk.
    Synced,
}

/// The way to the thread.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Call>>>,
    committed: Arc<Committed>,
    thread: Mutex<Option<JoinHandle<()>>>,
    patience: Duration,
    writes: AtomicU64,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: Connection, location: Location, patience: Duration) -> anyhow::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let checkpoints = Checkpoints::start(location)?;
        let (committed, mut journal, weak) = (Arc::<Committed>::default(), Journal::of(connection.journal_file()), queue.downgrade());
        let wake = move || {
            // Where the queue is full there is enough to do.
            let _ = weak.upgrade().map(|queue| queue.try_send(Call::Synced));
        };
        let syncs = Syncs::start(committed.clone(), move || journal.sync(), wake)?;
        let worker = Worker { syncs, connection: Arc::new(Mutex::new(connection)), jobs, checkpoints, tended: Attempts::or(UNTENDED) };
        let thread = thread::Builder::new().name("writer".into()).spawn(move || worker.run()).context("no thread to write on")?;
        Ok(Self { queue: Mutex::new(Some(queue)), committed, thread: Mutex::new(Some(thread)), patience, writes: AtomicU64::new(0) })
    }

    /// How far what was committed is on the disk.
    pub(crate) fn committed(&self) -> &Committed {
        &self.committed
    }

    /// Puts a write in the queue; [`Error::Busy`] where it finds no place in time.
    pub(crate) async fn send(&self, job: Box<dyn Job>) -> Result<(), Error> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let queue = queue.ok_or(Error::Unavailable("the store is closed"))?;
        match tokio::time::timeout(self.patience, queue.reserve()).await {
            Ok(Ok(place)) => {
                self.writes.fetch_add(1, Ordering::Relaxed);
                place.send(Call::Write(job));
                Ok(())
            }
            Ok(Err(_)) => Err(Error::internal("the thread that writes is gone")),
            Err(_) => Err(Error::Busy),
        }
    }

    /// How many writes were put in the queue until now.
    pub(crate) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// Lets the thread end what waits, and waits for its end.
    pub(super) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

/// What a write did to its transaction.
enum Done {
    /// All of what it was to do, or nothing.
    Whole(Fate),
    /// Something that can be undone with the transaction alone.
    Half,
}

struct Worker {
    /// Dropped first: everybody is told before the file is closed.
    syncs: Syncs,
    connection: Arc<Mutex<Connection>>,
    jobs: mpsc::Receiver<Call>,
    checkpoints: Checkpoints,
    tended: Attempts,
}

impl Worker {
    fn run(mut self) {
        while let Some(call) = self.jobs.blocking_recv() {
            if let Call::Write(first) = call {
                self.together(first, TOGETHER);
                self.tend();
                self.checkpoints.look(&locked(&self.connection));
            }
        }
    }

    /// Does a write and some of those that wait behind it, and commits them. They are told when that is on the disk.
    fn together(&mut self, first: Box<dyn Job>, most: usize) {
        if let Err(fault) = self.syncs.whole().and_then(|()| self.say("BEGIN IMMEDIATE")) {
            return self.refuse(first, &fault);
        }
        // Another process may have written since.
        locked(&self.connection).look_anew();
        let begun = Instant::now();
        let (mut done, mut next, mut kept) = (vec![], Some(first), false);
        while let Some(mut job) = next {
            match self.one(&mut *job) {
                Ok(Done::Whole(fate)) => kept |= fate == Fate::Keep,
                spoilt => {
                    self.roll_back();
                    job.finish(spoilt.map(|_| ()).map_err(|fault| DbErr::from(fault).into()), Ok(()));
                    // The others are not to blame.
                    for job in done {
                        self.together(job, 1);
                    }
                    return;
                }
            }
            done.push(job);
            next = if done.len() < most { self.next(begun, done.len()) } else { None };
        }
        if !kept {
            let ended = self.say("COMMIT");
            if ended.is_err() {
                self.roll_back();
            }
            return self.syncs.pass(done, ended);
        }
        self.syncs.commit(done, || {
            let committed = self.settle().and_then(|()| self.say("COMMIT"));
            if committed.is_err() {
                self.roll_back();
            }
            committed
        });
    }

    /// Looks after the indexes of searched texts in a transaction of its own, while what was committed is on its way to the disk. What
    /// fails here fails no write: new texts are found without their index.
    fn tend(&mut self) {
        let is_due = search::is_due(&locked(&self.connection));
        if is_due && self.syncs.whole().is_ok() {
            let connection = &self.connection;
            let tending = || {
                let connection = locked(connection);
                connection.run("BEGIN IMMEDIATE")?;
                search::tend(&connection)?;
                connection.run("COMMIT")
            };
            if self.tended.note(tending).is_none() {
                self.roll_back();
            }
        }
    }

    /// The next write of a transaction that has so many. While others are on their way to the disk it waits for one: a commit would wait
    /// as well.
    fn next(&mut self, begun: Instant, done: usize) -> Option<Box<dyn Job>> {
        while begun.elapsed() < OPEN {
            // Asked before the queue is, which is told of their arrival.
            let waits = self.syncs.is_running();
            if !waits && done * 100 >= (done + self.jobs.len()) * SHARE {
                return None;
            }
            let call = match self.jobs.try_recv() {
                Err(TryRecvError::Empty) if waits => self.jobs.blocking_recv(),
                call => call.ok(),
            };
            if let Call::Write(job) = call? {
                return Some(job);
            }
        }
        None
    }

    /// Refuses a write that cannot begin. Where another process holds the lock, those that wait behind it have waited as long.
    fn refuse(&mut self, first: Box<dyn Job>, fault: &Fault) {
        self.roll_back();
        let refusal = || Err(DbErr::from(fault.clone()).into());
        first.finish(refusal(), Ok(()));
        while fault.is_busy()
            && let Ok(call) = self.jobs.try_recv()
        {
            if let Call::Write(job) = call {
                job.finish(refusal(), Ok(()));
            }
        }
    }

    /// Writes what was left for the end of the transaction.
    fn settle(&self) -> Result<(), Fault> {
        let connection = locked(&self.connection);
        counts::settle(&connection)?;
        search::settle(&connection)
    }

    fn roll_back(&self) {
        locked(&self.connection).forget(Mark::default());
        if !self.is_idle() {
            let _ = self.say("ROLLBACK");
        }
    }

    /// One write, and what became of it. Fails where SQLite has ended the whole transaction, which it does by itself when the disk is full
    /// or fails.
    fn one(&self, job: &mut dyn Job) -> Result<Done, Fault> {
        let begun = Instant::now();
        let may_undo = job.may_undo();
        if may_undo {
            self.say("SAVEPOINT one")?;
        }
        let before = locked(&self.connection).written();
        let fate = catch_unwind(AssertUnwindSafe(|| job.run(&self.connection))).unwrap_or(Fate::Undo);
        if self.is_idle() {
            return Err(Fault::lost());
        }
        let mut done = Done::Whole(fate);
        if fate == Fate::Undo {
            locked(&self.connection).forget(before);
            if may_undo {
                self.say("ROLLBACK TO one")?;
            } else if locked(&self.connection).written() != before {
                done = Done::Half;
            }
        }
        if may_undo {
            self.say("RELEASE one")?;
        }
        let took = begun.elapsed();
        if took > LONG {
            tracing::debug!(millis = took.as_millis(), "a write held up the others");
        }
        Ok(done)
    }

    fn say(&self, sql: &str) -> Result<(), Fault> {
        locked(&self.connection).run(sql)
    }

    fn is_idle(&self) -> bool {
        locked(&self.connection).is_idle()
    }
}

fn locked(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use sea_orm::{DbBackend, Statement};

    use super::super::connection::Rows;
    use super::*;

    /// A write that may wait to be let on, and tells how many rows were committed before: as every write of its transaction does.
    struct Counted {
        other: Arc<Mutex<Connection>>,
        let_on: Option<Receiver<()>>,
        tell: Sender<i64>,
    }

    impl Job for Counted {
        fn may_undo(&self) -> bool {
            false
        }

        fn run(&mut self, connection: &Arc<Mutex<Connection>>) -> Fate {
            let _ = self.let_on.as_ref().map(Receiver::recv);
            let count = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) AS n FROM item");
            let rows = locked(&self.other).query(&count, Rows::First).unwrap();
            self.tell.send(rows[0].try_get("", "n").unwrap()).unwrap();
            locked(connection).run("INSERT INTO item VALUES (1)").unwrap();
            Fate::Keep
        }

        fn finish(self: Box<Self>, committed: Result<(), Error>, _: Result<(), Error>) {
            committed.unwrap();
        }
    }

    #[tokio::test]
    async fn while_some_are_synced_the_rest_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(&format!("sqlite://{}", folder.path().join("a.db").display())).unwrap();
        let connection = Connection::for_writes(&location, OPEN).unwrap();
        connection.run("CREATE TABLE item (number INTEGER)").unwrap();
        let other = Arc::new(Mutex::new(Connection::for_reads(&location, OPEN).unwrap()));
        let writer = Writer::start(connection, location, Duration::from_secs(1)).unwrap();
        let ((tell, told), (go, let_on)) = (channel(), channel());
        let mut let_on = Some(let_on);
        for _ in 0..10 {
            let (other, tell) = (other.clone(), tell.clone());
            writer.send(Box::new(Counted { other, let_on: let_on.take(), tell })).await.unwrap();
        }
        drop(tell);
        go.send(()).unwrap();
        let before: Vec<_> = told.iter().collect();
        let together: Vec<_> = before.chunk_by(|a, b| a == b).map(<[_]>::len).collect();
        // Fewer where it took the first ones long.
        assert!(together[0] <= 7 && before.len() == 10, "{together:?}");
        writer.close().await;
    }
}
