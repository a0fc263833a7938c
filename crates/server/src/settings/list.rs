//! Settings with several values: an array in a file, a text with commas in the environment.

use std::fmt::Display;
use std::marker::PhantomData;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::Deserializer;
use serde::de::{Error, SeqAccess, Visitor};

/// A network in the form `10.0.0.0/8`, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(pub IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = text.parse().ok().or_else(|| text.parse().ok().map(|address: IpAddr| address.into()));
        found.map(Self).ok_or_else(|| format!("{text} is no address and no network such as 10.0.0.0/8"))
    }
}

/// An origin as browsers send it: `https://desk.example.org`, with a port where it is not the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub String);

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let fine = |host: &str| {
            let (name, port) = host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).unwrap_or((host, "1"));
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._[]:".contains(&b);
            !name.is_empty() && name.bytes().all(plain) && port.parse::<u16>().is_ok()
        };
        if host.is_some_and(fine) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!("{text} is no origin such as https://desk.example.org (in lower case, without a path)"))
    }
}

/// Reads a list of either form.
pub(super) fn of<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_any(Entries(PhantomData))
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: FromStr<Err: Display>> Visitor<'de> for Entries<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(|entry| entry.parse().map_err(E::custom)).collect()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Vec<T>, A::Error> {
        let mut read = vec![];
        while let Some(entry) = entries.next_element::<String>()? {
            read.push(entry.parse().map_err(A::Error::custom)?);
        }
        Ok(read)
    }
}
