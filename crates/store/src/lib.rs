//! The one handle over both databases. Domain code is plain SeaORM against [`Read`] and [`Tx`], the same on SQLite and
//! PostgreSQL; what differs between them stays in here.
//!
//! A write is one closure: everything it writes, its history and events, and the answer kept for its idempotency key are
//! committed together or not at all.

mod chain;
mod connect;
mod context;
mod error;
mod handle;
mod idempotency;
pub mod import;
mod journal;
mod lookup;
pub mod record;
mod run;

pub use connect::{Db, Options};
pub use context::{Keep, Kept, Render, WriteContext, Written};
pub use error::{is_busy, is_unique_violation};
pub use handle::{Read, Snapshot, Tx};
pub use journal::Change;
pub use lookup::{Ranks, contains, exists, missing, next_number, page, page_ranked};

/// A future that may be sent to another thread, as write closures return it.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
