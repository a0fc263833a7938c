//! Why a mail was not taken, and whether another try makes sense.

use std::error::Error;
use std::fmt;

/// Whether the same mail may do better later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It may: the server was not reached, or asked for another try.
    Retryable,
    /// It never will: the server refused it, or it cannot be written.
    Permanent,
}

/// Why a mail was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whether to try again.
    pub class: Class,
    /// A few words for the user, without the address and without what the server said, which may have the address in it.
    pub reason: String,
}

impl Failure {
    pub(crate) fn permanent(reason: impl Into<String>) -> Self {
        Self { class: Class::Permanent, reason: reason.into() }
    }

    pub(crate) fn retryable(reason: impl Into<String>) -> Self {
        Self { class: Class::Retryable, reason: reason.into() }
    }

    /// Whether another try makes sense.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.class == Class::Retryable
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Error for Failure {}
