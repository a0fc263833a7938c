//! What lies in the journal is moved into the file on a thread of its own: to sync thousands of pages takes longer than a write
//! may wait. The thread that writes moves the last few pages alone, for while it writes there are always some, and the journal
//! begins anew only once there are none.

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use anyhow::Context;

use super::attempts::Attempts;
use super::connection::Connection;
use super::fault::Fault;
use super::location::Location;

/// Pages in the journal from which on they are moved into the file. Most were written several times by then, and are moved once.
const MANY: i64 = 8000;
/// So few that the thread that writes moves them.
const FEW: i64 = 400;
/// So many pages in the journal that the thread that writes waits for the other one, and moves the rest: that one does not keep
/// up, or each write brings more than a few.
const TOO_MANY: i64 = 16_000;
/// Pages are moved so often before the thread waits again; those of one time are those that were written during the last.
const ROUNDS: usize = 8;
/// So many times it is not looked at after it was found short: to look takes as long as some statements do.
const SELDOM: u32 = 4;
/// What the log is told where that fails.
const TROUBLE: &str = "the journal cannot be moved into the database; it grows, and nothing is lost";

/// The journal: pages in it, and those of them that are not in the file yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) pages: i64,
    pub(super) waiting: i64,
}

/// The way to the thread. It ends when this is dropped, after what it is at.
#[derive(Debug)]
pub(super) struct Checkpoints {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    turn: Turn,
    /// So many times it need not be looked at.
    short: Cell<u32>,
}

/// Held by whoever moves pages: SQLite lets one connection do it at a time, and none wait for it.
type Turn = Arc<Mutex<Attempts>>;

impl Checkpoints {
    /// Starts the thread, which opens the file when there is something to do.
    pub(super) fn start(location: Location) -> anyhow::Result<Self> {
        let ((wake, woken), turn) = (mpsc::sync_channel(1), Turn::new(Mutex::new(Attempts::or(TROUBLE))));
        let mover = Mover { location, connection: None, file: None };
        let theirs = turn.clone();
        let thread = thread::Builder::new().name("checkpoints".into()).spawn(move || mover.run(&woken, &theirs));
        Ok(Self { wake: Some(wake), thread: Some(thread.context("no thread to move the journal on")?), turn, short: Cell::new(0) })
    }

    /// Looks after the journal when something was committed on the connection that writes. What fails here fails no write: all
    /// stays in the journal.
    pub(super) fn look(&self, writing: &Connection) {
        if let Some(short) = self.short.get().checked_sub(1) {
            return self.short.set(short);
        }
        let journal = writing.journal().unwrap_or_default();
        if journal.pages < MANY {
            return self.short.set(SELDOM);
        }
        let turn = match journal {
            Journal { pages: TOO_MANY.., .. } => Some(locked(&self.turn)),
            Journal { waiting: ..=FEW, .. } => self.turn.try_lock().ok(),
            _ => {
                // It may be awake.
                let _ = self.wake.as_ref().map(|wake| wake.try_send(()));
                None
            }
        };
        if let Some(mut attempts) = turn {
            attempts.note(|| writing.checkpoint());
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.wake.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn locked(turn: &Turn) -> MutexGuard<'_, Attempts> {
    turn.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Mover {
    location: Location,
    connection: Option<Connection>,
    /// The file, which it syncs itself.
    file: Option<&'static File>,
}

impl Mover {
    fn run(mut self, woken: &Receiver<()>, turn: &Turn) {
        while woken.recv().is_ok() {
            for _ in 0..ROUNDS {
                let moved = locked(turn).note(|| self.round());
                if moved.is_none_or(|pages| pages <= FEW) {
                    break;
                }
            }
        }
    }

    /// Moves what there is, and says how many pages that were.
    ///
    /// SQLite syncs the file only where nothing was committed meanwhile, else whoever moves the last pages syncs them all. That is the
    /// thread that writes, which is not to wait for so many: they are synced here.
    fn round(&mut self) -> Result<i64, Fault> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(Connection::for_checkpoints(&self.location)?),
        };
        let waiting = connection.journal()?.waiting;
        connection.checkpoint()?;
        self.sync().map_err(|error| Fault::unsynced(error.to_string()))?;
        Ok(waiting)
    }

    fn sync(&mut self) -> io::Result<()> {
        let file = match self.file {
            Some(file) => file,
            // It stays open: with any handle of a file that a process closes its locks on it end, SQLite's too.
            None => self.file.insert(Box::leak(Box::new(File::open(self.location.file())?))),
        };
        file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sea_orm::{DbBackend, Statement};

    use super::*;
    use crate::sqlite::connection::Rows;

    const PATIENCE: Duration = Duration::from_secs(1);

    /// A store with a table.
    fn store() -> (tempfile::TempDir, Location, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(&format!("sqlite://{}", folder.path().join("a.db").display())).unwrap();
        let connection = Connection::for_writes(&location, PATIENCE).unwrap();
        connection.run("CREATE TABLE page (content BLOB)").unwrap();
        (folder, location, connection)
    }

    fn write(connection: &Connection, pages: i64) {
        connection.run(&format!("INSERT INTO page VALUES (zeroblob({}))", pages * 4096)).unwrap();
    }

    #[test]
    fn a_journal_begins_anew() {
        let (_folder, location, writing) = store();
        let checkpoints = Checkpoints::start(location).unwrap();
        let mut most = 0;
        for _ in 0..60 {
            write(&writing, 500);
            checkpoints.look(&writing);
            most = most.max(writing.journal().unwrap().pages);
        }
        // All of them are 30,000. Where the thread does not keep up they are as many as this.
        assert!((MANY..TOO_MANY + 1000).contains(&most), "{most}");
    }

    #[test]
    fn while_somebody_reads_it_goes_on() {
        let (_folder, location, writing) = store();
        let reading = Connection::for_reads(&location, PATIENCE).unwrap();
        write(&writing, 1);
        reading.run("BEGIN").unwrap();
        reading.found(&Statement::from_string(DbBackend::Sqlite, "SELECT count(*) AS n FROM page"), Rows::All).unwrap();
        let checkpoints = Checkpoints::start(location).unwrap();
        for _ in 0..40 {
            write(&writing, 500);
            checkpoints.look(&writing);
        }
        assert!(writing.journal().unwrap().waiting > TOO_MANY);
        reading.run("ROLLBACK").unwrap();
        // The thread may be at it yet.
        for _ in 0..1000 {
            write(&writing, 1);
            checkpoints.look(&writing);
            if writing.journal().unwrap().pages < MANY {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the journal did not begin anew");
    }
}
