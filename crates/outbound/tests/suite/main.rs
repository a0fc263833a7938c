//! The client against real sockets on this machine.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod answers;
mod guard;
mod limits;
mod server;
mod sign;
mod tls;
