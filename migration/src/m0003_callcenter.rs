//! Tasks made from calls.

use sea_orm_migration::prelude::*;

use crate::table::{create, drop_all, index, indexes, int, int_required, owned_by_uuid, reference, stamps, text, text_required, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), vec![]).await?;
        indexes(manager, keys()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, tables(), vec![]).await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![call_task()]
}

fn call_task() -> TableCreateStatement {
    // SQLite reads a long row up to the column it wants, so the long texts come last.
    let columns = vec![
        int("assigned_user_id"),
        int("created_by_user_id"),
        text_required("task_type"),
        text_required("status"),
        text_required("priority"),
        text_required("caller_digits"),
        text("caller_phone"),
        int("appeal_id"),
        int("call_datetime"),
        int("due_date"),
        int("completed_at"),
        text_required("processing_state"),
        text("processing_stage"),
        int_required("processing_attempt"),
        int_required("processing_version"),
        text("caller_name"),
        text("call_id"),
        text("recording_url"),
        text_required("search_title"),
        text_required("title"),
        text("error_message"),
        text("description"),
        text("call_summary"),
        text("call_response_summary"),
        text("call_transcription"),
        text_required("search_all"),
    ];
    owned_by_uuid("call_task", stamps().into_iter().chain(columns))
        .foreign_key(&mut reference("call_task", "assigned_user_id", "employee"))
        .foreign_key(&mut reference("call_task", "created_by_user_id", "employee"))
        .foreign_key(&mut reference("call_task", "appeal_id", "ticket"))
        .to_owned()
}

fn keys() -> Vec<IndexCreateStatement> {
    vec![
        unique("call_task", &["call_id"]),
        index("call_task", &["created_at", "id"]),
        index("call_task", &["status", "created_at", "id"]),
        index("call_task", &["assigned_user_id", "created_at", "id"]),
        index("call_task", &["appeal_id"]),
        index("call_task", &["caller_digits"]),
        index("call_task", &["processing_state"]),
    ]
}
