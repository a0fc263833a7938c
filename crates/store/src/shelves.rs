//! Records that nearly every answer shows and that seldom change, kept in memory: staff, and what tickets are sorted by.
//!
//! A row is taken from memory only while nothing of its organization's directory has changed since it was read. Every write counts its
//! changes of such records with the other counts, and who reads asks for that number first: what any server or process has committed
//! counts for the next request of every other.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryTrait, Select, Statement};

use crate::counts;
use crate::sqlite::Shape;

/// So many rows are kept at most; then all are dropped.
const MOST: usize = 20_000;

/// Whether records of a kind are kept.
pub(crate) fn is_kept(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Employee
            | Kind::Group
            | Kind::Extension
            | Kind::CtiAgent
            | Kind::JobTitle
            | Kind::Department
            | Kind::Category
            | Kind::Subcategory
            | Kind::Sponsor
            | Kind::TerminationCode
    )
}

/// A handle through which answers look up what they show.
pub trait Lookup: ConnectionTrait {
    /// The rows that a query for all columns of an entity finds.
    fn models<M: Shape>(&self, query: Statement) -> impl Future<Output = Result<Vec<M>, DbErr>> + Send;

    /// The rows that a selection of an entity's columns finds.
    fn all<E: EntityTrait<Model: Shape>>(&self, query: Select<E>) -> impl Future<Output = Result<Vec<E::Model>, DbErr>> + Send {
        self.models(query.build(self.get_database_backend()))
    }

    /// What of it may come from memory; nothing where this handle must see what its own transaction wrote.
    fn memory(&self) -> Option<&Memory>;
}

/// The organization that was last asked about, and how often its directory had changed.
pub(crate) type Seen = Arc<Mutex<Option<(OrganizationId, i64)>>>;

/// What one handle knows of the rows in memory.
#[derive(Clone, Debug)]
pub struct Memory {
    shelves: Arc<Shelves>,
    seen: Seen,
    /// What a write has read, which may never be committed: it is kept once the write is.
    unkept: Option<Unkept>,
}

impl Memory {
    /// That of a handle which sees only what is committed.
    pub(crate) fn of(shelves: Arc<Shelves>) -> Self {
        Self { shelves, seen: Seen::default(), unkept: None }
    }

    /// That of a write, which may share what the writes before it in its transaction have seen.
    pub(crate) fn of_write(shelves: Arc<Shelves>, seen: Seen) -> Self {
        Self { shelves, seen, unkept: Some(Unkept::default()) }
    }

    /// Keeps what the write has read, now that it is committed.
    pub(crate) fn committed(&self) {
        let Some(unkept) = &self.unkept else { return };
        for (place, shelf) in unkept.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            self.shelves.put(place, shelf);
        }
    }

    /// What is kept under these ids, if it all is and nothing of the organization's directory has changed since it was read.
    pub async fn find<T: Clone + Send + Sync + 'static>(
        &self,
        db: &impl ConnectionTrait,
        organization: OrganizationId,
        ids: &[i64],
    ) -> Result<Option<Vec<T>>> {
        let changes = if let Some(changes) = self.changes(organization) {
            changes
        } else {
            let changes = counts::of_directory(db, organization).await?;
            self.note(organization, changes);
            changes
        };
        let shelves = self.shelves.0.read().unwrap_or_else(PoisonError::into_inner);
        let kept = shelves.get(&(TypeId::of::<T>(), organization.0)).filter(|shelf| shelf.changes == changes);
        Ok(kept.and_then(|kept| ids.iter().map(|id| kept.rows.get(id)?.downcast_ref::<T>().cloned()).collect()))
    }

    /// Keeps what was read after [`Memory::find`] had found nothing, by id.
    pub fn keep<T: Send + Sync + 'static>(&self, organization: OrganizationId, rows: impl Iterator<Item = (i64, T)>) {
        let Some(changes) = self.changes(organization) else { return };
        let boxed = |row: T| -> Box<dyn Any + Send + Sync> { Box::new(row) };
        let read = Shelf { changes, rows: rows.map(|(id, row)| (id, boxed(row))).collect() };
        let place = (TypeId::of::<T>(), organization.0);
        match &self.unkept {
            None => self.shelves.put(place, read),
            Some(unkept) => unkept.lock().unwrap_or_else(PoisonError::into_inner).push((place, read)),
        }
    }

    /// The rows of a query about the organization `$1`. PostgreSQL, which takes longer to be reached than to answer, is asked along the way
    /// what the next question would be: how often the directory has changed.
    pub(crate) async fn models<M: Shape>(&self, db: &impl Lookup, organization: OrganizationId, query: Statement) -> Result<Vec<M>> {
        if db.get_database_backend() != DbBackend::Postgres || self.changes(organization).is_some() {
            return Ok(db.models(query).await?);
        }
        let rows = db.query_all_raw(counts::beside_of_directory(query)).await?;
        if let Some(row) = rows.first() {
            self.note(organization, counts::of_directory_beside(row)?);
        }
        Ok(rows.iter().map(|row| M::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    fn note(&self, organization: OrganizationId, changes: i64) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((organization, changes));
    }

    /// How often the organization's directory had changed when this handle first asked.
    fn changes(&self, organization: OrganizationId) -> Option<i64> {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.filter(|(of, _)| *of == organization).map(|(_, changes)| changes)
    }
}

/// The type of rows and their organization.
type Place = (TypeId, i64);

/// What was read and is not kept yet.
type Unkept = Arc<Mutex<Vec<(Place, Shelf)>>>;

/// The rows in memory.
#[derive(Default)]
pub(crate) struct Shelves(RwLock<HashMap<Place, Shelf>>);

impl Shelves {
    /// Adds the rows, unless later ones are there.
    fn put(&self, place: Place, read: Shelf) {
        let mut shelves = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if shelves.values().map(|shelf| shelf.rows.len()).sum::<usize>() + read.rows.len() > MOST {
            shelves.clear();
        }
        let kept = shelves.entry(place).or_default();
        if kept.changes < read.changes {
            *kept = read;
        } else if kept.changes == read.changes {
            kept.rows.extend(read.rows);
        }
    }
}

impl std::fmt::Debug for Shelves {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shelves")
    }
}

/// Rows of one type and organization, none of them older than so many changes of its directory.
#[derive(Default)]
struct Shelf {
    changes: i64,
    rows: HashMap<i64, Box<dyn Any + Send + Sync>>,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shelf({} rows)", self.rows.len())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use frontdesk_core::access::Caller;
    use frontdesk_core::time::Zone;
    use serde_json::json;
    use time::OffsetDateTime;

    use super::*;
    use crate::context::WriteContext;
    use crate::counts::Counts;
    use crate::handle::{Transaction, Tx};
    use crate::sqlite::{Connection, Location};

    const MINE: OrganizationId = OrganizationId(1);

    async fn changes(tx: &Tx) -> i64 {
        let memory = tx.memory().unwrap();
        memory.find::<()>(tx, MINE, &[]).await.unwrap();
        memory.changes(MINE).unwrap()
    }

    #[tokio::test]
    async fn a_write_sees_what_those_before_it_in_its_transaction_have_changed() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::of(&format!("sqlite://{}", folder.path().join("a.db").display())).unwrap();
        let connection = Connection::for_writes(&location, Duration::ZERO).unwrap();
        let place = "organization_id INTEGER, kind TEXT, status TEXT, slot INTEGER";
        let key = "PRIMARY KEY (organization_id, kind, status, slot)";
        connection.run(&format!("CREATE TABLE record_count ({place}, value INTEGER, {key})")).unwrap();
        let connection = Arc::new(Mutex::new(connection));
        let context = Arc::new(WriteContext::new(Caller::system(MINE, Zone::utc()), "test", OffsetDateTime::UNIX_EPOCH));
        let write = || Tx::new(Transaction::Sqlite(connection.clone()), context.clone(), Arc::default());
        let record = async |tx: &Tx, kind: Kind| {
            let mut counts = Counts::default();
            counts.note(MINE.0, kind, None, Some(&json!({})));
            let now = tx.count_with_commit(counts).statement(tx.get_database_backend());
            tx.execute_all(now.into_iter().collect()).await.unwrap();
        };
        let (first, second) = (write(), write());
        assert_eq!((changes(&first).await, changes(&second).await), (0, 0));
        record(&first, Kind::Ticket).await;
        record(&second, Kind::Sponsor).await;
        assert_eq!(changes(&write()).await, 1);
        // The records themselves are counted with the commit.
        let connection = connection.lock().unwrap();
        counts::settle(&connection).unwrap();
        let all = "SELECT kind, value FROM record_count ORDER BY kind";
        let all = connection.query(&Statement::from_string(sea_orm::DbBackend::Sqlite, all), crate::sqlite::Rows::All).unwrap();
        let all: Vec<_> = all.iter().map(|row| (row.try_get("", "kind").unwrap(), row.try_get("", "value").unwrap())).collect();
        let one = |kind: Kind| (kind.word().to_owned(), 1_i64);
        assert_eq!(all, [(counts::DIRECTORY.to_owned(), 1), one(Kind::Sponsor), one(Kind::Ticket)]);
    }
}
