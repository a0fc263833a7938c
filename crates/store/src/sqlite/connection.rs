//! One connection to the file, with our settings on it.

use std::cell::{RefCell, RefMut};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::CachedStatement;
use rusqlite::config::DbConfig;
use sea_orm::{DbErr, ExecResult, QueryResult, Statement};

use super::checkpoint::Journal;
use super::fault::Fault;
use super::location::Location;
use super::rows::{Bound, Columns, Found, Shape, executed, results};
use crate::counts::Counts;
use crate::search::{Pending, Tails};
use crate::shelves::Seen;

/// Prepared statements that a connection remembers.
const STATEMENTS: usize = 256;
/// Steps of SQLite's machine between two looks at the clock.
const STEPS: i32 = 1000;
/// So much of the file readers have in their address space, where its pages count as the process's memory.
const MAPPED: i64 = 64 << 20;
/// Bytes that the journal is cut to when it begins anew.
const JOURNAL: i64 = 64 << 20;

/// A connection. It is used by one thread at a time.
#[derive(Debug)]
pub(crate) struct Connection {
    inner: rusqlite::Connection,
    limit: Limit,
    /// The columns of statements that gave rows, by their text.
    columns: RefCell<HashMap<String, Arc<Columns>>>,
    /// What is to go into the indexes of searched texts before the transaction ends.
    pending: RefCell<Vec<Pending>>,
    /// What was counted, and is written before the transaction ends.
    counted: RefCell<Vec<Counts>>,
    /// How often a directory had changed when a write of the transaction asked.
    seen: RefCell<Seen>,
    /// New texts that are in none of these indexes yet.
    tails: RefCell<Tails>,
}

/// How many rows a connection has written, and how much waits for the commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    changes: u64,
    pending: usize,
    counted: usize,
}

/// How many rows of a query are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    First,
    All,
}

impl Connection {
    /// The connection that writes.
    pub(crate) fn for_writes(location: &Location, patience: Duration) -> Result<Self, Fault> {
        let inner = rusqlite::Connection::open_with_flags(location.file(), location.for_writes())?;
        inner.busy_timeout(patience)?;
        inner.pragma_update(None, "journal_mode", "WAL")?;
        // What is committed is synced by another thread; this way SQLite syncs where it moves the journal.
        inner.pragma_update(None, "synchronous", "NORMAL")?;
        inner.pragma_update(None, "foreign_keys", true)?;
        inner.pragma_update(None, "wal_autocheckpoint", 0)?;
        inner.pragma_update(None, "journal_size_limit", JOURNAL)?;
        inner.pragma_update(None, "cache_size", -16_384)?;
        Self::with(inner)
    }

    /// A connection that moves the journal into the file, which is there by then.
    pub(super) fn for_checkpoints(location: &Location) -> Result<Self, Fault> {
        let inner = rusqlite::Connection::open_with_flags(location.file(), location.for_reads())?;
        inner.pragma_update(None, "synchronous", "FULL")?;
        Self::with(inner)
    }

    /// A connection that reads.
    pub(super) fn for_reads(location: &Location, patience: Duration) -> Result<Self, Fault> {
        let inner = rusqlite::Connection::open_with_flags(location.file(), location.for_reads())?;
        inner.busy_timeout(patience)?;
        inner.pragma_update(None, "query_only", true)?;
        inner.pragma_update(None, "cache_size", -4_096)?;
        inner.pragma_update(None, "mmap_size", MAPPED)?;
        let connection = Self::with(inner)?;
        let limit = connection.limit.clone();
        connection.inner.progress_handler(STEPS, Some(move || limit.is_over()))?;
        Ok(connection)
    }

    fn with(inner: rusqlite::Connection) -> Result<Self, Fault> {
        // Otherwise a bound LIMIT that changes makes SQLite plan the statement anew.
        inner.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        inner.pragma_update(None, "temp_store", "MEMORY")?;
        inner.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self {
            inner,
            limit: Limit::default(),
            columns: RefCell::default(),
            pending: RefCell::default(),
            counted: RefCell::default(),
            seen: RefCell::default(),
            tails: RefCell::default(),
        })
    }

    /// The file of the journal.
    pub(super) fn journal_file(&self) -> PathBuf {
        format!("{}-wal", self.inner.path().unwrap_or_default()).into()
    }

    /// When a statement of a reader is stopped.
    pub(super) fn limit(&self) -> &Limit {
        &self.limit
    }

    /// Whether no transaction is open.
    pub(super) fn is_idle(&self) -> bool {
        self.inner.is_autocommit()
    }

    /// Runs a statement of our own, without values or rows.
    pub(crate) fn run(&self, sql: &str) -> Result<(), Fault> {
        self.inner.prepare_cached(sql)?.raw_execute()?;
        Ok(())
    }

    /// Notes what is to go into the indexes of searched texts.
    pub(crate) fn pend(&self, entry: Pending) {
        self.pending.borrow_mut().push(entry);
    }

    /// How much was written and noted until now.
    pub(super) fn written(&self) -> Mark {
        Mark { changes: self.inner.total_changes(), pending: self.pending.borrow().len(), counted: self.counted.borrow().len() }
    }

    /// Forgets what was noted since, and what was seen.
    pub(super) fn forget(&self, since: Mark) {
        self.pending.borrow_mut().truncate(since.pending);
        self.counted.borrow_mut().truncate(since.counted);
        self.look_anew();
    }

    /// How many rows were written, those of virtual tables included.
    pub(crate) fn changes(&self) -> u64 {
        self.inner.total_changes()
    }

    /// Gives what was noted, and forgets it.
    pub(crate) fn take_pending(&self) -> Vec<Pending> {
        self.pending.take()
    }

    /// Notes what is to be counted.
    pub(crate) fn count(&self, counts: Counts) {
        self.counted.borrow_mut().push(counts);
    }

    /// Gives what was counted, and forgets it.
    pub(crate) fn take_counted(&self) -> Vec<Counts> {
        self.counted.take()
    }

    /// How often a directory had changed when a write of the transaction last asked: nothing has changed it since.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }

    /// Forgets how often a directory had changed.
    pub(crate) fn look_anew(&self) {
        self.seen.take();
    }

    /// New texts that the indexes do not have yet.
    pub(crate) fn tails(&self) -> RefMut<'_, Tails> {
        self.tails.borrow_mut()
    }

    /// How full the journal is.
    pub(super) fn journal(&self) -> Result<Journal, Fault> {
        let mut noop = self.inner.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?;
        let (pages, moved): (i64, i64) = noop.query_row([], |row| Ok((row.get(1)?, row.get(2)?)))?;
        Ok(Journal { pages, waiting: pages - moved })
    }

    /// Moves what can be moved of the journal into the file; nothing where somebody else is at it.
    pub(super) fn checkpoint(&self) -> Result<(), Fault> {
        Ok(self.inner.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?.query_row([], |_| Ok(()))?)
    }

    /// Runs statements that nobody prepared.
    pub(crate) fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let before = self.inner.total_changes();
        self.inner.execute_batch(sql).map_err(Fault::from)?;
        executed(self.inner.total_changes().saturating_sub(before), self.last_id())
    }

    /// Runs a statement, and throws away what rows it gives.
    pub(crate) fn execute(&self, statement: &Statement) -> Result<ExecResult, DbErr> {
        let changed = self.change(statement)?;
        executed(changed, self.last_id())
    }

    /// Inserts a row; the id that it got.
    pub(crate) fn inserted(&self, insert: &Statement) -> Result<i64, Fault> {
        self.change(insert)?;
        Ok(self.inner.last_insert_rowid())
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) fn change(&self, statement: &Statement) -> Result<u64, Fault> {
        let mut prepared = self.prepare(statement)?;
        let mut rows = prepared.raw_query();
        while rows.next()?.is_some() {}
        drop(rows);
        Ok(if prepared.readonly() { 0 } else { self.inner.changes() })
    }

    fn last_id(&self) -> u64 {
        u64::try_from(self.inner.last_insert_rowid()).unwrap_or(0)
    }

    /// The rows of a query.
    pub(crate) fn query(&self, statement: &Statement, wanted: Rows) -> Result<Vec<QueryResult>, DbErr> {
        results(self.found(statement, wanted)?)
    }

    /// The rows of a query, each as its model.
    pub(crate) fn models<M: Shape>(&self, statement: &Statement) -> Result<Vec<M>, Fault> {
        let mut prepared = self.prepare(statement)?;
        let fields = self.columns(&statement.sql, &prepared)?.fields::<M>()?;
        let mut rows = prepared.raw_query();
        let mut found = vec![];
        while let Some(row) = rows.next()? {
            found.push(fields.read(row)?);
        }
        Ok(found)
    }

    /// The rows of a query as maps, with SQLite's own error.
    pub(crate) fn found(&self, statement: &Statement, wanted: Rows) -> Result<Found, Fault> {
        let mut prepared = self.prepare(statement)?;
        let columns = self.columns(&statement.sql, &prepared)?;
        let mut rows = prepared.raw_query();
        let mut found = vec![];
        while let Some(row) = rows.next()? {
            found.push(columns.read(row)?);
            if wanted == Rows::First {
                break;
            }
        }
        Ok(found)
    }

    fn columns(&self, sql: &str, prepared: &CachedStatement<'_>) -> Result<Arc<Columns>, Fault> {
        let mut known = self.columns.borrow_mut();
        if let Some(columns) = known.get(sql).filter(|columns| columns.len() == prepared.column_count()) {
            return Ok(columns.clone());
        }
        if known.len() >= STATEMENTS {
            known.clear();
        }
        let columns = Arc::new(Columns::of(prepared, || self.declared(sql))?);
        known.insert(sql.to_owned(), columns.clone());
        Ok(columns)
    }

    fn prepare(&self, statement: &Statement) -> Result<CachedStatement<'_>, Fault> {
        let mut prepared = self.inner.prepare_cached(&statement.sql)?;
        let values = statement.values.as_ref().map_or(&[][..], |values| &values.0);
        let (mut used, has_names) = (0, statement.sql.contains('$'));
        for at in 1..=prepared.parameter_count() {
            // `$2` is the second value wherever it stands, as PostgreSQL has it; `?` is the next.
            let name = if has_names { prepared.parameter_name(at) } else { None };
            let number = name.map_or(Some(at), |name| name[1..].parse().ok());
            let Some(value) = number.and_then(|number| values.get(number.checked_sub(1)?)) else {
                return Err(Fault::misuse("a parameter without a value"));
            };
            used = used.max(number.unwrap_or(0));
            prepared.raw_bind_parameter(at, Bound(value))?;
        }
        if used < values.len() {
            return Err(Fault::misuse("a value without a parameter"));
        }
        Ok(prepared)
    }

    /// The declared types of the columns of the table that a write is about: the first name in it.
    fn declared(&self, sql: &str) -> rusqlite::Result<BTreeMap<String, String>> {
        let table = sql.split('"').nth(1).unwrap_or_default();
        let mut columns = self.inner.prepare_cached("SELECT name, type FROM pragma_table_info(?1)")?;
        columns.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }
}

/// The moment at which a statement is stopped; none at first.
#[derive(Clone, Debug, Default)]
pub(super) struct Limit(Arc<AtomicU64>);

/// No limit.
const NONE: u64 = 0;
/// A limit that is over.
const PAST: u64 = 1;

impl Limit {
    /// Stops what runs longer than this from now.
    pub(super) fn set(&self, time: Duration) {
        let at = clock().elapsed() + time;
        self.0.store(u64::try_from(at.as_micros()).unwrap_or(u64::MAX).max(PAST + 1), Ordering::Relaxed);
    }

    /// Stops nothing.
    pub(super) fn lift(&self) {
        self.0.store(NONE, Ordering::Relaxed);
    }

    /// Stops what runs now and what follows.
    pub(super) fn end(&self) {
        self.0.store(PAST, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        match self.0.load(Ordering::Relaxed) {
            NONE => false,
            PAST => true,
            at => clock().elapsed().as_micros() > u128::from(at),
        }
    }
}

/// What limits count from.
fn clock() -> Instant {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    *START
}
