//! SQLite's indexes of searched texts merge their parts when there are sixteen of a size, not eight: writing takes a quarter less, a
//! search looks into some parts more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 5] = ["ticket_search", "contact_search", "employee_search", "call_task_title_search", "call_task_search"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        merge(manager, 16).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        merge(manager, 8).await
    }
}

async fn merge(manager: &SchemaManager<'_>, parts: u8) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        for table in TABLES {
            let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('automerge', {parts})");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
    }
    Ok(())
}
