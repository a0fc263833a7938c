//! The client: one request, its limits, and where its redirects lead.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue, LOCATION, USER_AGENT};
use hyper::{Method, Request, Response};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;

use crate::body::Body;
use crate::connect::{Connector, InTime};
use crate::failure::{self, Failure};
use crate::guard::Reach;
use crate::resolve::{Resolve, System};
use crate::target::Target;

/// How long an unused connection is kept for the next request to the same host.
const KEPT_IDLE: Duration = Duration::from_secs(20);

/// What a client is made of.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it may connect to.
    pub reach: Reach,
    /// How long a connection may take, from the name to the end of the TLS handshake.
    pub connect_timeout: Duration,
    /// Authorities of certificates that are trusted besides those of the operating system.
    pub more_roots: Vec<CertificateDer<'static>>,
}

/// A client for addresses that users gave. HTTP/1.1, without proxies, cookies and decompression; a clone shares the
/// connections.
#[derive(Clone)]
pub struct Client {
    pool: Pool<InTime<HttpsConnector<Connector>>, Body>,
    connector: Connector,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// A client that asks the operating system for the addresses of names.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::with_resolver(settings, Arc::new(System))
    }

    /// A client that asks `resolver` for the addresses of names.
    #[must_use]
    pub fn with_resolver(settings: Settings, resolver: Arc<dyn Resolve>) -> Self {
        let Settings { reach, connect_timeout: limit, more_roots } = settings;
        let connector = Connector::new(reach, resolver, limit);
        let inner = HttpsConnector::from((connector.clone(), tls(more_roots)));
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT_IDLE)
            .pool_max_idle_per_host(2)
            .build(InTime { inner, limit });
        Self { pool, connector }
    }

    /// Judges an address as a request would, its name resolved, but sends nothing: for the moment at which it is saved.
    /// A request judges it again, since the answer may change.
    ///
    /// # Errors
    /// Those of the text and of the address; retryable where the name has no address now.
    pub async fn check(&self, url: &str) -> Result<(), Failure> {
        let target = Target::read(url)?;
        self.connector.addresses(&target.host, target.port()).await.map(drop)
    }

    /// Sends one request and waits for the head of the answer.
    pub(crate) async fn send(&self, target: &Target, mut request: Request<Body>) -> Result<Response<Incoming>, Failure> {
        *request.uri_mut() = target.uri()?;
        let headers = request.headers_mut();
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(concat!("Frontdesk/", env!("CARGO_PKG_VERSION"))));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        self.pool.request(request).await.map_err(|error| failure::of_request(&target.host, &error))
    }

    /// Asks for `target` and goes on to where the answers redirect, `hops` times at most. Each hop is a connection that is
    /// judged like the first.
    pub(crate) async fn get(&self, mut target: Target, accept: &str, hops: u8) -> Result<(Target, Response<Incoming>), Failure> {
        for _ in 0..=hops {
            let mut request = Request::new(Body::default());
            *request.method_mut() = Method::GET;
            if let Ok(accept) = accept.parse() {
                request.headers_mut().insert(ACCEPT, accept);
            }
            let response = self.send(&target, request).await?;
            let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            match (response.status().as_u16(), location) {
                (301 | 302 | 303 | 307 | 308, Some(location)) => target = target.follow(location)?,
                _ => return Ok((target, response)),
            }
        }
        Err(Failure::permanent(format!("{} redirected more than {hops} times in a row", target.host)))
    }
}

/// The operating system's authorities and `more`. Where it has none, no certificate is trusted and every request to https
/// says so.
fn tls(more: Vec<CertificateDer<'static>>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs.into_iter().chain(more));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    #[expect(clippy::expect_used, reason = "fails only for versions that the provider has no ciphers for")]
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("TLS 1.2 and 1.3");
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

/// Ends `work` after `limit`, name, connection, redirects and body included.
pub(crate) async fn within<T>(limit: Duration, host: &str, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let late = || Failure::retryable(format!("{host} did not answer within {} seconds", limit.as_secs_f32()));
    timeout(limit, work).await.unwrap_or_else(|_| Err(late()))
}
