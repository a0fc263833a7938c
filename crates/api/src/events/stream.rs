//! Events as they come: `/api/v1/event/stream`, in the format of server-sent events.

use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, get};
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::input::{Fields, FromInput, In};
use frontdesk_core::{Error, Result};
use frontdesk_events::Follower;
use frontdesk_events::feed::{Event, Position};
use frontdesk_events::wanted::{Filter, Wanted, types};
use futures_util::stream::unfold;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::Services;
use crate::call::{Answer, Call};
use crate::metrics::OpenStream;

/// How often it is looked whether the caller may still read.
const JUDGED_EVERY: Duration = Duration::from_secs(2);
/// How long nothing is sent at most.
const SILENCE: Duration = Duration::from_secs(15);
/// How long a client waits before it connects again, in milliseconds.
const RETRY: u32 = 1000;

/// Somebody's stream.
struct Live {
    services: Data<Services>,
    bearer: String,
    caller: Caller,
    filters: Vec<Filter>,
    follower: Follower,
    closing: watch::Receiver<bool>,
    judging: Interval,
    spoke: Instant,
    begun: bool,
    _open: OpenStream,
}

/// Stream Events
///
/// The events of the change feed as they come, as server-sent events: `id` is the event's id, `event` its type, `data` what the feed has
/// of it. It begins with what comes from now on, or after the event that `Last-Event-ID` or `after` names; a client that connects again
/// with the last `id` it got, to this server or another, misses nothing and gets nothing twice. An `id` alone only says how far it
/// is. A comment comes at least every 15 seconds. The stream ends when the server stops or the token is good no longer, and where a
/// client leaves what it is sent untaken.
#[utoipa::path(
    tag = "events",
    params(
        ("after" = Option<String>, Query, pattern = "^(latest|[0-9]{1,18})$", description = "The id of an event to begin after, or `latest`."),
        ("type" = Option<Vec<Filter>>, Query, style = Form, explode = false, max_items = 50, description = "Types separated by commas, such as \
            `ticket.updated`, or `ticket.*` for all of a record."),
        ("Last-Event-ID" = Option<i64>, Header, description = "The last `id` of the stream before; goes before `after`."),
    ),
    responses(
        (status = 200, description = "Server-sent events.", content_type = "text/event-stream", body = String,
            example = json!("id: 4711\nevent: ticket.updated\ndata: {\"id\":4711,\"type\":\"ticket.updated\"}\n\n")),
        (status = 410, description = "Events after this one are kept no longer.", body = frontdesk_core::envelope::Message,
            example = json!({"message": "events up to 4000 are kept no longer; begin after 4000, and look at the records again"})),
    ),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/event/stream")]
pub(crate) async fn event_stream(call: Call) -> Answer {
    call.require(Permission::ReadEvents)?;
    let (after, filters) = call.query(|fields: &mut Fields<'_>| (fields.optional("after"), types(fields)))?;
    let position = last_event(&call)?.or(after).unwrap_or(Position::Latest);
    let follower = call.services.events.follow(&call.caller, position).await?;
    let mut judging = interval_at(Instant::now() + JUDGED_EVERY, JUDGED_EVERY);
    judging.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let live = Live {
        bearer: call.token().map_err(Error::Unauthenticated)?,
        caller: call.caller.clone(),
        closing: call.services.events.closing(),
        services: call.services.clone(),
        filters,
        follower,
        judging,
        spoke: Instant::now(),
        begun: false,
        _open: call.services.metrics.stream(),
    };
    // A proxy that collects answers would keep the events to itself.
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "text/event-stream")).insert_header(("x-accel-buffering", "no"));
    Ok(answer.streaming(unfold(live, next)))
}

fn last_event(call: &Call) -> Result<Option<Position>> {
    const NAME: &str = "Last-Event-ID";
    let Some(text) = call.header(NAME).filter(|text| !text.is_empty()) else { return Ok(None) };
    let position = Position::from_input(&Value::from(text), &call.caller.zone);
    position.map(Some).map_err(|rule| Error::field(In::Header, NAME, rule))
}

async fn next(mut live: Live) -> Option<(Result<Bytes, Infallible>, Live)> {
    let text = live.text().await?;
    live.spoke = Instant::now();
    Some((Ok(text.into()), live))
}

async fn over(closing: &mut watch::Receiver<bool>) {
    // An error means that there is nobody left to say so.
    let _ = closing.wait_for(|closing| *closing).await;
}

impl Live {
    /// What is sent next; none where the stream is over.
    async fn text(&mut self) -> Option<String> {
        if !std::mem::replace(&mut self.begun, true) {
            // A client remembers the id although there is no event with it, and so comes back to where it began.
            return Some(format!("retry: {RETRY}\nid: {}\n\n", self.follower.position()));
        }
        loop {
            tokio::select! {
                biased;
                () = over(&mut self.closing) => return None,
                _ = self.judging.tick() => self.judge().await?,
                () = tokio::time::sleep_until(self.spoke + SILENCE) => {
                    return Some(format!(": still here\nid: {}\n\n", self.follower.position()));
                }
                events = self.follower.next() => {
                    let text = self.told(&events.ok()?);
                    if !text.is_empty() {
                        return Some(text);
                    }
                }
            }
        }
    }

    /// Who the caller is by now; none where it may not read any more. A store that cannot be asked has taken nothing away.
    async fn judge(&mut self) -> Option<()> {
        match self.services.sign_in.authenticate(&self.bearer).await {
            Ok((caller, _)) => self.caller = caller,
            Err(error) if frontdesk_store::unavailable(&error).is_some() => {}
            Err(_) => return None,
        }
        self.caller.may(Permission::ReadEvents).then_some(())
    }

    fn told(&self, events: &[Arc<frontdesk_store::Event>]) -> String {
        let wanted = Wanted::by(&self.caller, self.filters.clone());
        let mut text = String::new();
        for event in events.iter().filter(|event| wanted.has(&event.what)) {
            let data = serde_json::to_string(&Event::of(event, &self.caller.zone)).unwrap_or_default();
            // Writing to a string does not fail.
            let _ = write!(text, "id: {}\nevent: {}\ndata: {data}\n\n", event.id, event.what);
        }
        text
    }
}
