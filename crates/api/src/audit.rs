//! The log of what concerns security: who was refused, and from where. No secret, no name, no value.

use actix_web::{HttpMessage, HttpRequest};
use frontdesk_core::Error;
use frontdesk_core::error::TokenFault;

use crate::peer::Peer;

/// Logs a refusal that somebody may have to look into.
pub(crate) fn refusal(error: &Error, request: &HttpRequest) {
    let peer = request.extensions().get::<Peer>().and_then(|peer| peer.0).map(tracing::field::display);
    let path = request.match_pattern();
    let (method, path) = (request.method(), path.as_deref().unwrap_or_default());
    match error {
        Error::Unauthenticated(TokenFault::Missing | TokenFault::Expired) => {
            tracing::info!(target: "security", peer, %method, path, reason = %error, "a request without a good token");
        }
        Error::Unauthenticated(_) => tracing::warn!(target: "security", peer, %method, path, reason = %error, "a token was refused"),
        Error::BadLogin | Error::Unlicensed => tracing::warn!(target: "security", peer, %method, path, "a sign-in was refused"),
        Error::Forbidden => tracing::warn!(target: "security", peer, %method, path, "an authorization was refused"),
        Error::TooMany(seconds) => tracing::warn!(target: "security", peer, %method, path, seconds, "a limit was hit"),
        _ => {}
    }
}
