//! Why a request came to nothing, and whether another try makes sense.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use hyper::header::{DATE, HeaderMap, RETRY_AFTER};

/// The longest wait that is taken from a `Retry-After`.
pub const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// Whether the same request may do better later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It may: after this time at the earliest, where the server said one ([`LONGEST_WAIT`] at most).
    Retryable {
        /// From the answer on; none: as the caller sees fit.
        after: Option<Duration>,
    },
    /// It never will while neither the address nor the settings change.
    Permanent,
}

/// Why a request came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whether to try again.
    pub class: Class,
    /// One short sentence for the user. Of the address it names the host alone: no path, no query, no secrets.
    pub reason: String,
}

impl Failure {
    pub(crate) fn permanent(reason: impl Into<String>) -> Self {
        Self { class: Class::Permanent, reason: reason.into() }
    }

    pub(crate) fn retryable(reason: impl Into<String>) -> Self {
        Self { class: Class::Retryable { after: None }, reason: reason.into() }
    }

    /// Whether another try makes sense.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.class, Class::Retryable { .. })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Error for Failure {}

/// What an answer of a status other than the wanted one amounts to.
pub(crate) fn of_status(host: &str, status: u16, headers: &HeaderMap) -> Failure {
    let reason = format!("{host} answered with status {status}");
    match status {
        408 | 425 | 429 | 500.. => Failure { class: Class::Retryable { after: wait(headers) }, reason },
        _ => Failure::permanent(reason),
    }
}

/// What the client's library says went wrong between the connection and the head of the answer.
pub(crate) fn of_request(host: &str, error: &(dyn Error + 'static)) -> Failure {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(failure) = error.downcast_ref::<Failure>() {
            return failure.clone();
        }
        if let Some(tls) = error.downcast_ref() {
            return of_tls(host, tls);
        }
        if error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            return Failure::retryable(format!("the answer of {host} is not HTTP"));
        }
        next = match error.downcast_ref::<std::io::Error>() {
            // What is within it is not its source.
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    broken(host)
}

/// A connection that ended before its time.
pub(crate) fn broken(host: &str) -> Failure {
    Failure::retryable(format!("the connection to {host} broke before the whole answer was there"))
}

/// A certificate may be renewed and a server set right, so another try makes sense.
fn of_tls(host: &str, error: &rustls::Error) -> Failure {
    use rustls::CertificateError as Fault;
    let what = match error {
        rustls::Error::InvalidCertificate(Fault::Expired | Fault::ExpiredContext { .. }) => "has expired",
        rustls::Error::InvalidCertificate(Fault::NotValidYet | Fault::NotValidYetContext { .. }) => "is not valid yet",
        rustls::Error::InvalidCertificate(Fault::UnknownIssuer) => "is from no authority that this server trusts",
        rustls::Error::InvalidCertificate(Fault::NotValidForName | Fault::NotValidForNameContext { .. }) => "is for another name",
        rustls::Error::InvalidCertificate(_) => "is not valid",
        _ => return Failure::retryable(format!("no encrypted connection to {host} came about")),
    };
    Failure::retryable(format!("the certificate of {host} {what}"))
}

/// `Retry-After` as seconds, or as a date that is measured against the answer's own `Date`, so that no clock but the
/// server's matters. Unreadable: none.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let after = text(RETRY_AFTER)?.trim();
    let wait = if after.bytes().all(|byte| byte.is_ascii_digit()) {
        Duration::from_secs(after.parse().ok()?)
    } else {
        let (then, now) = (httpdate::parse_http_date(after).ok()?, httpdate::parse_http_date(text(DATE)?).ok()?);
        then.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(pairs: &[(&'static str, &str)]) -> Option<Duration> {
        let headers = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        match of_status("a.example", 429, &headers).class {
            Class::Retryable { after } => after,
            Class::Permanent => panic!("429 is retryable"),
        }
    }

    #[test]
    fn both_forms_of_retry_after() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(after(&[("retry-after", "120")]), Some(Duration::from_mins(2)));
        assert_eq!(after(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"), date]), Some(Duration::from_secs(30)));
        assert_eq!(after(&[("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT"), date]), Some(Duration::ZERO), "a date gone by");
        assert_eq!(after(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT")]), None, "nothing to measure it against");
        assert_eq!(after(&[("retry-after", "864000")]), Some(LONGEST_WAIT));
        for bad in ["", "-1", "soon", "99999999999999999999999"] {
            assert_eq!(after(&[("retry-after", bad), date]), None, "{bad}");
        }
    }

    #[test]
    fn classes_of_status() {
        let retryable: Vec<u16> = (300..600).filter(|status| of_status("a.example", *status, &HeaderMap::new()).is_retryable()).collect();
        let server: Vec<u16> = (500..600).collect();
        assert_eq!(retryable, [&[408, 425, 429][..], &server].concat());
    }
}
