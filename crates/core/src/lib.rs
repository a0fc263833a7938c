//! The vocabulary every Frontdesk crate shares: ids, statuses, envelopes, errors, permissions, and the rules for reading
//! what a client sent. Nothing here does I/O or is asynchronous.

pub mod access;
pub mod digest;
pub mod envelope;
pub mod error;
pub mod grams;
pub mod id;
pub mod input;
pub mod page;
pub mod pairs;
pub mod patch;
pub mod shown;
pub mod status;
pub mod text;
pub mod time;
pub mod world;

pub use error::{Error, Result};
