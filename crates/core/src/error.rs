//! What can go wrong, in one vocabulary. Each surface has its own shape for it.

use crate::input::{In, Rule, Violations};

/// What a fallible operation of Frontdesk returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with the token of a request; the number is the appointments surface's `code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// No `Authorization` header: 1401.
    Missing,
    /// Not a bearer token: 1402.
    NotBearer,
    /// No such token: 1403.
    Unknown,
    /// Its time is over: 1404.
    Expired,
    /// It was revoked: 1405.
    Revoked,
}

impl TokenFault {
    /// The vendor's code for it.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Missing => 1401,
            Self::NotBearer => 1402,
            Self::Unknown => 1403,
            Self::Expired => 1404,
            Self::Revoked => 1405,
        }
    }

    /// The vendor's words for it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Missing => "authorization is null",
            Self::NotBearer => "authorization type is incorrect",
            Self::Unknown => "unauthorized",
            Self::Expired => "token has expired",
            Self::Revoked => "token is invalid",
        }
    }
}

/// Why an operation did not happen. Nothing was changed.
///
/// Any `std::error::Error` turns into [`Error::Internal`] by `?`; its text goes to the log and never into an answer.
#[derive(Debug)]
pub enum Error {
    /// Fields that break a rule.
    Invalid(Violations),
    /// The body is not what its content type says.
    Unreadable(String),
    /// The token is missing or no good.
    Unauthenticated(TokenFault),
    /// A wrong name or password.
    BadLogin,
    /// A wrong license, or one that does not allow what was asked (vendor's page: "Unauthorized Access").
    Unlicensed,
    /// The caller may not do this.
    Forbidden,
    /// There is no such record in the caller's organization.
    NotFound,
    /// The record's state, or another record, forbids it; the text says what.
    Conflict(String),
    /// The record has changed since the version that `If-Match` names; holds the present version.
    Stale(i64),
    /// It was there once and is kept no longer; the text says what there still is.
    Gone(String),
    /// The body has more bytes than this.
    TooLarge(usize),
    /// The content type is none that the operation takes.
    WrongContentType,
    /// The body is compressed or otherwise encoded, which no operation takes.
    Encoded,
    /// The body did not arrive in time.
    Late,
    /// The path is known, the method is not; holds the methods that are.
    WrongMethod(Vec<String>),
    /// Too many tries; again after so many seconds.
    TooMany(u64),
    /// The store has no room for this just now; again a little later.
    Busy,
    /// The store cannot do this at present; the text says why, for whoever asked.
    Unavailable(&'static str),
    /// A fault of ours. Answers tell nothing of it.
    Internal(anyhow::Error),
}

impl Error {
    /// A single field of the body that breaks a rule.
    #[must_use]
    pub fn body(field: &'static str, rule: Rule) -> Self {
        Self::field(In::Body, field, rule)
    }

    /// A single field that breaks a rule.
    #[must_use]
    pub fn field(at: In, field: &'static str, rule: Rule) -> Self {
        let mut violations = Violations::default();
        violations.add(at, vec![crate::input::Segment::Name(field.into())], rule);
        Self::Invalid(violations)
    }

    /// A fault of ours, for the log.
    #[must_use]
    pub fn internal(text: impl std::fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{text}"))
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::Internal(error.into())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Invalid(violations) => {
                let texts: Vec<_> = violations.all().iter().map(|v| format!("{} {}", v.field(), v.rule.text())).collect();
                f.write_str(&texts.join("; "))
            }
            Self::Unreadable(text) | Self::Conflict(text) | Self::Gone(text) => f.write_str(text),
            Self::Unauthenticated(fault) => f.write_str(fault.text()),
            Self::BadLogin => f.write_str("wrong name or password"),
            Self::Unlicensed => f.write_str("Unauthorized Access"),
            Self::Forbidden => f.write_str("Access to the requested resource is not allowed"),
            Self::NotFound => f.write_str("Resource Not Found"),
            Self::Stale(version) => write!(f, "the record has changed; its version is {version}"),
            Self::TooLarge(limit) => write!(f, "the body may have at most {limit} bytes"),
            Self::WrongContentType => f.write_str("the content type of the body is not supported"),
            Self::Encoded => f.write_str("a body with a Content-Encoding is not supported"),
            Self::Late => f.write_str("the body did not arrive in time"),
            Self::WrongMethod(_) => f.write_str("the method is not allowed for this path"),
            Self::TooMany(seconds) => write!(f, "too many requests; try again in {seconds} seconds"),
            Self::Busy => f.write_str("the service is busy; try again"),
            Self::Unavailable(text) => f.write_str(text),
            Self::Internal(_) => f.write_str("internal error"),
        }
    }
}
