//! The address a request came from: the connection's, or what a believed proxy says of it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

/// The proxies in front of the service. None is believed unless it is named here.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Their addresses and networks.
    pub networks: Vec<IpNet>,
    /// The header that every one of them writes. The other one is never read: a client could have sent it.
    pub header: ProxyHeader,
}

/// In which header proxies tell whom a request came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProxyHeader {
    /// `X-Forwarded-For: 203.0.113.9, 10.0.0.1`
    #[default]
    XForwardedFor,
    /// `Forwarded: for=203.0.113.9, for=10.0.0.1` (RFC 7239)
    Forwarded,
}

/// The address of a request, as an extension of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub Option<IpAddr>);

impl Proxies {
    /// Where a request came from.
    pub(crate) fn peer(&self, request: &ServiceRequest) -> Peer {
        Peer(request.peer_addr().map(|connection| self.behind(connection.ip().to_canonical(), request.headers())))
    }

    /// The last address on the way that is no believed proxy. What stands before it was written by somebody who is not believed.
    fn behind(&self, connection: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut peer = connection;
        let mut way = self.told(headers).into_iter().rev();
        while self.networks.iter().any(|network| network.contains(&peer)) {
            match way.next() {
                Some(Some(before)) => peer = before,
                _ => break,
            }
        }
        peer
    }

    /// The addresses in the header, the client's first; none for what is no address.
    fn told(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let name = match self.header {
            ProxyHeader::XForwardedFor => "x-forwarded-for",
            ProxyHeader::Forwarded => "forwarded",
        };
        let lines = headers.get_all(name).map(|line| line.to_str().unwrap_or("?"));
        let entries = lines.flat_map(|line| line.split(','));
        entries.map(|entry| if self.header == ProxyHeader::Forwarded { forwarded_for(entry) } else { address(entry) }).collect()
    }
}

/// The `for` of one entry of a `Forwarded` header.
fn forwarded_for(entry: &str) -> Option<IpAddr> {
    let mut pairs = entry.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(node.trim().trim_matches('"'))
}

/// An address, which may have brackets and a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let found = bare.parse().ok().or_else(|| text.parse().ok().map(|with_port: SocketAddr| with_port.ip()));
    found.map(|ip: IpAddr| ip.to_canonical())
}

/// What counts as one address: of IPv6 the network of 64 bits, which every host has as a whole.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn peer(header: ProxyHeader, connection: &str, lines: &[(&'static str, &str)]) -> String {
        let networks = ["10.0.0.0/8", "2001:db8:1::/48", "192.0.2.7/32"].map(|network| network.parse().unwrap()).to_vec();
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(line).unwrap());
        }
        Proxies { networks, header }.behind(connection.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_believed_proxies_are_asked() {
        let x = |connection: &str, line: &str| peer(ProxyHeader::XForwardedFor, connection, &[("x-forwarded-for", line)]);
        assert_eq!(x("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(x("10.1.1.1", "198.51.100.1"), "198.51.100.1");
        // The client wrote the first one itself.
        assert_eq!(x("10.1.1.1", "1.1.1.1, 198.51.100.1"), "198.51.100.1");
        assert_eq!(x("10.1.1.1", "1.1.1.1, 198.51.100.1, 192.0.2.7,10.3.4.5"), "198.51.100.1");
        assert_eq!(x("10.1.1.1", "[2001:db8:2::1]:443"), "2001:db8:2::1");
        assert_eq!(x("2001:db8:1::5", "2001:db8:2::1"), "2001:db8:2::1");
        assert_eq!(x("10.1.1.1", "198.51.100.1:5050"), "198.51.100.1");
        assert_eq!(x("10.1.1.1", "::ffff:198.51.100.1"), "198.51.100.1");
        // Nonsense ends the way: nothing before it counts.
        assert_eq!(x("10.1.1.1", "198.51.100.1, unknown, 10.2.2.2"), "10.2.2.2");
        assert_eq!(x("10.1.1.1", ""), "10.1.1.1");
        assert_eq!(x("10.1.1.1", "10.1.1.2"), "10.1.1.2");
    }

    #[test]
    fn lines_of_the_header_are_one_list() {
        let lines = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "198.51.100.1, 10.2.2.2")];
        assert_eq!(peer(ProxyHeader::XForwardedFor, "10.1.1.1", &lines), "198.51.100.1");
    }

    #[test]
    fn the_other_header_is_never_read() {
        let both = [("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "198.51.100.1")];
        assert_eq!(peer(ProxyHeader::XForwardedFor, "10.1.1.1", &both), "198.51.100.1");
        assert_eq!(peer(ProxyHeader::Forwarded, "10.1.1.1", &both), "1.1.1.1");
        let line = [("forwarded", "For=\"[2001:db8:2::1]:80\";proto=https;by=10.1.1.1, for=10.2.2.2;host=a")];
        assert_eq!(peer(ProxyHeader::Forwarded, "10.1.1.1", &line), "2001:db8:2::1");
        assert_eq!(peer(ProxyHeader::Forwarded, "10.1.1.1", &[("forwarded", "for=_hidden, for=10.2.2.2")]), "10.2.2.2");
    }

    #[test]
    fn one_household() {
        assert_eq!(household("2001:db8:2:3:4::1".parse().unwrap()), household("2001:db8:2:3:ffff::9".parse().unwrap()));
        assert_ne!(household("2001:db8:2:3::1".parse().unwrap()), household("2001:db8:2:4::1".parse().unwrap()));
        assert_ne!(household("10.0.0.1".parse().unwrap()), household("10.0.0.2".parse().unwrap()));
    }
}
