use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use frontdesk_core::Result;
use frontdesk_core::digest::hex;
use frontdesk_core::input::{FromInput, Rule};
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use validator::ValidateLength;

/// How a token begins.
pub(super) const TOKEN: &str = "fd_";
/// How a service key begins.
pub(super) const KEY: &str = "fdk_";
/// How a license begins.
pub(super) const LICENSE: &str = "fdl_";
/// How a code begins.
pub(super) const CODE: &str = "fdc_";

/// A text that must not be logged: a password, or a secret that is shown once.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A new secret of 256 random bits.
    pub(super) fn draw(world: &World, prefix: &str) -> Result<Self> {
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(world.random::<32>()?))))
    }

    /// What the store keeps of it.
    pub(super) fn digest(&self) -> String {
        digest(&self.0)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl FromInput for Secret {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        String::from_input(value, zone).map(Self)
    }
}

impl ValidateLength<u64> for Secret {
    fn length(&self) -> Option<u64> {
        self.0.length()
    }
}

/// The SHA-256 of a secret, in hexadecimal.
pub(super) fn digest(secret: &str) -> String {
    hex(&sha256(secret))
}

/// The SHA-256 of a secret.
pub(super) fn sha256(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets() {
        let world = World::real();
        let secret = Secret::draw(&world, TOKEN).unwrap();
        assert_eq!(secret.reveal().len(), 3 + 43);
        assert!(secret.reveal().starts_with("fd_"));
        assert_ne!(secret, Secret::draw(&world, TOKEN).unwrap());
        assert_eq!(format!("{secret:?}"), "Secret");
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
