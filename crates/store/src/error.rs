//! What the databases' errors mean.

use frontdesk_core::Error;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

fn database(error: &Error) -> Option<&DbErr> {
    match error {
        Error::Internal(inner) => inner.downcast_ref(),
        _ => None,
    }
}

fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime)) = error else { return None };
    let RuntimeErr::SqlxError(error) = runtime else { return None };
    Some(error.as_database_error()?.code()?.into_owned())
}

/// Whether the error is a second row where a unique key allows one.
#[must_use]
pub fn is_unique_violation(error: &Error) -> bool {
    matches!(database(error).and_then(DbErr::sql_err), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Whether the database had no room for the statement: no free connection in time, or a lock another process holds.
#[must_use]
pub fn is_busy(error: &Error) -> bool {
    let busy = |error: &DbErr| {
        matches!(error, DbErr::ConnectionAcquire(_)) || matches!(code(error).as_deref(), Some("5" | "517" | "55P03" | "53300"))
    };
    database(error).is_some_and(busy)
}

/// Whether running the work again may go well: a serialization failure, a deadlock, or a row that another write has
/// brought in or taken away meanwhile (the second run finds it, or finds it gone).
pub(crate) fn is_retryable(error: &Error) -> bool {
    is_unique_violation(error)
        || matches!(database(error).and_then(DbErr::sql_err), Some(SqlErr::ForeignKeyConstraintViolation(_)))
        || matches!(database(error).and_then(code).as_deref(), Some("40001" | "40P01"))
}
