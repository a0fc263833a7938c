//! Whether the service lives, whether it can work, and what it counted.

use std::time::Duration;

use actix_web::{HttpResponse, get, web};
use frontdesk_core::envelope::Message;

use crate::Services;
use crate::call::Answer;

/// Who asks whether the service is ready does not wait long for the answer.
const PATIENCE: Duration = Duration::from_secs(3);

fn plain(status: u16, text: &str) -> HttpResponse {
    crate::respond::send(crate::respond::json(status, &Message { message: text.into() }), false)
}

/// Is the process alive?
///
/// Answers as long as the process can answer anything. Needs no token.
#[utoipa::path(tag = "operating", security(()), extensions(("x-frontdesk-extension" = json!(true))),
    responses((status = 200, description = "Alive.", body = Message, example = json!({"message": "ok"}))))]
#[get("/healthz")]
pub(crate) async fn healthz() -> Answer {
    Ok(plain(200, "ok"))
}

/// Can the service work?
///
/// Whether the database answers and has every migration step. Needs no token.
#[utoipa::path(tag = "operating", security(()), extensions(("x-frontdesk-extension" = json!(true))),
    responses(
        (status = 200, description = "Ready.", body = Message, example = json!({"message": "ready"})),
        (status = 503, description = "The database does not answer or lacks migration steps.", body = Message, example = json!({"message": "not ready"}))))]
#[get("/readyz")]
pub(crate) async fn readyz(services: web::Data<Services>) -> Answer {
    let judge = async { services.db.ping().await.is_ok() && (services.migrated)(services.db.clone()).await };
    let ready = tokio::time::timeout(PATIENCE, judge).await.unwrap_or_default();
    Ok(if ready { plain(200, "ready") } else { plain(503, "not ready") })
}

/// Counts for Prometheus.
///
/// Requests by surface, method, path and status, and their durations; jobs by kind and state. May be bound to an address of its own.
#[utoipa::path(tag = "operating", security(()), extensions(("x-frontdesk-extension" = json!(true))),
    responses((status = 200, description = "Prometheus text.", content_type = "text/plain", body = String,
        example = "frontdesk_http_requests_total{method=\"GET\",path=\"/healthz\",status=\"200\",surface=\"ticketing\"} 1\n")))]
#[get("/metrics")]
pub(crate) async fn metrics(services: web::Data<Services>) -> Answer {
    // Without the database what this server counted is worth telling all the same.
    let jobs = tokio::time::timeout(PATIENCE, services.db.count_jobs()).await.ok().and_then(Result::ok).unwrap_or_default();
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(services.metrics.text(jobs)?))
}
