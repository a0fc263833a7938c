//! Import, against SQLite or the PostgreSQL server of `TEST_DATABASE_URL`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod desk;
mod import;
