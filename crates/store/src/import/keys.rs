use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, IntoCondition, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value as Bound};
use uuid::Uuid;

use crate::handle::Tx;
use crate::lookup::table;

/// Where a key must be unique: a table and its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Space {
    table: &'static str,
    columns: &'static [&'static str],
}

impl Space {
    /// The ids of a kind of record, unique in the store.
    #[must_use]
    pub fn ids(kind: Kind) -> Self {
        Self::ids_of(table(kind))
    }

    /// The ids of a table, unique in the store.
    #[must_use]
    pub const fn ids_of(table: &'static str) -> Self {
        Self { table, columns: &["id"] }
    }

    /// What is unique within an organization.
    #[must_use]
    pub const fn within(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { table, columns }
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &'static str {
        self.table
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &'static [&'static str] {
        self.columns
    }

    /// Whether no two organizations may have the same key.
    #[must_use]
    pub fn store_wide(&self) -> bool {
        self.columns == ["id"]
    }
}

/// The value of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// An id.
    Number(i64),
    /// A UUID.
    Uuid(Uuid),
    /// A text.
    Text(String),
    /// Two texts together.
    Pair(Box<(String, String)>),
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Uuid(uuid) => uuid.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Pair(pair) => write!(f, "{} {}", pair.0, pair.1),
        }
    }
}

impl Key {
    /// Whether it is what a field holds that could not be read.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Number(number) => *number < 1,
            Self::Uuid(uuid) => uuid.is_nil(),
            Self::Text(text) => text.is_empty(),
            Self::Pair(pair) => pair.0.is_empty() && pair.1.is_empty(),
        }
    }

    fn values(&self) -> Vec<SimpleExpr> {
        let texts = |texts: &[&String]| texts.iter().map(|text| Expr::val((*text).clone())).collect();
        match self {
            Self::Number(number) => vec![Expr::val(*number)],
            Self::Uuid(uuid) => vec![Expr::val(*uuid)],
            Self::Text(text) => texts(&[text]),
            Self::Pair(pair) => texts(&[&pair.0, &pair.1]),
        }
    }
}

/// Which of `keys` the store has, and the organization of each.
pub async fn holders(db: &impl ConnectionTrait, space: Space, keys: &[Key]) -> Result<Vec<(Key, OrganizationId)>> {
    const AT_ONCE: usize = 400;
    let mut found = vec![];
    for chunk in keys.chunks(AT_ONCE) {
        found.extend(holders_of_some(db, space, chunk).await?);
    }
    Ok(found)
}

async fn holders_of_some(db: &impl ConnectionTrait, space: Space, keys: &[Key]) -> Result<Vec<(Key, OrganizationId)>> {
    let condition = match space.columns {
        [column] => Expr::col(*column).is_in(keys.iter().flat_map(Key::values)).into_condition(),
        columns => keys.iter().fold(Cond::any(), |any, key| {
            any.add(columns.iter().zip(key.values()).fold(Cond::all(), |all, (column, value)| all.add(Expr::col(*column).eq(value))))
        }),
    };
    let query =
        Query::select().column("organization_id").columns(space.columns.iter().copied()).from(space.table).cond_where(condition).to_owned();
    let mut found = vec![];
    for row in db.query_all(&query).await? {
        let text = |at: usize| row.try_get::<String>("", space.columns[at]);
        let key = match keys[0] {
            Key::Number(_) => Key::Number(row.try_get("", space.columns[0])?),
            Key::Uuid(_) => Key::Uuid(row.try_get("", space.columns[0])?),
            Key::Text(_) => Key::Text(text(0)?),
            Key::Pair(_) => Key::Pair(Box::new((text(0)?, text(1)?))),
        };
        found.push((key, OrganizationId(row.try_get("", "organization_id")?)));
    }
    Ok(found)
}

/// Sees to it that the store gives no id up to `id` in the table of `space` by itself any more.
pub async fn reserve(tx: &Tx, space: Space, id: i64) -> Result<()> {
    let run =
        |sql: &'static str, values: Vec<Bound>| tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values));
    if tx.get_database_backend() == DbBackend::Postgres {
        // An insert draws its id under its lock on the table, so none is drawn between the comparison and setval.
        tx.execute_unprepared(&format!("LOCK TABLE \"{}\" IN SHARE ROW EXCLUSIVE MODE", space.table)).await?;
        let sql = "SELECT setval(pg_get_serial_sequence($1, 'id'), $2) WHERE $2 > \
                   COALESCE(pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass), 0)";
        run(sql, vec![space.table.into(), id.into()]).await?;
    } else {
        let insert =
            "INSERT INTO sqlite_sequence (name, seq) SELECT $1, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = $1)";
        run(insert, vec![space.table.into()]).await?;
        run("UPDATE sqlite_sequence SET seq = $2 WHERE name = $1 AND seq < $2", vec![space.table.into(), id.into()]).await?;
    }
    Ok(())
}

/// Moves an organization's counter to `value`, unless it is past it already.
pub async fn raise_number(tx: &Tx, organization: OrganizationId, name: &str, value: i64) -> Result<()> {
    let sql = "INSERT INTO counter (organization_id, name, value) VALUES ($1, $2, $3) \
               ON CONFLICT (organization_id, name) DO UPDATE SET value = excluded.value WHERE counter.value < excluded.value";
    let values = [organization.0.into(), name.into(), value.into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await.map_err(Error::from)?;
    Ok(())
}
