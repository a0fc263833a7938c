//! SQLite's errors in the form that the driver of PostgreSQL has for its own, so that one place reads both.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::{self, Display};
use std::sync::Arc;

use sea_orm::sqlx::error::{DatabaseError, ErrorKind};
use sea_orm::{DbErr, RuntimeErr, sqlx};

/// An error of SQLite.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    code: i32,
    message: String,
}

impl Fault {
    /// An error of our own, in SQLite's words for misuse.
    pub(super) fn misuse(message: impl Into<String>) -> Self {
        Self { code: rusqlite::ffi::SQLITE_MISUSE, message: message.into() }
    }

    /// That SQLite has ended a transaction by itself.
    pub(super) fn lost() -> Self {
        Self { code: rusqlite::ffi::SQLITE_IOERR, message: "the transaction is lost".into() }
    }

    /// That the disk may not have taken what was committed.
    pub(super) fn unsynced(message: impl Into<String>) -> Self {
        Self { code: rusqlite::ffi::SQLITE_IOERR_FSYNC, message: message.into() }
    }

    fn primary(&self) -> i32 {
        self.code & 0xff
    }

    /// Whether another process holds the lock.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self.primary(), rusqlite::ffi::SQLITE_BUSY | rusqlite::ffi::SQLITE_LOCKED)
    }

    /// Whether the statement was stopped by us.
    pub(super) fn is_interrupt(&self) -> bool {
        self.primary() == rusqlite::ffi::SQLITE_INTERRUPT
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(error, text) => {
                Self { code: error.extended_code, message: text.unwrap_or_else(|| error.to_string()) }
            }
            other => Self::misuse(other.to_string()),
        }
    }
}

impl From<Fault> for DbErr {
    fn from(fault: Fault) -> Self {
        Self::Query(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Database(Box::new(fault)))))
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.message)
    }
}

impl StdError for Fault {}

impl DatabaseError for Fault {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        use rusqlite::ffi;
        match self.code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => ErrorKind::UniqueViolation,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
            ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }
}
