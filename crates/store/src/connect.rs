//! Opening the store by its URL.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use sea_orm::sqlx::Connection;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use crate::BoxFuture;
use crate::handle::{Read, Snapshot};
use frontdesk_core::Result;

/// How many connections the store may hold.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections for reads, 1 or more.
    pub readers: u32,
    /// Connections for writes on PostgreSQL, 1 or more. SQLite has one writer.
    pub writers: u32,
    /// How long a request waits for a connection, or for another process that holds SQLite's lock.
    pub patience: Duration,
    /// How long an answer is kept under its idempotency key.
    pub answers_kept: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 8, writers: 8, patience: Duration::from_secs(10), answers_kept: Duration::from_hours(24) }
    }
}

/// The store. Clones share it.
#[derive(Clone, Debug)]
pub struct Db(Arc<Pools>);

#[derive(Debug)]
struct Pools {
    read: DatabaseConnection,
    write: DatabaseConnection,
    gone: AtomicBool,
    answers_kept: Duration,
}

impl Db {
    /// Opens `sqlite://PATH[?mode=…]` (the file is made where it is missing) or `postgres://…`. Does not migrate.
    pub async fn open(url: &str, options: &Options) -> anyhow::Result<Self> {
        let (write, read) = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            postgres(url, options).await?
        } else if let Some(path) = url.strip_prefix("sqlite://") {
            sqlite(path, options).await?
        } else {
            bail!("the database URL must begin with sqlite:// or postgres://");
        };
        Ok(Self(Arc::new(Pools { read, write, gone: AtomicBool::new(false), answers_kept: options.answers_kept })))
    }

    /// For reads. Writing through it is an error.
    #[must_use]
    pub fn read(&self) -> Read {
        Read::new(self.clone())
    }

    /// For reads that may take long: exports and reports.
    #[must_use]
    pub fn scan(&self) -> Read {
        self.read()
    }

    /// Several reads of one state of the store.
    #[expect(clippy::disallowed_methods, reason = "the store is where transactions begin")]
    pub async fn snapshot<T, W>(&self, work: W) -> Result<T>
    where
        W: for<'c> FnOnce(&'c Snapshot) -> BoxFuture<'c, Result<T>>,
    {
        use sea_orm::{AccessMode, IsolationLevel};
        let config = match self.backend() {
            DbBackend::Postgres => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
            _ => (None, None),
        };
        let begun = self.steadily(&self.0.read, || self.0.read.begin_with_config(config.0, config.1)).await;
        let snapshot = Snapshot::new(begun?);
        work(&snapshot).await
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.0.write.get_database_backend()
    }

    /// The connection that migrations run on; nothing else may use it.
    #[must_use]
    pub fn schema(&self) -> &DatabaseConnection {
        &self.0.write
    }

    /// Fails where the file of a SQLite store may not be written, which otherwise shows with the first write.
    pub async fn try_write(&self) -> Result<()> {
        if self.backend() == DbBackend::Sqlite {
            let given_up = begin_immediate(self.writer()).await?;
            given_up.execute_unprepared("PRAGMA user_version = 0").await?;
            given_up.rollback().await?;
        }
        Ok(())
    }

    /// Whether the database answers, within a short time.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.knock(&self.0.read).await?)
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.0.read
    }

    /// Whether the database did not answer when it was last asked.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.gone.load(Ordering::Relaxed)
    }

    pub(crate) fn set_gone(&self, gone: bool) {
        self.0.gone.store(gone, Ordering::Relaxed);
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.0.write
    }

    pub(crate) fn answers_kept(&self) -> Duration {
        self.0.answers_kept
    }

    /// Closes every connection.
    pub async fn close(self) {
        let _ = self.0.read.clone().close().await;
        let _ = self.0.write.clone().close().await;
    }
}

/// A transaction that may write at once.
#[expect(clippy::disallowed_methods, reason = "the store is where transactions begin")]
pub(crate) async fn begin_immediate(writer: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    writer.begin_with_options(options).await
}

/// A connection that lay idle so long may have been cut off; it is tried before it is used.
const STALE: Duration = Duration::from_secs(5);

fn pool(url: String, connections: u32, patience: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections.max(1))
        .min_connections(0)
        .acquire_timeout(patience)
        .sqlx_logging(false)
        .test_before_acquire_if_idle_for(STALE);
    options
}

/// The writing and the reading pool.
type Both = (DatabaseConnection, DatabaseConnection);

async fn postgres(url: &str, options: &Options) -> anyhow::Result<Both> {
    let why = "cannot open the PostgreSQL database";
    let write = pool(url.to_owned(), options.writers, options.patience);
    let mut read = pool(url.to_owned(), options.readers, options.patience);
    read.map_sqlx_postgres_opts(|opts| opts.options([("default_transaction_read_only", "on")]));
    Ok((Database::connect(write).await.context(why)?, Database::connect(read).await.context(why)?))
}

async fn sqlite(path: &str, options: &Options) -> anyhow::Result<Both> {
    let (file, query) = path.split_once('?').unwrap_or((path, "mode=rwc"));
    if file.is_empty() || file == ":memory:" || query.contains("mode=memory") {
        bail!("the SQLite database must be a file: sqlite://PATH");
    }
    if let Some(folder) = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let url = format!("sqlite://{file}?{query}");
    let why = || format!("cannot open the SQLite database {file}");
    let patience = options.patience;
    let mut write = pool(url.clone(), 1, patience);
    // SQLite may have ended a transaction by itself (disk full), which the driver does not see: it would be in it for ever.
    write.map_sqlx_sqlite_before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }));
    write.idle_timeout(None).max_lifetime(None).map_sqlx_sqlite_opts(move |opts| {
        opts.busy_timeout(patience)
            .foreign_keys(true)
            .statement_cache_capacity(256)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
    });
    let mut read = pool(url, options.readers, patience);
    read.idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(move |opts| opts.busy_timeout(patience).statement_cache_capacity(256).pragma("query_only", "ON"));
    // The writer goes first: it makes the file and turns its journal to WAL.
    let write = Database::connect(write).await.with_context(why)?;
    Ok((write, Database::connect(read).await.with_context(why)?))
}
