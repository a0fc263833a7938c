//! Every request of the service to an address that a user gave: recordings and webhooks. What such an address leads to is
//! nobody's to trust, so a [`Client`]
//!
//! - connects only where its [`Reach`] allows, judged on the very addresses that are dialled, at every connection and so
//!   at every redirect,
//! - has a limit on everything: time, connection, size, content types, redirects,
//! - says of each failure whether another try makes sense, in words that a user may read: [`Failure`].
//!
//! [`sign`] has the signatures of webhooks. It stands on hyper, not on reqwest, because TLS in reqwest brings roots under
//! a licence of their own and a feature that takes `Client::new` from everyone else in the workspace; and because the
//! connection is the one place where the guard cannot be passed by.

mod body;
mod client;
mod connect;
mod failure;
mod fetch;
mod form;
mod guard;
mod post;
mod resolve;
pub mod sign;
mod target;

pub use body::Body;
pub use client::{Client, Settings};
pub use failure::{Class, Failure, LONGEST_WAIT};
pub use fetch::{Fetch, Fetched};
pub use form::Form;
pub use guard::{Allow, BadAllow, Reach, is_public};
pub use hyper::header::HeaderMap;
pub use post::{Answer, Excess, Post};
pub use resolve::{Answering, Resolve, System};
pub use rustls::pki_types::CertificateDer;
pub use target::{LONGEST_URL, check_url};
