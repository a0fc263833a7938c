//! The demo's webhooks, which nothing is sent to: they are not active, and names that end in `.example` lead nowhere.

use frontdesk_core::Result;
use frontdesk_core::world::World;
use frontdesk_events::webhook::{NewWebhook, put_inactive};
use frontdesk_outbound::sign::Secret;
use frontdesk_store::Tx;

struct Known {
    url: &'static str,
    events: &'static [&'static str],
    description: &'static str,
    /// The type of event and the id of the record that it was told of last.
    told: Option<(&'static str, i64)>,
}

const WEBHOOKS: [Known; 2] = [
    Known {
        url: "https://warehouse.example/hooks/frontdesk",
        events: &["ticket.*", "call_task.updated"],
        description: "倉儲系統",
        told: Some(("ticket.updated", 5)),
    },
    Known {
        url: "https://crm.example/hooks/frontdesk", events: &["contact.*"], description: "Перенос контактов", told: None
    },
];

/// Secrets for them, which nobody knows.
pub(super) fn secrets(world: &World) -> Result<Vec<Secret>> {
    WEBHOOKS.iter().map(|_| Ok(Secret::new(world.random()?))).collect()
}

/// Writes them into the caller's organization.
pub(super) async fn put(tx: &Tx, secrets: &[Secret]) -> Result<()> {
    for (Known { url, events, description, told }, secret) in WEBHOOKS.into_iter().zip(secrets) {
        let events = events.iter().filter_map(|text| text.parse().ok()).collect();
        let new = NewWebhook { url: url.into(), events, description: Some(description.into()) };
        put_inactive(tx, new, secret, told).await?;
    }
    Ok(())
}
