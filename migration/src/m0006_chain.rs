//! History rows follow each other in a chain, and events are found by their record and their age.

use sea_orm_migration::prelude::*;

use crate::table::{flag, index, indexes, int_required, text, text_required, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in columns() {
            manager.alter_table(Table::alter().table("history").add_column(&mut column).to_owned()).await?;
        }
        indexes(manager, vec![index("event", &["record_id"]), Index::create().name("event_by_age").table("event").col("at").to_owned()])
            .await?;
        // Rows of before have no hash, and the chain of their record begins after them.
        let db = manager.get_connection();
        db.execute_unprepared(
            "UPDATE history SET seq = (SELECT COUNT(*) FROM history AS earlier WHERE earlier.organization_id = history.organization_id
               AND earlier.kind = history.kind AND earlier.record_id = history.record_id AND earlier.id <= history.id),
             announced = EXISTS (SELECT 1 FROM event WHERE event.organization_id = history.organization_id AND event.record_id = history.record_id
               AND event.version = history.version AND event.type = history.kind || '.' || history.action)",
        )
        .await?;
        manager.drop_index(Index::drop().name("history_by_kind_record_id_id").table("history").to_owned()).await?;
        indexes(manager, vec![unique("history", &["kind", "record_id", "seq"])]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("history_by_kind_record_id_seq").table("history").to_owned()).await?;
        indexes(manager, vec![index("history", &["kind", "record_id", "id"])]).await?;
        for name in ["event_by_age", "event_by_record_id"] {
            manager.drop_index(Index::drop().name(name).table("event").to_owned()).await?;
        }
        for name in ["hash", "erased", "salt", "announced", "seq"] {
            manager.alter_table(Table::alter().table("history").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

/// The place in the record's chain, whether an event tells of it, what the digests of the values are salted with, the digests
/// of the values that were erased, and the hash that the next row is chained to.
fn columns() -> [ColumnDef; 5] {
    [
        int_required("seq").default(0).to_owned(),
        flag("announced").default(false).to_owned(),
        text_required("salt").default("").to_owned(),
        text("erased"),
        text_required("hash").default("").to_owned(),
    ]
}
