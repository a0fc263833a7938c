//! Copies of a SQLite store while it is in use, and whether a file can be one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Value};

use crate::connect::Db;

/// How long another process may hold the file's lock.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file of a store on SQLite; none where the URL names another database.
pub fn file(url: &str) -> Result<Option<PathBuf>> {
    if !url.starts_with("sqlite://") {
        return Ok(None);
    }
    let options: SqliteConnectOptions = url.parse().context("the database URL is wrong")?;
    Ok(Some(options.get_filename().into()))
}

/// Whether a database has no tables at all.
pub async fn is_blank(db: &Db) -> Result<bool> {
    let sql = match db.backend() {
        DbBackend::Sqlite => "SELECT COUNT(*) AS n FROM sqlite_master WHERE type = 'table'",
        _ => "SELECT COUNT(*) AS n FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    };
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    Ok(row.context("the count gave no row")?.try_get::<i64>("", "n")? == 0)
}

/// Copies one state of the SQLite file `from` into `to`, which is empty. Whoever writes to `from` goes on meanwhile.
pub async fn copy(from: &Path, to: &Path) -> Result<()> {
    let connection = open(from).await?;
    let to = to.to_str().context("the name of the new file is no UTF-8")?;
    let done = connection.execute_raw(statement("VACUUM INTO $1", vec![to.into()])).await;
    connection.close().await?;
    done?;
    Ok(())
}

/// What SQLite finds wrong with a file: its structure first, then references to rows that are not there. Nothing where it is whole.
pub async fn faults(file: &Path) -> Result<Vec<String>> {
    let connection = open(file).await?;
    let checked = check(&connection).await;
    connection.close().await?;
    checked
}

async fn check(connection: &DatabaseConnection) -> Result<Vec<String>> {
    let mut faults = texts(connection, "SELECT integrity_check AS text FROM pragma_integrity_check WHERE integrity_check <> 'ok'").await?;
    if faults.is_empty() {
        let dangling = "SELECT COUNT(*) || ' rows of ' || \"table\" || ' name a ' || parent || ' that is not there' AS text
             FROM pragma_foreign_key_check GROUP BY \"table\", parent";
        faults = texts(connection, dangling).await?;
    }
    Ok(faults)
}

/// Sees to it that `file` is all there is of its store, with nothing left in files beside it. Fails while another process has it open.
pub async fn settle(file: &Path) -> Result<()> {
    let connection = open(file).await?;
    let alone = connection.query_one_raw(statement("PRAGMA journal_mode = DELETE", vec![])).await;
    connection.close().await?;
    let mode = alone.ok().flatten().map(|row| row.try_get::<String>("", "journal_mode"));
    if mode.is_none_or(|mode| mode.as_deref() != Ok("delete")) {
        bail!("{} is in use", file.display());
    }
    Ok(())
}

/// How many rows a table of the file has; none where there is no such table.
pub async fn rows(file: &Path, table: &str) -> Result<Option<i64>> {
    let connection = open(file).await?;
    let counted = count(&connection, table).await;
    connection.close().await?;
    counted
}

async fn count(connection: &DatabaseConnection, table: &str) -> Result<Option<i64>> {
    let there = statement("SELECT 1 AS there FROM sqlite_master WHERE type = 'table' AND name = $1", vec![table.into()]);
    if connection.query_one_raw(there).await?.is_none() {
        return Ok(None);
    }
    let row = connection.query_one_raw(statement(&format!("SELECT COUNT(*) AS n FROM \"{table}\""), vec![])).await?;
    Ok(Some(row.context("the count gave no row")?.try_get("", "n")?))
}

async fn texts(connection: &DatabaseConnection, sql: &str) -> Result<Vec<String>> {
    let rows = connection.query_all_raw(statement(sql, vec![])).await?;
    Ok(rows.iter().map(|row| row.try_get("", "text")).collect::<Result<_, _>>()?)
}

fn statement(sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

/// A connection of its own to a file that is there.
async fn open(file: &Path) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new("sqlite://store?mode=rw");
    let name = file.to_owned();
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |opts| opts.filename(&name).busy_timeout(PATIENCE));
    Database::connect(options).await.with_context(|| format!("cannot open the SQLite database {}", file.display()))
}
