//! The demo's webhooks, which nothing is sent to: they are not active, and names that end in `.example` lead nowhere.

use frontdesk_core::Result;
use frontdesk_core::world::World;
use frontdesk_events::webhook::{NewWebhook, put_inactive};
use frontdesk_outbound::sign::Secret;
use frontdesk_store::Tx;

/// Addresses, types of events and descriptions, with what the first one was told last.
const WEBHOOKS: [(&str, &[&str], &str, Option<(&str, i64)>); 2] = [
    ("https://warehouse.example/hooks/frontdesk", &["ticket.*", "call_task.updated"], "倉儲系統", Some(("ticket.updated", 5))),
    ("https://crm.example/hooks/frontdesk", &["contact.*"], "Перенос контактов", None),
];

/// Secrets for them, which nobody knows.
pub(super) fn secrets(world: &World) -> Result<Vec<Secret>> {
    WEBHOOKS.iter().map(|_| Ok(Secret::new(world.random()?))).collect()
}

/// Writes them into the caller's organization.
pub(super) async fn put(tx: &Tx, secrets: &[Secret]) -> Result<()> {
    for ((url, events, description, told), secret) in WEBHOOKS.into_iter().zip(secrets) {
        let events = events.iter().filter_map(|text| text.parse().ok()).collect();
        let new = NewWebhook { url: url.into(), events, description: Some(description.into()) };
        put_inactive(tx, new, secret, told).await?;
    }
    Ok(())
}
