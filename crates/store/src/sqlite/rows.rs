//! Values into statements, and rows out of them as SeaORM reads rows.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rusqlite::types::{ToSqlOutput, Value as Stored, ValueRef};
use rusqlite::{CachedStatement, Row, ToSql};
use sea_orm::{
    ColumnTrait, DbBackend, DbErr, EntityTrait, ExecResult, FromQueryResult, IdenStatic, Iterable, MockDatabase, MockDatabaseTrait,
    MockExecResult, ModelTrait, QueryResult, Statement, Value,
};
use uuid::Uuid;

use super::fault::Fault;

/// A value of a statement.
pub(super) struct Bound<'a>(pub(super) &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let integer = |number: i64| ToSqlOutput::Owned(Stored::Integer(number));
        let known = match self.0 {
            Value::Bool(value) => value.map(|value| integer(value.into())),
            Value::TinyInt(value) => value.map(|value| integer(value.into())),
            Value::SmallInt(value) => value.map(|value| integer(value.into())),
            Value::Int(value) => value.map(|value| integer(value.into())),
            Value::BigInt(value) => value.map(integer),
            Value::Unsigned(value) => value.map(|value| integer(value.into())),
            Value::BigUnsigned(value) => match value.map(i64::try_from) {
                Some(Err(error)) => return Err(rusqlite::Error::ToSqlConversionFailure(Box::new(error))),
                other => other.and_then(Result::ok).map(integer),
            },
            Value::Double(value) => value.map(|value| ToSqlOutput::Owned(Stored::Real(value))),
            Value::String(value) => value.as_deref().map(|text| ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))),
            Value::Bytes(value) => value.as_deref().map(|bytes| ToSqlOutput::Borrowed(ValueRef::Blob(bytes))),
            Value::Uuid(value) => value.as_ref().map(|id| ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes()))),
            other => {
                let error = format!("a value that cannot be stored: {:?}", std::mem::discriminant(other));
                return Err(rusqlite::Error::ToSqlConversionFailure(error.into()));
            }
        };
        Ok(known.unwrap_or(ToSqlOutput::Borrowed(ValueRef::Null)))
    }
}

/// What a column's declaration says of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Declared {
    Bool,
    Uuid,
    /// They are what they are stored as.
    Plain,
}

impl Declared {
    fn of(declaration: Option<&str>) -> Self {
        match declaration {
            Some(text) if text.eq_ignore_ascii_case("boolean") => Self::Bool,
            Some(text) if text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("uuid")) => Self::Uuid,
            _ => Self::Plain,
        }
    }

    fn read(self, stored: ValueRef<'_>) -> Value {
        match (self, stored) {
            (Self::Bool, ValueRef::Integer(number)) => Value::Bool(Some(number != 0)),
            (Self::Uuid, ValueRef::Blob(bytes)) if let Ok(id) = Uuid::from_slice(bytes) => Value::Uuid(Some(id)),
            (_, ValueRef::Integer(number)) => Value::BigInt(Some(number)),
            (_, ValueRef::Real(number)) => Value::Double(Some(number)),
            (_, ValueRef::Text(bytes)) => Value::String(Some(text(bytes))),
            (_, ValueRef::Blob(bytes)) => Value::Bytes(Some(bytes.to_vec())),
            // SeaORM reads a null of any type as one.
            (_, ValueRef::Null) => Value::String(None),
        }
    }
}

/// A text; what is no UTF-8 nobody wrote through us.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The columns of a statement's rows: place, name and declaration, by name.
#[derive(Debug)]
pub(super) struct Columns {
    all: Vec<(usize, String, Declared)>,
    /// The same as those of the model that they were first read as.
    fields: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Columns {
    /// Those of a prepared statement. SQLite tells no declarations of the columns that a write gives back; those come from
    /// `declared`, which knows a table's.
    pub(super) fn of(
        statement: &CachedStatement<'_>,
        declared: impl FnOnce() -> rusqlite::Result<BTreeMap<String, String>>,
    ) -> rusqlite::Result<Self> {
        let told = statement.columns();
        let mut columns: Vec<_> = told.iter().map(|column| (column.name().to_owned(), Declared::of(column.decl_type()))).collect();
        if !statement.readonly() && told.iter().all(|column| column.decl_type().is_none()) {
            let declared = declared()?;
            for (name, is) in &mut columns {
                *is = Declared::of(declared.get(name).map(String::as_str));
            }
        }
        let mut columns: Vec<_> = columns.into_iter().enumerate().map(|(at, (name, is))| (at, name, is)).collect();
        // A map of them is made sooner where they are in its order.
        columns.sort_by(|(_, one, _), (_, other, _)| one.cmp(other));
        Ok(Self { all: columns, fields: OnceLock::new() })
    }

    /// The same as those of a model.
    pub(super) fn fields<M: Shape>(&self) -> Result<Arc<Fields<M>>, Fault> {
        if let Some(known) = self.fields.get().and_then(|known| known.clone().downcast().ok()) {
            return Ok(known);
        }
        let fields = Arc::new(Fields::of(self)?);
        let _ = self.fields.set(fields.clone());
        Ok(fields)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// A row as SeaORM takes it.
    pub(super) fn read(&self, row: &Row<'_>) -> rusqlite::Result<BTreeMap<String, Value>> {
        let value = |(at, name, declared): &(usize, String, Declared)| Ok((name.clone(), declared.read(row.get_ref(*at)?)));
        self.all.iter().map(value).collect()
    }
}

/// A row of an entity that is read without a detour: [`ModelTrait::try_set`] column by column.
pub trait Shape: ModelTrait + FromQueryResult + Default + Send + Sync + 'static {}

impl<M: ModelTrait + FromQueryResult + Default + Send + Sync + 'static> Shape for M {}

/// The columns of a statement's rows as those of a model, and whether each may be null.
pub(super) struct Fields<M: ModelTrait>(Vec<(usize, Column<M>, Declared, bool)>);

type Column<M> = <<M as ModelTrait>::Entity as EntityTrait>::Column;

impl<M: Shape> Fields<M> {
    fn of(columns: &Columns) -> Result<Self, Fault> {
        let field = |(at, name, declared): &(usize, String, Declared)| {
            let column: Column<M> = name.parse().map_err(|_| Fault::misuse(format!("{name} is no column of the model")))?;
            Ok((*at, column, *declared, column.def().is_null()))
        };
        let fields: Vec<_> = columns.all.iter().map(field).collect::<Result<_, Fault>>()?;
        if fields.len() < <Column<M> as Iterable>::iter().count() {
            return Err(Fault::misuse("a row lacks columns of its model"));
        }
        Ok(Self(fields))
    }

    /// A row. A value of another type than the field's is an error, and so is a null that may not be.
    pub(super) fn read(&self, row: &Row<'_>) -> Result<M, Fault> {
        let mut model = M::default();
        for (at, column, declared, nullable) in &self.0 {
            match row.get_ref(*at)? {
                ValueRef::Null if *nullable => {}
                ValueRef::Null => return Err(Fault::misuse(format!("null in {}", column.as_str()))),
                stored => {
                    model
                        .try_set(*column, declared.read(stored))
                        .map_err(|_| Fault::misuse(format!("another type in {}", column.as_str())))?;
                }
            }
        }
        Ok(model)
    }
}

/// Rows as SeaORM's mock database takes them.
pub(super) type Found = Vec<BTreeMap<String, Value>>;

fn nothing() -> Statement {
    Statement { sql: String::new(), values: None, db_backend: DbBackend::Sqlite }
}

/// Rows as SeaORM gives them. Its own are made by its drivers alone, but for those of its mock database.
pub(super) fn results(rows: Found) -> Result<Vec<QueryResult>, DbErr> {
    MockDatabase::new(DbBackend::Sqlite).append_query_results([rows]).query(0, nothing())
}

/// What a write did, as SeaORM tells it.
pub(super) fn executed(rows: u64, last_id: u64) -> Result<ExecResult, DbErr> {
    let result = MockExecResult { last_insert_id: last_id, rows_affected: rows };
    MockDatabase::new(DbBackend::Sqlite).append_exec_results([result]).execute(0, nothing())
}
