//! Hashes of several texts in a row.

use sha2::{Digest as _, Sha256};

/// A SHA-256 of parts on its way: each goes in with its length before it, so that no two lists of parts agree.
#[derive(Clone, Debug, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Takes the next part in.
    pub fn part(&mut self, part: impl AsRef<[u8]>) {
        let part = part.as_ref();
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
    }

    /// The SHA-256.
    #[must_use]
    pub fn end(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The SHA-256 of parts, each with its length before it, so that no two lists of parts agree; 64 hexadecimal digits.
#[must_use]
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut digest = Digest::default();
    parts.into_iter().for_each(|part| digest.part(part));
    hex(&digest.end())
}

/// Bytes as hexadecimal digits, two each.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| DIGITS[usize::from(half)]).collect();
    // These are all of ASCII.
    String::from_utf8(digits).unwrap_or_default()
}
