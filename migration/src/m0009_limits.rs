//! What servers on one database count together: requests, and failed sign-ins.

use sea_orm_migration::prelude::*;

use crate::table::{create, drop_all, int_required};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), vec![]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, tables(), vec![]).await
    }
}

/// Who is counted stands in them as a hash.
fn tables() -> Vec<TableCreateStatement> {
    vec![
        counted("request_rate", &["full_at"]),
        // The minute's beginning, how often somebody had to wait before, failures, and attempts that are still running.
        counted("failed_sign_in", &["since", "waits", "failures", "running"]),
    ]
}

fn counted(name: &'static str, columns: &[&'static str]) -> TableCreateStatement {
    let mut table = Table::create().table(name).col(ColumnDef::new("who").text().not_null().primary_key()).to_owned();
    for column in columns {
        table.col(int_required(column));
    }
    table
}
