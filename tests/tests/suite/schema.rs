//! The schema: how it is made, and what it keeps from going wrong.

mod entities;
mod steps;

use frontdesk_migration::{State, migrate, state};
use frontdesk_store::Db;
use sea_orm::{ConnectionTrait, DbBackend};

use crate::harness::database::{EMPTY, MIGRATED};
use crate::harness::{organization, sql, texts};

/// Every column and index, one a line.
async fn dump(db: &Db) -> Vec<String> {
    let all = match db.backend() {
        DbBackend::Postgres => {
            "SELECT table_name || ' ' || row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position) || ' ' || column_name || ' ' ||
               data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS t
             FROM information_schema.columns WHERE table_schema = 'public'
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
             UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0 ORDER BY t"
        }
        _ => "SELECT sql AS t FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY t",
    };
    texts(&db.read(), all).await
}

/// Every reference between tables: `table.column,column table.column,column`.
async fn references(db: &Db) -> Vec<String> {
    let all = match db.backend() {
        DbBackend::Postgres => {
            "SELECT k.conrelid::regclass || '.' || f.names || ' ' || k.confrelid::regclass || '.' || t.names AS t FROM pg_constraint k,
             LATERAL (SELECT string_agg(attname::text, ',' ORDER BY o) AS names FROM unnest(k.conkey) WITH ORDINALITY AS u (n, o)
                      JOIN pg_attribute ON attrelid = k.conrelid AND attnum = n) f,
             LATERAL (SELECT string_agg(attname::text, ',' ORDER BY o) AS names FROM unnest(k.confkey) WITH ORDINALITY AS u (n, o)
                      JOIN pg_attribute ON attrelid = k.confrelid AND attnum = n) t
             WHERE k.contype = 'f'"
        }
        _ => {
            "SELECT name || '.' || froms || ' ' || target || '.' || tos AS t FROM (
               SELECT m.name, k.id, k.\"table\" AS target, group_concat(k.\"from\", ',' ORDER BY k.seq) AS froms, group_concat(k.\"to\", ',' ORDER BY k.seq) AS tos
               FROM sqlite_master m, pragma_foreign_key_list(m.name) k WHERE m.type = 'table' GROUP BY m.name, k.id)"
        }
    };
    texts(&db.read(), all).await
}

/// Whether a table is part of the index of searched texts, which has no rows of its own kind: it follows the records.
pub(crate) fn is_of_search(table: &str) -> bool {
    table.contains("_search") || ["call_task_key", "search_tail"].contains(&table)
}

/// Every column, as `table.column`.
async fn columns(db: &Db) -> Vec<String> {
    let all = match db.backend() {
        DbBackend::Postgres => "SELECT table_name || '.' || column_name AS t FROM information_schema.columns WHERE table_schema = 'public'",
        _ => {
            "SELECT m.name || '.' || c.name AS t FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        }
    };
    texts(&db.read(), all).await
}

#[tokio::test]
async fn applied_twice_is_applied_once() {
    let database = EMPTY.copy();
    let db = database.open().await;
    let State::Missing(steps) = state(&db.read()).await.unwrap() else { panic!("an empty store lacks nothing") };
    assert_eq!(migrate(db.schema()).await.unwrap(), steps);
    assert_eq!(state(&db.read()).await.unwrap(), State::Current);
    let first = dump(&db).await;
    assert!(first.len() > 50, "{first:#?}");
    assert_eq!(migrate(db.schema()).await.unwrap(), Vec::<String>::new());
    assert_eq!(dump(&db).await, first);
}

#[tokio::test]
async fn a_missing_step_is_named() {
    let database = MIGRATED.copy();
    let db = database.open().await;
    sql(&db, "DELETE FROM seaql_migrations WHERE version = 'm0005_journal'").await;
    assert_eq!(state(&db.read()).await.unwrap(), State::Missing(vec!["m0005_journal".into()]));
}

#[tokio::test]
async fn a_step_of_a_newer_program_is_named_and_refused() {
    let database = MIGRATED.copy();
    let db = database.open().await;
    sql(&db, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)").await;
    assert_eq!(state(&db.read()).await.unwrap(), State::Unknown("m9999_future".into()));
    let error = migrate(db.schema()).await.unwrap_err().to_string();
    assert!(error.contains("m9999_future"), "{error}");
}

#[tokio::test]
async fn every_row_has_an_organization_and_every_reference_stays_in_it() {
    let database = MIGRATED.copy();
    let db = database.open().await;
    let (columns, references) = (columns(&db).await, references(&db).await);
    let tables: std::collections::BTreeSet<_> =
        columns.iter().filter_map(|column| column.split_once('.')).map(|(table, _)| table).collect();
    // What several servers count together is about whoever asks, known or not.
    let common = ["organization", "seaql_migrations", "request_rate", "failed_sign_in"];
    let none = |table: &&str| common.contains(table) || is_of_search(table) && db.backend() == DbBackend::Sqlite;
    for table in tables.into_iter().filter(|table| !none(table)) {
        let tenant = format!("{table}.organization_id organization.id");
        assert!(references.contains(&tenant), "{table} belongs to no organization");
    }
    for reference in references.iter().filter(|reference| !reference.ends_with(" organization.id")) {
        let (from, to) = reference.split_once(' ').unwrap();
        assert!(from.contains(".organization_id,") && to.contains(".organization_id,"), "{reference} crosses organizations");
    }
    // What names a record of another kind is a reference, but for the journal, which outlives what it tells of, for events,
    // which are deleted for their age, and for ids of other systems.
    let others = [
        "actor_id",
        "record_id",
        "event_id",
        "request_id",
        "organization_id",
        "call_id",
        "client_id",
        "user_id",
        "business_id",
        "result_id",
        "media_cluster_id",
    ];
    for column in columns.iter().filter(|column| column.ends_with("_id")) {
        let (table, name) = column.split_once('.').unwrap();
        let key = format!("{table}.organization_id,{name} ");
        assert!(others.contains(&name) || references.iter().any(|reference| reference.starts_with(&key)), "{column} refers to nothing");
    }
}

#[tokio::test]
async fn a_row_cannot_refer_to_another_organization() {
    let database = MIGRATED.copy();
    let db = database.open().await;
    organization(&db, 1).await;
    organization(&db, 2).await;
    sql(&db, "INSERT INTO category (id, organization_id, name, version, created_at, updated_at) VALUES (7, 1, 'c', 1, 0, 0)").await;
    let subcategory = |organization: i64| {
        format!(
            "INSERT INTO subcategory (organization_id, name, category_id, version, created_at, updated_at) VALUES ({organization}, 's', 7, 1, 0, 0)"
        )
    };
    assert!(db.schema().execute_unprepared(&subcategory(2)).await.is_err());
    db.schema().execute_unprepared(&subcategory(1)).await.unwrap();
    assert!(db.schema().execute_unprepared("DELETE FROM category").await.is_err());
}

#[tokio::test]
async fn an_id_is_never_given_twice() {
    let database = MIGRATED.copy();
    let db = database.open().await;
    organization(&db, 1).await;
    let insert = "INSERT INTO category (organization_id, name, version, created_at, updated_at) VALUES (1, 'c', 1, 0, 0)";
    let ids = "SELECT CAST(id AS text) AS t FROM category";
    sql(&db, insert).await;
    let first = texts(&db.read(), ids).await;
    sql(&db, "DELETE FROM category").await;
    sql(&db, insert).await;
    assert_ne!(texts(&db.read(), ids).await, first);
}
