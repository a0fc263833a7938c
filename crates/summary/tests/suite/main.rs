//! The summarizer on labelled calls and on anything at all.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod anything;
mod calls;
mod quality;
