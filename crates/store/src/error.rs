//! What the databases' errors mean.

use frontdesk_core::Error;
use sea_orm::sqlx::error::ErrorKind;
use sea_orm::sqlx::sqlite::SqliteError;
use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::sqlite::fault::Fault;

/// What keeps the database from its work for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No free connection in time, or a lock that another process holds.
    Busy,
    /// The connection broke, or none could be made.
    Lost,
    /// The disk is full.
    Full,
    /// It takes no writes.
    ReadOnly,
    /// The disk, or what stands for it, fails.
    Faulty,
    /// A statement took longer than it may.
    Slow,
}

fn database(error: &Error) -> Option<&DbErr> {
    match error {
        Error::Internal(inner) => inner.downcast_ref(),
        _ => None,
    }
}

fn driver(error: &DbErr) -> Option<&sqlx::Error> {
    let (DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime)) = error else { return None };
    match runtime {
        RuntimeErr::SqlxError(error) => Some(error),
        RuntimeErr::Internal(_) => None,
    }
}

fn code(error: &DbErr) -> Option<String> {
    Some(driver(error)?.as_database_error()?.code()?.into_owned())
}

fn kind(error: &DbErr) -> Option<ErrorKind> {
    Some(driver(error)?.as_database_error()?.kind())
}

/// Which trouble the error tells of; none where it tells of the statement.
pub(crate) fn trouble(error: &DbErr) -> Option<Trouble> {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return Some(Trouble::Busy);
    }
    match driver(error)? {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => Some(Trouble::Lost),
        sqlx::Error::Database(told) => {
            let code = told.code()?;
            let in_process = told.try_downcast_ref::<Fault>().is_some() || told.try_downcast_ref::<SqliteError>().is_some();
            if in_process { sqlite(&code) } else { postgres(&code) }
        }
        _ => None,
    }
}

/// The low byte of an extended code is the primary one.
fn sqlite(code: &str) -> Option<Trouble> {
    match code.parse::<u32>().ok()? & 0xff {
        5 | 6 => Some(Trouble::Busy),
        8 => Some(Trouble::ReadOnly),
        10 | 14 => Some(Trouble::Faulty),
        13 => Some(Trouble::Full),
        _ => None,
    }
}

fn postgres(code: &str) -> Option<Trouble> {
    match code {
        "53200" | "53300" | "55P03" | "57P03" => Some(Trouble::Busy),
        "57P01" | "57P02" | "57P05" => Some(Trouble::Lost),
        "57014" => Some(Trouble::Slow),
        "53100" => Some(Trouble::Full),
        "25006" => Some(Trouble::ReadOnly),
        "58000" | "58030" => Some(Trouble::Faulty),
        code if code.starts_with("08") => Some(Trouble::Lost),
        _ => None,
    }
}

/// What whoever asked is told of an error that is no fault of the service: it may go well later, and nothing was changed.
#[must_use]
pub fn unavailable(error: &Error) -> Option<Error> {
    Some(match trouble(database(error)?)? {
        Trouble::Busy => Error::Busy,
        Trouble::Lost => Error::Unavailable("the database cannot be reached; try again"),
        Trouble::Full => Error::Unavailable("there is no room left in the database; nothing was changed"),
        Trouble::ReadOnly => Error::Unavailable("the database can only be read at present; nothing was changed"),
        Trouble::Faulty => Error::Unavailable("the database cannot use its disk at present; nothing was changed"),
        Trouble::Slow => Error::Unavailable("this takes the database too long; nothing was changed"),
    })
}

/// What became of a transaction whose commit failed is certain only where the database itself says no.
pub(crate) fn unconfirmed(error: DbErr) -> Error {
    if matches!(trouble(&error), Some(Trouble::Lost | Trouble::Faulty)) {
        tracing::error!(%error, "a commit was not confirmed");
        return Error::Unavailable("the database did not confirm the change, which may have been made or not");
    }
    error.into()
}

/// Whether the connection broke.
pub(crate) fn is_lost(error: &Error) -> bool {
    database(error).and_then(trouble) == Some(Trouble::Lost)
}

/// Whether the error is a second row where a unique key allows one.
#[must_use]
pub fn is_unique_violation(error: &Error) -> bool {
    database(error).and_then(kind) == Some(ErrorKind::UniqueViolation)
}

/// Whether running the work again may go well: a serialization failure, a deadlock, or a row that another write has
/// brought in or taken away meanwhile (the second run finds it, or finds it gone).
pub(crate) fn is_retryable(error: &Error) -> bool {
    matches!(database(error).and_then(kind), Some(ErrorKind::UniqueViolation | ErrorKind::ForeignKeyViolation))
        || matches!(database(error).and_then(code).as_deref(), Some("40001" | "40P01"))
}
