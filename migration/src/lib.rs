//! The schema, one numbered step a file. A released step is never changed; a new one follows it.

mod m0001_directory;
mod m0002_ticketing;
mod m0003_callcenter;
mod m0004_appointments;
mod m0005_journal;
mod m0006_chain;
mod m0007_search;
mod m0008_lists;
mod m0009_limits;
mod m0010_jobs;
mod m0011_webhooks;
mod m0012_notices;
mod m0013_due;
mod m0014_waiting;
mod m0015_merges;
mod m0016_numbers;
mod m0017_tail;
mod m0018_thin;
mod m0019_pieces;
mod m0020_verified;
mod m0021_aged;
mod table;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

/// The steps, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_directory::Migration),
            Box::new(m0002_ticketing::Migration),
            Box::new(m0003_callcenter::Migration),
            Box::new(m0004_appointments::Migration),
            Box::new(m0005_journal::Migration),
            Box::new(m0006_chain::Migration),
            Box::new(m0007_search::Migration),
            Box::new(m0008_lists::Migration),
            Box::new(m0009_limits::Migration),
            Box::new(m0010_jobs::Migration),
            Box::new(m0011_webhooks::Migration),
            Box::new(m0012_notices::Migration),
            Box::new(m0013_due::Migration),
            Box::new(m0014_waiting::Migration),
            Box::new(m0015_merges::Migration),
            Box::new(m0016_numbers::Migration),
            Box::new(m0017_tail::Migration),
            Box::new(m0018_thin::Migration),
            Box::new(m0019_pieces::Migration),
            Box::new(m0020_verified::Migration),
            Box::new(m0021_aged::Migration),
        ]
    }
}

/// Where a store stands against the steps of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Every step is applied, and no other.
    Current,
    /// These steps are not applied yet.
    Missing(Vec<String>),
    /// The store has this step, which this program does not know: it was migrated by a newer one.
    Unknown(String),
}

/// Compares the steps applied to the store with those of this program. Writes nothing.
pub async fn state(db: &impl ConnectionTrait) -> Result<State, DbErr> {
    Ok(judge(&applied(db).await?))
}

/// Where a store with these steps stands.
#[must_use]
pub fn judge(applied: &[String]) -> State {
    let known: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    if let Some(unknown) = applied.iter().find(|step| !known.contains(step)) {
        return State::Unknown(unknown.clone());
    }
    let missing: Vec<_> = known.into_iter().filter(|step| !applied.contains(step)).collect();
    if missing.is_empty() { State::Current } else { State::Missing(missing) }
}

async fn applied(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    let there = match backend {
        DbBackend::Postgres => "SELECT 1 AS there FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'seaql_migrations'",
        _ => "SELECT 1 AS there FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
    };
    if db.query_one_raw(Statement::from_string(backend, there)).await?.is_none() {
        return Ok(vec![]);
    }
    let rows = db.query_all_raw(Statement::from_string(backend, "SELECT version FROM seaql_migrations ORDER BY version")).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}

/// Applies the missing steps, each in a transaction of its own, and says their names. Refuses a store with an unknown step.
pub async fn migrate(db: &sea_orm_migration::sea_orm::DatabaseConnection) -> Result<Vec<String>, DbErr> {
    match state(db).await? {
        State::Current => Ok(vec![]),
        State::Unknown(step) => Err(DbErr::Migration(format!("the store has the step {step}, which this program does not know"))),
        State::Missing(missing) => {
            Migrator::up(db, None).await?;
            Ok(missing)
        }
    }
}
