//! SQLite within the process: reads run where they are asked for, writes travel to one thread that commits many at once.

mod attempts;
mod checkpoint;
mod connection;
pub(crate) mod fault;
mod location;
mod reader;
mod rows;
mod syncs;
mod upkeep;
mod write;
mod writer;

use std::sync::Arc;

use anyhow::Context;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

use crate::connect::Options;
use crate::search::Merges;

pub(crate) use self::connection::{Connection, Rows};
pub(crate) use self::location::Location;
use self::reader::{Readers, first, whole};
pub(crate) use self::reader::{Together, View};
pub use self::rows::Shape;
use self::rows::results;
pub(crate) use self::upkeep::Upkeep;
pub(crate) use self::write::Write;
pub(crate) use self::writer::{Fate, Writer};

/// A store in one file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    readers: Arc<Readers>,
    writer: Writer,
    merges: Merges,
    schema: DatabaseConnection,
}

impl Sqlite {
    /// Opens the file, and makes it where it is missing and may be made.
    pub(crate) async fn open(location: Location, options: &Options) -> anyhow::Result<Self> {
        let why = format!("cannot open the SQLite database {}", location.file().display());
        let (place, patience) = (location.clone(), options.patience);
        // The writer goes first: it makes the file and turns its journal to WAL.
        let writing = tokio::task::spawn_blocking(move || Connection::for_writes(&place, patience)).await?;
        let writer = Writer::start(writing.map_err(DbErr::from).context(why.clone())?, location.clone(), patience).context(why.clone())?;
        let schema = schema(&location, options).await.context(why.clone())?;
        let readers = Arc::new(Readers::new(location, options));
        // A file that cannot be read shows at once.
        let sqlite = Self { readers, writer, merges: Merges::default(), schema };
        sqlite.knock().await.context(why)?;
        Ok(sqlite)
    }

    /// The connection that migrations run on.
    pub(crate) fn schema(&self) -> &DatabaseConnection {
        &self.schema
    }

    /// The thread that writes.
    pub(crate) fn writer(&self) -> &Writer {
        &self.writer
    }

    /// How far the indexes of searched texts are merged.
    pub(crate) fn merges(&self) -> &Merges {
        &self.merges
    }

    /// Fails where the file cannot be read, or the disk has failed to take what was written.
    pub(crate) async fn knock(&self) -> Result<(), DbErr> {
        self.one(None, Statement::from_string(DbBackend::Sqlite, "SELECT 1 AS there FROM sqlite_master")).await?;
        Ok(self.writer.committed().whole()?)
    }

    /// Waits until all that can be read now is on the disk.
    pub(crate) async fn on_disk(&self) -> Result<(), DbErr> {
        Ok(self.writer.committed().on_disk().await?)
    }

    /// The first row that a query finds, after others in their transaction or by itself.
    pub(crate) async fn one(&self, together: Option<&Together>, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(results(self.readers.query(together, statement, first).await?)?.pop())
    }

    /// The rows that a query finds.
    pub(crate) async fn all(&self, together: Option<&Together>, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        results(self.readers.query(together, statement, whole).await?)
    }

    /// The rows that a query finds, each as its model.
    pub(crate) async fn models<M: Shape>(&self, together: Option<&Together>, statement: Statement) -> Result<Vec<M>, DbErr> {
        self.readers.query(together, statement, Connection::models).await
    }

    /// The same of a query that is known to take long.
    pub(crate) async fn scan_models<M: Shape>(&self, statement: Statement) -> Result<Vec<M>, DbErr> {
        self.readers.query_slowly(statement, Connection::models).await
    }

    /// The rows of a query that is known to take long.
    pub(crate) async fn scan(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        results(self.readers.query_slowly(statement, whole).await?)
    }

    /// One state of the store, for several reads.
    pub(crate) async fn view(&self) -> Result<View, DbErr> {
        self.readers.view().await
    }

    /// Ends the writer's thread when what waits is done, and closes every connection that is not in use.
    pub(crate) async fn close(&self) {
        let _ = self.schema.clone().close().await;
        self.readers.close();
        self.writer.close().await;
    }
}

/// A connection for migrations, which the driver makes when it is first used and drops when it lies idle.
async fn schema(location: &Location, options: &Options) -> Result<DatabaseConnection, DbErr> {
    let (file, mode, patience) = (location.file().to_owned(), location.mode(), options.patience);
    let mut connect = ConnectOptions::new(format!("sqlite://store?mode={mode}"));
    connect
        .max_connections(1)
        .min_connections(0)
        .idle_timeout(std::time::Duration::from_secs(5))
        .acquire_timeout(patience)
        .connect_lazy(true)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |opts| opts.filename(&file).busy_timeout(patience).foreign_keys(true).pragma("synchronous", "FULL"));
    Database::connect(connect).await
}
