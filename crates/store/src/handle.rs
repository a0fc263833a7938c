//! What domain code reads and writes through: SeaORM's connection trait, with our rules on it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use frontdesk_core::access::Caller;
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, ExecResult, QueryResult, QuerySelect, Select, Statement,
};

use crate::announce::Announcement;
use crate::connect::{Base, Db, Pools};
use crate::context::WriteContext;
use crate::counts::Counts;
use crate::journal::Change;
use crate::search::Pending;
use crate::shelves::{self, Lookup, Memory, Seen, Shelves};
use crate::sql;
use crate::sqlite::{self, Connection, Rows, Shape, Together};

fn read_only() -> DbErr {
    DbErr::Custom("a write through a handle for reads".into())
}

/// Tells the log of a statement, without its values.
fn told(stmt: &Statement) {
    tracing::trace!(target: "sql", sql = stmt.sql, "statement");
}

/// A handle for reads.
#[derive(Clone, Debug)]
pub struct Read {
    db: Db,
    slow: bool,
    together: Option<Together>,
    memory: Memory,
}

impl Read {
    pub(crate) fn new(db: Db) -> Self {
        Self { memory: Memory::of(db.shelves()), db, slow: false, together: None }
    }

    /// For reads that follow one another at once.
    pub(crate) fn together(db: Db) -> Self {
        Self { together: Some(Together::default()), ..Self::new(db) }
    }

    /// For reads that are known to take long.
    pub(crate) fn slow(db: Db) -> Self {
        Self { slow: true, ..Self::new(db) }
    }

    fn backend(&self) -> DbBackend {
        self.db.backend()
    }

    async fn one(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        told(&stmt);
        match self.db.base() {
            Base::Sqlite(sqlite) if self.slow => Ok(sqlite.scan(stmt).await?.into_iter().next()),
            Base::Sqlite(sqlite) => sqlite.one(self.together.as_ref(), stmt).await,
            Base::Postgres(Pools { read, .. }) => self.db.steadily(read, || read.query_one_raw(stmt.clone())).await,
        }
    }

    async fn all(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        told(&stmt);
        match self.db.base() {
            Base::Sqlite(sqlite) if self.slow => sqlite.scan(stmt).await,
            Base::Sqlite(sqlite) => sqlite.all(self.together.as_ref(), stmt).await,
            Base::Postgres(Pools { read, .. }) => self.db.steadily(read, || read.query_all_raw(stmt.clone())).await,
        }
    }
}

/// One state of the store, for several reads.
#[derive(Debug)]
pub struct Snapshot(View, Memory);

/// Where a snapshot is taken.
#[derive(Debug)]
enum View {
    Sqlite(sqlite::View),
    Postgres(DatabaseTransaction),
}

impl Snapshot {
    pub(crate) fn of_sqlite(view: sqlite::View, shelves: Arc<Shelves>) -> Self {
        Self(View::Sqlite(view), Memory::of(shelves))
    }

    pub(crate) fn of_postgres(transaction: DatabaseTransaction, shelves: Arc<Shelves>) -> Self {
        Self(View::Postgres(transaction), Memory::of(shelves))
    }

    fn backend(&self) -> DbBackend {
        match &self.0 {
            View::Sqlite(_) => DbBackend::Sqlite,
            View::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn one(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        told(&stmt);
        match &self.0 {
            View::Sqlite(view) => view.one(stmt).await,
            View::Postgres(transaction) => transaction.query_one_raw(stmt).await,
        }
    }

    async fn all(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        told(&stmt);
        match &self.0 {
            View::Sqlite(view) => view.all(stmt).await,
            View::Postgres(transaction) => transaction.query_all_raw(stmt).await,
        }
    }
}

macro_rules! reads_only {
    ($($name:ident)*) => {$(
        #[async_trait]
        impl ConnectionTrait for $name {
            fn get_database_backend(&self) -> DbBackend {
                self.backend()
            }

            async fn execute_raw(&self, _: Statement) -> Result<ExecResult, DbErr> {
                Err(read_only())
            }

            async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
                Err(read_only())
            }

            async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
                self.one(stmt).await
            }

            async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
                self.all(stmt).await
            }
        }
    )*};
}

reads_only! { Read Snapshot }

impl Lookup for Read {
    async fn models<M: Shape>(&self, query: Statement) -> Result<Vec<M>, DbErr> {
        told(&query);
        match self.db.base() {
            Base::Sqlite(sqlite) if self.slow => sqlite.scan_models(query).await,
            Base::Sqlite(sqlite) => sqlite.models(self.together.as_ref(), query).await,
            Base::Postgres(Pools { read, .. }) => self.db.steadily(read, || M::find_by_statement(query.clone()).all(read)).await,
        }
    }

    fn memory(&self) -> Option<&Memory> {
        Some(&self.memory)
    }
}

impl Lookup for Snapshot {
    async fn models<M: Shape>(&self, query: Statement) -> Result<Vec<M>, DbErr> {
        told(&query);
        match &self.0 {
            View::Sqlite(view) => view.models(query).await,
            View::Postgres(transaction) => M::find_by_statement(query).all(transaction).await,
        }
    }

    fn memory(&self) -> Option<&Memory> {
        Some(&self.1)
    }
}

/// The transaction of one write. The closure that gets it awaits nothing else.
#[derive(Debug)]
pub struct Tx {
    transaction: Transaction,
    context: Arc<WriteContext>,
    in_flight: AtomicUsize,
    changes: Mutex<Vec<Change>>,
    announcements: Mutex<Vec<Announcement>>,
    /// What is to go into PostgreSQL's indexes of searched texts.
    pending: Mutex<Vec<Pending>>,
    memory: Memory,
}

/// Where a write runs.
#[derive(Debug)]
pub(crate) enum Transaction {
    /// The connection that writes: its statements are done when they are asked for.
    Sqlite(Arc<Mutex<Connection>>),
    Postgres(DatabaseTransaction),
}

impl Tx {
    pub(crate) fn new(transaction: Transaction, context: Arc<WriteContext>, shelves: Arc<Shelves>) -> Self {
        let seen = match &transaction {
            Transaction::Sqlite(connection) => locked(connection).seen(),
            Transaction::Postgres(_) => Seen::default(),
        };
        let memory = Memory::of_write(shelves, seen);
        let (changes, announcements, pending) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { transaction, context, in_flight: AtomicUsize::new(0), changes, announcements, pending, memory }
    }

    pub(crate) fn idle(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) == 0
    }

    /// The transaction, and what is to be told of its commit.
    pub(crate) fn into_parts(self) -> (Transaction, Memory) {
        (self.transaction, self.memory)
    }

    fn backend(&self) -> DbBackend {
        match &self.transaction {
            Transaction::Sqlite(_) => DbBackend::Sqlite,
            Transaction::Postgres(_) => DbBackend::Postgres,
        }
    }

    fn changes(&self) -> MutexGuard<'_, Vec<Change>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn take_changes(&self) -> Vec<Change> {
        std::mem::take(&mut *self.changes())
    }

    pub(crate) fn take_announcements(&self) -> Vec<Announcement> {
        std::mem::take(&mut *self.announcements.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is to go into PostgreSQL's indexes of searched texts.
    pub(crate) fn take_pending(&self) -> Vec<Pending> {
        std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the write was asked with.
    #[must_use]
    pub fn context(&self) -> &WriteContext {
        &self.context
    }

    /// Who asks for the write.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.context.caller
    }

    /// The moment of the write, in milliseconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        frontdesk_core::time::millis(self.context.at)
    }

    /// A query whose rows stay as they are until the write ends: what a write decides on, it finds through this.
    #[must_use]
    pub fn lock<E: EntityTrait>(&self, query: Select<E>) -> Select<E> {
        match self.backend() {
            // Not FOR UPDATE, which would hold up every write of a row that only names this one, and deadlock with some.
            DbBackend::Postgres => query.lock(LockType::NoKeyUpdate),
            _ => query,
        }
    }

    /// [`Error::Stale`] where the request names another version of the record than `present`.
    pub fn expect_version(&self, present: i64) -> Result<()> {
        match &self.context.expected {
            Some(expected) if !expected.contains(&present) => Err(Error::Stale(present)),
            _ => Ok(()),
        }
    }

    /// Notes a change for history and events; they are written with the transaction.
    pub fn record(&self, change: Change) {
        self.changes().push(change);
    }

    /// Notes an event of the caller's organization that tells of no change; it is written with the transaction, after its changes.
    pub fn announce(&self, announcement: Announcement) {
        self.announcements.lock().unwrap_or_else(PoisonError::into_inner).push(announcement);
    }

    /// Notes what is to go into the indexes of searched texts: on SQLite with all of the commit, else with the history.
    pub(crate) fn search_with_commit(&self, entry: Pending) {
        match &self.transaction {
            Transaction::Sqlite(connection) => locked(connection).pend(entry),
            Transaction::Postgres(_) => self.pending.lock().unwrap_or_else(PoisonError::into_inner).push(entry),
        }
    }

    /// Leaves what a write counts for the commit, on SQLite; but for changes of directories, which the next write is to see.
    pub(crate) fn count_with_commit(&self, mut counts: Counts) -> Counts {
        let Transaction::Sqlite(connection) = &self.transaction else { return counts };
        let connection = locked(connection);
        let directories = counts.take_directories();
        if !directories.is_empty() {
            connection.look_anew();
        }
        if !counts.is_empty() {
            connection.count(counts);
        }
        directories
    }

    /// Inserts a row; the id that it got.
    pub(crate) async fn inserted(&self, insert: &Statement) -> Result<i64, DbErr> {
        match &self.transaction {
            Transaction::Sqlite(connection) => {
                told(insert);
                Ok(locked(connection).inserted(insert)?)
            }
            Transaction::Postgres(_) => {
                let row = self.query_one_raw(insert.clone()).await?;
                row.ok_or(DbErr::RecordNotInserted)?.try_get("", "id")
            }
        }
    }

    /// Runs writes that need nothing of each other; PostgreSQL is asked once for all, and does them in any order.
    pub(crate) async fn execute_all(&self, statements: Vec<Statement>) -> Result<(), DbErr> {
        match &self.transaction {
            Transaction::Sqlite(connection) => {
                let connection = locked(connection);
                for statement in statements {
                    told(&statement);
                    connection.change(&statement)?;
                }
            }
            Transaction::Postgres(_) => {
                for statement in sql::joined(statements) {
                    self.execute_raw(statement).await?;
                }
            }
        }
        Ok(())
    }

    fn statement(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        InFlight(&self.in_flight)
    }
}

impl Lookup for Tx {
    async fn models<M: Shape>(&self, query: Statement) -> Result<Vec<M>, DbErr> {
        told(&query);
        let _in_flight = self.statement();
        match &self.transaction {
            Transaction::Sqlite(connection) => Ok(locked(connection).models(&query)?),
            Transaction::Postgres(transaction) => M::find_by_statement(query).all(transaction).await,
        }
    }

    fn memory(&self) -> Option<&Memory> {
        let changed = self.changes().iter().any(|change| shelves::is_kept(change.kind()));
        (!changed).then_some(&self.memory)
    }
}

struct InFlight<'a>(&'a AtomicUsize);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn locked(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.backend()
    }

    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        told(&stmt);
        let _in_flight = self.statement();
        match &self.transaction {
            Transaction::Sqlite(connection) => locked(connection).execute(&stmt),
            Transaction::Postgres(transaction) => transaction.execute_raw(stmt).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let first = sql.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        if matches!(first.trim_end_matches(';'), "BEGIN" | "COMMIT" | "ROLLBACK" | "END" | "START" | "SAVEPOINT" | "RELEASE" | "ABORT") {
            return Err(DbErr::Custom("a write closure may not end its transaction".into()));
        }
        let _in_flight = self.statement();
        match &self.transaction {
            Transaction::Sqlite(connection) => locked(connection).execute_unprepared(sql),
            Transaction::Postgres(transaction) => transaction.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        told(&stmt);
        let _in_flight = self.statement();
        match &self.transaction {
            Transaction::Sqlite(connection) => Ok(locked(connection).query(&stmt, Rows::First)?.pop()),
            Transaction::Postgres(transaction) => transaction.query_one_raw(stmt).await,
        }
    }

    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        told(&stmt);
        let _in_flight = self.statement();
        match &self.transaction {
            Transaction::Sqlite(connection) => locked(connection).query(&stmt, Rows::All),
            Transaction::Postgres(transaction) => transaction.query_all_raw(stmt).await,
        }
    }
}
