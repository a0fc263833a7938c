//! The appointments surface: `/api/task/*` (seeds 000 and 001).

pub(crate) mod auth;
pub(crate) mod moderator;
pub(crate) mod page;
pub(crate) mod publisher;
pub(crate) mod task;

use frontdesk_appointments::Reply;
use frontdesk_core::envelope::{Envelope, Verdict};
use frontdesk_store::Kept;
use serde::Serialize;

use crate::respond;

/// The answer of a write that has something to tell.
fn informed<T: Clone + Serialize>(reply: &Reply<T>) -> Kept {
    respond::tagged(200, reply.version, &Envelope::from(reply.clone()))
}

/// The answer of a write that was done.
fn done(reply: &Reply) -> Kept {
    respond::tagged(200, reply.version, &Verdict::from(reply.clone()))
}
