//! Which addresses may be connected to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What of IPv4 is not the public internet, by IANA's registry of special-purpose addresses. The one that is not in it is
/// where a large cloud answers its machines.
const NOT_PUBLIC_V4: [Ipv4Net; 15] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([168, 63, 129, 16], 32),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    // Multicast, reserved, broadcast.
    v4([224, 0, 0, 0], 3),
];

/// The only part of IPv6 that is given out to the public internet.
const PUBLIC_V6: Ipv6Net = v6([0x2000, 0], 3);

/// What of it is not: the IETF's own (Teredo, benchmarks, ORCHID), documentation, and 6to4, which has IPv4 within.
const NOT_PUBLIC_V6: [Ipv6Net; 4] = [v6([0x2001, 0], 23), v6([0x2001, 0xdb8], 32), v6([0x2002, 0], 16), v6([0x3fff, 0], 20)];

const fn v4(net: [u8; 4], bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::from_octets(net), bits)
}

const fn v6([a, b]: [u16; 2], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), bits)
}

/// Where a client may connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The public internet on the ports 80, 443 and from 1024 on, and what the list names besides. For addresses that
    /// users give.
    Public(Vec<Allow>),
    /// Anywhere. For addresses that the configuration gives, and never for one that a user gave.
    Anywhere,
}

/// What may be connected to although it is not public: `host`, `host:port`, `address`, `address:port`, `network/bits`
/// (IPv6 with a port in brackets: `[fd00::1]:8080`). Without a port it is every port. A host matches as it stands in the
/// URL, wherever it leads; an address or network matches what is connected to, whatever the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    what: What,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Host(String),
    Net(IpNet),
}

/// The text is none that [`Allow`] knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadAllow(String);

impl fmt::Display for BadAllow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a host, host:port, address or network", self.0)
    }
}

impl std::error::Error for BadAllow {}

impl FromStr for Allow {
    type Err = BadAllow;

    fn from_str(text: &str) -> Result<Self, BadAllow> {
        if let Ok(net) = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)) {
            return Ok(Self { what: What::Net(net), port: None });
        }
        let bad = || BadAllow(text.to_owned());
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port != 0).ok_or_else(bad)?)),
            None => (text, None),
        };
        // The same reading as that of a URL, so that the two can be compared.
        let what = match url::Host::parse(host).map_err(|_| bad())? {
            url::Host::Domain(name) if is_name(&name) => What::Host(bare(&name).to_owned()),
            url::Host::Domain(_) => return Err(bad()),
            url::Host::Ipv4(address) => What::Net(IpAddr::V4(address).into()),
            url::Host::Ipv6(address) => What::Net(IpAddr::V6(address).into()),
        };
        Ok(Self { what, port })
    }
}

/// Of letters, digits, `.`, `-` and `_`.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !bare(name).is_empty() && name.bytes().all(plain)
}

/// Without the dot of the root.
fn bare(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

impl Allow {
    fn covers(&self, host: &str, address: IpAddr, port: u16) -> bool {
        let there = match &self.what {
            What::Host(name) => name == bare(host),
            What::Net(net) => net.contains(&address),
        };
        there && self.port.is_none_or(|allowed| allowed == port)
    }
}

impl Reach {
    /// Whether `address`, to which `host` leads, may be connected to on `port`.
    pub(crate) fn covers(&self, host: &str, address: IpAddr, port: u16) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Public(more) => (is_open(port) && is_public(address)) || more.iter().any(|allow| allow.covers(host, address, port)),
        }
    }
}

/// Below 1024 live services that are no web servers, some of which take a request's lines for commands.
pub(crate) fn is_open(port: u16) -> bool {
    matches!(port, 80 | 443 | 1024..)
}

/// Whether an address is on the public internet. IPv4 inside IPv6 (mapped, compatible, translated, 6to4, Teredo) is not,
/// whatever the inner address: who needs one of these allows it.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => PUBLIC_V6.contains(&address) && !NOT_PUBLIC_V6.iter().any(|net| net.contains(&address)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn covers(allowed: &str, host: &str, address: &str, port: u16) -> bool {
        Reach::Public(vec![allowed.parse().unwrap()]).covers(host, ip(address), port)
    }

    #[test]
    fn what_is_not_public() {
        for (first, last) in [
            ("0.0.0.0", "0.255.255.255"),
            ("10.0.0.0", "10.255.255.255"),
            ("100.64.0.0", "100.127.255.255"),
            ("127.0.0.0", "127.255.255.255"),
            ("168.63.129.16", "168.63.129.16"),
            ("169.254.0.0", "169.254.255.255"),
            ("172.16.0.0", "172.31.255.255"),
            ("192.0.0.0", "192.0.0.255"),
            ("192.0.2.0", "192.0.2.255"),
            ("192.88.99.0", "192.88.99.255"),
            ("192.168.0.0", "192.168.255.255"),
            ("198.18.0.0", "198.19.255.255"),
            ("198.51.100.0", "198.51.100.255"),
            ("203.0.113.0", "203.0.113.255"),
            ("224.0.0.0", "255.255.255.255"),
            ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ] {
            assert!(!is_public(ip(first)) && !is_public(ip(last)), "{first} to {last}");
        }
        for named in ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "fe80::1", "fec0::1", "::1", "ff02::1", "64:ff9b::808:808"] {
            assert!(!is_public(ip(named)), "{named}");
        }
    }

    #[test]
    fn what_is_just_beside_it_is_public() {
        for text in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::",
            "2001:200::",
            "2001:db7::1",
            "2001:db9::",
            "2003::",
            "2a00:1450::1",
            "3ffe::1",
            "3fff:1000::",
        ] {
            assert!(is_public(ip(text)), "{text}");
        }
    }

    #[test]
    fn the_list_names_hosts_ports_addresses_and_networks() {
        assert!(covers("speech.corp", "speech.corp", "10.0.0.7", 22));
        assert!(covers("Speech.corp.", "speech.corp.", "10.0.0.7", 22), "with and without the root's dot");
        assert!(!covers("speech.corp", "a.speech.corp", "10.0.0.7", 8080));
        assert!(covers("speech.corp:8080", "speech.corp", "::1", 8080));
        assert!(!covers("speech.corp:8080", "speech.corp", "::1", 8081));
        assert!(covers("10.0.0.0/8", "any.example", "10.9.9.9", 25));
        assert!(!covers("10.0.0.0/8", "10.0.0.1.example", "11.0.0.1", 25));
        assert!(!covers("10.0.0.0/8", "a.example", "::ffff:10.0.0.1", 80));
        assert!(covers("10.1.2.3:9000", "a.example", "10.1.2.3", 9000));
        assert!(!covers("10.1.2.3:9000", "a.example", "10.1.2.3", 9001));
        assert!(covers("[fd00::1]:8080", "fd00::1", "fd00::1", 8080));
        assert!(covers("fd00::/8", "a.example", "fd12::1", 443));
        assert!(covers("::1", "a.example", "::1", 443));
        assert!(!covers("a.example", "b.example", "8.8.8.8", 25), "public, a port of mail");
        assert!(covers("a.example", "b.example", "8.8.8.8", 8443), "public");
    }

    #[test]
    fn what_is_no_entry_of_the_list() {
        for text in [
            "",
            ".",
            ":80",
            "a.example:0",
            "a.example:",
            "a.example:70000",
            "http://a.example",
            "a.example/x",
            "*.example",
            "10.0.0.0/33",
            "a b",
        ] {
            assert!(text.parse::<Allow>().is_err(), "{text}");
        }
        assert_eq!("a b".parse::<Allow>().unwrap_err().to_string(), "\"a b\" is not a host, host:port, address or network");
    }

    proptest! {
        #[test]
        fn ipv4_inside_ipv6_is_never_public(inner in any::<u32>(), rest in any::<u16>()) {
            let inner = u128::from(inner);
            for outer in [inner, 0xffff << 32 | inner, 0xffff_0000_0000 << 16 | inner, 0x0064_ff9b << 96 | inner, 0x0064_ff9b_0001 << 80 | inner,
                0x2002 << 112 | inner << 80 | u128::from(rest), 0x2001_0000 << 96 | inner] {
                prop_assert!(!is_public(IpAddr::V6(Ipv6Addr::from_bits(outer))), "{outer:x}");
            }
        }
    }
}
