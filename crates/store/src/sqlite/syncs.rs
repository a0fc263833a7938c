//! What is committed is brought to the disk on a thread of its own, and those who wait for it are told then. That takes as long as several
//! writes do: the next ones are done meanwhile.
//!
//! SQLite itself syncs where it moves the journal into the file, and so keeps the file whole; that a commit outlasts a loss of power
//! is up to this thread. A reader may see what is not on the disk yet. Who must not, waits: [`Committed::on_disk`].

use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use anyhow::Context;
use tokio::sync::watch;

use super::fault::Fault;
use super::writer::Job;
use crate::error::unconfirmed;

/// How far what was committed is on the disk.
#[derive(Debug, Default)]
pub(crate) struct Committed {
    /// Commits that were begun.
    begun: AtomicU64,
    /// Those of them that are on the disk, or were refused.
    ended: watch::Sender<u64>,
    /// Whether a sync has failed. What it was to bring to the disk may be missing for good, and all that comes after it with it.
    failed: AtomicBool,
}

impl Committed {
    /// Waits until all that can be read now is on the disk.
    pub(crate) async fn on_disk(&self) -> Result<(), Fault> {
        let begun = self.begun.load(Ordering::SeqCst);
        let _ = self.ended.subscribe().wait_for(|ended| *ended >= begun).await;
        self.whole()
    }

    /// Fails once a sync has failed.
    pub(crate) fn whole(&self) -> Result<(), Fault> {
        if self.failed.load(Ordering::SeqCst) { Err(Fault::unsynced("a sync of the disk has failed; start anew")) } else { Ok(()) }
    }

    /// Whether something committed is not on the disk yet.
    fn is_ahead(&self) -> bool {
        self.begun.load(Ordering::SeqCst) > *self.ended.borrow()
    }
}

/// Writes whose transaction is over, to be told of it.
struct Batch {
    jobs: Vec<Box<dyn Job>>,
    committed: Result<(), Fault>,
    /// How many commits were begun with its own; none where it has written nothing.
    number: Option<u64>,
}

/// The way to the thread. It ends when this is dropped, once everybody is told.
#[derive(Debug)]
pub(super) struct Syncs {
    committed: Arc<Committed>,
    batches: Option<Sender<Batch>>,
    thread: Option<JoinHandle<()>>,
}

impl Syncs {
    /// Starts the thread. `sync` brings to the disk what was committed by then; `wake` is called after each.
    pub(super) fn start(
        committed: Arc<Committed>,
        sync: impl FnMut() -> io::Result<()> + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> anyhow::Result<Self> {
        let (batches, handed) = mpsc::channel();
        let theirs = committed.clone();
        let thread = thread::Builder::new().name("syncs".into()).spawn(move || run(&theirs, &handed, sync, wake));
        Ok(Self { committed, batches: Some(batches), thread: Some(thread.context("no thread to sync the disk on")?) })
    }

    /// Fails once a sync has failed.
    pub(super) fn whole(&self) -> Result<(), Fault> {
        self.committed.whole()
    }

    /// Whether a commit would wait for another one's sync.
    pub(super) fn is_running(&self) -> bool {
        self.committed.is_ahead()
    }

    /// Commits by `commit`, and has the writes told when that is on the disk.
    pub(super) fn commit(&self, jobs: Vec<Box<dyn Job>>, commit: impl FnOnce() -> Result<(), Fault>) {
        // Whoever reads what is committed knows by then that it is not on the disk.
        let number = self.committed.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let committed = commit();
        self.hand(Batch { jobs, committed, number: Some(number) });
    }

    /// Tells writes that have written nothing. What they have read may have been committed just now.
    pub(super) fn pass(&self, jobs: Vec<Box<dyn Job>>, committed: Result<(), Fault>) {
        let batch = Batch { jobs, committed, number: None };
        if self.is_running() {
            self.hand(batch);
        } else {
            // It may have failed since they were begun.
            batch.tell(&self.committed.whole());
        }
    }

    fn hand(&self, batch: Batch) {
        if let Some(batches) = &self.batches {
            let _ = batches.send(batch);
        }
    }
}

impl Drop for Syncs {
    fn drop(&mut self) {
        drop(self.batches.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Batch {
    fn tell(self, synced: &Result<(), Fault>) {
        let committed = self.committed.and_then(|()| synced.clone());
        let told = |outcome: &Result<(), Fault>| outcome.clone().map_err(|fault| unconfirmed(fault.into()));
        for job in self.jobs {
            job.finish(told(&committed), told(synced));
        }
    }
}

fn run(committed: &Committed, handed: &Receiver<Batch>, mut sync: impl FnMut() -> io::Result<()>, wake: impl Fn()) {
    while let Ok(first) = handed.recv() {
        let batches: Vec<_> = std::iter::once(first).chain(handed.try_iter()).collect();
        let last = batches.iter().filter_map(|batch| batch.number).max();
        if let Some(last) = last {
            if committed.whole().is_ok()
                && let Err(error) = sync()
            {
                tracing::error!(%error, "what was written may not be on the disk; no more is written until the service is started anew");
                committed.failed.store(true, Ordering::SeqCst);
            }
            committed.ended.send_replace(last);
            wake();
        }
        let synced = committed.whole();
        for batch in batches {
            batch.tell(&synced);
        }
    }
}

/// The journal of a SQLite file, opened a second time: SQLite gives nobody its own. Nothing is lost when it is closed, for locks lie
/// on other files.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: Option<File>,
}

impl Journal {
    pub(super) fn of(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    /// Brings it to the disk. SQLite makes it with the first commit, and keeps it as long as somebody has the store open.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(OpenOptions::new().write(true).open(&self.path)?),
        };
        file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Mutex;
    use std::task::{Context, Waker};

    use frontdesk_core::Error;

    use super::super::connection::Connection;
    use super::super::writer::Fate;
    use super::*;

    /// A write that says by its name what it was told.
    struct Named(&'static str, Sender<(&'static str, Result<(), Error>)>);

    impl Job for Named {
        fn may_undo(&self) -> bool {
            false
        }

        fn run(&mut self, _: &Arc<Mutex<Connection>>) -> Fate {
            Fate::Keep
        }

        fn finish(self: Box<Self>, committed: Result<(), Error>, _: Result<(), Error>) {
            self.1.send((self.0, committed)).unwrap();
        }
    }

    /// The thread with a disk that syncs when it is told to, and says when it was asked.
    struct Stage {
        asked: Receiver<()>,
        outcomes: Sender<io::Result<()>>,
        tell: Sender<(&'static str, Result<(), Error>)>,
        told: Receiver<(&'static str, Result<(), Error>)>,
        /// Dropped last: its thread ends where the others are gone.
        syncs: Syncs,
    }

    impl Stage {
        fn set() -> Self {
            let ((ask, asked), (outcomes, awaited), (tell, told)) = (mpsc::channel(), mpsc::channel(), mpsc::channel());
            let sync = move || {
                ask.send(()).unwrap();
                awaited.recv().unwrap()
            };
            let syncs = Syncs::start(Arc::default(), sync, || {}).unwrap();
            Self { asked, outcomes, tell, told, syncs }
        }

        fn jobs(&self, name: &'static str) -> Vec<Box<dyn Job>> {
            vec![Box::new(Named(name, self.tell.clone()))]
        }

        fn commit(&self, name: &'static str) {
            self.syncs.commit(self.jobs(name), || Ok(()));
        }
    }

    #[test]
    fn nobody_is_told_before_the_sync() {
        let stage = Stage::set();
        stage.syncs.pass(stage.jobs("nothing is on its way"), Ok(()));
        assert_eq!(stage.told.recv().unwrap().0, "nothing is on its way");
        stage.commit("a");
        stage.asked.recv().unwrap();
        // These come too late for the first sync, and share the next.
        stage.commit("b");
        stage.syncs.pass(stage.jobs("has seen b"), Ok(()));
        stage.syncs.commit(stage.jobs("c"), || Err(Fault::misuse("it is a test")));
        assert!(stage.told.try_recv().is_err() && stage.syncs.is_running());
        stage.outcomes.send(Ok(())).unwrap();
        assert!(matches!(stage.told.recv().unwrap(), ("a", Ok(()))));
        stage.asked.recv().unwrap();
        assert!(stage.told.try_recv().is_err() && stage.syncs.is_running());
        stage.outcomes.send(Ok(())).unwrap();
        let told: Vec<_> = stage.told.iter().take(3).map(|(name, committed)| (name, committed.is_ok())).collect();
        assert_eq!(told, [("b", true), ("has seen b", true), ("c", false)]);
        assert!(stage.asked.try_recv().is_err() && !stage.syncs.is_running());
    }

    #[tokio::test]
    async fn who_must_not_see_what_may_be_lost_waits() {
        let stage = Stage::set();
        let committed = stage.syncs.committed.clone();
        committed.on_disk().await.unwrap();
        stage.commit("a");
        stage.asked.recv().unwrap();
        let mut waiting = pin!(committed.on_disk());
        assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        // What comes later is not waited for.
        stage.commit("b");
        stage.outcomes.send(Ok(())).unwrap();
        waiting.await.unwrap();
        assert!(stage.syncs.is_running());
        stage.outcomes.send(Ok(())).unwrap();
        committed.on_disk().await.unwrap();
    }

    #[tokio::test]
    async fn after_a_sync_that_failed_nothing_is_acknowledged() {
        let stage = Stage::set();
        stage.commit("a");
        stage.outcomes.send(Err(io::Error::other("it is a test"))).unwrap();
        let unconfirmed =
            |told: (&str, Result<(), Error>)| matches!(told.1, Err(Error::Unavailable(why)) if why.contains("did not confirm"));
        assert!(unconfirmed(stage.told.recv().unwrap()));
        assert!(stage.syncs.whole().is_err() && stage.syncs.committed.on_disk().await.is_err());
        // The disk is not asked again: it would say that all is well.
        stage.outcomes.send(Ok(())).unwrap();
        stage.commit("b");
        assert!(unconfirmed(stage.told.recv().unwrap()));
        assert_eq!(stage.asked.try_iter().count(), 1);
    }
}
