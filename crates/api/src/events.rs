//! What happened, for those who follow it: `/api/v1/event`.

pub(crate) mod stream;
pub(crate) mod webhook;

use actix_web::get;
use frontdesk_core::access::Permission;
use frontdesk_events::feed::{Feed, FeedRequest};
use frontdesk_events::wanted::Filter;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::respond;

pub(crate) fn example() -> Value {
    json!({
        "id": 4711, "type": "ticket.updated", "record": "ticket", "record_id": "66", "version": 3, "at": "2026-03-02T10:15:00+08:00",
        "actor_kind": "employee", "actor_id": 5, "request_id": "0199d2f0-0000-7000-8000-000000000001", "path": "/api/v1/ticket/66",
        "data": null
    })
}

/// List Events
///
/// Every change of every record, and what is announced beside them, in one sequence. An event does not tell the record, which is to be
/// had at its `path`. To follow: ask with `after`, work through `data`, ask again with `next_after`, also where the page is empty. Who
/// keeps up misses nothing and gets nothing twice. To begin at the end, ask with `after=latest` before reading the records
/// themselves. Events of licenses, service keys and webhooks are for admins.
#[utoipa::path(
    tag = "events",
    params(
        ("after" = Option<String>, Query, pattern = "^(latest|[0-9]{1,18})$", description = "The id after which the page begins: `next_after` of the page before, or `latest` \
            for the newest there is. Absent: the oldest event that is kept."),
        ("limit" = Option<i64>, Query, description = "Events at most; 100 where nothing else is said. A page may have fewer, or none, \
            although more follow.", minimum = 1, maximum = 1000),
        ("type" = Option<Vec<Filter>>, Query, style = Form, explode = false, max_items = 50, description = "Types separated by commas, such as \
            `ticket.updated`, or `ticket.*` for all of a record."),
    ),
    responses(
        (status = 200, description = "Events, the first one first.", body = Feed,
            example = json!({"data": [example()], "next_after": 4711})),
        (status = 410, description = "Events after this one are kept no longer.", body = frontdesk_core::envelope::Message,
            example = json!({"message": "events up to 4000 are kept no longer; begin after 4000, and look at the records again"})),
    ),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/event")]
pub(crate) async fn event_list(call: Call) -> Answer {
    call.require(Permission::ReadEvents)?;
    let asked = call.query(FeedRequest::read)?;
    Ok(respond::send(respond::json(200, &call.services.events.list(&call.caller, asked).await?), false))
}
