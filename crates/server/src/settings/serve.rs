//! What the API is served with.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use frontdesk_api::{Proxies, ProxyHeader, Rate, ServeOptions, Tls};

use super::{Header, Server, Settings};

impl Settings {
    /// What the API is served with, its encryption apart ([`Server::tls`]).
    #[must_use]
    pub fn serve(&self) -> ServeOptions {
        let Server { workers, shutdown_seconds, connections, .. } = self.server;
        let header = match self.server.proxy_header {
            Header::XForwardedFor => ProxyHeader::XForwardedFor,
            Header::Forwarded => ProxyHeader::Forwarded,
        };
        ServeOptions {
            workers,
            shutdown_seconds,
            metrics: self.server.metrics_listen.is_empty(),
            proxies: Proxies { networks: self.server.trusted_proxies.iter().map(|network| network.0).collect(), header },
            rate: Rate { per_minute: self.limits.requests_per_minute, burst: self.limits.burst },
            origins: self.cors.origins.iter().map(|origin| origin.0.clone()).collect(),
            deadline: Duration::from_secs(self.server.request_seconds.max(1)),
            connections: connections.max(1),
            ..ServeOptions::default()
        }
    }
}

impl Server {
    /// The certificate with its key, where connections are to be encrypted.
    pub fn tls(&self) -> Result<Option<Tls>> {
        let (certificate, key) = (self.tls_certificate.as_str(), self.tls_key.as_str());
        let read = |path: &str, key: &str| std::fs::read(path).with_context(|| format!("cannot read {path} ({key})"));
        match (certificate.is_empty(), key.is_empty()) {
            (true, true) => Ok(None),
            (true, false) => bail!("server.tls_key is of no use without server.tls_certificate"),
            (false, true) => bail!("server.tls_certificate is of no use without server.tls_key"),
            (false, false) => {
                let tls = Tls::of_pem(&read(certificate, "server.tls_certificate")?, &read(key, "server.tls_key")?);
                tls.map(Some).with_context(|| format!("cannot encrypt with {certificate} and {key}"))
            }
        }
    }
}
