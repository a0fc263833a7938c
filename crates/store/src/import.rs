//! What an import and an export ask of every kind of record, and of the store about many ids at once.

mod export;
mod keys;

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::input::{Fields, FromInput, Input, Rule, Violations};
use frontdesk_core::time::{Zone, millis};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable, ModelTrait, QueryFilter, QueryTrait, Select};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

use crate::BoxFuture;
use crate::handle::{Snapshot, Tx};
use crate::journal::Change;
use crate::paging::count;
use crate::search::Entries;

pub use export::{After, Chunk, Stored, moment};
pub use keys::{Key, Space, holders, raise_number, reserve};

/// What a record has to do with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// Brings it, and no other record may.
    Own,
    /// Brings it; others of the organization may as well.
    Share,
    /// Needs a record that has it.
    Need,
}

/// A key in a record.
#[derive(Clone, Debug)]
pub struct Named {
    /// The field it stands in.
    pub field: &'static str,
    /// What the record has to do with it.
    pub tie: Tie,
    /// Where it is unique.
    pub space: Space,
    /// The key.
    pub key: Key,
}

/// What a record says of itself: the key it is known by, and its other keys.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The key the record is known by: there already means imported already.
    pub identity: (Space, Key),
    /// Its other keys.
    pub names: Vec<Named>,
}

impl Facts {
    /// A record known by its id.
    #[must_use]
    pub fn of(kind: Kind, id: i64) -> Self {
        Self { identity: (Space::ids(kind), Key::Number(id)), names: vec![] }
    }

    /// Adds a key.
    #[must_use]
    pub fn with(mut self, field: &'static str, tie: Tie, space: Space, key: Key) -> Self {
        self.names.push(Named { field, tie, space, key });
        self
    }

    /// Adds the id of another record, where there is one.
    #[must_use]
    pub fn needs(self, field: &'static str, kind: Kind, id: Option<impl Into<i64>>) -> Self {
        match id {
            Some(id) => self.with(field, Tie::Need, Space::ids(kind), Key::Number(id.into())),
            None => self,
        }
    }
}

/// A kind of record that can be imported and exported.
pub trait Record: Sized + Send + Sync + 'static {
    /// The kind; its word is the `record` of a line.
    const KIND: Kind;

    /// The row it becomes.
    type Row: Stored + Serialize;

    /// How many an export reads at once; fewer where rows may be long.
    const AT_ONCE: u64 = 500;

    /// Whether it needs records that need it, so that [`Record::finish`] has something to do.
    const IN_CIRCLES: bool = false;

    /// Reads the fields of a line.
    fn read(fields: &mut Fields<'_>) -> Self;

    /// Notes what the record's own rules say of it.
    fn check(&self, violations: &mut Violations) {
        let _ = violations;
    }

    /// The record's keys.
    fn facts(&self) -> Facts;

    /// The row as a line, with the fields that [`Record::read`] reads and no others, but for what stands in other tables.
    fn line(row: Self::Row) -> Value;

    /// The organization's rows; a column that no line shows may be left out of them.
    #[must_use]
    fn rows(organization: OrganizationId) -> Select<<Self::Row as ModelTrait>::Entity> {
        <Self::Row as ModelTrait>::Entity::find().filter(Expr::col("organization_id").eq(organization.0))
    }

    /// The rows as lines, with what stands in other tables.
    #[must_use]
    fn lines(db: &Snapshot, organization: OrganizationId, rows: Vec<Self::Row>) -> BoxFuture<'_, Result<Vec<Value>>> {
        let _ = (db, organization);
        Box::pin(async move { Ok(rows.into_iter().map(Self::line).collect()) })
    }

    /// The row of a new record, version 1.
    fn row(&self, tx: &Tx) -> Self::Row;

    /// Inserts records that are not there yet, with their history. What they need is there, but for needs that
    /// [`Record::finish`] is for.
    #[must_use]
    fn insert<'c>(tx: &'c Tx, records: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(create(tx, Self::KIND, records.iter().map(|record| record.row(tx)).collect()))
    }

    /// Puts in what could not be there at the time of [`Record::insert`]. Called for every record of the file, after the
    /// other kinds of its crate.
    fn finish<'c>(tx: &'c Tx, records: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        let _ = (tx, records);
        Box::pin(async { Ok(()) })
    }
}

/// A step of an import: something done with lines that were read without violations.
pub type Step = for<'c> fn(&'c Tx, &'c [Value]) -> BoxFuture<'c, Result<()>>;

/// The step of an export: the records after the last one.
pub type Reading = for<'c> fn(&'c Snapshot, OrganizationId, Option<After>) -> BoxFuture<'c, Result<Chunk>>;

/// How many records there are.
pub type Counting = for<'c> fn(&'c Snapshot, OrganizationId) -> BoxFuture<'c, Result<i64>>;

/// A kind of record for the program that imports and exports: the functions of its [`Record`].
#[derive(Clone, Copy, Debug)]
pub struct Loader {
    /// The kind.
    pub kind: Kind,
    /// Reads a line and says its keys and what is wrong with it.
    pub read: fn(&Value, &Zone) -> (Facts, Violations),
    /// [`Record::insert`] for lines that were read without violations.
    pub insert: Step,
    /// [`Record::finish`] likewise, where the record has any.
    pub finish: Option<Step>,
    /// The records as lines, some at once.
    pub export: Reading,
    /// How many [`Loader::export`] will give.
    pub count: Counting,
}

impl Loader {
    /// The functions of a record.
    #[must_use]
    pub const fn of<R: Record>() -> Self {
        Self {
            kind: R::KIND,
            read: |line, zone| {
                let mut input = Input::body(line, zone, R::read);
                input.value.check(&mut input.violations);
                (input.value.facts(), input.violations)
            },
            insert: |tx, lines| Box::pin(async move { R::insert(tx, &read_all(tx, lines)?).await }),
            finish: if R::IN_CIRCLES {
                Some(|tx, lines| Box::pin(async move { R::finish(tx, &read_all(tx, lines)?).await }))
            } else {
                None
            },
            export: |db, organization, after| Box::pin(export::chunk::<R>(db, organization, after)),
            count: |db, organization| Box::pin(count(db, R::rows(organization).into_query())),
        }
    }
}

fn read_all<R: Record>(tx: &Tx, lines: &[Value]) -> Result<Vec<R>> {
    lines.iter().map(|line| Input::body(line, &tx.caller().zone, R::read).checked()).collect()
}

/// The times of a line: those it gives, or the moment of the import.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stamps {
    created_at: Option<OffsetDateTime>,
    updated_at: Option<OffsetDateTime>,
}

impl Stamps {
    /// Reads `created_at` and `updated_at`.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { created_at: fields.optional("created_at"), updated_at: fields.optional("updated_at") }
    }

    /// `created_at` in milliseconds.
    #[must_use]
    pub fn created(&self, tx: &Tx) -> i64 {
        self.created_at.map_or(tx.now(), millis)
    }

    /// `updated_at` in milliseconds; where it is left out, that of `created_at`.
    #[must_use]
    pub fn updated(&self, tx: &Tx) -> i64 {
        self.updated_at.map_or_else(|| self.created(tx), millis)
    }
}

/// Inserts rows with the ids they have.
pub async fn put<M: Stored>(tx: &Tx, rows: Vec<M>) -> Result<()> {
    put_all(tx, rows.into_iter().map(IntoActiveModel::into_active_model).collect()).await
}

/// Inserts any number of rows: no statement may have more than 32,766 values on SQLite.
pub async fn put_all<A: ActiveModelTrait>(tx: &Tx, rows: Vec<A>) -> Result<()> {
    const MOST: usize = 30_000;
    let columns = <A::Entity as EntityTrait>::Column::iter().count();
    for chunk in rows.chunks((MOST / columns).max(1)) {
        A::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Inserts rows with the ids they have, and their history.
pub async fn create<M: Stored + Serialize>(tx: &Tx, kind: Kind, rows: Vec<M>) -> Result<()> {
    for row in &rows {
        let shown = serde_json::to_value(row)?;
        let id = shown["id"].as_str().map_or_else(|| shown["id"].to_string(), str::to_owned);
        tx.record(Change::created(kind, id, shown));
    }
    let entries = Entries::of_new(tx, kind, &rows)?;
    put(tx, rows).await?;
    entries.put(tx).await
}

/// An id of a line: above 0, and exact in every JSON reader.
pub fn id(fields: &mut Fields<'_>) -> i64 {
    let id: i64 = fields.required("id");
    whole(fields, "id", id)
}

/// Notes a violation where `id` cannot be one.
pub fn whole(fields: &mut Fields<'_>, field: &'static str, id: i64) -> i64 {
    between(fields, field, id, 1, 9_007_199_254_740_991)
}

/// Notes a violation where `number` is not between two others.
pub fn between(fields: &mut Fields<'_>, field: &'static str, number: i64, least: i64, most: i64) -> i64 {
    if !(least..=most).contains(&number) {
        fields.violate(field, Rule::Range(Some(least), Some(most)));
    }
    number
}

struct Anything;

impl FromInput for Anything {
    fn from_input(_: &Value, _: &Zone) -> Result<Self, Rule> {
        Ok(Self)
    }
}

/// An array of any number of objects, each read with `read`; null and a field left out are none.
pub fn parts<T>(fields: &mut Fields<'_>, field: &'static str, read: impl Fn(&mut Fields<'_>) -> T) -> Vec<T> {
    if fields.optional::<Anything>(field).is_some() { fields.objects_up_to(usize::MAX, field, read) } else { vec![] }
}

/// The id of another record; null, `-1` and a field left out are none.
pub fn reference(fields: &mut Fields<'_>, field: &'static str) -> Option<i64> {
    fields.optional(field).filter(|id| *id != -1)
}

/// Takes `-1`, which stands for none, out of a reference that was read otherwise.
pub fn none<T: Copy + Into<i64>>(id: &mut Option<T>) {
    *id = id.filter(|id| (*id).into() != -1);
}
