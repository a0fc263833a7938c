//! What holds of every request, whatever it asks for.

mod refusals;
mod requests;
mod tokens;
mod unchanged;
