//! Counts and durations of requests, as Prometheus text.

use std::time::Duration;

use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder};

use crate::failure::Surface;

/// The counts of one server.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    jobs: IntGaugeVec,
    streams: IntGauge,
}

/// A stream of events that is open.
#[derive(Debug)]
pub(crate) struct OpenStream(IntGauge);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.dec();
    }
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
        let jobs = Opts::new("frontdesk_jobs", "Jobs of all servers that wait or are worked on, and those given up in the last 30 days.");
        let jobs = IntGaugeVec::new(jobs, &["kind", "state"])?;
        registry.register(Box::new(jobs.clone()))?;
        let streams = IntGauge::new("frontdesk_event_streams", "Streams of events that are open.")?;
        registry.register(Box::new(streams.clone()))?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        Ok(Self { registry, requests, durations, jobs, streams })
    }

    /// Counts an answer. `path` is the operation's path, not the request's; none for an unknown one.
    pub(crate) fn count(&self, surface: Surface, path: Option<&str>, method: &str, status: u16, elapsed: Duration) {
        let (path, method) = (path.unwrap_or("unknown"), if path.is_some() { method } else { "" });
        self.requests.with_label_values(&[surface.word(), method, path, &status.to_string()]).inc();
        self.durations.with_label_values(&[surface.word()]).observe(elapsed.as_secs_f64());
    }

    /// Counts a stream of events for as long as it is open.
    pub(crate) fn stream(&self) -> OpenStream {
        self.streams.inc();
        OpenStream(self.streams.clone())
    }

    /// The counts as Prometheus text, with the jobs of the store where they are known.
    pub(crate) fn text(&self, jobs: Vec<(String, String, i64)>) -> frontdesk_core::Result<String> {
        self.jobs.reset();
        for (kind, state, count) in jobs {
            self.jobs.with_label_values(&[kind, state]).set(count);
        }
        let mut text = vec![];
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8(text)?)
    }
}
