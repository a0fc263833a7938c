//! What events tell of by themselves, and how long they and kept answers stay.

use serde::Deserialize;

use super::between;

/// What events tell of by themselves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// Minutes before its due date in which a ticket is due soon, up to 525,600; 0 says nothing of it.
    #[serde(deserialize_with = "a_year")]
    pub due_soon_minutes: u32,
}

/// How long what is kept for a while stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Days that events are kept, up to 36,500; 0 is for ever.
    #[serde(deserialize_with = "a_century")]
    pub events_days: u32,
    /// Hours that answers are kept under their idempotency keys, 24 to 87,600.
    #[serde(deserialize_with = "a_day")]
    pub kept_answers_hours: u32,
}

fn a_year<'de, D: serde::Deserializer<'de>>(value: D) -> Result<u32, D::Error> {
    between(u32::deserialize(value)?, 0, 525_600)
}

fn a_day<'de, D: serde::Deserializer<'de>>(value: D) -> Result<u32, D::Error> {
    between(u32::deserialize(value)?, 24, 87_600)
}

fn a_century<'de, D: serde::Deserializer<'de>>(value: D) -> Result<u32, D::Error> {
    between(u32::deserialize(value)?, 0, 36_500)
}
