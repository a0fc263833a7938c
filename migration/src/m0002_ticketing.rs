//! Tickets, their look-ups, and the service log.

use sea_orm_migration::prelude::*;

use crate::table::{
    create, drop_all, flag, index, indexes, int, int_required, owned, reference, stamps, text, text_required, to_organization,
};

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
    vec![category(), subcategory(), termination_code(), ticket(), interaction(), interaction_ticket()]
}

fn category() -> TableCreateStatement {
    owned("category", [text_required("name"), text("description")].into_iter().chain(stamps()))
}

fn subcategory() -> TableCreateStatement {
    owned("subcategory", [text_required("name"), text("description"), int("category_id")].into_iter().chain(stamps()))
        .foreign_key(&mut reference("subcategory", "category_id", "category"))
        .to_owned()
}

fn termination_code() -> TableCreateStatement {
    let columns = [text_required("name"), text("description"), int_required("status"), int("creater_id"), text_required("search")];
    owned("termination_code", columns.into_iter().chain(stamps()))
        .foreign_key(&mut reference("termination_code", "creater_id", "employee"))
        .to_owned()
}

fn ticket() -> TableCreateStatement {
    let columns = [
        text_required("subject"),
        text_required("content"),
        int("due_at"),
        int_required("status"),
        text("status_memo"),
        int_required("priority"),
        int("contact_id"),
        int("sub_category_id"),
        int("creater_id"),
        int("handler_id"),
        int("sponsor_id"),
        int("termination_code_id"),
        text_required("search"),
    ];
    owned("ticket", columns.into_iter().chain(stamps()))
        .foreign_key(&mut reference("ticket", "contact_id", "contact"))
        .foreign_key(&mut reference("ticket", "sub_category_id", "subcategory"))
        .foreign_key(&mut reference("ticket", "creater_id", "employee"))
        .foreign_key(&mut reference("ticket", "handler_id", "employee"))
        .foreign_key(&mut reference("ticket", "sponsor_id", "sponsor"))
        .foreign_key(&mut reference("ticket", "termination_code_id", "termination_code"))
        .to_owned()
}

fn interaction() -> TableCreateStatement {
    let columns = [
        flag("is_acw_completed"),
        int("first_enter_queue_at"),
        int("first_start_service_at"),
        int("acw_at"),
        int("last_finished_at"),
        int("handler_id"),
        int("contact_id"),
        text("memo"),
        int("bound_type"),
        int("sponsor_id"),
        int("result_id"),
    ];
    owned("interaction", columns.into_iter().chain(stamps()))
        .foreign_key(&mut reference("interaction", "handler_id", "employee"))
        .foreign_key(&mut reference("interaction", "contact_id", "contact"))
        .foreign_key(&mut reference("interaction", "sponsor_id", "sponsor"))
        .to_owned()
}

fn interaction_ticket() -> TableCreateStatement {
    Table::create()
        .table("interaction_ticket")
        .col(int_required("organization_id"))
        .col(int_required("ticket_id"))
        .col(int_required("interaction_id"))
        .primary_key(Index::create().col("organization_id").col("ticket_id").col("interaction_id"))
        .foreign_key(&mut to_organization("interaction_ticket"))
        .foreign_key(&mut reference("interaction_ticket", "ticket_id", "ticket"))
        .foreign_key(&mut reference("interaction_ticket", "interaction_id", "interaction"))
        .to_owned()
}

fn keys() -> Vec<IndexCreateStatement> {
    vec![
        index("subcategory", &["category_id"]),
        index("ticket", &["status", "id"]),
        index("ticket", &["contact_id", "id"]),
        index("ticket", &["handler_id", "id"]),
        index("ticket", &["creater_id", "id"]),
        index("ticket", &["sponsor_id", "id"]),
        index("ticket", &["termination_code_id", "id"]),
        index("ticket", &["sub_category_id", "id"]),
        index("ticket", &["due_at"]),
        index("ticket", &["created_at"]),
        index("interaction", &["handler_id"]),
        index("interaction", &["contact_id"]),
        index("interaction", &["created_at"]),
        index("interaction_ticket", &["interaction_id"]),
    ]
}
