//! What stands between the network and the handlers, as the configuration has it.

use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};
use frontdesk_core::{Error, Result};
use time::OffsetDateTime;

use crate::peer::Proxies;
use crate::rate::{Rates, Standing, Who};

/// An answer is data, and nothing that a browser shows.
const DATA: &str = "default-src 'none'; frame-ancestors 'none'";
/// Swagger UI brings its scripts along and draws with styles in its elements.
const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const YEAR: &str = "max-age=31536000";

/// What every request is held to.
#[derive(Debug)]
pub(crate) struct Edge {
    /// Who is believed about addresses.
    pub(crate) proxies: Proxies,
    /// How often somebody may ask.
    pub(crate) rates: Rates,
    /// How long a request may take to arrive, and then to be answered.
    pub(crate) deadline: Duration,
    /// Whether the connection is encrypted here.
    pub(crate) tls: bool,
}

impl Edge {
    /// Counts a request; [`Error::TooMany`] where it is one too many.
    pub(crate) fn count(&self, request: &HttpRequest, who: Who, now: OffsetDateTime) -> Result<()> {
        let Some(standing) = self.rates.take(who, now) else { return Ok(()) };
        request.extensions_mut().insert(standing);
        standing.wait.map_or(Ok(()), |seconds| Err(Error::TooMany(seconds)))
    }
}

/// The outermost middleware: the headers that every answer has.
pub(crate) async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<B>, actix_web::Error> {
    let tls = request.app_data::<web::Data<Edge>>().is_some_and(|edge| edge.tls);
    let page = request.path().starts_with("/docs");
    let mut answer = next.call(request).await?;
    let standing = answer.request().extensions().get::<Standing>().copied();
    if let Some(standing) = standing {
        standing.tell(answer.headers_mut());
    }
    protect(answer.headers_mut(), page, tls);
    Ok(answer)
}

/// Puts the headers on an answer that tell browsers what they may do with it.
pub(crate) fn protect(headers: &mut HeaderMap, page: bool, tls: bool) {
    let mut put = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(X_FRAME_OPTIONS, "DENY");
    put(REFERRER_POLICY, "no-referrer");
    put(CONTENT_SECURITY_POLICY, if page { PAGE } else { DATA });
    if tls {
        put(STRICT_TRANSPORT_SECURITY, YEAR);
    }
    // A text says in which characters it is; JSON is always UTF-8.
    let plain =
        |kind: &HeaderValue| kind.to_str().ok().filter(|kind| kind.starts_with("text/") && !kind.contains("charset")).map(str::to_owned);
    if let Some(kind) = headers.get(CONTENT_TYPE).and_then(plain)
        && let Ok(whole) = HeaderValue::from_str(&format!("{kind}; charset=utf-8"))
    {
        headers.insert(CONTENT_TYPE, whole);
    }
    if !page && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
