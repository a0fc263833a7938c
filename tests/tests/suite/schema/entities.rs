//! The entities of the crates against the tables.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_store::Db;
use sea_orm::DbBackend;

use crate::harness::database::MIGRATED;
use crate::harness::members::sources_of;
use crate::harness::texts;

use super::is_of_search;

/// A column as an entity's source has it: its name, its Rust type, whether it is optional.
type Column = (String, String, bool);

/// Every entity of the crates: its table and columns.
fn entities() -> Vec<(String, Vec<Column>)> {
    let mut found = vec![];
    for (_, text) in sources_of(|package| package != "frontdesk-tests") {
        for part in text.split("#[sea_orm(table_name = \"").skip(1) {
            let table = part.split('"').next().unwrap().to_owned();
            let model = part.split_once("struct Model {").unwrap().1;
            found.push((table, columns_of(model)));
        }
    }
    found
}

fn columns_of(model: &str) -> Vec<Column> {
    let (mut columns, mut renamed) = (vec![], None);
    for line in model.lines().map(str::trim).take_while(|line| *line != "}") {
        if let Some((_, name)) = line.split_once("column_name = \"") {
            renamed = name.split('"').next().map(str::to_owned);
        }
        let field = line.strip_suffix(',').and_then(|line| line.rsplit_once("pub ").map_or(Some(line), |(_, field)| Some(field)));
        let Some((name, kind)) = field.and_then(|field| field.split_once(": ")).filter(|_| line.starts_with("pub")) else { continue };
        let optional = kind.strip_prefix("Option<").and_then(|kind| kind.strip_suffix('>'));
        let name = renamed.take().unwrap_or_else(|| name.trim_start_matches("r#").trim_end_matches('_').to_owned());
        columns.push((name, optional.unwrap_or(kind).to_owned(), optional.is_some()));
    }
    columns
}

/// The columns of the tables in the words of Rust.
async fn tables(db: &Db) -> BTreeMap<String, BTreeSet<Column>> {
    let all = match db.backend() {
        DbBackend::Postgres => {
            "SELECT table_name || ' ' || column_name || ' ' || split_part(data_type, ' ', 1) || ' ' || is_nullable AS t
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
        _ => {
            "SELECT m.name || ' ' || c.name || ' ' || lower(c.type) || ' ' || CASE c.\"notnull\" WHEN 1 THEN 'NO' ELSE 'YES' END AS t
             FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        }
    };
    let mut tables: BTreeMap<String, BTreeSet<Column>> = BTreeMap::new();
    for line in texts(&db.read(), all).await {
        let [table, column, kind, nullable] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        if is_of_search(table) {
            continue;
        }
        let kind = match kind {
            "bigint" | "integer" => "i64",
            "text" | "character" | "varchar" => "String",
            "boolean" => "bool",
            "uuid" | "uuid_text" => "Uuid",
            "blob" | "bytea" => "Vec<u8>",
            other => panic!("{table}.{column} is a {other}"),
        };
        tables.entry(table.to_owned()).or_default().insert((column.to_owned(), kind.to_owned(), nullable == "YES"));
    }
    tables
}

#[tokio::test]
async fn entities_and_tables_agree() {
    let database = MIGRATED.copy();
    let mut tables = tables(&database.open().await).await;
    // Read and written by statements of their own.
    for table in ["seaql_migrations", "counter", "event", "job", "record_count", "request_rate", "interaction_ticket", "profile"] {
        tables.entry(table.to_owned()).or_default();
    }
    let entities = entities();
    assert!(entities.len() > 20, "{} entities", entities.len());
    let mut whole = BTreeSet::from(["seaql_migrations", "counter", "event", "job", "record_count", "request_rate"].map(str::to_owned));
    for (table, columns) in &entities {
        let columns: BTreeSet<_> = columns.iter().cloned().collect();
        let there = tables.get(table).unwrap_or_else(|| panic!("there is no table {table}"));
        let strange: Vec<_> = columns.difference(there).collect();
        assert!(strange.is_empty(), "the entity of {table} has {strange:?}, the table {there:?}");
        if columns == *there {
            whole.insert(table.clone());
        }
    }
    let without: Vec<_> = tables.keys().filter(|table| !whole.contains(*table)).collect();
    assert!(without.is_empty(), "no entity has all columns of {without:?}");
}
