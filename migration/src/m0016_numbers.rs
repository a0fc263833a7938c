//! Phone numbers among searched texts in digits of their own, those of callers behind the titles of their tasks, and five digits in a
//! row as a piece of every text: a part of a number is found at the same cost in any store. Indexes that tell the status of a call task.

use frontdesk_core::grams::Grams;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::text::{dialled, is_dialled};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::table::{Keys, swap};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        swap(manager, &REPLACED, &ADDED).await?;
        for texts in TEXTS {
            let wide = |text: &str, caller: &str| match text.split_once("\n℡") {
                Some((names, phones)) => format!("{names}\n{}", dialled(&phones.replace('℡', ""))),
                None if caller.is_empty() => text.to_owned(),
                None => format!("{text}\n{}", dialled(caller)),
            };
            texts.turn(manager.get_connection(), wide).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for texts in TEXTS {
            let narrow = |text: &str, caller: &str| {
                let end = text.find(is_dialled).map_or(text.len(), |at| at - "\n".len());
                let (names, phones) = text.split_at(end);
                let phones = if caller.is_empty() { phones.replace('\n', "\n℡") } else { String::new() };
                let digit = |c: char| if is_dialled(c) { char::from_digit(u32::from(c) & 15, 10).unwrap_or(c) } else { c };
                names.to_owned() + &phones.chars().map(digit).collect::<String>()
            };
            texts.turn(manager.get_connection(), narrow).await?;
        }
        swap(manager, &ADDED, &REPLACED).await
    }
}

const REPLACED: [Keys; 4] = [
    ("call_task", &["caller_digits"]),
    ("call_task", &["assigned_user_id", "created_at", "id"]),
    ("call_task", &["task_type", "created_at", "id"]),
    ("call_task", &["priority", "created_at", "id"]),
];

/// Cancelled tasks are left out of most lists.
const ADDED: [Keys; 3] = [
    ("call_task", &["assigned_user_id", "created_at", "id", "status"]),
    ("call_task", &["task_type", "created_at", "id", "status"]),
    ("call_task", &["priority", "created_at", "id", "status"]),
];

/// An index, the records whose texts it has, their column, and the digits that stand behind it.
struct Texts {
    index: &'static str,
    records: &'static str,
    column: &'static str,
    caller: &'static str,
}

const TEXTS: [Texts; 5] = [
    Texts { index: "ticket_search", records: "ticket", column: "search", caller: "''" },
    Texts { index: "contact_search", records: "contact", column: "search", caller: "''" },
    Texts { index: "employee_search", records: "employee", column: "search", caller: "''" },
    Texts { index: "call_task_title_search", records: "call_task", column: "search_title", caller: "caller_digits" },
    Texts { index: "call_task_search", records: "call_task", column: "search_all", caller: "''" },
];

/// Texts are read in chunks; a step is whole or not at all.
const ROWS: usize = 200;

impl Texts {
    /// Makes each text another one, and brings what is new of it into the index.
    async fn turn(&self, db: &SchemaManagerConnection<'_>, turned: impl Fn(&str, &str) -> String) -> Result<(), DbErr> {
        let Self { index, records, column, caller } = self;
        let of_calls = *records == "call_task";
        let backend = db.get_database_backend();
        let mark = if backend == DbBackend::Postgres { '$' } else { '?' };
        // Keys are handed over as text, which both kinds of them have.
        let (key, from, kind) = match backend {
            DbBackend::Postgres => ("r.id", format!("{records} r"), if of_calls { "uuid" } else { "bigint" }),
            _ if of_calls => ("k.key", format!("call_task_key k JOIN {records} r ON r.id = k.id"), "integer"),
            _ => ("r.id", format!("{records} r"), "integer"),
        };
        let select = format!(
            "SELECT CAST({key} AS text) AS place, r.organization_id AS organization_id, r.{column} AS text, {caller} AS caller
             FROM {from} WHERE {key} > CAST({mark}1 AS {kind}) ORDER BY {key} LIMIT {ROWS}"
        );
        let update = match backend {
            DbBackend::Sqlite if of_calls => {
                format!(
                    "UPDATE {records} SET {column} = {mark}2 WHERE id = (SELECT id FROM call_task_key WHERE key = CAST({mark}1 AS {kind}))"
                )
            }
            _ => format!("UPDATE {records} SET {column} = {mark}2 WHERE id = CAST({mark}1 AS {kind})"),
        };
        let put = match backend {
            DbBackend::Postgres => format!("UPDATE {index} SET grams = CAST({mark}2 AS bigint[]) WHERE id = CAST({mark}1 AS {kind})"),
            _ => format!("INSERT OR REPLACE INTO {index} (rowid, grams) VALUES (CAST({mark}1 AS {kind}), {mark}2)"),
        };
        let statement = |sql: &str, values: Vec<Value>| Statement::from_sql_and_values(backend, sql, values);
        let mut last = match kind {
            "uuid" => "00000000-0000-0000-0000-000000000000".to_owned(),
            _ => i64::MIN.to_string(),
        };
        loop {
            let rows = db.query_all_raw(statement(&select, vec![last.as_str().into()])).await?;
            for row in &rows {
                last = row.try_get("", "place")?;
                let (text, caller): (String, String) = (row.try_get("", "text")?, row.try_get("", "caller")?);
                let new = turned(&text, &caller);
                if new != text {
                    db.execute_raw(statement(&update, vec![last.as_str().into(), new.as_str().into()])).await?;
                }
                if new != text || has_number(&new) {
                    let (grams, organization) = (Grams::of(&new), OrganizationId(row.try_get("", "organization_id")?));
                    let grams = if backend == DbBackend::Postgres { grams.numbers(organization) } else { grams.words(organization) };
                    db.execute_raw(statement(&put, vec![last.as_str().into(), grams.into()])).await?;
                }
            }
            if rows.len() < ROWS {
                return Ok(());
            }
        }
    }
}

/// Whether five digits stand in a row.
fn has_number(text: &str) -> bool {
    text.as_bytes().windows(5).any(|five| five.iter().all(u8::is_ascii_digit))
}
