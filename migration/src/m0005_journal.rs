//! History, events, and the answers kept under idempotency keys.

use sea_orm_migration::prelude::*;

use crate::table::{create, drop_all, index, indexes, int, int_required, owned, text_required, to_organization};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), vec![]).await?;
        indexes(manager, vec![index("history", &["kind", "record_id", "id"]), index("kept_answer", &["created_at"])]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, tables(), vec![]).await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![history(), event(), kept_answer()]
}

fn history() -> TableCreateStatement {
    owned(
        "history",
        [
            text_required("kind"),
            text_required("record_id"),
            int_required("version"),
            text_required("action"),
            text_required("actor_kind"),
            int("actor_id"),
            text_required("request_id"),
            int_required("at"),
            text_required("changes"),
        ],
    )
}

fn event() -> TableCreateStatement {
    owned(
        "event",
        [
            text_required("type"),
            text_required("record_id"),
            int_required("version"),
            text_required("actor_kind"),
            int("actor_id"),
            text_required("request_id"),
            int_required("at"),
            text_required("data"),
        ],
    )
}

fn kept_answer() -> TableCreateStatement {
    let body = ColumnDef::new("body").blob().not_null().to_owned();
    let mut table = Table::create().table("kept_answer").col(int_required("organization_id")).to_owned();
    for column in
        [text_required("actor"), text_required("key"), text_required("fingerprint"), int_required("status"), text_required("headers")]
    {
        table.col(column);
    }
    table
        .col(body)
        .col(int_required("created_at"))
        .primary_key(Index::create().col("organization_id").col("actor").col("key"))
        .foreign_key(&mut to_organization("kept_answer"))
        .to_owned()
}
