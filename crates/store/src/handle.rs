//! What domain code reads and writes through: SeaORM's connection trait, with our rules on it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use frontdesk_core::access::Caller;
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, ExecResult, QueryResult, QuerySelect, Select, Statement,
};

use crate::connect::Db;
use crate::context::WriteContext;
use crate::journal::Change;

fn read_only() -> DbErr {
    DbErr::Custom("a write through a handle for reads".into())
}

/// A handle for reads.
#[derive(Clone, Debug)]
pub struct Read(Db);

impl Read {
    pub(crate) fn new(db: Db) -> Self {
        Self(db)
    }

    fn backend(&self) -> DbBackend {
        self.0.backend()
    }

    async fn one(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        let pool = self.0.reader();
        self.0.steadily(pool, || pool.query_one_raw(stmt.clone())).await
    }

    async fn all(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let pool = self.0.reader();
        self.0.steadily(pool, || pool.query_all_raw(stmt.clone())).await
    }
}

/// One state of the store, for several reads.
#[derive(Debug)]
pub struct Snapshot(DatabaseTransaction);

impl Snapshot {
    pub(crate) fn new(transaction: DatabaseTransaction) -> Self {
        Self(transaction)
    }

    fn backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn one(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.0.query_one_raw(stmt).await
    }

    async fn all(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.0.query_all_raw(stmt).await
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

/// The transaction of one write. The closure that gets it awaits nothing else.
#[derive(Debug)]
pub struct Tx {
    transaction: DatabaseTransaction,
    context: WriteContext,
    in_flight: AtomicUsize,
    changes: Mutex<Vec<Change>>,
}

impl Tx {
    pub(crate) fn new(transaction: DatabaseTransaction, context: WriteContext) -> Self {
        Self { transaction, context, in_flight: AtomicUsize::new(0), changes: Mutex::new(vec![]) }
    }

    pub(crate) fn idle(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) == 0
    }

    pub(crate) fn into_transaction(self) -> DatabaseTransaction {
        self.transaction
    }

    pub(crate) fn take_changes(&self) -> Vec<Change> {
        std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner))
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
        match self.transaction.get_database_backend() {
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
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }

    fn statement(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        InFlight(&self.in_flight)
    }
}

struct InFlight<'a>(&'a AtomicUsize);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }

    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        let _in_flight = self.statement();
        self.transaction.execute_raw(stmt).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let first = sql.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        if matches!(first.trim_end_matches(';'), "BEGIN" | "COMMIT" | "ROLLBACK" | "END" | "START" | "SAVEPOINT" | "RELEASE" | "ABORT") {
            return Err(DbErr::Custom("a write closure may not end its transaction".into()));
        }
        let _in_flight = self.statement();
        self.transaction.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        let _in_flight = self.statement();
        self.transaction.query_one_raw(stmt).await
    }

    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let _in_flight = self.statement();
        self.transaction.query_all_raw(stmt).await
    }
}
