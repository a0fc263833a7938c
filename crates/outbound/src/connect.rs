//! The connection: the one place where a host becomes an address, and where an address is judged.

use std::error::Error;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;

use crate::failure::Failure;
use crate::guard::{self, Reach};
use crate::resolve::Resolve;

type Coming<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// Any error of a connection.
pub(crate) type Fault = Box<dyn Error + Send + Sync>;

/// Connects to what it has judged: the very addresses that passed are dialled, and nothing is resolved again.
#[derive(Clone)]
pub(crate) struct Connector {
    reach: Arc<Reach>,
    resolver: Arc<dyn Resolve>,
    limit: Duration,
}

impl Connector {
    pub(crate) fn new(reach: Reach, resolver: Arc<dyn Resolve>, limit: Duration) -> Self {
        Self { reach: Arc::new(reach), resolver, limit }
    }

    /// The addresses of `host` that may be connected to on `port`, at least one.
    pub(crate) async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Failure> {
        let found = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => match timeout(self.limit, self.resolver.resolve(host)).await {
                Ok(found) => found.unwrap_or_default(),
                Err(_) => return Err(late(host)),
            },
        };
        if found.is_empty() {
            return Err(Failure::retryable(format!("the host {host} is not known")));
        }
        let may = found.into_iter().filter(|address| self.reach.covers(host, *address, port));
        let may: Vec<_> = may.map(|address| SocketAddr::new(address, port)).collect();
        // Not which address it is: that would tell users what a network's own names stand for.
        match may.is_empty() {
            false => Ok(may),
            true if guard::is_open(port) => {
                Err(Failure::permanent(format!("the host {host} is not at a public address, and not one that is allowed all the same")))
            }
            true => Err(Failure::permanent(format!("port {port} of {host} is not one that is allowed: 80, 443 and from 1024 on"))),
        }
    }

    async fn connect(self, host: String, port: u16) -> Result<TokioIo<TcpStream>, Failure> {
        let addresses = self.addresses(&host, port).await?;
        // One that does not answer must not use up the time of the next.
        let share = self.limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX);
        let mut failure = late(&host);
        for address in addresses {
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    let _ = stream.set_nodelay(true);
                    return Ok(TokioIo::new(stream));
                }
                Ok(Err(e)) if e.kind() == io::ErrorKind::ConnectionRefused => {
                    failure = Failure::retryable(format!("{host} refused the connection"));
                }
                Ok(Err(_)) => failure = Failure::retryable(format!("{host} cannot be reached")),
                Err(_) => failure = late(&host),
            }
        }
        Err(failure)
    }
}

fn late(host: &str) -> Failure {
    Failure::retryable(format!("no connection to {host} came about in time"))
}

/// Host without brackets, and port, of what the client asks for.
fn place(uri: &Uri) -> (String, u16) {
    let host = uri.host().unwrap_or_default();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    (host.to_owned(), uri.port_u16().unwrap_or(usual))
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = Failure;
    type Future = Coming<Self::Response, Failure>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (host, port) = place(&uri);
        Box::pin(self.clone().connect(host, port))
    }
}

/// A connector that gives up after a time, encryption included.
#[derive(Clone)]
pub(crate) struct InTime<C> {
    pub(crate) inner: C,
    pub(crate) limit: Duration,
}

impl<C> Service<Uri> for InTime<C>
where
    C: Service<Uri, Error = Fault>,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = Fault;
    type Future = Coming<C::Response, Fault>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (host, _) = place(&uri);
        let (coming, limit) = (self.inner.call(uri), self.limit);
        Box::pin(async move { timeout(limit, coming).await.unwrap_or_else(|_| Err(late(&host).into())) })
    }
}
