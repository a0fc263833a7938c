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

use crate::Services;
use crate::failure::{Failure, Surface, render};
use crate::incoming::{Body, RequestId, method_override};
use crate::operations::Operations;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MIB: usize = 1024 * 1024;
/// How long a body may take to arrive.
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
    let span = tracing::info_span!("request", id = %id);
    let answering = async {
        match prepare(&mut request, surface).await {
            Ok(()) => Ok(shape(pass(request, next, surface, &id).await?, surface)),
            Err(error) => Ok::<_, actix_web::Error>(request.into_response(render(surface, &error)).map_into_right_body()),
        }
    };
    let mut answer = answering.instrument(span.clone()).await;
    if let (Ok(response), Ok(value)) = (&mut answer, HeaderValue::from_str(&id)) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = answer.as_ref().map_or(500, |response| response.status().as_u16());
    let pattern = answer.as_ref().ok().and_then(|response| response.request().match_pattern());
    let elapsed = started.elapsed();
    if let Some(services) = services {
        services.metrics.count(surface, pattern.as_deref(), method.as_str(), status, elapsed);
    }
    let millis = elapsed.as_millis();
    span.in_scope(|| tracing::info!(%method, path, status, millis, "answered"));
    answer
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

/// Reads the body and looks for `_method` in it.
async fn prepare(request: &mut ServiceRequest, surface: Surface) -> Result<()> {
    if request.method() == Method::CONNECT {
        // What follows it is no body, and never ends.
        return Ok(());
    }
    let late = |_| Error::Unreadable("the body did not arrive in time".into());
    let body = tokio::time::timeout(PATIENCE, read(request, limit(surface))).await.map_err(late)??;
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

/// Passes the request on; a panic in a handler is a failure of ours, and the server goes on.
async fn pass<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
    surface: Surface,
    id: &str,
) -> std::result::Result<ServiceResponse<B>, actix_web::Error> {
    if let Ok(done) = AssertUnwindSafe(next.call(request)).catch_unwind().await {
        return done;
    }
    tracing::error!("a handler panicked");
    Err(Panicked { surface, id: id.to_owned() }.into())
}

/// A handler panicked, and has taken the request with it.
#[derive(Debug)]
struct Panicked {
    surface: Surface,
    id: String,
}

impl std::fmt::Display for Panicked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("internal error")
    }
}

impl ResponseError for Panicked {
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = render(self.surface, &Error::internal(self));
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
}

/// Gives a failure the shape of the surface; logs what stays inside.
fn shape<B: MessageBody + 'static>(response: ServiceResponse<B>, surface: Surface) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let shaped = response.response().error().and_then(|error| error.as_error::<Failure>()).map(|Failure { error, tag }| {
        if let Error::Internal(inner) = error {
            tracing::error!(error = format!("{inner:#}"), "a request failed");
        }
        let busy = matches!(error, Error::Internal(_)) && frontdesk_store::is_busy(error);
        let mut shaped = render(surface, if busy { &Error::Busy } else { error });
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
pub(crate) async fn unrouted(request: HttpRequest, operations: web::Data<Operations>) -> std::result::Result<HttpResponse, Failure> {
    let path = request.path();
    let mut methods = operations.methods(path);
    if matches!(path, "/openapi.json" | "/docs" | "/docs/") && request.method() != Method::GET {
        methods.push("GET".into());
    }
    Err(if methods.is_empty() { Error::NotFound } else { Error::WrongMethod(methods) }.into())
}
