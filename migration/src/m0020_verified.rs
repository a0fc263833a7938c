//! Events are no longer found by their record: nothing but `frontdesk verify` asked, once in a while and for all of them, and every
//! write paid for the index.

use sea_orm_migration::prelude::*;

use crate::table::{index, indexes};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("event_by_record_id").table("event").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        indexes(manager, vec![index("event", &["record_id"])]).await
    }
}
