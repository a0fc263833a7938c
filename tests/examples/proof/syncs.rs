//! Commits reach the disk before they are acknowledged: the server's (SQLite) or the database's (PostgreSQL) syncs are counted.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sea_orm::DatabaseConnection;

use crate::client::Client;
use crate::place::{Place, number, text};
use crate::program::{Program, terminate};
use crate::writer::Writer;

/// So many seconds of writes, one after the other, so that no two of them can share a sync.
pub(crate) async fn syncs(seconds: u64) -> Result<()> {
    let place = Place::make().await?;
    if place.word() == "SQLite" {
        on_sqlite(&place, seconds).await?;
    } else {
        on_postgres(&place, seconds).await?;
    }
    place.end().await
}

async fn write(program: &Program, seconds: u64) -> Result<usize> {
    let client = Client::anonymous(&program.address)?.with(&Client::sign_in(&program.address).await?);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut writer = Writer::new("y");
    while Instant::now() < end {
        writer.once(&client).await?;
    }
    Ok(writer.acknowledged.len())
}

async fn on_sqlite(place: &Place, seconds: u64) -> Result<()> {
    let trace = place.folder.path().join("trace");
    let file = trace.to_string_lossy().into_owned();
    let tracer = ["strace", "-f", "--seccomp-bpf", "-e", "trace=fdatasync,fsync", "-o", file.as_str()];
    let program = Program::start(&place.url, &place.log(), &tracer).context("strace does not run (on Debian: apt-get install strace)")?;
    let count = || -> Result<usize> {
        let told = fs::read_to_string(&trace)?;
        Ok(told.lines().filter(|line| line.contains("sync(") && line.contains("= 0") || line.contains("sync resumed")).count())
    };
    let before = count()?;
    let writes = write(&program, seconds).await?;
    let syncs = count()? - before;
    println!("SQLite: {writes} writes acknowledged, {syncs} syncs of the disk");
    // The server is the tracer's child; the tracer ends with it.
    let children = Command::new("ps").args(["-o", "pid=", "--ppid", &program.id().to_string()]).output()?;
    terminate(String::from_utf8(children.stdout)?.trim().parse()?)?;
    ensure!(writes > 0 && syncs >= writes, "fewer syncs than commits");
    Ok(())
}

/// What the database did for its log since it began.
async fn flushed(db: &DatabaseConnection) -> Result<i64> {
    number(db, "SELECT wal_sync AS n FROM pg_stat_wal").await
}

async fn on_postgres(place: &Place, seconds: u64) -> Result<()> {
    let program = Program::start(&place.url, &place.log(), &[])?;
    let db = place.look().await?;
    for setting in ["fsync", "synchronous_commit"] {
        let value = text(&db, &format!("SELECT setting AS t FROM pg_settings WHERE name = '{setting}'")).await?;
        ensure!(value == "on", "{setting} is {value}: start the server with it on");
    }
    let before = flushed(&db).await?;
    let writes = write(&program, seconds).await?;
    // Backends report now and then.
    tokio::time::sleep(Duration::from_secs(2)).await;
    program.stop()?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let syncs = usize::try_from(flushed(&db).await? - before)?;
    println!("PostgreSQL: {writes} writes acknowledged, {syncs} syncs of its log");
    ensure!(writes > 0 && syncs >= writes, "fewer syncs than commits");
    Ok(db.close().await?)
}
