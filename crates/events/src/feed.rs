//! The change feed: events of an organization in their order, as far as they are settled.

use std::sync::Arc;

use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, FromInput, Rule};
use frontdesk_core::time::{Zone, ZonedTime};
use frontdesk_core::{Error, Result};
use frontdesk_store::Db;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::live::{Follower, Tails};
use crate::wanted::{Filter, Wanted, types};

/// Events that are looked at for a page at most, whether they are wanted or not.
const LOOKED_AT: u32 = 1000;
/// Events a page where nothing else is asked for, and at most.
const PAGE: i64 = 100;
const LONGEST_PAGE: i64 = 1000;

/// Something that happened to a record. It does not tell the record, which whoever may see it asks for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Event {
    /// The id, higher than that of every event before it. There are gaps.
    pub id: i64,
    /// What happened to what, such as `ticket.updated`.
    #[serde(rename = "type")]
    pub what: String,
    /// What the record is: `ticket`, `call_task`, `appointment`, …
    pub record: String,
    /// Its id.
    pub record_id: String,
    /// The version that it had from then on; of a deletion its last.
    pub version: i64,
    /// When, on the organization's clocks.
    pub at: ZonedTime,
    /// Who: `employee`, `service_key`, `external_user`, or `system` for the command line and Frontdesk itself.
    pub actor_kind: String,
    /// Which of these; null for `system`.
    #[schema(required)]
    pub actor_id: Option<i64>,
    /// The `X-Request-Id` of the request that did it.
    pub request_id: String,
    /// Where the record can be read; null where it is gone, or has no path of its own.
    #[schema(required)]
    pub path: Option<String>,
    /// What there is to tell beside this, of an event that is no change of a record; of an appointment its `task_num`; else null.
    #[schema(required, value_type = Option<Object>)]
    pub data: Value,
}

impl Event {
    /// An event as it is told on an organization's clocks.
    #[must_use]
    pub fn of(event: &frontdesk_store::Event, zone: &Zone) -> Self {
        let (record, action) = event.what.split_once('.').unwrap_or((&event.what, ""));
        let data = if !event.is_announcement() && record == Kind::Appointment.word() {
            event.data.get("task_num").map_or(Value::Null, |number| json!({"task_num": number}))
        } else {
            event.data.clone()
        };
        Self {
            id: event.id,
            what: event.what.clone(),
            record: record.to_owned(),
            record_id: event.record_id.clone(),
            version: event.version,
            at: zone.zoned(event.at),
            actor_kind: event.actor_kind.clone(),
            actor_id: event.actor_id,
            request_id: event.request_id.clone(),
            path: Kind::of_word(record).filter(|_| action != "deleted").and_then(|kind| path(kind, &event.record_id)),
            data,
        }
    }
}

/// Where a record can be read with `GET`.
fn path(kind: Kind, id: &str) -> Option<String> {
    Some(match kind {
        Kind::Organization => "/api/v1/organization".into(),
        Kind::CallTask => format!("/api/tasks/{id}"),
        Kind::TerminationCode => format!("/api/v1/ticket-termination-code/{id}"),
        // Found by its number, with a POST.
        Kind::Appointment | Kind::ExternalUser => return None,
        other => format!("/api/v1/{}/{id}", other.word().replace('_', "-")),
    })
}

/// Where somebody begins to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// At the oldest event that is kept.
    #[default]
    Oldest,
    /// After the newest.
    Latest,
    /// After the event with this id, which need not be there.
    After(i64),
}

impl FromInput for Position {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        match value.as_str() {
            Some("latest") => Ok(Self::Latest),
            _ => i64::from_input(value, zone).ok().filter(|id| *id >= 0).map(Self::After).ok_or(Rule::Form("an event's id or latest")),
        }
    }
}

/// What is read of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRequest {
    /// Where it begins.
    pub after: Position,
    /// Events at most, 1 to 1,000.
    pub limit: usize,
    /// The types that are wanted; all where there are none.
    pub types: Vec<Filter>,
}

impl FeedRequest {
    /// Reads `after`, `limit` and `type`.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        let limit = fields.optional("limit").unwrap_or(PAGE);
        if !(1..=LONGEST_PAGE).contains(&limit) {
            fields.violate("limit", Rule::Range(Some(1), Some(LONGEST_PAGE)));
        }
        let limit = usize::try_from(limit).unwrap_or(1);
        Self { after: fields.optional("after").unwrap_or_default(), limit, types: types(fields) }
    }
}

/// A page of the feed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Feed {
    /// The events, the first one first.
    pub data: Vec<Event>,
    /// What to ask with next as `after`, also where this page is empty.
    pub next_after: i64,
}

/// The events of a store.
#[derive(Clone, Debug)]
pub struct Events {
    db: Db,
    tails: Arc<Tails>,
    closing: Arc<watch::Sender<bool>>,
}

impl Events {
    /// The events in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, tails: Arc::default(), closing: Arc::new(watch::Sender::new(false)) }
    }

    /// Follows the events from a position on. [`Error::Gone`] where events after it are kept no longer.
    pub async fn follow(&self, caller: &Caller, position: Position) -> Result<Follower> {
        caller.require(Permission::ReadEvents)?;
        let after = self.begin(caller, position).await?;
        let horizon = self.db.horizon().await?;
        Ok(self.tails.follow(self.db.clone(), caller.organization, after, horizon))
    }

    /// Tells everybody who follows that it is over: the server is about to stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Becomes true when it is over.
    #[must_use]
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// A page of the feed. [`Error::Gone`] where events after the position are kept no longer.
    pub async fn list(&self, caller: &Caller, request: FeedRequest) -> Result<Feed> {
        caller.require(Permission::ReadEvents)?;
        let mut next_after = self.begin(caller, request.after).await?;
        let horizon = self.db.horizon().await?;
        let wanted = Wanted::by(caller, request.types);
        let mut data = vec![];
        for event in self.db.events(caller.organization, next_after, horizon, LOOKED_AT).await? {
            if data.len() == request.limit {
                return Ok(Feed { data, next_after });
            }
            next_after = event.id;
            if wanted.has(&event.what) {
                data.push(Event::of(&event, &caller.zone));
            }
        }
        Ok(Feed { data, next_after })
    }

    /// The id to read on after. [`Error::Gone`] where events after it are kept no longer.
    async fn begin(&self, caller: &Caller, position: Position) -> Result<i64> {
        let forgotten = self.db.last_forgotten_event(caller.organization).await?;
        match position {
            Position::Oldest => Ok(forgotten),
            Position::Latest => Ok(self.db.newest_event().await?.max(forgotten)),
            Position::After(id) if id < forgotten => Err(Error::Gone(format!(
                "events up to {forgotten} are kept no longer; begin after {forgotten}, and look at the records again"
            ))),
            Position::After(id) => Ok(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_records_are() {
        assert_eq!(path(Kind::InteractCollection, "7").as_deref(), Some("/api/v1/interact-collection/7"));
        assert_eq!(path(Kind::CallTask, "u").as_deref(), Some("/api/tasks/u"));
        assert_eq!(path(Kind::Appointment, "7"), None);
    }
}
