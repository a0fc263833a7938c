//! Counts and durations of requests, as Prometheus text.

use std::time::Duration;

use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use crate::failure::Surface;

/// The counts of one server.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
}

impl Metrics {
    /// Counts from zero.
    pub(crate) fn new() -> frontdesk_core::Result<Self> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("frontdesk_http_requests_total", "Requests answered, by surface, method, path and status."),
            &["surface", "method", "path", "status"],
        )?;
        let durations = HistogramVec::new(
            HistogramOpts::new("frontdesk_http_request_duration_seconds", "Seconds from a request to its answer, by surface.")
                .buckets(vec![0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0]),
            &["surface"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        Ok(Self { registry, requests, durations })
    }

    /// Counts an answer. `path` is the operation's path, not the request's; none for an unknown one.
    pub(crate) fn count(&self, surface: Surface, path: Option<&str>, method: &str, status: u16, elapsed: Duration) {
        let (path, method) = (path.unwrap_or("unknown"), if path.is_some() { method } else { "" });
        self.requests.with_label_values(&[surface.word(), method, path, &status.to_string()]).inc();
        self.durations.with_label_values(&[surface.word()]).observe(elapsed.as_secs_f64());
    }

    /// The counts as Prometheus text.
    pub(crate) fn text(&self) -> frontdesk_core::Result<String> {
        let mut text = vec![];
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8(text)?)
    }
}
