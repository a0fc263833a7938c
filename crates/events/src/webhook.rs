//! Webhooks: who is told of events, and where.

use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::WebhookId;
use frontdesk_core::input::{Fields, Rule, Violations};
use frontdesk_core::patch::Patch;
use frontdesk_core::time::{LocalTime, Zone};
use frontdesk_outbound::check_url;
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::wanted::{Filter, Filters, MOST_FILTERS};

pub(crate) mod entity;
mod known;
pub(crate) mod repo;
mod service;

pub use known::put_inactive;
pub use service::Webhooks;

use entity::Model;

/// The longest address, in characters.
const LONGEST_URL: u64 = 2048;

/// Somebody who is told of events at an address.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Webhook {
    /// The id.
    pub id: WebhookId,
    /// Where events are sent with `POST`.
    pub url: String,
    /// The types of events that it is told of; all where there are none.
    pub events: Vec<String>,
    /// What it is for.
    #[schema(required)]
    pub description: Option<String>,
    /// Whether it is told of events.
    pub is_active: bool,
    /// Since when nothing is sent because the receiver failed; what happens meanwhile is sent after `is_active` was set again.
    #[schema(required)]
    pub paused_at: Option<LocalTime>,
    /// Why.
    #[schema(required)]
    pub paused_reason: Option<String>,
    /// When it was added.
    pub created_at: LocalTime,
    /// When it was last changed.
    pub updated_at: LocalTime,
}

impl Webhook {
    fn of(row: Model, zone: &Zone) -> Self {
        Self {
            id: row.id.into(),
            events: row.filters().iter().map(ToString::to_string).collect(),
            url: row.url,
            description: row.description,
            is_active: row.is_active,
            paused_at: row.paused_at.map(|at| zone.local(at)),
            paused_reason: row.paused_reason,
            created_at: zone.local(row.created_at),
            updated_at: zone.local(row.updated_at),
        }
    }
}

/// A webhook with its secret, which is shown this once.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub struct IssuedWebhook {
    /// The id.
    pub id: WebhookId,
    /// Where events are sent with `POST`.
    pub url: String,
    /// The types of events that it is told of; all where there are none.
    pub events: Vec<String>,
    /// What it is for.
    #[schema(required)]
    pub description: Option<String>,
    /// Whether it is told of events.
    pub is_active: bool,
    /// Since when nothing is sent because the receiver failed.
    #[schema(required)]
    pub paused_at: Option<LocalTime>,
    /// Why.
    #[schema(required)]
    pub paused_reason: Option<String>,
    /// When it was added.
    pub created_at: LocalTime,
    /// When it was last changed.
    pub updated_at: LocalTime,
    /// What signs the deliveries: `whsec_` and base64.
    pub secret: String,
}

impl IssuedWebhook {
    fn of(webhook: Webhook, secret: String) -> Self {
        let Webhook { id, url, events, description, is_active, paused_at, paused_reason, created_at, updated_at } = webhook;
        Self { id, url, events, description, is_active, paused_at, paused_reason, created_at, updated_at, secret }
    }

    /// The webhook as a view shows it.
    #[must_use]
    pub fn webhook(&self) -> Webhook {
        let Self { id, url, events, description, is_active, paused_at, paused_reason, created_at, updated_at, .. } = self.clone();
        Webhook { id, url, events, description, is_active, paused_at, paused_reason, created_at, updated_at }
    }
}

impl std::fmt::Debug for IssuedWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedWebhook").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A webhook to be added.
#[derive(Clone, Debug, Default, PartialEq, Validate, ToSchema)]
pub struct NewWebhook {
    /// Where events are to be sent: http or https.
    #[validate(length(min = 1, max = LONGEST_URL))]
    #[schema(min_length = 1, max_length = 2048, format = "uri", pattern = "^[Hh][Tt][Tt][Pp][Ss]?://")]
    pub url: String,
    /// The types of events: `ticket.updated`, or `ticket.*` for all of a record; all where there are none.
    #[schema(value_type = Option<Vec<Filter>>, max_items = 50)]
    pub events: Vec<Filter>,
    /// What it is for.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
}

impl NewWebhook {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            url: fields.required("url"),
            events: fields.optional("events").map_or_else(Vec::new, |Filters(all)| all),
            description: fields.optional("description"),
        }
    }

    fn judge(&self, violations: &mut Violations) {
        judge(Some(&self.url), Some(&self.events), violations);
    }
}

/// A change of a webhook: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Validate, ToSchema)]
pub struct WebhookPatch {
    /// Where events are to be sent; not null.
    #[validate(length(min = 1, max = LONGEST_URL))]
    #[schema(nullable = false, min_length = 1, max_length = 2048, format = "uri", pattern = "^[Hh][Tt][Tt][Pp][Ss]?://")]
    pub url: Option<String>,
    /// The types of events; not null.
    #[schema(nullable = false, max_items = 50)]
    pub events: Option<Vec<Filter>>,
    /// What it is for.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
    /// `true` begins again with one that was paused, and sends what it missed; with one that was not active it begins with what
    /// happens from now on. Not null.
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
}

impl WebhookPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            url: fields.set("url"),
            events: fields.set("events").map(|Filters(all)| all),
            description: fields.patch("description"),
            is_active: fields.set("is_active"),
        }
    }

    fn judge(&self, violations: &mut Violations) {
        judge(self.url.as_deref(), self.events.as_deref(), violations);
    }
}

fn judge(url: Option<&str>, events: Option<&[Filter]>, violations: &mut Violations) {
    if let Some(url) = url.filter(|url| !url.is_empty())
        && let Err(failure) = check_url(url)
    {
        violations.body("url", Rule::other(format!("is of no use: {}", failure.reason)));
    }
    if events.is_some_and(|events| events.len() > MOST_FILTERS) {
        violations.body("events", Rule::other(format!("must have at most {MOST_FILTERS} entries")));
    }
}

/// What is told beside the webhook that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside<T> {
    /// The webhook as it is.
    pub webhook: Versioned<Webhook>,
    /// What is told.
    pub told: T,
}

/// The events that a webhook is to be told of again, or for the first time.
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema)]
pub struct Replay {
    /// Those after this event's id.
    #[schema(minimum = 0)]
    pub after: i64,
    /// Those up to this one; up to the newest where it is absent or null.
    #[schema(minimum = 1)]
    pub until: Option<i64>,
}

impl Replay {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        let asked = Self { after: fields.required("after"), until: fields.optional("until") };
        if asked.after < 0 {
            fields.violate("after", Rule::Range(Some(0), None));
        }
        if asked.until.is_some_and(|until| until <= asked.after) {
            fields.violate("until", Rule::other("must be greater than after"));
        }
        asked
    }
}

/// A replay that has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Replayed {
    /// Events after this one are sent.
    pub after: i64,
    /// Up to this one.
    pub until: i64,
}
