//! What holds of the whole service, against the real routes and a real database: PostgreSQL where `TEST_DATABASE_URL` is
//! set, else SQLite.

mod access;
mod harness;
mod http;
mod layers;
mod openapi;
mod schema;
mod store;
