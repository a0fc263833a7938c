//! Video appointments with their people, and the counters their numbers come from.

use sea_orm_migration::prelude::*;

use crate::table::{
    create, drop_all, flag, index, indexes, int, int_required, owned, reference, stamps, text, text_required, to_organization, unique,
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
    vec![counter(), appointment(), moderator(), publisher()]
}

fn counter() -> TableCreateStatement {
    Table::create()
        .table("counter")
        .col(int_required("organization_id"))
        .col(text_required("name"))
        .col(int_required("value"))
        .primary_key(Index::create().col("organization_id").col("name"))
        .foreign_key(&mut to_organization("counter"))
        .to_owned()
}

fn appointment() -> TableCreateStatement {
    let columns = [
        text_required("task_num"),
        int_required("business_id"),
        text_required("out_task_num"),
        text_required("out_task_type"),
        text_required("task_type"),
        flag("task_notify"),
        int_required("task_time"),
        // Whether the request left task_time out; then it takes no part in the comparison of equal requests.
        flag("task_time_defaulted"),
        int_required("duration_minutes"),
        text("task_remark"),
        text_required("branch_code"),
        text("business_code"),
        text_required("room_type"),
        flag("video"),
        text_required("status"),
        int("ticket_id"),
        int("creater_id"),
        int_required("sequence"),
    ];
    owned("appointment", columns.into_iter().chain(stamps()))
        .foreign_key(&mut reference("appointment", "ticket_id", "ticket"))
        .foreign_key(&mut reference("appointment", "creater_id", "employee"))
        .to_owned()
}

fn moderator() -> TableCreateStatement {
    let columns = [
        int_required("appointment_id"),
        int_required("employee_id"),
        text("business_code"),
        text("branch_code"),
        int_required("created_at"),
    ];
    owned("appointment_moderator", columns)
        .foreign_key(&mut reference("appointment_moderator", "appointment_id", "appointment"))
        .foreign_key(&mut reference("appointment_moderator", "employee_id", "employee"))
        .to_owned()
}

fn publisher() -> TableCreateStatement {
    let columns = [
        int_required("appointment_id"),
        text("customer_title"),
        text_required("customer_name"),
        text_required("customer_id_num"),
        text("customer_country_code"),
        text("customer_phone"),
        text("customer_email"),
        int("contact_id"),
        int_required("created_at"),
    ];
    owned("appointment_publisher", columns)
        .foreign_key(&mut reference("appointment_publisher", "appointment_id", "appointment"))
        .foreign_key(&mut reference("appointment_publisher", "contact_id", "contact"))
        .to_owned()
}

fn keys() -> Vec<IndexCreateStatement> {
    vec![
        unique("appointment", &["task_num"]),
        unique("appointment", &["out_task_type", "out_task_num"]),
        unique("appointment_moderator", &["appointment_id", "employee_id"]),
        unique("appointment_publisher", &["appointment_id", "customer_id_num"]),
        index("appointment", &["status", "id"]),
        index("appointment", &["task_time"]),
        index("appointment", &["ticket_id"]),
        index("appointment", &["out_task_num"]),
        index("appointment_moderator", &["employee_id"]),
        index("appointment_publisher", &["customer_id_num"]),
        index("appointment_publisher", &["contact_id"]),
    ]
}
