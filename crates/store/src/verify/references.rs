//! Every reference leads to a row of the same organization, and SQLite finds its file whole.

use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use sea_orm::{ConnectionTrait, DbBackend};

use super::{Finding, MOST, Report, query, text_of};
use crate::handle::Snapshot;
use crate::lookup::table;

/// A column that names a row of another table; with the organization, but where it is the organization that it names.
struct Reference {
    table: String,
    column: String,
    parent: String,
}

pub(super) async fn check(db: &Snapshot, report: &mut Report) -> Result<()> {
    if db.get_database_backend() == DbBackend::Sqlite {
        whole(db, report).await?;
    }
    let ids = ids(db).await?;
    for reference in references(db).await? {
        dangling(db, report, &reference, ids.get(&reference.table).copied()).await?;
    }
    Ok(())
}

async fn whole(db: &Snapshot, report: &mut Report) -> Result<()> {
    for row in query(db, "SELECT integrity_check AS what FROM pragma_integrity_check WHERE integrity_check <> 'ok'").await? {
        report.add(Finding { organization: None, kind: "the file".into(), id: String::new(), seq: None, what: row.try_get("", "what")? });
    }
    Ok(())
}

/// What references the schema has, of the store itself: no table can be forgotten.
async fn references(db: &Snapshot) -> Result<Vec<Reference>> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name AS child, f.\"table\" AS parent, f.\"from\" AS \"column\", MAX(f.seq) AS place
             FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
             GROUP BY m.name, f.id ORDER BY m.name, f.id"
        }
        _ => {
            "SELECT child.relname AS child, parent.relname AS parent, a.attname AS \"column\"
             FROM pg_constraint c JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[array_upper(c.conkey, 1)]
             WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1, c.conname"
        }
    };
    let mut references = vec![];
    for row in query(db, sql).await? {
        references.push(Reference {
            table: row.try_get("", "child")?,
            column: row.try_get("", "column")?,
            parent: row.try_get("", "parent")?,
        });
    }
    Ok(references)
}

/// The tables whose rows have an id, and whether it is a UUID.
async fn ids(db: &Snapshot) -> Result<HashMap<String, bool>> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'id'"
        }
        _ => {
            "SELECT table_name::text AS name, data_type::text AS type FROM information_schema.columns
             WHERE table_schema = current_schema() AND column_name = 'id'"
        }
    };
    let mut ids = HashMap::new();
    for row in query(db, sql).await? {
        let kind: String = row.try_get("", "type")?;
        ids.insert(row.try_get("", "name")?, kind.to_lowercase().starts_with("uuid"));
    }
    Ok(ids)
}

async fn dangling(db: &Snapshot, report: &mut Report, reference: &Reference, uuid: Option<bool>) -> Result<()> {
    let Reference { table, column, parent } = reference;
    let id = uuid.map_or("''".to_owned(), |uuid| text_of("r.id", uuid, db.get_database_backend()));
    let joined = if parent == "organization" {
        format!("p.id = r.{column}")
    } else {
        format!("p.organization_id = r.organization_id AND p.id = r.{column}")
    };
    let sql = format!(
        "SELECT r.organization_id AS organization, {id} AS id, r.{column} AS named
         FROM \"{table}\" r LEFT JOIN \"{parent}\" p ON {joined} WHERE r.{column} IS NOT NULL AND p.id IS NULL LIMIT {}",
        MOST + 1
    );
    for row in query(db, &sql).await? {
        report.add(Finding {
            organization: row.try_get("", "organization")?,
            kind: noun(table).into(),
            id: row.try_get("", "id")?,
            seq: None,
            what: format!("its {column} names {} {}, which is not there", noun(parent), row.try_get::<i64>("", "named")?),
        });
    }
    Ok(())
}

/// The word of the kind whose records a table has; else the table.
fn noun(name: &str) -> &str {
    match Kind::ALL.into_iter().find(|kind| table(*kind) == name) {
        Some(kind) => kind.word(),
        None => name,
    }
}
