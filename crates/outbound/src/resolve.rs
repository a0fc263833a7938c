//! From a name to addresses.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

/// The addresses of a name, or why there are none.
pub type Answering<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Where the addresses of a name come from. Asked once for each connection, and only what it says is connected to.
pub trait Resolve: Send + Sync {
    /// The addresses of `host`, which is a name.
    fn resolve<'a>(&'a self, host: &'a str) -> Answering<'a>;
}

/// The operating system's resolver.
#[derive(Clone, Copy, Debug)]
pub struct System;

impl Resolve for System {
    fn resolve<'a>(&'a self, host: &'a str) -> Answering<'a> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|address: SocketAddr| address.ip()).collect()) })
    }
}
