//! How far the due dates of tickets and call tasks were announced.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::int_required;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Each table with the column of its date, and which of its records are not done yet.
const DATED: [(&str, &str, &str); 2] =
    [("ticket", "due_at", "status IN (0, 1)"), ("call_task", "due_date", "status IN ('new', 'in_progress')")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let now = match manager.get_database_backend() {
            DbBackend::Postgres => "CAST(extract(epoch FROM now()) * 1000 AS BIGINT)",
            _ => "CAST(strftime('%s', 'now') AS INTEGER) * 1000",
        };
        for (table, date, open) in DATED {
            let mut told = int_required("due_told").default(0).to_owned();
            manager.alter_table(Table::alter().table(table).add_column(&mut told).to_owned()).await?;
            let db = manager.get_connection();
            // What is overdue already is no news.
            db.execute_unprepared(&format!("UPDATE {table} SET due_told = 2 WHERE {date} < {now}")).await?;
            db.execute_unprepared(&format!(
                "CREATE INDEX {table}_to_announce ON {table} (due_told, {date}) WHERE {date} IS NOT NULL AND due_told < 2 AND {open}"
            ))
            .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _, _) in DATED {
            manager.drop_index(Index::drop().name(format!("{table}_to_announce")).table(table).to_owned()).await?;
            manager.alter_table(Table::alter().table(table).drop_column("due_told").to_owned()).await?;
        }
        Ok(())
    }
}
