//! What holds of the appointments' service: on PostgreSQL where `TEST_DATABASE_URL` is set, else on SQLite.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod create;
mod house;
mod people;
mod see;
mod status;
