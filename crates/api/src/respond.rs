//! From what a service gives back to what is sent.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
pub(crate) use frontdesk_core::digest::digest as hash;
use frontdesk_core::envelope::{ItemPage, Listing, Versioned};
use frontdesk_core::page::{Page, Total};
use frontdesk_store::Kept;
use serde::Serialize;

use crate::incoming::Incoming;

/// What most answers are shorter than, in bytes.
const ROOM: usize = 4096;

/// A JSON answer.
pub(crate) fn json(status: u16, body: &impl Serialize) -> Kept {
    let mut bytes = Vec::with_capacity(ROOM);
    match serde_json::to_writer(&mut bytes, body) {
        Ok(()) => Kept { status, headers: vec![("content-type".into(), "application/json".into())], body: bytes },
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            Kept { status: 500, headers: vec![], body: vec![] }
        }
    }
}

/// A JSON answer with the `ETag` of a record of this version.
pub(crate) fn tagged(status: u16, version: i64, body: &impl Serialize) -> Kept {
    let mut kept = json(status, body);
    let tag = format!("\"{version}-{}\"", &hash([&kept.body[..]])[..16]);
    kept.headers.push(("etag".into(), tag));
    kept
}

/// The `ETag` of an answer.
pub(crate) fn tag(kept: &Kept) -> Option<&str> {
    kept.headers.iter().find(|(name, _)| name == "etag").map(|(_, tag)| tag.as_str())
}

/// A bare record: 200.
pub(crate) fn one<T: Serialize>(found: &Versioned<T>) -> Kept {
    tagged(200, found.version, &found.record)
}

/// A record just made, wrapped in `data`: 201. Its `ETag` is that of the bare record.
pub(crate) fn created<T: Serialize>(made: &Versioned<T>) -> Kept {
    Kept { status: 201, ..wrapped(made) }
}

/// A record just made, whose answer tells more than a view will: 201. Its `ETag` is that of the view.
pub(crate) fn created_as<T: Serialize>(view: &T, told: &impl Serialize) -> Kept {
    let Kept { headers, .. } = tagged(200, 1, view);
    Kept { headers, ..json(201, told) }
}

/// The answer to a write of a record that tells of something beside it: 200. Its `ETag` is that of the record's view.
pub(crate) fn beside<T: Serialize>(record: &Versioned<T>, told: &impl Serialize) -> Kept {
    let Kept { headers, .. } = one(record);
    Kept { headers, ..json(200, told) }
}

/// A record wrapped in `data`: 200. Its `ETag` is that of the bare record.
pub(crate) fn wrapped<T: Serialize>(found: &Versioned<T>) -> Kept {
    let Kept { status, headers, body } = one(found);
    // What `Data` of the record would be, without writing it anew.
    Kept { status, headers, body: [b"{\"data\":", &body[..], b"}"].concat() }
}

/// Nothing to say: 204.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that every rendering of an answer has")]
pub(crate) fn gone((): &()) -> Kept {
    Kept { status: 204, headers: vec![], body: vec![] }
}

/// A page of a list of the ticketing surface.
pub(crate) fn listing<T: Serialize>(asked: &Incoming, page: Page<T>) -> HttpResponse {
    let (next, total) = (page.next.as_ref().map(|cursor| asked.next_page(cursor)), page.total);
    paged(json(200, &Listing::from(page)), total, next)
}

/// A page of a list of the call-center surface.
pub(crate) fn items<T: Serialize>(asked: &Incoming, page: Page<T>) -> HttpResponse {
    let (next, total) = (page.next.as_ref().map(|cursor| asked.next_page(cursor)), page.total);
    paged(json(200, &ItemPage::from(page)), total, next)
}

/// A page of a list, with whether there are more rows than it says, and the way to the next page.
pub(crate) fn paged(mut kept: Kept, total: Total, next: Option<String>) -> HttpResponse {
    if total.capped {
        kept.headers.push(("x-total-capped".into(), "true".into()));
    }
    kept.headers.extend(next.map(|address| ("link".into(), format!("<{address}>; rel=\"next\""))));
    send(kept, false)
}

/// Sends an answer, marked where it is a kept one given again.
pub(crate) fn send(kept: Kept, replayed: bool) -> HttpResponse {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    for (name, value) in kept.headers {
        answer.insert_header((name, value));
    }
    if replayed {
        answer.insert_header(("idempotent-replay", "true"));
    }
    if kept.body.is_empty() { answer.finish() } else { answer.body(kept.body) }
}
