//! Opening the store by its URL.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use frontdesk_core::Result;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, IsolationLevel, Statement, TransactionTrait,
};

use tokio::sync::watch;

use crate::BoxFuture;
use crate::events::Horizon;
use crate::handle::{Read, Snapshot};
use crate::shelves::Shelves;
use crate::sqlite::{Connection, Fate, Location, Sqlite, Upkeep};

/// How many connections the store may hold.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections for reads, 1 or more.
    pub readers: u32,
    /// Connections for writes on PostgreSQL, 1 or more. SQLite has one writer.
    pub writers: u32,
    /// How long a request waits for a connection, or for another process that holds SQLite's lock.
    pub patience: Duration,
    /// How long one statement may take on PostgreSQL; zero leaves that to the database.
    pub statement: Duration,
    /// How long an answer is kept under its idempotency key.
    pub answers_kept: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 8,
            writers: 8,
            patience: Duration::from_secs(10),
            statement: Duration::ZERO,
            answers_kept: Duration::from_hours(24),
        }
    }
}

/// The store. Clones share it.
#[derive(Clone, Debug)]
pub struct Db(Arc<Store>);

#[derive(Debug)]
struct Store {
    base: Base,
    gone: AtomicBool,
    answers_kept: Duration,
    shelves: Arc<Shelves>,
    writes: watch::Sender<()>,
    seen: Horizon,
}

/// The database under a store.
#[derive(Debug)]
pub(crate) enum Base {
    Sqlite(Sqlite),
    Postgres(Pools),
}

/// Connections to PostgreSQL.
#[derive(Debug)]
pub(crate) struct Pools {
    pub(crate) read: DatabaseConnection,
    pub(crate) write: DatabaseConnection,
}

impl Db {
    /// Opens `sqlite://PATH[?mode=ro|rw|rwc]` (the file is made where it is missing) or `postgres://…`. Does not migrate.
    pub async fn open(url: &str, options: &Options) -> anyhow::Result<Self> {
        let base = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Base::Postgres(postgres(url, options).await?)
        } else if url.starts_with("sqlite://") {
            Base::Sqlite(sqlite(url, options).await?)
        } else {
            bail!("the database URL must begin with sqlite:// or postgres://");
        };
        Ok(Self(Arc::new(Store {
            base,
            gone: AtomicBool::new(false),
            answers_kept: options.answers_kept,
            shelves: Arc::default(),
            writes: watch::Sender::new(()),
            seen: Horizon::default(),
        })))
    }

    /// For reads. Writing through it is an error.
    #[must_use]
    pub fn read(&self) -> Read {
        Read::new(self.clone())
    }

    /// For the reads that one answer is made of, which follow one another at once: SQLite looks up the state of the store but once for
    /// them, unless one takes long. Not for one that is to see what was written since the first.
    #[must_use]
    pub fn together(&self) -> Read {
        Read::together(self.clone())
    }

    /// For reads that take long: exports and reports.
    #[must_use]
    pub fn scan(&self) -> Read {
        Read::slow(self.clone())
    }

    /// Several reads of one state of the store.
    #[expect(clippy::disallowed_methods, reason = "the store is where transactions begin")]
    pub async fn snapshot<T, W>(&self, work: W) -> Result<T>
    where
        W: for<'c> FnOnce(&'c Snapshot) -> BoxFuture<'c, Result<T>>,
    {
        let snapshot = match self.base() {
            Base::Sqlite(sqlite) => Snapshot::of_sqlite(sqlite.view().await?, self.shelves()),
            Base::Postgres(Pools { read, .. }) => {
                let (level, access) = (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly));
                Snapshot::of_postgres(self.steadily(read, || read.begin_with_config(level, access)).await?, self.shelves())
            }
        };
        work(&snapshot).await
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        match self.base() {
            Base::Sqlite(_) => DbBackend::Sqlite,
            Base::Postgres(_) => DbBackend::Postgres,
        }
    }

    /// The connection that migrations run on; nothing else may use it.
    #[must_use]
    pub fn schema(&self) -> &DatabaseConnection {
        match self.base() {
            Base::Sqlite(sqlite) => sqlite.schema(),
            Base::Postgres(pools) => &pools.write,
        }
    }

    /// Runs statements of upkeep in a transaction of their own, past history and events; says how many rows they changed.
    pub async fn maintain(&self, statement: Statement) -> Result<u64> {
        match self.base() {
            Base::Sqlite(sqlite) => Upkeep::send(sqlite, Fate::Keep, move |connection| Ok(connection.change(&statement)?)).await,
            Base::Postgres(pools) => Ok(pools.write.execute_raw(statement).await?.rows_affected()),
        }
    }

    /// Fails where the file of a SQLite store may not be written, which otherwise shows with the first write.
    pub async fn try_write(&self) -> Result<()> {
        if let Base::Sqlite(sqlite) = self.base() {
            let write = |connection: &Connection| Ok(connection.execute_unprepared("PRAGMA user_version = 0")?.rows_affected());
            Upkeep::send(sqlite, Fate::Undo, write).await?;
        }
        Ok(())
    }

    /// Whether the database answers, within a short time.
    pub async fn ping(&self) -> Result<()> {
        match self.base() {
            Base::Sqlite(sqlite) => Ok(sqlite.knock().await?),
            Base::Postgres(pools) => Ok(self.knock(&pools.read).await?),
        }
    }

    pub(crate) fn base(&self) -> &Base {
        &self.0.base
    }

    pub(crate) fn seen(&self) -> &Horizon {
        &self.0.seen
    }

    pub(crate) fn shelves(&self) -> Arc<Shelves> {
        self.0.shelves.clone()
    }

    /// What is told of every write.
    pub(crate) fn writes(&self) -> &watch::Sender<()> {
        &self.0.writes
    }

    /// Whether the database did not answer when it was last asked.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.gone.load(Ordering::Relaxed)
    }

    pub(crate) fn set_gone(&self, gone: bool) {
        self.0.gone.store(gone, Ordering::Relaxed);
    }

    pub(crate) fn answers_kept(&self) -> Duration {
        self.0.answers_kept
    }

    /// Closes every connection, after the writes that have begun.
    pub async fn close(self) {
        match self.base() {
            Base::Sqlite(sqlite) => sqlite.close().await,
            Base::Postgres(pools) => {
                let _ = pools.read.clone().close().await;
                let _ = pools.write.clone().close().await;
            }
        }
    }
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

async fn postgres(url: &str, options: &Options) -> anyhow::Result<Pools> {
    let why = "cannot open the PostgreSQL database";
    let limits = (!options.statement.is_zero()).then(|| ("statement_timeout", options.statement.as_millis().to_string()));
    let mut write = pool(url.to_owned(), options.writers, options.patience);
    let mut read = pool(url.to_owned(), options.readers, options.patience);
    let of_write = limits.clone();
    write.map_sqlx_postgres_opts(move |opts| opts.options(of_write.clone()));
    read.map_sqlx_postgres_opts(move |opts| opts.options(limits.clone()).options([("default_transaction_read_only", "on")]));
    Ok(Pools { write: Database::connect(write).await.context(why)?, read: Database::connect(read).await.context(why)? })
}

async fn sqlite(url: &str, options: &Options) -> anyhow::Result<Sqlite> {
    let location = Location::of(url)?;
    if let Some(folder) = location.file().parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    Sqlite::open(location, options).await
}
