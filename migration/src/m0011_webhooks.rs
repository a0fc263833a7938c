//! Webhooks, and what they were told.

use sea_orm_migration::prelude::*;

use crate::table::{create, drop_all, flag, int, int_required, owned, reference, stamps, text, text_required, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), vec![]).await?;
        manager.create_index(unique("webhook_delivery", &["webhook_id", "event_id"])).await?;
        for sql in PARTIAL {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["history", "event", "record_count"] {
            let kind = if table == "event" { "type LIKE 'webhook.%'" } else { "kind = 'webhook'" };
            manager.get_connection().execute_unprepared(&format!("DELETE FROM {table} WHERE {kind}")).await?;
        }
        drop_all(manager, tables(), vec![]).await
    }
}

const PARTIAL: [&str; 3] = [
    "CREATE INDEX webhook_delivery_due ON webhook_delivery (organization_id, webhook_id, run_at, event_id) WHERE state = 'waiting'",
    "CREATE INDEX webhook_delivery_order ON webhook_delivery (organization_id, webhook_id, record, record_id, event_id)
     WHERE state = 'waiting'",
    "CREATE INDEX webhook_delivery_over ON webhook_delivery (updated_at) WHERE state <> 'waiting'",
];

fn tables() -> Vec<TableCreateStatement> {
    vec![webhook(), webhook_delivery()]
}

fn webhook() -> TableCreateStatement {
    let columns = [
        text_required("url"),
        text_required("events"),
        text("description"),
        flag("is_active"),
        int("paused_at"),
        text("paused_reason"),
        text_required("secret"),
        text("old_secret"),
        int("old_secret_until"),
        // Every event up to here is among its deliveries, or is none that it wants.
        int_required("position"),
        int("replay_after"),
        int("replay_until"),
        // Since when every delivery failed, and how many were given up one after the other.
        int("failing_since"),
        int_required("given_up"),
    ];
    owned("webhook", columns.into_iter().chain(stamps()))
}

fn webhook_delivery() -> TableCreateStatement {
    let columns = [
        int_required("webhook_id"),
        int_required("event_id"),
        text_required("type"),
        text_required("record"),
        text_required("record_id"),
        text_required("state"),
        int_required("attempts"),
        // When it is due; of one that is being sent: when it is another's.
        int_required("run_at"),
        text("holder"),
        int("last_status"),
        text("reason"),
        int_required("created_at"),
        int_required("updated_at"),
    ];
    owned("webhook_delivery", columns).foreign_key(&mut reference("webhook_delivery", "webhook_id", "webhook")).to_owned()
}
