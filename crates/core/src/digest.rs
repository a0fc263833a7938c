//! Hashes of several texts in a row.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The SHA-256 of parts, each with its length before it, so that no two lists of parts agree; 64 hexadecimal digits.
#[must_use]
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
