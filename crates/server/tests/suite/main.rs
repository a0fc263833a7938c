//! Import, against SQLite or the PostgreSQL server of `TEST_DATABASE_URL`.

mod desk;
mod import;
