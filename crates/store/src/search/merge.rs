//! Each transaction that writes to one of SQLite's indexes of searched texts adds a part to it, and a search looks into all of them.
//! Where there are many, writes merge some; what they leave is merged while nobody writes, with new texts that wait for their index.

use std::sync::atomic::{AtomicU64, Ordering};

use frontdesk_core::Result;

use super::{ALL, Index, tail};
use crate::connect::{Base, Db};
use crate::sqlite::{Connection, Fate, Sqlite, Upkeep};

/// Pages that are written in a step: it holds up writes for some milliseconds.
const PAGES: u32 = 32;
/// The same where nobody waits.
const MANY_PAGES: u32 = 2000;

/// How many writes there had been when it was looked at last, and when everything was merged last.
#[derive(Debug)]
pub(crate) struct Merges {
    seen: AtomicU64,
    done: AtomicU64,
}

impl Default for Merges {
    fn default() -> Self {
        Self { seen: AtomicU64::new(NEVER), done: AtomicU64::new(NEVER) }
    }
}

const NEVER: u64 = u64::MAX;

impl Db {
    /// Merges what there is to merge, whoever writes; for the end of an import. Nothing has to be done on PostgreSQL.
    pub async fn merge_searches(&self) -> Result<()> {
        let Base::Sqlite(sqlite) = self.base() else { return Ok(()) };
        for index in ALL {
            flush(sqlite, index).await?;
            while step(sqlite, index.table, MANY_PAGES).await? {}
        }
        Ok(())
    }

    /// The same in small steps, where nobody has written since it was called last, until somebody does. To be called every now and then.
    pub async fn merge_searches_in_quiet(&self) -> Result<()> {
        let Base::Sqlite(sqlite) = self.base() else { return Ok(()) };
        let (writer, merges) = (sqlite.writer(), sqlite.merges());
        let mut known = writer.writes();
        if merges.seen.swap(known, Ordering::Relaxed) != known || merges.done.load(Ordering::Relaxed) == known {
            return Ok(());
        }
        for index in ALL {
            flush(sqlite, index).await?;
            known += 1;
            loop {
                if writer.writes() != known {
                    return Ok(());
                }
                let more = step(sqlite, index.table, PAGES).await?;
                // Its own counts too.
                known += 1;
                if !more {
                    break;
                }
            }
        }
        merges.seen.store(known, Ordering::Relaxed);
        merges.done.store(known, Ordering::Relaxed);
        Ok(())
    }
}

/// Merges parts of an index; whether there were any.
async fn step(sqlite: &Sqlite, table: &'static str, pages: u32) -> Result<bool> {
    let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('merge', {pages})");
    // The statement itself counts as one change.
    let merge = move |connection: &Connection| Ok(connection.execute_unprepared(&sql)?.rows_affected());
    Ok(Upkeep::send(sqlite, Fate::Keep, merge).await? > 1)
}

/// Brings new texts into their index.
async fn flush(sqlite: &Sqlite, index: Index) -> Result<()> {
    Upkeep::send(sqlite, Fate::Keep, move |connection| Ok(tail::flush(connection, index)?)).await?;
    Ok(())
}
