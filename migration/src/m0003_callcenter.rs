//! Tasks made from calls.

use sea_orm_migration::prelude::*;

use crate::table::{create, index, indexes, int, int_required, owned_by_uuid, reference, stamps, text, text_required, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![call_task()], vec![]).await?;
        indexes(manager, keys()).await
    }
}

fn call_task() -> TableCreateStatement {
    let columns = [
        int("assigned_user_id"),
        int("created_by_user_id"),
        text_required("task_type"),
        text_required("status"),
        text_required("priority"),
        text_required("title"),
        text("description"),
        text("caller_phone"),
        text_required("caller_digits"),
        text("caller_name"),
        text("call_id"),
        text("recording_url"),
        int("call_datetime"),
        text("call_transcription"),
        text("call_summary"),
        text("call_response_summary"),
        text("error_message"),
        int("due_date"),
        int("completed_at"),
        int("appeal_id"),
        text_required("processing_state"),
        text("processing_stage"),
        int_required("processing_attempt"),
        int_required("processing_version"),
        text_required("search_title"),
        text_required("search_all"),
    ];
    owned_by_uuid("call_task", columns.into_iter().chain(stamps()))
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
