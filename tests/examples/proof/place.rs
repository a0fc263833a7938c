//! A store of its own for a proof, and a look into it past the program.

use std::collections::HashMap;
use std::env;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult, Statement};
use tempfile::TempDir;

use crate::program;

/// A store that goes with this value: a file, or a database on the server of `TEST_DATABASE_URL`.
pub(crate) struct Place {
    /// For the program.
    pub(crate) url: String,
    /// For logs and backups.
    pub(crate) folder: TempDir,
    server: Option<(String, String)>,
}

/// A change as history or events have it.
#[derive(Debug)]
pub(crate) struct Journaled {
    /// The version it has since.
    pub(crate) version: i64,
    /// Rows of this request.
    pub(crate) rows: usize,
}

impl Place {
    /// A new one.
    pub(crate) async fn make() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let Some(server) = env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) else {
            let url = format!("sqlite://{}", folder.path().join("frontdesk.db").display());
            return Ok(Self { url, folder, server: None });
        };
        let name = format!("frontdesk_proof_{}", std::process::id());
        Self::on(folder, server, name).await
    }

    /// Another empty one of the same kind.
    pub(crate) async fn another(&self, name: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        match &self.server {
            None => Ok(Self { url: format!("sqlite://{}", folder.path().join("frontdesk.db").display()), folder, server: None }),
            Some((server, first)) => Self::on(folder, server.clone(), format!("{first}_{name}")).await,
        }
    }

    async fn on(folder: TempDir, server: String, name: String) -> Result<Self> {
        let db = connect(&server).await?;
        db.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await?;
        db.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE template0")).await?;
        db.close().await?;
        let mut url = reqwest::Url::parse(&server)?;
        url.set_path(&name);
        Ok(Self { url: url.into(), folder, server: Some((server, name)) })
    }

    /// The database's name for people.
    pub(crate) fn word(&self) -> &'static str {
        if self.server.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    /// Where the server's log goes.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// A connection past the program.
    pub(crate) async fn look(&self) -> Result<DatabaseConnection> {
        connect(&self.url).await
    }

    /// Checks the store with `frontdesk verify`.
    pub(crate) fn verify(&self) -> Result<()> {
        program::must(&self.url, &["verify"])
    }

    /// Gives the database back.
    pub(crate) async fn end(self) -> Result<()> {
        if let Some((server, name)) = &self.server {
            connect(server).await?.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        }
        Ok(())
    }
}

async fn connect(url: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

async fn rows(db: &DatabaseConnection, sql: &str) -> Result<Vec<QueryResult>> {
    Ok(db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?)
}

/// The only number that `sql` answers, in its column `n`.
pub(crate) async fn number(db: &DatabaseConnection, sql: &str) -> Result<i64> {
    Ok(rows(db, sql).await?.first().with_context(|| sql.to_owned())?.try_get("", "n")?)
}

/// The numbers that `sql` answers, in its column `n`.
pub(crate) async fn numbers(db: &DatabaseConnection, sql: &str) -> Result<Vec<i64>> {
    rows(db, sql).await?.iter().map(|row| Ok(row.try_get("", "n")?)).collect()
}

/// The only text that `sql` answers, in its column `t`.
pub(crate) async fn text(db: &DatabaseConnection, sql: &str) -> Result<String> {
    Ok(rows(db, sql).await?.first().with_context(|| sql.to_owned())?.try_get("", "t")?)
}

/// The rows of `history` or `event` after `position`, by request.
pub(crate) async fn journal(db: &DatabaseConnection, table: &str, position: i64) -> Result<HashMap<String, Journaled>> {
    let mut found: HashMap<String, Journaled> = HashMap::new();
    for row in rows(db, &format!("SELECT request_id, version FROM {table} WHERE id > {position}")).await? {
        let version = row.try_get("", "version")?;
        found.entry(row.try_get("", "request_id")?).or_insert(Journaled { version, rows: 0 }).rows += 1;
    }
    Ok(found)
}

/// The last position of `history` or `event`.
pub(crate) async fn last(db: &DatabaseConnection, table: &str) -> Result<i64> {
    number(db, &format!("SELECT coalesce(max(id), 0) AS n FROM {table}")).await
}

/// Waits until PostgreSQL has noticed that a killed server is gone, and ended what it was at.
pub(crate) async fn quiet(db: &DatabaseConnection) -> Result<()> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let others = "SELECT count(*) AS n FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    for _ in 0..500 {
        if number(db, others).await? == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bail!("connections of a killed server stay")
}

/// Every version of every record stands in history exactly once, and in the events.
pub(crate) async fn versions(db: &DatabaseConnection) -> Result<()> {
    let history = "SELECT count(*) AS n FROM (SELECT kind, record_id FROM history WHERE action <> 'deleted' GROUP BY kind, record_id
        HAVING count(*) <> count(DISTINCT version) OR count(*) <> max(version)) AS bad";
    ensure!(number(db, history).await? == 0, "a history has gaps or doubles");
    let twice = "SELECT count(*) AS n FROM (SELECT type FROM event GROUP BY type, record_id, version HAVING count(*) > 1) AS bad";
    ensure!(number(db, twice).await? == 0, "an event is there twice");
    Ok(())
}
