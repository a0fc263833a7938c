//! Deliveries: what webhooks are told of single events, in the order of each record, until they have taken it.
//!
//! Every event that a webhook wants becomes a row, in the write that moves the webhook's position past it. Of the rows that wait the first
//! of each record is sent; whoever sends it has it for a while, so that any number of servers may be at it and one that dies leaves
//! it to another. So everything arrives at least once, an event always under the same `webhook-id`.

use std::time::Duration;

use frontdesk_core::Result;
use frontdesk_core::id::DeliveryId;
use frontdesk_core::time::{LocalTime, Zone};
use frontdesk_core::world::World;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) mod entity;
mod outcome;
pub(crate) mod repo;
mod send;
mod work;

pub use work::Deliveries;

use entity::Model;

/// The waits after a failure, in seconds: more than a day in all.
const WAITS: [u32; 8] = [5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400];

/// What a webhook is told of one event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Delivery {
    /// The id.
    pub id: DeliveryId,
    /// The event.
    pub event_id: i64,
    /// Its type.
    #[serde(rename = "type")]
    pub what: String,
    /// What the record is.
    pub record: String,
    /// The record's id.
    pub record_id: String,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was sent, since it was last asked for.
    pub attempts: i64,
    /// When it is sent next at the earliest; null where it is not. What happened to the record before is sent first.
    #[schema(required)]
    pub next_attempt_at: Option<LocalTime>,
    /// The status of the last answer; null where there was none.
    #[schema(required)]
    pub last_status: Option<i64>,
    /// Why it was not taken the last time.
    #[schema(required)]
    pub reason: Option<String>,
    /// When it was first to be sent.
    pub created_at: LocalTime,
    /// When something last became of it.
    pub updated_at: LocalTime,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is to be sent, for the first time or again.
    Waiting,
    /// The receiver has taken it.
    Delivered,
    /// It was sent often enough.
    GivenUp,
}

impl DeliveryState {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
        }
    }

    fn of_word(word: &str) -> Self {
        [Self::Delivered, Self::GivenUp].into_iter().find(|state| state.word() == word).unwrap_or(Self::Waiting)
    }
}

impl Delivery {
    pub(crate) fn of(row: Model, zone: &Zone) -> Self {
        let state = DeliveryState::of_word(&row.state);
        Self {
            id: row.id.into(),
            event_id: row.event_id,
            what: row.what,
            record: row.record,
            record_id: row.record_id,
            state,
            attempts: row.attempts,
            next_attempt_at: (state == DeliveryState::Waiting).then(|| zone.local(row.run_at)),
            last_status: row.last_status,
            reason: row.reason,
            created_at: zone.local(row.created_at),
            updated_at: zone.local(row.updated_at),
        }
    }
}

/// How long is waited after a failed attempt, the first of which is 1: no less than `after`, and by chance a fifth more or less, so
/// that what failed together is not sent together again. None where it was the last.
fn wait(world: &World, attempt: i64, after: Option<Duration>) -> Result<Option<Duration>> {
    let Some(seconds) = usize::try_from(attempt - 1).ok().and_then(|place| WAITS.get(place)) else { return Ok(None) };
    let chance = f64::from(u16::from_be_bytes(world.random()?)) / f64::from(u16::MAX);
    let wait = Duration::from_secs((*seconds).into()).mul_f64(0.8 + 0.4 * chance);
    Ok(Some(wait.max(after.unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_more_than_a_day_and_end() {
        assert!(WAITS.iter().map(|seconds| f64::from(*seconds) * 0.8).sum::<f64>() > 24.0 * 3600.0);
        let world = World::real();
        for (attempt, seconds) in (1..).zip(WAITS) {
            let wait = wait(&world, attempt, None).unwrap().unwrap().as_secs_f64() / f64::from(seconds);
            assert!((0.79..=1.21).contains(&wait), "{attempt}: {wait}");
        }
        assert_eq!(wait(&world, 9, None).unwrap(), None);
        let asked = Duration::from_secs(77);
        assert_eq!(wait(&world, 1, Some(asked)).unwrap(), Some(asked));
        assert!(wait(&world, 3, Some(asked)).unwrap().unwrap() > asked);
    }
}
