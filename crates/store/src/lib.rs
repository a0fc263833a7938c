//! The one handle over both databases. Domain code is plain SeaORM against [`Read`] and [`Tx`], the same on SQLite and
//! PostgreSQL; what differs between them stays in here.
//!
//! A write is one closure: everything it writes, its history and events, and the answer kept for its idempotency key are
//! committed together or not at all.

mod announce;
pub mod backup;
mod chain;
mod connect;
mod context;
mod counts;
mod due;
pub mod erase;
mod error;
mod events;
mod fields;
mod handle;
pub mod history;
mod idempotency;
pub mod import;
pub mod jobs;
mod journal;
mod limits;
mod lookup;
mod paging;
pub mod record;
mod retention;
mod run;
pub mod search;
mod shelves;
mod sql;
mod sqlite;
mod steady;
mod texts;
pub mod verify;

pub use announce::Announcement;
pub use connect::{Db, Options};
pub use context::{Keep, Kept, Render, WriteContext, Written};
pub use due::{DueDates, told_at_import};
pub use error::{is_unique_violation, unavailable};
pub use events::Event;
pub use handle::{Read, Snapshot, Tx};
pub use jobs::Waker;
pub use journal::Change;
pub use limits::Failures;
pub use lookup::{contains, exists, missing, next_number};
pub use paging::{List, Ranks, Tally};
pub use shelves::{Lookup, Memory};
pub use sqlite::Shape;

/// A future that may be sent to another thread, as write closures return it.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
