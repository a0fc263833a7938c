//! History and events, written in the transaction of the change.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::world::World;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::Value;

use crate::chain::{self, history};
use crate::counts::Counts;
use crate::fields::{Draft, Field, differing, object};
use crate::handle::Tx;
use crate::texts::text;
use crate::{search, sql};

/// Rows of one statement: SQLite binds at most 32,766 values.
const ROWS: usize = 1000;

/// What is said of a record that came to be.
const CREATED: &str = "created";

/// A change of one record.
#[derive(Clone, Debug)]
pub struct Change {
    organization: Option<OrganizationId>,
    kind: Kind,
    id: String,
    version: i64,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
    draft: Option<(Arc<Draft>, Field)>,
    told: Value,
}

impl Change {
    /// A record came to be. `after` is its row, without secrets.
    #[must_use]
    pub fn created(kind: Kind, id: impl std::fmt::Display, after: Value) -> Self {
        Self::new(kind, id, 1, CREATED, None, Some(after))
    }

    /// A record came to be that was drafted before, and has got this id.
    pub(crate) fn drafted(kind: Kind, id: i64, draft: Arc<Draft>) -> Result<Self> {
        let field = draft.id(id)?;
        Ok(Self { draft: Some((draft, field)), ..Self::new(kind, id, 1, CREATED, None, None) })
    }

    /// A record changed; `action` is the past tense of the verb, `version` the new one.
    #[must_use]
    pub fn updated(kind: Kind, id: impl std::fmt::Display, version: i64, action: &'static str, before: Value, after: Value) -> Self {
        Self::new(kind, id, version, action, Some(before), Some(after))
    }

    /// A record is gone; `version` was its last.
    #[must_use]
    pub fn deleted(kind: Kind, id: impl std::fmt::Display, version: i64, before: Value) -> Self {
        Self::new(kind, id, version, "deleted", Some(before), None)
    }

    fn new(
        kind: Kind,
        id: impl std::fmt::Display,
        version: i64,
        action: &'static str,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Self {
        Self { organization: None, kind, id: id.to_string(), version, action, before, after, draft: None, told: Value::Null }
    }

    /// The same change in the journal of another organization than the caller's: that of an organization just made.
    #[must_use]
    pub fn of(self, organization: OrganizationId) -> Self {
        Self { organization: Some(organization), ..self }
    }

    /// The same change, whose event says a little more than which record it is: an object without secrets and personal data.
    #[must_use]
    pub fn telling(self, told: Value) -> Self {
        Self { told, ..self }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The row after the change; of a drafted one without its id.
    fn after(&self) -> Option<&Value> {
        self.draft.as_ref().map(|(draft, _)| &draft.row).or(self.after.as_ref())
    }

    fn organization(&self, tx: &Tx) -> i64 {
        self.organization.unwrap_or(tx.caller().organization).0
    }
}

/// The columns of a row of the history that a change gives it.
const HISTORY: [&str; 15] = [
    "organization_id",
    "kind",
    "record_id",
    "seq",
    "version",
    "action",
    "actor_kind",
    "actor_id",
    "request_id",
    "at",
    "announced",
    "changes",
    "salt",
    "erased",
    "hash",
];

fn history_values(row: history::Model) -> [sea_orm::Value; HISTORY.len()] {
    [
        row.organization_id.into(),
        row.kind.into(),
        row.record_id.into(),
        row.seq.into(),
        row.version.into(),
        row.action.into(),
        row.actor_kind.into(),
        row.actor_id.into(),
        row.request_id.into(),
        row.at.into(),
        row.announced.into(),
        row.changes.into(),
        row.salt.into(),
        row.erased.into(),
        row.hash.into(),
    ]
}

/// The columns of an event.
pub(crate) const EVENT: [&str; 9] =
    ["organization_id", "type", "record_id", "version", "actor_kind", "actor_id", "request_id", "at", "data"];

/// The event that tells of a change.
fn event_values(row: &history::Model, told: &Value) -> [sea_orm::Value; EVENT.len()] {
    [
        row.organization_id.into(),
        format!("{}.{}", row.kind, row.action).into(),
        row.record_id.as_str().into(),
        row.version.into(),
        row.actor_kind.as_str().into(),
        row.actor_id.into(),
        row.request_id.as_str().into(),
        row.at.into(),
        told.to_string().into(),
    ]
}

/// The statements that insert rows, whose values stand one after the other.
fn inserts(backend: DbBackend, table: &'static str, columns: &[&str], values: Vec<sea_orm::Value>) -> Vec<Statement> {
    let (mut statements, mut values) = (vec![], values.into_iter().peekable());
    while values.peek().is_some() {
        let some: Vec<_> = values.by_ref().take(ROWS * columns.len()).collect();
        let rows = some.len() / columns.len();
        let make = || sql::insert(backend, table, columns, rows);
        let sql = if rows == 1 { text::<Change>(backend, table, make) } else { make() };
        statements.push(Statement::from_sql_and_values(backend, sql, some));
    }
    statements
}

/// Writes what the closure noted, and counts it.
pub(crate) async fn write(tx: &Tx) -> Result<()> {
    let (changes, announcements, pending) = (tx.take_changes(), tx.take_announcements(), tx.take_pending());
    if changes.is_empty() && announcements.is_empty() && pending.is_empty() {
        return Ok(());
    }
    let backend = tx.get_database_backend();
    let mut tails = tails(tx, &changes).await?;
    let (mut rows, mut events, mut counts) = (vec![], vec![], Counts::default());
    for change in changes {
        counts.note(change.organization(tx), change.kind, change.before.as_ref(), change.after());
        let row = next(tx, &change, &mut tails)?;
        if row.announced {
            events.extend(event_values(&row, &change.told));
        }
        rows.extend(history_values(row));
    }
    for announcement in announcements.into_iter().filter(|_| tx.context().announce) {
        events.extend(announcement.values(tx)?);
    }
    // An event must not draw its id before the transaction has one: `crate::events` relies on it. Where something has changed, it has
    // one since then.
    if rows.is_empty() && backend == DbBackend::Postgres {
        tx.execute_unprepared("SELECT pg_current_xact_id()").await?;
    }
    let mut statements = search::settling(tx.caller().organization, pending);
    statements.extend(inserts(backend, "event", &EVENT, events));
    statements.extend(tx.count_with_commit(counts).statement(backend));
    statements.extend(inserts(backend, "history", &HISTORY, rows));
    Ok(tx.execute_all(statements).await?)
}

/// A record: its organization, kind and id.
type Record = (i64, &'static str, String);

/// The place and hash of the last row of each record's history.
type Tails = HashMap<Record, (i64, String)>;

async fn tails(tx: &Tx, changes: &[Change]) -> Result<Tails> {
    let mut ids: BTreeMap<(i64, &'static str), BTreeSet<&str>> = BTreeMap::new();
    // What was made just now has an id that nothing had before; only an import may bring one back.
    let has_past = |change: &&Change| change.before.is_some() || !tx.context().announce;
    for change in changes.iter().filter(has_past) {
        ids.entry((change.organization(tx), change.kind.word())).or_default().insert(&change.id);
    }
    let mut tails = Tails::new();
    for ((organization, kind), ids) in ids {
        let ids: Vec<_> = ids.into_iter().collect();
        for some in ids.chunks(ROWS) {
            let last = if let [id] = some { of_one(tx, organization, kind, id) } else { of_many(tx, organization, kind, some) };
            for row in tx.query_all_raw(last).await? {
                tails.insert((organization, kind, row.try_get("", "record_id")?), (row.try_get("", "seq")?, row.try_get("", "hash")?));
            }
        }
    }
    Ok(tails)
}

/// The query for the last row of a record's history, which nearly every write asks.
fn of_one(tx: &Tx, organization: i64, kind: &str, id: &str) -> Statement {
    let sql =
        "SELECT record_id, seq, hash FROM history WHERE organization_id = $1 AND kind = $2 AND record_id = $3 ORDER BY seq DESC LIMIT 1";
    Statement::from_sql_and_values(tx.get_database_backend(), sql, [organization.into(), kind.into(), id.into()])
}

/// The query for the last row of the history of each of some records.
fn of_many(tx: &Tx, organization: i64, kind: &str, ids: &[&str]) -> Statement {
    let of_these = |query: &mut SelectStatement| {
        query
            .from("history")
            .and_where(Expr::col("organization_id").eq(organization))
            .and_where(Expr::col("kind").eq(kind))
            .and_where(Expr::col("record_id").is_in(ids.iter().copied()))
            .to_owned()
    };
    let last = of_these(Query::select().column("record_id").expr(Expr::col("seq").max())).add_group_by([Expr::col("record_id")]).to_owned();
    let place = Expr::tuple([Expr::col("record_id"), Expr::col("seq")]).in_subquery(last);
    tx.get_database_backend().build(&of_these(Query::select().columns(["record_id", "seq", "hash"])).and_where(place).to_owned())
}

/// The row of a change, chained to the last of its record.
fn next(tx: &Tx, change: &Change, tails: &mut Tails) -> Result<history::Model> {
    let context = tx.context();
    let (actor_kind, actor_id) = context.caller.actor.label();
    let (salt, changes, own);
    let mut fields = if let Some((draft, id)) = &change.draft {
        (salt, changes) = (draft.salt.clone(), draft.object(id));
        draft.with(id)
    } else {
        salt = chain::salt(&World::real())?;
        own = differing(&salt, change.before.as_ref(), change.after.as_ref())?;
        let fields: Vec<_> = own.iter().collect();
        changes = object(&fields)?;
        fields
    };
    let tail = tails.entry((change.organization(tx), change.kind.word(), change.id.clone())).or_default();
    let mut row = history::Model {
        id: 0,
        organization_id: change.organization(tx),
        kind: change.kind.word().into(),
        record_id: change.id.clone(),
        seq: tail.0 + 1,
        version: change.version,
        action: change.action.into(),
        actor_kind: actor_kind.into(),
        actor_id,
        request_id: context.request_id.clone(),
        at: tx.now(),
        announced: context.announce,
        changes,
        salt,
        erased: None,
        hash: String::new(),
    };
    row.hash = row.link_new(&tail.1, &mut fields);
    *tail = (row.seq, row.hash.clone());
    Ok(row)
}
