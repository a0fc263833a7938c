//! The index follows the texts, in the transaction that writes them.

use std::sync::Arc;

use frontdesk_core::access::Caller;
use frontdesk_core::grams::Grams;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::{Error, Result};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, ModelTrait, Value};

use super::{ALL, Index, New, Pending, Text, sqlite, tail};
use crate::connect::Db;
use crate::handle::Tx;

/// A record in an index.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its id.
    pub(super) id: Value,
    /// When it was created, in milliseconds since 1970.
    pub(super) created_at: i64,
    pub(super) text: Text,
}

/// A database and an organization in it.
type Scope = (DbBackend, OrganizationId);

/// The pieces of a text as the indexes of a database take them, of an organization.
fn cut((backend, organization): Scope, text: &str) -> String {
    let grams = Grams::of(text);
    if backend == DbBackend::Postgres { grams.numbers(organization) } else { grams.words(organization) }
}

/// What an index is to be told of a new text.
fn new(scope: Scope, text: String) -> Text {
    let pieces = cut(scope, &text);
    if scope.0 == DbBackend::Sqlite && tail::takes(&text) { Text::New(Arc::new(New { text, pieces })) } else { Text::Cut(pieces) }
}

/// What records say of themselves, for the indexes of their kind; nothing for a kind that is not searched.
#[derive(Clone, Debug)]
pub struct Entries(Vec<(Index, Vec<Entry>)>);

impl Entries {
    /// Those of new records of the caller's organization. Cutting texts is worth doing outside of a transaction.
    pub fn of<M: ModelTrait>(db: &Db, caller: &Caller, kind: Kind, rows: &[M]) -> Result<Self> {
        Self::within((db.backend(), caller.organization), kind, rows)
    }

    /// The same in the transaction.
    pub fn of_new<M: ModelTrait>(tx: &Tx, kind: Kind, rows: &[M]) -> Result<Self> {
        Self::within(scope(tx), kind, rows)
    }

    fn within<M: ModelTrait>(scope: Scope, kind: Kind, rows: &[M]) -> Result<Self> {
        Self::make(kind, rows, |row, index| Ok(new(scope, text(row, index.column)?)))
    }

    /// Those of a record that is no more.
    pub(crate) fn of_none<M: ModelTrait>(kind: Kind, row: &M) -> Result<Self> {
        Self::make(kind, std::slice::from_ref(row), |_, _| Ok(Text::Gone))
    }

    /// Those of a record that has changed, of the texts that are others than before.
    pub fn of_change<M: ModelTrait>(tx: &Tx, kind: Kind, before: &M, after: &M) -> Result<Self> {
        let mut all = vec![];
        for index in ALL.into_iter().filter(|index| index.kind == kind) {
            let new = text(after, index.column)?;
            if new != text(before, index.column)? {
                all.push((
                    index,
                    vec![Entry { id: value(after, "id")?, created_at: number(after)?, text: Text::Cut(cut(scope(tx), &new)) }],
                ));
            }
        }
        Ok(Self(all))
    }

    fn make<M: ModelTrait>(kind: Kind, rows: &[M], text: impl Fn(&M, Index) -> Result<Text>) -> Result<Self> {
        let mut all = vec![];
        for index in ALL.into_iter().filter(|index| index.kind == kind) {
            let entry = |row: &M| Ok(Entry { id: value(row, "id")?, created_at: number(row)?, text: text(row, index)? });
            all.push((index, rows.iter().map(entry).collect::<Result<_>>()?));
        }
        Ok(Self(all))
    }

    /// The same of a record that has got its id since.
    pub(crate) fn with_id(mut self, id: i64) -> Self {
        self.0.iter_mut().flat_map(|(_, entries)| entries).for_each(|entry| entry.id = id.into());
        self
    }

    /// Brings them into the indexes, with the transaction: they wait for its end.
    pub async fn put(self, tx: &Tx) -> Result<()> {
        let has_keys = tx.get_database_backend() == DbBackend::Sqlite;
        for (Index { kind, table, .. }, entries) in self.0 {
            for Entry { id, created_at, text } in entries {
                let id = if has_keys && kind == Kind::CallTask { sqlite::call_task(tx, id, created_at).await? } else { id };
                tx.search_with_commit(Pending { table, id, text });
            }
        }
        Ok(())
    }
}

fn scope(tx: &Tx) -> Scope {
    (tx.get_database_backend(), tx.caller().organization)
}

fn value<M: ModelTrait>(row: &M, name: &str) -> Result<Value> {
    let column = name.parse::<<M::Entity as EntityTrait>::Column>().map_err(|_| Error::internal(format!("no column {name} to search")))?;
    Ok(row.get(column))
}

fn text<M: ModelTrait>(row: &M, name: &str) -> Result<String> {
    match value(row, name)? {
        Value::String(Some(text)) => Ok(text),
        _ => Err(Error::internal(format!("the column {name} is no text"))),
    }
}

fn number<M: ModelTrait>(row: &M) -> Result<i64> {
    match value(row, "created_at")? {
        Value::BigInt(Some(number)) => Ok(number),
        _ => Err(Error::internal("a record without the moment of its creation")),
    }
}
