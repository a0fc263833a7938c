//! Webhooks: `/api/v1/webhook`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing, Versioned};
use frontdesk_core::id::WebhookId;
use frontdesk_core::page::PageRequest;
use frontdesk_events::delivery::Delivery;
use frontdesk_events::webhook::{Beside, IssuedWebhook, NewWebhook, Replay, Replayed, Webhook, WebhookPatch};
use frontdesk_store::Kept;
use serde::Serialize;
use serde_json::{Value, json};

use crate::call::{Answer, Call, told};
use crate::docs::Paging;
use crate::respond;

const SORT: [&str; 4] = ["id", "url", "created_at", "updated_at"];
const LOG: [&str; 5] = ["event_id", "id", "state", "created_at", "updated_at"];

fn example() -> Value {
    json!({
        "id": 1, "url": "https://warehouse.example/hooks/frontdesk", "events": ["ticket.*", "call_task.updated"], "description": "倉儲系統",
        "is_active": true, "paused_at": null, "paused_reason": null, "created_at": "2026-03-02 10:15:00",
        "updated_at": "2026-03-02 10:15:00"
    })
}

fn issued() -> Value {
    let mut example = example();
    example["secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=".into();
    example
}

fn delivery() -> Value {
    json!({
        "id": 7, "event_id": 4711, "type": "ticket.updated", "record": "ticket", "record_id": "66", "state": "waiting", "attempts": 1,
        "next_attempt_at": "2026-03-02 10:16:00", "last_status": 500, "reason": "warehouse.example answered with status 500",
        "created_at": "2026-03-02 10:15:00", "updated_at": "2026-03-02 10:15:01"
    })
}

fn page(example: &Value) -> Value {
    json!({"data": [example], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

fn beside<T: Serialize>(Beside { webhook, told }: &Beside<T>) -> Kept {
    respond::beside(webhook, told)
}

async fn present(call: &Call, id: WebhookId) -> Result<Kept> {
    Ok(respond::one(&call.services.webhooks.get(&call.caller, id).await?))
}

/// List Webhooks
///
/// The webhooks without their secrets, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "events",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `url`, `created_at`, `updated_at`; `-id` is descending."),
    ),
    responses((status = 200, description = "A page of webhooks.", body = Listing<Webhook>, example = json!(page(&example())))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/webhook")]
pub(crate) async fn webhook_list(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 15, &SORT))?;
    Ok(respond::listing(&call, call.services.webhooks.list(&call.caller, page).await?))
}

/// Create Webhook
///
/// Events from now on are sent to `url` with `POST`, at least once each and those of a record in their order, signed by the Standard
/// Webhooks specification (`webhook-id`, `webhook-timestamp`, `webhook-signature`). An answer of 2xx within 15 seconds takes one, 410
/// ends the webhook, everything else, redirects too, is tried again for more than a day; a receiver that only fails is paused. The
/// secret is shown this once.
#[utoipa::path(
    tag = "events",
    request_body(
        content = NewWebhook,
        example = json!({"url": "https://warehouse.example/hooks/frontdesk", "events": ["ticket.*", "call_task.updated"], "description": "倉儲系統"}),
    ),
    responses((status = 201, description = "The webhook with its secret.", body = Data<IssuedWebhook>,
        example = json!(json!({"data": issued()})))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/webhook")]
pub(crate) async fn webhook_create(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let input = call.body(NewWebhook::read)?;
    // Without an idempotency key: under it the answer would be kept, and so the secret.
    let data = call.services.webhooks.create(&call.context(), input).await?;
    Ok(respond::send(respond::created_as(&data.webhook(), &Data { data }), false))
}

/// View Webhook
///
/// One webhook without its secret.
#[utoipa::path(
    tag = "events",
    params(("id" = i64, Path, description = "The webhook's id.", example = 1)),
    responses((status = 200, description = "The webhook.", body = Webhook, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/webhook/{id}")]
pub(crate) async fn webhook_view(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Webhook
///
/// A field that is absent stays as it is; null clears one that may be null. `is_active` true begins again with one that was paused,
/// and sends what it missed.
#[utoipa::path(
    tag = "events",
    params(("id" = i64, Path, description = "The webhook's id.", example = 1)),
    request_body(content = WebhookPatch, example = json!({"is_active": true})),
    responses((status = 200, description = "The webhook.", body = Webhook, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/webhook/{id}")]
pub(crate) async fn webhook_update(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let (input, id, webhooks) = (call.body(WebhookPatch::read)?, call.id()?, &call.services.webhooks);
    call.change(respond::one, |cx| async move { webhooks.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Webhook
///
/// With the log of its deliveries; what waits is not sent.
#[utoipa::path(
    tag = "events",
    params(("id" = i64, Path, description = "The webhook's id.", example = 2)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/webhook/{id}")]
pub(crate) async fn webhook_delete(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.judge_query()?;
    let (id, webhooks) = (call.id()?, &call.services.webhooks);
    call.change(respond::gone, |cx| async move { webhooks.delete(&cx, id).await }, present(&call, id)).await
}

/// Rotate Secret
///
/// Gives the webhook another secret, which is shown this once. For 24 hours deliveries are signed with both.
#[utoipa::path(
    tag = "events",
    params(("id" = i64, Path, description = "The webhook's id.", example = 1)),
    responses((status = 200, description = "The webhook with its new secret.", body = IssuedWebhook, example = json!(issued()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/webhook/{id}/rotate")]
pub(crate) async fn webhook_rotate(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.judge_query()?;
    let id = call.id()?;
    let rotated = call.services.webhooks.rotate(&call.context(), id).await;
    let issued = told(rotated.map_err(Into::into), present(&call, id)).await?;
    let view = Versioned { version: issued.version, record: issued.record.webhook() };
    Ok(respond::send(respond::beside(&view, &issued.record), false))
}

/// List Deliveries
///
/// What the webhook was told and is to be told, the newest event first; what ended is kept 30 days. A page has 15 rows where
/// `per_page` does not say otherwise.
#[utoipa::path(
    tag = "events",
    params(
        ("id" = i64, Path, description = "The webhook's id.", example = 1),
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `event_id`, `id`, `state`, `created_at`, `updated_at`; `-id` is \
            descending."),
    ),
    responses((status = 200, description = "A page of deliveries.", body = Listing<Delivery>, example = json!(page(&delivery())))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/webhook/{id}/delivery")]
pub(crate) async fn webhook_deliveries(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let (id, page) = (call.id()?, call.asked(|fields| PageRequest::sorted(fields, 15, &LOG)));
    Ok(respond::listing(&call, call.services.webhooks.deliveries(&call.caller, id, page).await?))
}

/// Resend Delivery
///
/// Sends it again at once, whatever became of it, under the same `webhook-id`. Not where nothing is sent to the webhook (409).
#[utoipa::path(
    tag = "events",
    params(
        ("id" = i64, Path, description = "The webhook's id.", example = 1),
        ("delivery_id" = i64, Path, description = "The delivery's id.", example = 1),
    ),
    responses((status = 200, description = "The delivery, which waits now.", body = Delivery, example = json!(delivery()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/webhook/{id}/delivery/{delivery_id}/resend")]
pub(crate) async fn webhook_resend(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    call.judge_query()?;
    let (id, delivery, webhooks) = (call.id()?, call.inner_id()?, &call.services.webhooks);
    call.change(beside, |cx| async move { webhooks.resend(&cx, id, delivery).await }, present(&call, id)).await
}

/// Replay Events
///
/// Sends the events after `after` up to `until` that the webhook wants, whether it was told of them or not, those of a record in their
/// order and under the `webhook-id` that they have. One replay at a time (409).
#[utoipa::path(
    tag = "events",
    params(("id" = i64, Path, description = "The webhook's id.", example = 1)),
    request_body(content = Replay, example = json!({"after": 0})),
    responses(
        (status = 200, description = "The events that are sent.", body = Replayed, example = json!({"after": 0, "until": 4711})),
        (status = 410, description = "Events after this one are kept no longer.", body = frontdesk_core::envelope::Message,
            example = json!({"message": "events up to 4000 are kept no longer; begin after 4000"})),
    ),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/webhook/{id}/replay")]
pub(crate) async fn webhook_replay(call: Call) -> Answer {
    call.require(Permission::Administer)?;
    let (input, id, webhooks) = (call.body(Replay::read)?, call.id()?, &call.services.webhooks);
    call.change(beside, |cx| async move { webhooks.replay(&cx, id, input).await }, present(&call, id)).await
}
