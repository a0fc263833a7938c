//! PostgreSQL lets more pieces of texts wait before it sorts them into its indexes of tickets and call tasks: many at once cost less each,
//! and searches look through those that wait as well.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// The indexes that grow with every call and every ticket.
const INDEXES: [&str; 3] = ["ticket_search", "call_task_title_search", "call_task_search"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        limit(manager, 2048).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        limit(manager, 512).await
    }
}

/// Sets how many kilobytes may wait for an index.
async fn limit(manager: &SchemaManager<'_>, kilobytes: u16) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        for index in INDEXES {
            let sql = format!("ALTER INDEX {index}_by_grams SET (gin_pending_list_limit = {kilobytes})");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
    }
    Ok(())
}
