//! What a write on an appointment answers.

use frontdesk_core::envelope::{Envelope, Verdict};
use frontdesk_core::status::Outcome;

/// The answer of a write that was done: the page's text, or a remark on something that deserves a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply<T = ()> {
    /// The page's text on success.
    pub success: &'static str,
    /// What deserves a look; the answer's `status` is then 2.
    pub remark: Option<String>,
    /// The version the appointment has now.
    pub version: i64,
    /// The answer's content.
    pub info: T,
}

impl<T> Reply<T> {
    /// A success without a remark.
    pub(crate) fn new(success: &'static str, version: i64, info: T) -> Self {
        Self { success, remark: None, version, info }
    }

    /// The same with a remark.
    pub(crate) fn remark(self, remark: impl Into<String>) -> Self {
        Self { remark: Some(remark.into()), ..self }
    }

    /// The answer's `status`: 1, or 2 where there is a remark.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.remark.is_some() { Outcome::Warning } else { Outcome::Success }
    }

    /// The answer's `message`: the remark, or the page's text.
    #[must_use]
    pub fn message(&self) -> String {
        self.remark.clone().unwrap_or_else(|| self.success.into())
    }
}

impl<T> From<Reply<T>> for Envelope<T> {
    fn from(reply: Reply<T>) -> Self {
        Self { status: reply.outcome(), message: reply.message(), info: Some(reply.info) }
    }
}

impl From<Reply> for Verdict {
    fn from(reply: Reply) -> Self {
        Self { status: reply.outcome(), message: reply.message() }
    }
}
