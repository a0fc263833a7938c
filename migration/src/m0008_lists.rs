//! Lists at any size: how many records there are, kept with the writes, and an index behind every filter with the order of its
//! list.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{Keys, int_required, swap, text_required, to_organization};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(record_count()).await?;
        count(manager).await?;
        swap(manager, &REPLACED, &ADDED).await?;
        for (table, name, keys) in special(manager.get_database_backend()) {
            let sql = format!("CREATE INDEX {name} ON {table} (organization_id, {keys})");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, _) in special(manager.get_database_backend()) {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        swap(manager, &ADDED, &REPLACED).await?;
        manager.drop_table(Table::drop().table("record_count").to_owned()).await
    }
}

fn record_count() -> TableCreateStatement {
    Table::create()
        .table("record_count")
        .col(int_required("organization_id"))
        .col(text_required("kind"))
        .col(text_required("status"))
        .col(int_required("slot"))
        .col(int_required("value"))
        .primary_key(Index::create().col("organization_id").col("kind").col("status").col("slot"))
        .foreign_key(&mut to_organization("record_count"))
        .to_owned()
}

/// The kinds that are counted, each with its table and the column of its status.
const COUNTED: [(&str, &str, &str); 18] = [
    ("employee", "employee", "''"),
    ("group", "staff_group", "''"),
    ("job_title", "job_title", "''"),
    ("department", "department", "''"),
    ("extension", "extension", "''"),
    ("cti_agent", "cti_agent", "''"),
    ("phone_number", "phone_number", "''"),
    ("sponsor", "sponsor", "''"),
    ("contact", "contact", "''"),
    ("category", "category", "''"),
    ("subcategory", "subcategory", "''"),
    ("termination_code", "termination_code", "''"),
    ("ticket", "ticket", "CAST(status AS TEXT)"),
    ("interact_collection", "interaction", "''"),
    ("call_task", "call_task", "status"),
    ("appointment", "appointment", "status"),
    ("license", "license", "''"),
    ("service_key", "service_key", "''"),
];

/// Counts what is there.
async fn count(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    for (kind, table, status) in COUNTED {
        // A group of version 0 is one whose import was interrupted; it is counted with its history.
        let there = if kind == "group" { "version > 0" } else { "1 = 1" };
        db.execute_unprepared(&format!(
            "INSERT INTO record_count (organization_id, kind, status, slot, value)
             SELECT organization_id, '{kind}', {status}, 0, COUNT(*) FROM \"{table}\" WHERE {there} GROUP BY organization_id, 3"
        ))
        .await?;
    }
    Ok(())
}

/// Indexes that a new one begins with.
const REPLACED: [Keys; 11] = [
    ("ticket", &["due_at"]),
    ("ticket", &["created_at"]),
    ("interaction", &["handler_id"]),
    ("interaction", &["contact_id"]),
    ("interaction", &["created_at"]),
    ("subcategory", &["category_id"]),
    ("employee", &["group_id"]),
    ("call_task", &["appeal_id"]),
    ("appointment", &["task_time"]),
    ("appointment_moderator", &["employee_id"]),
    ("appointment_publisher", &["customer_id_num"]),
];

/// A filter, or an order that people look at their work in, and then the order of the list.
const ADDED: [Keys; 27] = [
    ("ticket", &["created_at", "id"]),
    ("ticket", &["updated_at", "id"]),
    ("interaction", &["handler_id", "id"]),
    ("interaction", &["contact_id", "id"]),
    ("interaction", &["created_at", "id"]),
    ("interaction", &["is_acw_completed", "id"]),
    ("call_task", &["appeal_id", "created_at", "id"]),
    ("call_task", &["task_type", "created_at", "id"]),
    ("call_task", &["priority", "created_at", "id"]),
    ("call_task", &["updated_at", "id"]),
    ("appointment", &["branch_code", "id"]),
    ("appointment", &["task_time", "id"]),
    ("appointment_moderator", &["employee_id", "appointment_id"]),
    ("appointment_publisher", &["customer_id_num", "appointment_id"]),
    ("contact", &["identity_no"]),
    ("contact", &["sponsor_id", "id"]),
    ("contact", &["gender", "id"]),
    ("contact", &["birth_at", "id"]),
    ("contact", &["created_at", "id"]),
    ("contact", &["updated_at", "id"]),
    ("subcategory", &["category_id", "id"]),
    ("employee", &["group_id", "id"]),
    ("employee", &["department_id", "id"]),
    ("employee", &["role", "id"]),
    ("employee", &["is_active", "id"]),
    ("phone_number", &["type", "id"]),
    ("phone_number", &["extension", "id"]),
];

/// Indexes that no builder can write, each with its table and what it is of.
fn special(backend: DbBackend) -> [(&'static str, &'static str, &'static str); 4] {
    // As lists have them: SQLite's own way, which PostgreSQL must be told.
    let due = if backend == DbBackend::Postgres { "due_at NULLS FIRST, id" } else { "due_at, id" };
    [
        ("ticket", "ticket_by_due_at_id", due),
        ("contact", "contact_by_month_of_birth", "substr(birth_at, 6, 2), id"),
        // Long texts have no place in an index.
        ("phone_number", "phone_number_by_description", "substr(description, 1, 50), id"),
        // Callers without a number (`anonymous`); the others are found by their digits.
        ("call_task", "call_task_by_caller", "caller_phone, created_at, id) WHERE (caller_digits = ''"),
    ]
}
