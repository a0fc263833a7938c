//! Each transaction that writes to one of SQLite's indexes of searched texts adds a part to it, and a search looks into all of them.
//! Where there are many, some are merged after a write, a few pages at a time: by itself full-text search would now and then hold up
//! everybody for ten times as long. What is left is merged while nobody writes, with new texts that wait for their index.

use std::sync::atomic::{AtomicU64, Ordering};

use frontdesk_core::Result;
use sea_orm::{DbBackend, Statement};

use super::{ALL, Index, tail};
use crate::connect::{Base, Db};
use crate::sqlite::fault::Fault;
use crate::sqlite::{Connection, Fate, Sqlite, Upkeep};

/// Pages that are merged after a write, or more where much is left: the next writes are held up for some milliseconds. With each time the
/// first pages of all these parts are written anew, so fewer at a time are more in all.
pub(super) const FEW_PAGES: usize = 64;
/// The same in quiet.
const PAGES: usize = 32;
/// The same where nobody waits.
const MANY_PAGES: usize = 2000;
/// Bytes of a page.
const PAGE: usize = 4096;
/// About so often a text is merged in all, each time with sixteen times as many: until there are 250,000.
const TIMES: usize = 3;
/// Parts of a size that writes leave before they merge them. To merge more at once is less work, and a search looks into more parts.
const PARTS: u8 = 16;
/// The same in quiet.
const FEW_PARTS: u8 = 4;

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
            set(sqlite, index.table, FEW_PARTS).await?;
            while step(sqlite, index.table, MANY_PAGES).await? {}
            set(sqlite, index.table, PARTS).await?;
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
            set(sqlite, index.table, FEW_PARTS).await?;
            // Its own counts too.
            known += 2;
            let mut more = true;
            while more && writer.writes() == known {
                more = step(sqlite, index.table, PAGES).await?;
                known += 1;
            }
            set(sqlite, index.table, PARTS).await?;
            known += 1;
            if writer.writes() != known {
                return Ok(());
            }
        }
        merges.seen.store(known, Ordering::Relaxed);
        merges.done.store(known, Ordering::Relaxed);
        Ok(())
    }
}

/// Merges parts of an index; whether there were any.
async fn step(sqlite: &Sqlite, table: &'static str, pages: usize) -> Result<bool> {
    Ok(Upkeep::send(sqlite, Fate::Keep, move |connection| Ok(merge(connection, table, pages)?.into())).await? > 0)
}

/// Has so many parts of a size be merged.
async fn set(sqlite: &Sqlite, table: &'static str, parts: u8) -> Result<()> {
    Upkeep::send(sqlite, Fate::Keep, move |connection| Ok(tell(connection, table, "usermerge", parts.into())?)).await?;
    Ok(())
}

/// Brings new texts into their index.
async fn flush(sqlite: &Sqlite, index: Index) -> Result<()> {
    Upkeep::send(sqlite, Fate::Keep, move |connection| Ok(tail::flush(connection, index)?)).await?;
    Ok(())
}

/// Notes that the index gets a text with so many bytes of pieces.
pub(super) fn note(connection: &Connection, table: &'static str, bytes: usize) {
    connection.tails().entry(table).or_default().unmerged += TIMES * (1 + bytes / PAGE);
}

/// Merges some parts of an index, where it is worth the while: the more is left to be merged, the more at once.
pub(super) fn some(connection: &Connection, table: &'static str) -> Result<(), Fault> {
    let unmerged = connection.tails().get(table).map_or(0, |tail| tail.unmerged);
    if unmerged >= FEW_PAGES {
        let pages = FEW_PAGES.max(unmerged / 8);
        let left = if merge(connection, table, pages)? { unmerged - pages } else { 0 };
        connection.tails().entry(table).or_default().unmerged = left;
    }
    Ok(())
}

/// Merges so many pages of an index; whether there was anything to merge.
fn merge(connection: &Connection, table: &str, pages: usize) -> Result<bool, Fault> {
    let before = connection.changes();
    tell(connection, table, "merge", i64::try_from(pages).unwrap_or(i64::MAX))?;
    // The statement itself counts as one change.
    Ok(connection.changes() - before > 1)
}

fn tell(connection: &Connection, table: &str, command: &str, number: i64) -> Result<u64, Fault> {
    let sql = format!("INSERT INTO {table} ({table}, rank) VALUES (?, ?)");
    connection.change(&Statement::from_sql_and_values(DbBackend::Sqlite, sql, [command.into(), number.into()]))
}
