//! Which web pages of other origins may ask.

use actix_cors::Cors;
use actix_web::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, IF_MATCH, IF_NONE_MATCH};

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

const LICENSE: HeaderName = HeaderName::from_static("arc-license-key");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What an answer tells beside its body.
const TOLD: [&str; 9] = [
    "x-request-id",
    "x-total-capped",
    "idempotent-replay",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "etag",
    "link",
    "retry-after",
];

/// Lets pages of these origins ask, with a token of theirs: nothing is sent along by the browser itself.
pub(crate) fn cors(origins: &[String]) -> Cors {
    let asked = [AUTHORIZATION, CONTENT_TYPE, ACCEPT, IF_MATCH, IF_NONE_MATCH, IDEMPOTENCY_KEY, REQUEST_ID, LICENSE];
    let cors = Cors::default().allowed_methods(METHODS).allowed_headers(asked).expose_headers(TOLD).max_age(3600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
