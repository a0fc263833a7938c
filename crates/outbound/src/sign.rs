//! Signatures of webhooks by the Standard Webhooks specification, version 1.0.0.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::hmac;

const PREFIX: &str = "whsec_";

/// How long a secret may be, in bytes.
const LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret shared with a receiver. Its text, `whsec_` and base64, comes out of [`Secret::reveal`] alone.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

/// The text is no secret of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSecret;

impl fmt::Display for BadSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret is whsec_ and the base64 of 24 to 64 bytes")
    }
}

impl std::error::Error for BadSecret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new secret of bytes that nobody can guess.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(random.to_vec())
    }

    /// The text that the receiver is given.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", BASE64_STANDARD.encode(&self.0))
    }
}

impl FromStr for Secret {
    type Err = BadSecret;

    fn from_str(text: &str) -> Result<Self, BadSecret> {
        let bytes = BASE64_STANDARD.decode(text.strip_prefix(PREFIX).ok_or(BadSecret)?).map_err(|_| BadSecret)?;
        if LENGTH.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(BadSecret) }
    }
}

/// The value of `webhook-signature`: one signature for each secret, in their order, so that a receiver can change from
/// one to the next at any moment. `id` is without dots, `timestamp` the moment of this attempt in Unix seconds.
#[must_use]
pub fn signature(id: &str, timestamp: i64, body: &[u8], secrets: &[Secret]) -> String {
    let signed = secrets.iter().map(|secret| {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &secret.0));
        context.update(format!("{id}.{timestamp}.").as_bytes());
        context.update(body);
        format!("v1,{}", BASE64_STANDARD.encode(context.sign()))
    });
    signed.collect::<Vec<_>>().join(" ")
}

/// The three headers of a delivery.
#[must_use]
pub fn headers(id: &str, timestamp: i64, body: &[u8], secrets: &[Secret]) -> [(&'static str, String); 3] {
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signature(id, timestamp, body, secrets)),
    ]
}
