//! Work that is done after a write: the jobs, and what the processing of a call made of it, version by version.

use sea_orm_migration::prelude::*;

use crate::table::{create, drop_all, flag, index, indexes, int, int_required, owned, reference, text, text_required};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), vec![]).await?;
        indexes(manager, vec![index("call_text", &["call_task_id", "id"])]).await?;
        for sql in PARTIAL {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The step before knows one stage for both summaries.
        let restage = "UPDATE call_task SET processing_stage = 'summary' WHERE processing_stage IN ('call_summary', 'response_summary')";
        manager.get_connection().execute_unprepared(restage).await?;
        manager.drop_index(Index::drop().name("call_task_to_process").table("call_task").to_owned()).await?;
        drop_all(manager, tables(), vec![]).await
    }
}

const PARTIAL: [&str; 5] = [
    "CREATE INDEX job_due ON job (kind, run_at) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX job_of_record ON job (organization_id, kind, record) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX call_text_of_run ON call_text (organization_id, call_task_id, stage, run) WHERE run IS NOT NULL",
    "CREATE UNIQUE INDEX call_text_version ON call_text (organization_id, call_task_id, stage, version) WHERE version IS NOT NULL",
    "CREATE INDEX call_task_to_process ON call_task (id) WHERE processing_state IN ('queued', 'running')",
];

fn tables() -> Vec<TableCreateStatement> {
    vec![job(), call_text()]
}

fn job() -> TableCreateStatement {
    owned(
        "job",
        [
            text_required("kind"),
            text_required("record"),
            text_required("payload"),
            text_required("state"),
            int_required("attempt"),
            int_required("attempts"),
            // When it is due; of one that somebody works on: when it is another's again.
            int_required("run_at"),
            int("deadline"),
            text("holder"),
            text("reason"),
            int_required("created_at"),
            int_required("updated_at"),
        ],
    )
}

fn call_text() -> TableCreateStatement {
    let call_task = ColumnDef::new("call_task_id").uuid().not_null().to_owned();
    let columns = [
        call_task,
        text_required("stage"),
        int("run"),
        int("version"),
        text_required("state"),
        text_required("source"),
        text("model"),
        text("text"),
        flag("is_current"),
        text("error_class"),
        text("error_message"),
        int_required("attempts"),
        int("started_at"),
        int_required("finished_at"),
    ];
    owned("call_text", columns).foreign_key(&mut reference("call_text", "call_task_id", "call_task")).to_owned()
}
