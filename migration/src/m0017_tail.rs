//! New texts that are in none of SQLite's indexes of searched texts yet: many are brought there at once, which is much faster. The
//! indexes no longer merge their parts by themselves, but as they are told.

use frontdesk_core::grams::Grams;
use frontdesk_core::id::OrganizationId;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            let table = "CREATE TABLE search_tail (list TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (list, place)) WITHOUT ROWID";
            manager.get_connection().execute_unprepared(table).await?;
            merge(manager.get_connection(), [0, 16]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            merge(manager.get_connection(), [16, 4]).await?;
            for index in INDEXES {
                take(manager.get_connection(), index).await?;
            }
            manager.get_connection().execute_unprepared("DROP TABLE search_tail").await?;
        }
        Ok(())
    }
}

/// The table of an index, that of the records, and the column with their text.
const INDEXES: [[&str; 3]; 5] = [
    ["ticket_search", "ticket", "search"],
    ["contact_search", "contact", "search"],
    ["employee_search", "employee", "search"],
    ["call_task_title_search", "call_task", "search_title"],
    ["call_task_search", "call_task", "search_all"],
];

/// How many parts of a size the indexes merge by themselves, and when they are told to.
async fn merge(db: &SchemaManagerConnection<'_>, [alone, told]: [u8; 2]) -> Result<(), DbErr> {
    for [table, ..] in INDEXES {
        let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('automerge', {alone}), ('usermerge', {told})");
        db.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Brings into an index what is not in it yet.
async fn take(db: &SchemaManagerConnection<'_>, [index, records, column]: [&str; 3]) -> Result<(), DbErr> {
    let join = match records {
        "call_task" => "JOIN call_task_key k ON k.key = t.place JOIN call_task r ON r.id = k.id".to_owned(),
        _ => format!("JOIN {records} r ON r.id = t.place"),
    };
    let select = format!(
        "SELECT t.place AS place, r.organization_id AS organization_id, r.{column} AS text FROM search_tail t {join} WHERE t.list = '{index}'"
    );
    let insert = format!("INSERT OR REPLACE INTO {index} (rowid, grams) VALUES (?, ?)");
    for row in db.query_all_raw(Statement::from_string(DbBackend::Sqlite, select)).await? {
        let organization = OrganizationId(row.try_get("", "organization_id")?);
        let grams = Grams::of(&row.try_get::<String>("", "text")?).words(organization);
        let values: [Value; 2] = [row.try_get::<i64>("", "place")?.into(), grams.into()];
        db.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, &insert, values)).await?;
    }
    Ok(())
}
