//! What happened, for those who follow it: the change feed, the live stream and webhooks, all on the one sequence of events that
//! every write adds to.

pub mod delivery;
pub mod feed;
mod live;
pub mod wanted;
pub mod webhook;

pub use delivery::Deliveries;
pub use feed::Events;
pub use live::Follower;
pub use webhook::Webhooks;
