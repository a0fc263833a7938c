//! Opening the store by its URL.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};

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
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 8, writers: 8, patience: Duration::from_secs(10) }
    }
}

/// The store. Clones share it.
#[derive(Clone, Debug)]
pub struct Db(Arc<Pools>);

#[derive(Debug)]
struct Pools {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

impl Db {
    /// Opens `sqlite://PATH[?mode=…]` (the file is made where it is missing) or `postgres://…`. Does not migrate.
    pub async fn open(url: &str, options: &Options) -> anyhow::Result<Self> {
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            postgres(url, options).await?
        } else if let Some(path) = url.strip_prefix("sqlite://") {
            sqlite(path, options).await?
        } else {
            bail!("the database URL must begin with sqlite:// or postgres://");
        };
        Ok(Self(Arc::new(pools)))
    }

    /// For reads. Writing through it is an error.
    #[must_use]
    pub fn read(&self) -> Read {
        Read::new(self.0.read.clone())
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
        use sea_orm::{AccessMode, IsolationLevel, TransactionTrait};
        let transaction = match self.backend() {
            DbBackend::Postgres => self.0.read.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await?,
            _ => self.0.read.begin().await?,
        };
        let snapshot = Snapshot::new(transaction);
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

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.read().query_one_raw(sea_orm::Statement::from_string(self.backend(), "SELECT 1")).await?;
        Ok(())
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.0.write
    }

    /// Closes every connection.
    pub async fn close(self) {
        let _ = self.0.read.clone().close().await;
        let _ = self.0.write.clone().close().await;
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
    let write = pool(url.to_owned(), options.writers, options.patience);
    let mut read = pool(url.to_owned(), options.readers, options.patience);
    read.map_sqlx_postgres_opts(|opts| opts.options([("default_transaction_read_only", "on")]));
    Ok(Pools { write: Database::connect(write).await.context(why)?, read: Database::connect(read).await.context(why)? })
}

async fn sqlite(path: &str, options: &Options) -> anyhow::Result<Pools> {
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
    Ok(Pools { write, read: Database::connect(read).await.with_context(why)? })
}
