//! Indexes of the pieces of texts, which searches are answered from, and the phone numbers of people among their texts.

use frontdesk_core::grams::Grams;
use frontdesk_core::id::OrganizationId;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// An index: its table, that of the records, and the column with their text.
struct Index {
    table: &'static str,
    records: &'static str,
    column: &'static str,
}

const INDEXES: [Index; 5] = [
    Index { table: "ticket_search", records: "ticket", column: "search" },
    Index { table: "contact_search", records: "contact", column: "search" },
    Index { table: "employee_search", records: "employee", column: "search" },
    Index { table: "call_task_title_search", records: "call_task", column: "search_title" },
    Index { table: "call_task_search", records: "call_task", column: "search_all" },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for table in ["contact", "employee"] {
            phones(db, table).await?;
        }
        match manager.get_database_backend() {
            DbBackend::Sqlite => sqlite(db).await,
            _ => postgres(manager).await,
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut tables: Vec<_> = INDEXES.iter().map(|index| index.table).collect();
        if manager.get_database_backend() == DbBackend::Sqlite {
            tables.extend(["search_pending", "call_task_key"]);
        }
        for table in tables {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        let cut = match manager.get_database_backend() {
            DbBackend::Sqlite => "instr(search, char(10) || '℡')",
            _ => "position(chr(10) || '℡' in search)",
        };
        for table in ["contact", "employee"] {
            let sql = format!("UPDATE {table} SET search = substr(search, 1, {cut} - 1) WHERE {cut} > 0");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

/// Puts the digits of people's phone numbers behind their texts.
async fn phones(db: &SchemaManagerConnection<'_>, table: &str) -> Result<(), DbErr> {
    let digits = match db.get_database_backend() {
        DbBackend::Sqlite => "group_concat(char(10) || '℡' || digits, '' ORDER BY id)",
        _ => "string_agg(chr(10) || '℡' || digits, '' ORDER BY id)",
    };
    let of_profile = format!(
        "FROM phone_number p WHERE p.organization_id = {table}.organization_id AND p.profile_id = {table}.profile_id AND p.digits <> ''"
    );
    let sql = format!("UPDATE {table} SET search = search || (SELECT {digits} {of_profile}) WHERE EXISTS (SELECT 1 {of_profile})");
    db.execute_unprepared(&sql).await?;
    Ok(())
}

/// The rows of an index are made in chunks; a step is whole or not at all.
const ROWS: usize = 200;

async fn sqlite(db: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    for sql in KEYS {
        db.execute_unprepared(sql).await?;
    }
    for Index { table, records, column } in INDEXES {
        let sql =
            format!("CREATE VIRTUAL TABLE {table} USING fts5(grams, content='', contentless_delete=1, detail=none, tokenize='ascii')");
        db.execute_unprepared(&sql).await?;
        // Fewer and larger merges than by default: with every row come many short words.
        db.execute_unprepared(&format!("INSERT INTO {table} ({table}, rank) VALUES ('automerge', 8), ('crisismerge', 64)")).await?;
        let (from, key, organization_id) = match records {
            "call_task" => ("call_task_key k JOIN call_task r ON r.id = k.id", "k.key", "r.organization_id"),
            _ => (records, "id", "organization_id"),
        };
        let select = format!(
            "SELECT {key} AS id, {organization_id} AS organization_id, {column} AS text FROM {from} WHERE {key} > ? ORDER BY {key} LIMIT {ROWS}"
        );
        let insert = format!("INSERT INTO {table} (rowid, grams) VALUES (?, ?)");
        let mut last = i64::MIN;
        loop {
            let rows = db.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, &select, [last.into()])).await?;
            for row in &rows {
                last = row.try_get("", "id")?;
                let values: [Value; 2] = [last.into(), grams(row)?.words(organization(row)?).into()];
                db.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, &insert, values)).await?;
            }
            if rows.len() < ROWS {
                break;
            }
        }
    }
    Ok(())
}

/// What waits for its place in an index, and keys of call tasks in the order in which these were created.
const KEYS: [&str; 3] = [
    "CREATE TABLE search_pending (list TEXT NOT NULL, id INTEGER NOT NULL, grams TEXT, PRIMARY KEY (list, id)) WITHOUT ROWID",
    "CREATE TABLE call_task_key (key INTEGER NOT NULL PRIMARY KEY, id uuid_text NOT NULL UNIQUE)",
    "INSERT INTO call_task_key (key, id)
     SELECT (max(min(created_at, 2199023255551), -2199023255551) << 21) + n - 1, id FROM (SELECT created_at, id, row_number() OVER (PARTITION BY created_at ORDER BY id) AS n FROM call_task)",
];

async fn postgres(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    for Index { table, records, column } in INDEXES {
        let kind = if records == "call_task" { "uuid" } else { "bigint" };
        let first = if records == "call_task" { "00000000-0000-0000-0000-000000000000" } else { "-9223372036854775808" };
        let sql = format!(
            "CREATE TABLE {table} (id {kind} PRIMARY KEY, organization_id bigint NOT NULL, grams bigint[] NOT NULL,
               CONSTRAINT {table}_organization FOREIGN KEY (organization_id) REFERENCES organization (id))"
        );
        db.execute_unprepared(&sql).await?;
        let select = format!(
            "SELECT CAST(id AS text) AS id, organization_id, {column} AS text FROM {records} WHERE id > CAST($1 AS {kind})
             ORDER BY {records}.id LIMIT {ROWS}"
        );
        let mut last = first.to_owned();
        loop {
            let rows = db.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, &select, [last.into()])).await?;
            let Some(end) = rows.last() else { break };
            last = end.try_get("", "id")?;
            let mut values: Vec<Value> = vec![];
            for row in &rows {
                let organization = organization(row)?;
                values.extend([row.try_get::<String>("", "id")?.into(), organization.0.into(), grams(row)?.numbers(organization).into()]);
            }
            let places = (0..rows.len()).map(|row| row * 3);
            let places: Vec<_> =
                places.map(|at| format!("(CAST(${} AS {kind}), ${}, CAST(${} AS bigint[]))", at + 1, at + 2, at + 3)).collect();
            let insert = format!("INSERT INTO {table} (id, organization_id, grams) VALUES {}", places.join(", "));
            db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, insert, values)).await?;
        }
        let index =
            format!("CREATE INDEX {table}_by_grams ON {table} USING gin (grams) WITH (fastupdate = on, gin_pending_list_limit = 512)");
        db.execute_unprepared(&index).await?;
    }
    Ok(())
}

fn organization(row: &QueryResult) -> Result<OrganizationId, DbErr> {
    Ok(OrganizationId(row.try_get("", "organization_id")?))
}

fn grams(row: &QueryResult) -> Result<Grams, DbErr> {
    Ok(Grams::of(&row.try_get::<String>("", "text")?))
}
