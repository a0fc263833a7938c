//! The few shapes every table is made of.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// A column that may be null.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().to_owned()
}

/// A text that is always there.
pub(crate) fn text_required(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().to_owned()
}

/// An integer that may be null: a number, a reference or a moment in milliseconds.
pub(crate) fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().to_owned()
}

/// An integer that is always there.
pub(crate) fn int_required(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().to_owned()
}

/// A boolean.
pub(crate) fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().to_owned()
}

/// `version`, `created_at`, `updated_at`, which every record has.
pub(crate) fn stamps() -> [ColumnDef; 3] {
    [int_required("version"), int_required("created_at"), int_required("updated_at")]
}

/// A table of an organization's rows: an id that is unique in the store and never given twice, the organization, the key
/// that references use, and `columns`.
pub(crate) fn owned(name: &'static str, columns: impl IntoIterator<Item = ColumnDef>) -> TableCreateStatement {
    let id = ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key().to_owned();
    table(name, id, columns)
}

/// The same with a UUID for the id.
pub(crate) fn owned_by_uuid(name: &'static str, columns: impl IntoIterator<Item = ColumnDef>) -> TableCreateStatement {
    table(name, ColumnDef::new("id").uuid().not_null().primary_key().to_owned(), columns)
}

fn table(name: &'static str, id: ColumnDef, columns: impl IntoIterator<Item = ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create().table(name).col(id).col(int_required("organization_id")).to_owned();
    for column in columns {
        table.col(column);
    }
    table
        .index(Index::create().unique().name(format!("{name}_of_organization")).col("organization_id").col("id"))
        .foreign_key(&mut to_organization(name))
        .to_owned()
}

/// The reference of a table to its organization.
pub(crate) fn to_organization(name: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().name(format!("{name}_organization")).from(name, "organization_id").to("organization", "id").to_owned()
}

/// A reference from `column` to another row of the same organization.
pub(crate) fn reference(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{from}_{column}"))
        .from(from, ("organization_id", column))
        .to(to, ("organization_id", "id"))
        .to_owned()
}

/// An index on the organization and `columns`.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{table}_by_{}", columns.join("_"))).table(table).col("organization_id").to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

/// The same, where no two rows of an organization may agree in all of `columns`. Nulls agree with nothing.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().to_owned()
}

/// A reference to a table that is created later in the same step, because tables name each other.
pub(crate) struct Forward {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) to: &'static str,
}

impl Forward {
    fn key(&self) -> ForeignKeyCreateStatement {
        reference(self.table, self.column, self.to)
    }
}

/// Creates tables, with the references to later ones at the end of the step: SQLite wants them in the table's own statement,
/// PostgreSQL after the table they name.
pub(crate) async fn create(manager: &SchemaManager<'_>, tables: Vec<TableCreateStatement>, forward: Vec<Forward>) -> Result<(), DbErr> {
    let inline = manager.get_database_backend() == DbBackend::Sqlite;
    for mut table in tables {
        let name = table.get_table_name().cloned();
        for key in forward.iter().filter(|key| inline && name == Some(key.table.into())) {
            table.foreign_key(&mut key.key());
        }
        manager.create_table(table).await?;
    }
    for key in forward.iter().filter(|_| !inline) {
        manager.create_foreign_key(key.key()).await?;
    }
    Ok(())
}

/// Drops what [`create`] made, with everything in it.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, tables: Vec<TableCreateStatement>, forward: Vec<Forward>) -> Result<(), DbErr> {
    for Forward { table, column, .. } in forward {
        // SQLite has no other way to take a reference from a table.
        manager.get_connection().execute_unprepared(&format!("UPDATE {table} SET {column} = NULL")).await?;
        if manager.get_database_backend() != DbBackend::Sqlite {
            manager.drop_foreign_key(ForeignKey::drop().name(format!("{table}_{column}")).table(table).to_owned()).await?;
        }
    }
    for table in tables.iter().rev().filter_map(TableCreateStatement::get_table_name) {
        manager.drop_table(Table::drop().table(table.clone()).to_owned()).await?;
    }
    Ok(())
}

/// Creates indexes.
pub(crate) async fn indexes(manager: &SchemaManager<'_>, indexes: Vec<IndexCreateStatement>) -> Result<(), DbErr> {
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}

/// A table, and columns that it has an index on behind the organization.
pub(crate) type Keys = (&'static str, &'static [&'static str]);

/// Drops indexes and creates others.
pub(crate) async fn swap(manager: &SchemaManager<'_>, old: &[Keys], new: &[Keys]) -> Result<(), DbErr> {
    for (table, columns) in old {
        manager.drop_index(Index::drop().name(format!("{table}_by_{}", columns.join("_"))).table(*table).to_owned()).await?;
    }
    indexes(manager, new.iter().map(|(table, columns)| index(table, columns)).collect()).await
}
