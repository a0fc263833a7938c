//! What became of a record, in the forms of its surface.

use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::access::Caller;
use frontdesk_core::id::Kind;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::Lookup;
use frontdesk_store::history::{self, Entry, Field};
use frontdesk_store::record::distinct;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::employee;

/// A change of a record. Whatever changes it makes one of these.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HistoryEntry<M> {
    /// The version that the record had from then on; of a deletion its last.
    pub version: i64,
    /// What was done: `created`, `updated`, `imported`, …
    pub action: String,
    /// When.
    pub at: M,
    /// Who.
    pub actor: HistoryActor,
    /// The `X-Request-Id` of the request that did it.
    pub request_id: String,
    /// The fields that changed.
    pub changes: Vec<HistoryChange>,
}

/// Who changed a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HistoryActor {
    /// `employee`, `service_key`, `external_user`, or `system` for the command line and Frontdesk itself.
    pub kind: String,
    /// Which of these; null for `system`.
    #[schema(required)]
    pub id: Option<i64>,
    /// The name that the employee has now; null where it is none, or is there no more.
    #[schema(required)]
    pub name: Option<String>,
}

/// What became of a field.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HistoryChange {
    /// The field, as the record shows it.
    pub field: String,
    /// Its value before, as the record shows it; null where there was none.
    pub from: Value,
    /// Its value after.
    pub to: Value,
    /// Whether both values have been erased since, as those of a person who was anonymized; they are null then.
    pub erased: bool,
}

/// A page of the changes of a record, the last one first. `moment` puts milliseconds since 1970 into the form of the surface,
/// `field` the name and a value of a field; none hides it.
pub async fn page<M>(
    db: &impl Lookup,
    caller: &Caller,
    (kind, id): (Kind, &str),
    request: PageRequest,
    moment: impl Fn(i64) -> M,
    field: impl Fn(&str, Value) -> Option<(String, Value)>,
) -> Result<Page<HistoryEntry<M>>> {
    let found = history::entries(db, caller.organization, kind, id, request).await?;
    let employees = distinct(found.items.iter().map(employed));
    let names = employee::names(db, caller.organization, &employees).await?;
    Ok(found.map(|entry| shown(entry, &names, &moment, &field)))
}

fn employed(entry: &Entry) -> Option<i64> {
    entry.actor_id.filter(|_| entry.actor_kind == "employee")
}

fn shown<M>(
    entry: Entry,
    names: &HashMap<i64, String>,
    moment: impl Fn(i64) -> M,
    field: impl Fn(&str, Value) -> Option<(String, Value)>,
) -> HistoryEntry<M> {
    let change = |Field { name, from, to, erased }: Field| {
        let (_, from) = field(&name, from)?;
        let (field, to) = field(&name, to)?;
        Some(HistoryChange { field, from, to, erased })
    };
    let name = employed(&entry).and_then(|id| names.get(&id).cloned());
    HistoryEntry {
        version: entry.version,
        at: moment(entry.at),
        actor: HistoryActor { kind: entry.actor_kind, id: entry.actor_id, name },
        action: entry.action,
        request_id: entry.request_id,
        changes: entry.fields.into_iter().filter_map(change).collect(),
    }
}

/// A stored moment in the form that `write` gives it; null stays null.
pub fn moment<M: Serialize>(value: &Value, write: impl Fn(i64) -> M) -> Value {
    value.as_i64().map_or(Value::Null, |millis| json!(write(millis)))
}
