//! What waits: call tasks for their processing are found by an index, and what is to go into SQLite's indexes of searched texts lies in the
//! memory of the connection that writes, no longer in the file.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX call_task_waiting ON call_task (id) WHERE processing_state IN ('queued', 'running')";
        manager.get_connection().execute_unprepared(index).await?;
        on_sqlite(manager, "DROP TABLE search_pending").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table =
            "CREATE TABLE search_pending (list TEXT NOT NULL, id INTEGER NOT NULL, grams TEXT, PRIMARY KEY (list, id)) WITHOUT ROWID";
        on_sqlite(manager, table).await?;
        manager.drop_index(Index::drop().name("call_task_waiting").table("call_task").to_owned()).await
    }
}

async fn on_sqlite(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}
