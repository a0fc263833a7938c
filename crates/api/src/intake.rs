//! What every request passes through: its id, its body within the limit, `_method`, the shape of failures, the log line and
//! the count.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{self, Bytes, BytesMut};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use frontdesk_core::{Error, Result};
use futures_util::{FutureExt, StreamExt};
use tracing::Instrument;

use crate::edge::{Edge, protect};
use crate::failure::{Failure, Surface, render};
use crate::incoming::{Body, RequestId, method_override};
use crate::operations::Operations;
use crate::peer::Peer;
use crate::rate::Who;
use crate::{Services, audit};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MIB: usize = 1024 * 1024;
/// How long a request may take where nothing else is said.
const PATIENCE: Duration = Duration::from_mins(1);
/// So many times the limit are read and thrown away.
const FORBEARANCE: usize = 8;

/// Bytes a body may have on a surface.
fn limit(surface: Surface) -> usize {
    if surface == Surface::CallCenter { 8 * MIB } else { 2 * MIB }
}

/// The middleware.
pub(crate) async fn intake<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<EitherBody<B, BoxBody>>, actix_web::Error> {
    let started = Instant::now();
    let services = request.app_data::<web::Data<Services>>().cloned();
    let surface = Surface::of(request.path());
    let id = request_id(&request, services.as_ref().map(web::Data::get_ref));
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let operations = request.app_data::<web::Data<Operations>>().cloned();
    let edge = request.app_data::<web::Data<Edge>>().cloned();
    let deadline = edge.as_ref().map_or(PATIENCE, |edge| edge.deadline);
    if let Some(edge) = &edge {
        let peer = edge.proxies.peer(&request);
        request.extensions_mut().insert(peer);
    }
    let span = tracing::info_span!("request", id = %id, caller = tracing::field::Empty);
    let answering = async {
        match prepare(&mut request, surface, deadline).await {
            Ok(()) => match pass(request, next, deadline).await {
                Ok(response) => Ok(shape(response?, surface)),
                Err(error) => Err(Lost { surface, id: id.clone(), tls: edge.is_some_and(|edge| edge.tls), error }.into()),
            },
            Err(error) => Ok::<_, actix_web::Error>(request.into_response(render(surface, &error)).map_into_right_body()),
        }
    };
    let mut answer = answering.instrument(span.clone()).await;
    if let (Ok(response), Ok(value)) = (&mut answer, HeaderValue::from_str(&id)) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = answer.as_ref().map_or_else(|lost| lost.error_response().status(), ServiceResponse::status).as_u16();
    let elapsed = started.elapsed();
    let pattern = match &answer {
        // Once it has taken its route, that is at hand.
        Ok(response) => response.request().match_pattern(),
        Err(_) => operations.and_then(|operations| operations.pattern(&path)),
    };
    if let Some(services) = services {
        services.metrics.count(surface, pattern.as_deref(), method.as_str(), status, elapsed);
    }
    let (path, millis) = (pattern.as_deref().map(|pattern| shown(pattern, &path)), elapsed.as_millis());
    span.in_scope(|| tracing::info!(%method, path, status, millis, "answered"));
    answer
}

/// What the log says of a path that a route knows: all of it where what varies is ids, else the route's pattern, because anything may
/// stand there.
fn shown<'a>(pattern: &'a str, path: &'a str) -> &'a str {
    let id = |part: &str| part.len() <= 36 && part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let (patterns, parts) = (pattern.split('/'), path.split('/'));
    let same = patterns.clone().count() == parts.clone().count();
    if same && patterns.zip(parts).all(|(pattern, part)| pattern == part || (pattern.starts_with('{') && id(part))) {
        path
    } else {
        pattern
    }
}

fn request_id(request: &ServiceRequest, services: Option<&Services>) -> String {
    let sent = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let usable = |id: &&str| !id.is_empty() && id.len() <= 128 && id.bytes().all(|b| b.is_ascii_graphic());
    match (sent.filter(usable), services) {
        (Some(id), _) => id.to_owned(),
        (None, Some(services)) => services.world.uuid().to_string(),
        (None, None) => String::new(),
    }
}

/// Reads the body and looks for `_method` in it. A HEAD is answered as a GET; the connection leaves the body out.
async fn prepare(request: &mut ServiceRequest, surface: Surface, deadline: Duration) -> Result<()> {
    if request.method() == Method::CONNECT {
        // What follows it is no body, and never ends.
        return Ok(());
    }
    let body = tokio::time::timeout(deadline, read(request, limit(surface))).await.map_err(|_| Error::Late)??;
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    if request.method() == Method::POST && surface == Surface::Ticketing && !body.is_empty() {
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
        if let Some(method) = method_override(&content_type, &body) {
            request.head_mut().method = method;
        }
    }
    request.extensions_mut().insert(Body(body));
    Ok(())
}

/// The whole body. What goes beyond the limit is read on for a while and thrown away, so that the client gets to see the
/// answer instead of a broken connection.
async fn read(request: &mut ServiceRequest, limit: usize) -> Result<Bytes> {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|value| value.parse().ok());
    if announced.is_some_and(|bytes| bytes > FORBEARANCE * limit) {
        return Err(Error::TooLarge(limit));
    }
    let mut payload = request.take_payload();
    let mut body = BytesMut::with_capacity(announced.unwrap_or(0).min(limit));
    let mut seen = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::Unreadable("the body did not arrive whole".into()))?;
        seen += chunk.len();
        if seen <= limit {
            body.extend_from_slice(&chunk);
        } else if seen > FORBEARANCE * limit {
            break;
        }
    }
    if seen > limit { Err(Error::TooLarge(limit)) } else { Ok(body.freeze()) }
}

/// Passes the request on. A panic in a handler is a failure of ours, and the server goes on; a handler that takes too long is
/// given up, while a write that it began runs to its end.
async fn pass<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
    deadline: Duration,
) -> std::result::Result<std::result::Result<ServiceResponse<B>, actix_web::Error>, Error> {
    match tokio::time::timeout(deadline, AssertUnwindSafe(next.call(request)).catch_unwind()).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => {
            tracing::error!("a handler panicked");
            Err(Error::internal("a handler panicked"))
        }
        Err(_) => {
            tracing::warn!("a request was given up: it took too long");
            Err(Error::Busy)
        }
    }
}

/// A handler panicked or took too long, and has taken the request with it.
#[derive(Debug)]
struct Lost {
    surface: Surface,
    id: String,
    tls: bool,
    error: Error,
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Lost {
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = render(self.surface, &self.error);
        protect(response.headers_mut(), false, self.tls);
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
}

/// Gives a failure the shape of the surface; logs what stays inside.
fn shape<B: MessageBody + 'static>(response: ServiceResponse<B>, surface: Surface) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let shaped = response.response().error().and_then(|error| error.as_error::<Failure>()).map(|Failure { error, tag }| {
        audit::refusal(error, response.request());
        if let Error::Internal(inner) = error {
            tracing::error!(error = format!("{inner:#}"), "a request failed");
        }
        let unavailable = frontdesk_store::unavailable(error);
        let mut shaped = render(surface, unavailable.as_ref().unwrap_or(error));
        if let Some(tag) = tag.as_ref().and_then(|tag| HeaderValue::from_str(tag).ok()) {
            shaped.headers_mut().insert(ETAG, tag);
        }
        shaped
    });
    match shaped {
        Some(shaped) => response.into_response(shaped).map_into_right_body(),
        None => response.map_into_left_body(),
    }
}

/// What answers where no route does: 405 with `Allow` for a known path, else 404.
pub(crate) async fn unrouted(
    request: HttpRequest,
    operations: web::Data<Operations>,
    edge: web::Data<Edge>,
    services: web::Data<Services>,
) -> std::result::Result<HttpResponse, Failure> {
    let peer = request.extensions().get::<Peer>().and_then(|peer| peer.0);
    edge.count(&request, Who::at(peer), services.world.now())?;
    let path = request.path();
    let mut methods = operations.methods(path);
    if matches!(path, "/openapi.json" | "/docs" | "/docs/") && request.method() != Method::GET {
        methods.push("GET".into());
    }
    if methods.iter().any(|method| method == "GET") {
        methods.push("HEAD".into());
    }
    Err(if methods.is_empty() { Error::NotFound } else { Error::WrongMethod(methods) }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_logged_with_ids_alone() {
        for (pattern, path, whole) in [
            ("/api/v1/ticket/{id}/related", "/api/v1/ticket/66/related", true),
            ("/api/tasks/{task_id}", "/api/tasks/01a20081-8f5f-7122-ba8b-74c1ba08e932", true),
            ("/api/v1/auth", "/api/v1/auth", true),
            ("/api/v1/ticket/{id}", "/api/v1/ticket/fd_secret", false),
            ("/api/v1/ticket/{id}", "/api/v1/ticket/Ann", false),
            ("/docs/{_:.*}", "/docs/fd/secret", false),
        ] {
            assert_eq!(shown(pattern, path), if whole { path } else { pattern });
        }
    }
}
