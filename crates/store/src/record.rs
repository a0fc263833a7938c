//! The steps that every write of a record with a number for its id takes: found and locked, changed with its history, deleted
//! unless others name it.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::input::{Rule, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::shown::Shown;
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DbBackend, EntityName, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    ModelTrait, QueryFilter, QueryTrait, Select, Statement,
};
use serde::Serialize;

use crate::connect::Db;
use crate::context::WriteContext;
use crate::fields;
use crate::handle::Tx;
use crate::journal::Change;
use crate::lookup::{missing, referrer};
use crate::paging::{List, Tally};
use crate::search::{self, Entries};
use crate::shelves::{Lookup, is_kept};
use crate::sql;
use crate::sqlite::Shape;
use crate::texts::{statement, text};

/// A row with an id, an organization, a version and its times; [`crate::row!`] makes one of an entity's `Model`. What it
/// serializes to is what history shows: secrets and search columns are skipped.
pub trait Row: Shape + Clone + PartialEq + Serialize {
    /// The kind of record it is.
    const KIND: Kind;

    /// The id.
    fn id(&self) -> i64;

    /// The version, from 1.
    fn version(&self) -> i64;

    /// Puts in the organization, the first version and the moment of the write.
    fn begin(&mut self, cx: &WriteContext);

    /// Counts the version up and puts in the moment of the write.
    fn touch(&mut self, tx: &Tx);
}

/// Makes the `Model` of an entity a [`record::Row`](crate::record::Row) of a kind.
#[macro_export]
macro_rules! row {
    ($model:ty, $kind:expr) => {
        impl $crate::record::Row for $model {
            const KIND: frontdesk_core::id::Kind = $kind;

            fn id(&self) -> i64 {
                self.id
            }

            fn version(&self) -> i64 {
                self.version
            }

            fn begin(&mut self, cx: &$crate::WriteContext) {
                let now = frontdesk_core::time::millis(cx.at);
                self.organization_id = cx.caller.organization.0;
                (self.version, self.created_at, self.updated_at) = (1, now, now);
            }

            fn touch(&mut self, tx: &$crate::Tx) {
                (self.version, self.updated_at) = (self.version + 1, tx.now());
            }
        }
    };
}

fn of<M: Row>(organization: OrganizationId) -> Select<M::Entity> {
    M::Entity::find().filter(Expr::col("organization_id").eq(organization.0))
}

/// The organization's record with this id, or [`Error::NotFound`].
pub async fn find<M: Row>(db: &impl Lookup, organization: OrganizationId, id: impl Into<i64>) -> Result<M>
where
    M::Entity: EntityTrait<Model = M>,
{
    one(db, "whole", (organization, id.into()), of::<M>).await
}

/// The same of an organization's `rows`, which are always the same columns.
pub async fn find_among<M: Row>(
    db: &impl Lookup,
    organization: OrganizationId,
    id: impl Into<i64>,
    rows: impl FnOnce(OrganizationId) -> Select<M::Entity>,
) -> Result<M>
where
    M::Entity: EntityTrait<Model = M>,
{
    one(db, "shown", (organization, id.into()), rows).await
}

async fn one<M: Row>(
    db: &impl Lookup,
    name: &'static str,
    (organization, id): (OrganizationId, i64),
    rows: impl FnOnce(OrganizationId) -> Select<M::Entity>,
) -> Result<M>
where
    M::Entity: EntityTrait<Model = M>,
{
    let query = || rows(organization).filter(Expr::col("id").eq(id)).into_query();
    let statement = statement::<M>(db.get_database_backend(), name, vec![organization.0.into(), id.into()], query);
    db.models(statement).await?.pop().ok_or(Error::NotFound)
}

/// A page of all of the organization's records of a kind, in the order of the request.
pub async fn page<M: Row>(db: &impl Lookup, organization: OrganizationId, request: PageRequest) -> Result<Page<M>>
where
    M::Entity: EntityTrait<Model = M>,
{
    List::of(of::<M>, organization).kept(Some(Tally::all(organization, M::KIND))).page(db, request).await
}

/// The organization's records with these ids, as answers show them, by id; those of the directory from memory, as
/// long as it has not changed. Asks nothing where there are none.
pub async fn by_ids<M: Row, T: From<M>>(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, T>>
where
    M::Entity: EntityTrait<Model = M>,
{
    let rows = rows_by_ids::<M>(db, organization, ids).await?;
    Ok(rows.into_iter().map(|row| (row.id(), row.into())).collect())
}

/// The same records, each with its JSON: those of the directory, which nearly every answer shows.
pub async fn shown<M: Row, T>(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Arc<Shown<T>>>>
where
    M::Entity: EntityTrait<Model = M>,
    T: From<M> + Send + Sync + 'static,
{
    let read = || async {
        let rows = rows_by_ids::<M>(db, organization, ids.clone()).await?;
        Ok(rows.into_iter().map(|row| (row.id(), Arc::new(T::from(row).into()))).collect())
    };
    remembered(db, organization, &ids, |_| true, read).await
}

/// What is remembered of the directory under these ids, if it all fits; else what `read` gives, which is remembered from now on. It
/// must come of nothing but the directory. Asks nothing where there are no ids.
pub async fn remembered<T: Clone + Send + Sync + 'static, F: Future<Output = Result<HashMap<i64, T>>>>(
    db: &impl Lookup,
    organization: OrganizationId,
    ids: &[i64],
    fits: impl Fn(&T) -> bool,
    read: impl FnOnce() -> F,
) -> Result<HashMap<i64, T>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    if let Some(memory) = db.memory()
        && let Some(known) = memory.find::<T>(db, organization, ids).await?
        && known.iter().all(fits)
    {
        return Ok(ids.iter().copied().zip(known).collect());
    }
    // Seldom: it shall not make every future that asks as large.
    let read = Box::pin(read()).await?;
    if let Some(memory) = db.memory() {
        memory.keep(organization, read.iter().map(|(id, one)| (*id, one.clone())));
    }
    Ok(read)
}

async fn rows_by_ids<M: Row>(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<Vec<M>>
where
    M::Entity: EntityTrait<Model = M>,
{
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let memory = db.memory();
    let kept = memory.filter(|_| is_kept(M::KIND));
    if let Some(kept) = kept
        && let Some(rows) = kept.find(db, organization, &ids).await?
    {
        return Ok(rows);
    }
    // Answers show no searched text, which is as long as all others together.
    let searched = |column: &str| search::ALL.iter().any(|index| index.kind == M::KIND && index.column == column);
    let query = named::<M>("shown", db.get_database_backend(), (organization, ID, ids), searched);
    let rows: Vec<M> = match memory {
        Some(memory) => memory.models(db, organization, query).await?,
        None => db.models(query).await?,
    };
    if let Some(kept) = kept {
        kept.keep(organization, rows.iter().map(|row| (row.id(), row.clone())));
    }
    Ok(rows)
}

/// The organization's rows of an entity that have one of these values in a column of numbers, in any order.
pub async fn among<M: Shape>(db: &impl Lookup, organization: OrganizationId, column: &'static str, values: Vec<i64>) -> Result<Vec<M>> {
    if values.is_empty() {
        return Ok(vec![]);
    }
    Ok(db.models(named::<M>(column, db.get_database_backend(), (organization, column, values), |_| false)).await?)
}

/// The query for them, with some columns of text left empty, which its name tells.
fn named<M: Shape>(
    name: &'static str,
    backend: DbBackend,
    (organization, column, values): (OrganizationId, &str, Vec<i64>),
    empty: impl Fn(&str) -> bool,
) -> Statement {
    let sql = || {
        let names: Vec<_> = <M::Entity as EntityTrait>::Column::iter().map(|column| column.as_str()).collect();
        sql::among(M::Entity::default().table_name(), &names, empty, column, values.len())
    };
    let sql = if values.len() == 1 { text::<M>(backend, name, sql) } else { sql() };
    let values = std::iter::once(organization.0).chain(values).map(Into::into);
    Statement::from_sql_and_values(backend, sql, values)
}

/// The ids without the nones and without repetition, in order: what [`by_ids`] is asked with.
pub fn distinct(ids: impl IntoIterator<Item = Option<i64>>) -> Vec<i64> {
    ids.into_iter().flatten().collect::<BTreeSet<_>>().into_iter().collect()
}

/// The record that `id` names, of those that [`by_ids`] found.
pub fn pick<T: Clone, S: BuildHasher>(records: &HashMap<i64, T, S>, id: Option<i64>) -> Option<T> {
    records.get(&id?).cloned()
}

/// The record that a write is about, which stays as it is until the write ends: [`Error::NotFound`] where the caller's
/// organization has none with this id, [`Error::Stale`] where the request names another version.
pub async fn lock<M: Row>(tx: &Tx, id: impl Into<i64>) -> Result<M>
where
    M::Entity: EntityTrait<Model = M>,
{
    let names: Vec<_> = columns::<M>().map(|column| column.as_str()).collect();
    let sql = sql::locked(tx.get_database_backend(), M::Entity::default().table_name(), &names);
    let query = Statement::from_sql_and_values(tx.get_database_backend(), sql, [id.into().into(), tx.caller().organization.0.into()]);
    let row: M = tx.models(query).await?.pop().ok_or(Error::NotFound)?;
    tx.expect_version(row.version())?;
    Ok(row)
}

/// A record that is to be created: its row, the statement that inserts it, what it will be found by, and what history will say of it.
#[derive(Clone, Debug)]
pub struct Draft<M> {
    row: M,
    insert: Arc<Statement>,
    entries: Entries,
    told: Arc<fields::Draft>,
}

impl<M: Row> Draft<M> {
    /// A record of the caller's organization. It is worth drafting before the transaction, which would be held up for as long as it takes.
    pub fn of(db: &Db, cx: &WriteContext, row: M) -> Result<Self> {
        let entries = Entries::of(db, &cx.caller, M::KIND, std::slice::from_ref(&row))?;
        Self::with(db.backend(), cx, row, entries)
    }

    fn with(backend: DbBackend, cx: &WriteContext, mut row: M, entries: Entries) -> Result<Self> {
        row.begin(cx);
        let told = Arc::new(fields::Draft::of(serde_json::to_value(&row)?)?);
        Ok(Self { insert: Arc::new(insert(backend, &row)), row, entries, told })
    }

    /// The row, without its id.
    pub fn row(&self) -> &M {
        &self.row
    }
}

/// Inserts a row of the caller's organization under a new id, with its history.
pub async fn create<M: Row>(tx: &Tx, row: M) -> Result<M> {
    let entries = Entries::of_new(tx, M::KIND, std::slice::from_ref(&row))?;
    create_drafted(tx, &Draft::with(tx.get_database_backend(), tx.context(), row, entries)?).await
}

/// The same of a record that was drafted before.
pub async fn create_drafted<M: Row>(tx: &Tx, draft: &Draft<M>) -> Result<M> {
    let Draft { mut row, insert, entries, told } = draft.clone();
    let id = tx.inserted(&insert).await?;
    let column = columns::<M>().find(|column| column.as_str() == ID).ok_or_else(|| Error::internal("a record without an id"))?;
    row.try_set(column, id.into())?;
    entries.with_id(id).put(tx).await?;
    tx.record(Change::drafted(M::KIND, id, told)?);
    Ok(row)
}

/// Inserts a row of the caller's organization with the id that it has.
pub async fn put<M: ModelTrait>(tx: &Tx, row: &M) -> Result<()> {
    let columns = || <M::Entity as EntityTrait>::Column::iter();
    let names: Vec<_> = columns().map(|column| column.as_str()).collect();
    let values: Vec<_> = columns().map(|column| row.get(column)).collect();
    let sql = sql::insert(tx.get_database_backend(), M::Entity::default().table_name(), &names, 1);
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// The statement that inserts the row under a new id, which PostgreSQL gives back.
fn insert<M: Row>(backend: DbBackend, row: &M) -> Statement {
    let others = || columns::<M>().filter(|column| column.as_str() != ID);
    let names: Vec<_> = others().map(|column| column.as_str()).collect();
    let mut sql = sql::insert(backend, M::Entity::default().table_name(), &names, 1);
    // SQLite would put the row aside to give it back.
    sql.push_str(if backend == DbBackend::Postgres { " RETURNING \"id\"" } else { "" });
    Statement::from_sql_and_values(backend, sql, others().map(|column| row.get(column)))
}

/// Writes what became of a row, with its history under `action`, the past tense of the verb. Nothing is written where nothing
/// changed.
pub async fn change<M: Row>(tx: &Tx, before: M, mut after: M, action: &'static str) -> Result<M> {
    if after == before {
        return Ok(before);
    }
    after.touch(tx);
    update(tx, &before, &after).await?;
    Entries::of_change(tx, M::KIND, &before, &after)?.put(tx).await?;
    let (old, new) = (serde_json::to_value(&before)?, serde_json::to_value(&after)?);
    tx.record(Change::updated(M::KIND, after.id(), after.version(), action, old, new));
    Ok(after)
}

/// Writes what differs and no more, so that an index of what stays has nothing to do.
async fn update<M: Row>(tx: &Tx, before: &M, after: &M) -> Result<()> {
    let (mut names, mut values) = (vec![], vec![]);
    for column in columns::<M>() {
        let value = after.get(column);
        if value != before.get(column) {
            names.push(column.as_str());
            values.push(value);
        }
    }
    values.extend([before.id().into(), tx.caller().organization.0.into()]);
    let sql = sql::update(M::Entity::default().table_name(), &names);
    let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Error::internal("a record was not there to be changed")) }
}

/// The column of the id.
const ID: &str = "id";

/// The columns of a row.
fn columns<M: Row>() -> impl Iterator<Item = <M::Entity as EntityTrait>::Column> {
    <M::Entity as EntityTrait>::Column::iter()
}

/// Deletes a row, with its history. [`Error::Conflict`] where another record names it, which the text tells.
pub async fn delete<M, A>(tx: &Tx, row: M) -> Result<()>
where
    M: Row + IntoActiveModel<A>,
    M::Entity: EntityTrait<Model = M, ActiveModel = A>,
    A: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
{
    if let Some(by) = referrer(tx, M::KIND, tx.caller().organization, row.id()).await? {
        return Err(Error::Conflict(format!("{} {} is still named by {by}", M::KIND.noun(), row.id())));
    }
    Entries::of_none(M::KIND, &row)?.put(tx).await?;
    tx.record(Change::deleted(M::KIND, row.id(), row.version(), serde_json::to_value(&row)?));
    let of_organization = Expr::col("organization_id").eq(tx.caller().organization.0);
    M::Entity::delete(row.into_active_model()).validate()?.filter(of_organization).exec(tx).await?;
    Ok(())
}

/// [`Error::Conflict`] where the record is one that can be neither changed nor deleted.
pub fn mortal(is_immortal: bool) -> Result<()> {
    if is_immortal { Err(Error::Conflict("an immortal record is neither changed nor deleted".into())) } else { Ok(()) }
}

/// Notes a violation of each field of the body that names a record which the caller's organization lacks.
pub async fn refer(
    tx: &Tx,
    violations: &mut Violations,
    references: impl IntoIterator<Item = (&'static str, Kind, Option<i64>)>,
) -> Result<()> {
    for (field, kind, id) in references {
        if missing(tx, kind, tx.caller().organization, id).await? {
            violations.body(field, Rule::Exists);
        }
    }
    Ok(())
}
