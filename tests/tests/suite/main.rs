//! What holds of the whole service, against the real routes and a real database: PostgreSQL where `TEST_DATABASE_URL` is
//! set, else SQLite.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod access;
mod anonymize;
mod appointments;
mod backup;
mod callcenter;
mod cursor;
mod directory;
mod due;
mod events;
mod examples;
mod export;
mod faults;
mod first;
mod guarantees;
mod harness;
mod history;
mod hostile;
mod http;
mod import;
mod jobs;
mod journal;
mod layers;
mod lists;
mod openapi;
mod properties;
mod retention;
mod schema;
mod search;
mod seeds;
mod sign_in;
mod store;
mod ticketing;
mod verify;
