//! Whether what the store holds agrees with itself. Reads one state of it and changes nothing.

mod counters;
mod events;
mod history;
mod live;
mod references;
mod search;

use std::fmt;

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

use crate::connect::Db;
use crate::handle::Snapshot;
use crate::lookup::table;

/// So many findings are told, the others counted.
const MOST: usize = 1000;

/// Something that does not agree, without the values concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The organization, by its id; none where the finding is about none.
    pub organization: Option<i64>,
    /// What is concerned: the word of a kind, or a table.
    pub kind: String,
    /// The record's id, or another key of the row; empty where it is about all of the kind.
    pub id: String,
    /// Which change of the record, from 1.
    pub seq: Option<i64>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(organization) = self.organization {
            write!(f, "organization {organization}, ")?;
        }
        f.write_str(&self.kind)?;
        if !self.id.is_empty() {
            write!(f, " {}", self.id)?;
        }
        if let Some(seq) = self.seq {
            write!(f, ", change {seq}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// How much there is of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The kind.
    pub kind: Kind,
    /// Records there are.
    pub records: i64,
    /// Rows of history, of records that are gone too.
    pub changes: i64,
    /// Events.
    pub events: i64,
}

/// What was looked at, and what does not agree.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How much there is of each kind.
    pub counts: Vec<Count>,
    /// What does not agree: the first 1,000.
    pub findings: Vec<Finding>,
    /// How many more findings there are.
    pub more: usize,
}

impl Report {
    fn add(&mut self, finding: Finding) {
        if self.findings.len() < MOST { self.findings.push(finding) } else { self.more += 1 }
    }
}

impl Db {
    /// Checks one state of the store: the chain of every record's history, that it ends where the record is, that every change has its
    /// event, that references lead somewhere, that no counter is behind, that records are counted right and that searched texts are in
    /// their indexes. `watch` hears of every piece of work how much it was,
    /// and of how much in all.
    pub async fn verify(&self, watch: impl FnMut(u64, u64) + Send + 'static) -> Result<Report> {
        self.snapshot(move |db| Box::pin(all(db, watch))).await
    }
}

async fn all(db: &Snapshot, mut watch: impl FnMut(u64, u64) + Send) -> Result<Report> {
    let mut report = Report { counts: counts(db).await?, ..Report::default() };
    history::check(db, &mut report, &mut watch).await?;
    for kind in Kind::ALL {
        live::check(db, &mut report, Records::of(kind, db.get_database_backend())).await?;
    }
    live::strange(db, &mut report).await?;
    events::check(db, &mut report).await?;
    references::check(db, &mut report).await?;
    counters::check(db, &mut report).await?;
    search::check(db, &mut report).await?;
    Ok(report)
}

async fn counts(db: &Snapshot) -> Result<Vec<Count>> {
    let changes = query(db, "SELECT kind, COUNT(*) AS n FROM history GROUP BY kind").await?;
    let events = query(db, "SELECT type AS kind, COUNT(*) AS n FROM event GROUP BY type").await?;
    let mut counts = vec![];
    for kind in Kind::ALL {
        let of = |rows: &[QueryResult], is: &dyn Fn(&str) -> bool| -> Result<i64> {
            let mut sum = 0;
            for row in rows {
                sum += if is(&row.try_get::<String>("", "kind")?) { row.try_get("", "n")? } else { 0 };
            }
            Ok(sum)
        };
        counts.push(Count {
            kind,
            records: number(db, &format!("SELECT COUNT(*) AS n FROM \"{}\"", table(kind))).await?.unwrap_or(0),
            changes: of(&changes, &|word| word == kind.word())?,
            events: of(&events, &|word| word.split_once('.').is_some_and(|(word, _)| word == kind.word()))?,
        });
    }
    Ok(counts)
}

/// The rows of a kind of record, as SQL names what they have.
#[derive(Clone, Copy, Debug)]
struct Records {
    kind: Kind,
    backend: DbBackend,
}

impl Records {
    fn of(kind: Kind, backend: DbBackend) -> Self {
        Self { kind, backend }
    }

    /// The column that says the organization.
    fn organization(self) -> &'static str {
        if self.kind == Kind::Organization { "id" } else { "organization_id" }
    }

    /// The version of a row of `r`; external users have none of their own, but that of the last change `h`.
    fn version(self) -> &'static str {
        if self.kind == Kind::ExternalUser { "COALESCE(h.version, 1)" } else { "r.version" }
    }

    /// The id of a row of `r` as history has it.
    fn id(self) -> String {
        text_of("r.id", self.kind == Kind::CallTask, self.backend)
    }

    /// That the row of `r` is the one that `record_id` of `h` names.
    fn is_named(self) -> String {
        match (self.backend, self.kind) {
            // By its key, not by a text made of it: SQLite has no other way to find it than that.
            (DbBackend::Sqlite, Kind::CallTask) => "r.id = unhex(replace(h.record_id, '-', ''))".into(),
            (DbBackend::Sqlite, _) => "r.id = CAST(h.record_id AS INTEGER) AND CAST(r.id AS TEXT) = h.record_id".into(),
            _ => format!("{} = h.record_id", self.id()),
        }
    }
}

/// An id as a text.
fn text_of(column: &str, uuid: bool, backend: DbBackend) -> String {
    if uuid && backend == DbBackend::Sqlite {
        let part = |from, digits| format!("substr(hex({column}), {from}, {digits})");
        let parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)];
        return format!("lower({})", parts.join(" || '-' || "));
    }
    format!("CAST({column} AS TEXT)")
}

async fn query(db: &Snapshot, sql: &str) -> Result<Vec<QueryResult>> {
    Ok(db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?)
}

/// The number in the column `n` of the only row.
async fn number(db: &Snapshot, sql: &str) -> Result<Option<i64>> {
    Ok(match query(db, sql).await?.first() {
        Some(row) => row.try_get("", "n")?,
        None => None,
    })
}
