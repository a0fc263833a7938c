use std::time::Duration;

use frontdesk_core::Result;
use frontdesk_core::time::{Zone, millis};
use frontdesk_core::world::World;
use frontdesk_outbound::{Client, Excess, Post, sign};
use serde_json::json;

use super::outcome::Outcome;
use crate::feed::Event;
use crate::webhook::entity::Model as Webhook;

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read.
const MOST_ANSWER: usize = 4096;

/// Sends an event to a webhook.
pub(super) async fn send(
    client: &Client,
    world: &World,
    webhook: &Webhook,
    event: &frontdesk_store::Event,
    zone: &Zone,
) -> Result<Outcome> {
    let event = Event::of(event, zone);
    let body = serde_json::to_vec(&json!({"type": event.what, "timestamp": event.at, "data": event}))?;
    let now = millis(world.now());
    // The same at every attempt: by it a receiver knows what it has already.
    let id = format!("evt_{}", event.id);
    let signed = sign::headers(&id, now / 1000, &body, &webhook.secrets(now));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(signed.iter().map(|(name, value)| (*name, value.as_str())));
    let post =
        Post { url: &webhook.url, headers: &headers, body: body.into(), timeout: PATIENCE, max_answer: MOST_ANSWER, excess: Excess::Cut };
    Ok(Outcome::of(client.post(post).await))
}
