//! What holds of every request, whatever it asks for.

mod headers;
mod limits;
mod log;
mod refusals;
mod requests;
mod shared;
mod slow;
mod tls;
mod tokens;
mod unchanged;
