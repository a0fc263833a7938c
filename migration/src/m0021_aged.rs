//! Events are no longer found by their age: they come in its order, and what is deleted for it is looked for from the first one on. Every
//! write paid for the index.

use sea_orm_migration::prelude::*;

use crate::table::indexes;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("event_by_age").table("event").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        indexes(manager, vec![Index::create().name("event_by_age").table("event").col("at").to_owned()]).await
    }
}
