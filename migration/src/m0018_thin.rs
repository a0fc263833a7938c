//! Events say no more than they tell: which record it is, and of an appointment its number. They kept the whole record until now, which
//! nobody ever got to see.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let number = match manager.get_database_backend() {
            DbBackend::Postgres => "CAST(jsonb_build_object('task_num', CAST(data AS jsonb) -> 'task_num') AS text)",
            _ => "json_object('task_num', data ->> 'task_num')",
        };
        let appointments = format!(
            "UPDATE event SET data = {number}
             WHERE type LIKE 'appointment.%' AND type <> 'appointment.notification_due' AND data <> 'null'"
        );
        let others = "UPDATE event SET data = 'null'
             WHERE type NOT LIKE 'appointment.%' AND type NOT IN ('ticket.due_soon', 'ticket.overdue', 'call_task.overdue') AND data <> 'null'";
        for sql in [&*appointments, others] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    /// The version before reads no more of them either.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
