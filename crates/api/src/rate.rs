//! The limit on requests: a bucket for each caller, and for each address while it is not known who asks.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use frontdesk_core::access::Actor;
use time::OffsetDateTime;

use crate::peer::household;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

const MINUTE: i64 = 60_000_000;
const SECOND: i64 = 1_000_000;
/// So many buckets are remembered.
const REMEMBERED: usize = 100_000;

/// How often somebody may ask.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rate {
    /// Requests a minute in the long run; 0 for any number.
    pub per_minute: u32,
    /// Requests at once; at least one.
    pub burst: u32,
}

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// A person or key, whatever the token.
    Caller(&'static str, Option<i64>),
    /// Somebody at an address.
    Address(Option<IpAddr>),
}

impl Who {
    /// The bucket of a caller.
    pub(crate) fn of(actor: &Actor) -> Self {
        let (kind, id) = actor.label();
        Self::Caller(kind, id)
    }

    /// The bucket of an address.
    pub(crate) fn at(peer: Option<IpAddr>) -> Self {
        Self::Address(peer.map(household))
    }
}

/// What a request leaves in its bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    limit: u32,
    remaining: i64,
    /// Seconds until the bucket is full again.
    reset: i64,
    /// Seconds until another request is allowed, where this one is not.
    pub(crate) wait: Option<u64>,
}

impl Standing {
    /// Tells the client.
    pub(crate) fn tell(self, headers: &mut HeaderMap) {
        for (name, value) in [(LIMIT, i64::from(self.limit)), (REMAINING, self.remaining), (RESET, self.reset)] {
            headers.insert(name, HeaderValue::from(value));
        }
    }
}

/// The buckets of one server.
#[derive(Debug)]
pub(crate) struct Rates {
    rate: Rate,
    /// When each bucket is full again, in Unix microseconds. One that is full already may be forgotten.
    full_at: Mutex<HashMap<Who, i64>>,
}

impl Rates {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate: Rate { burst: rate.burst.max(1), ..rate }, full_at: Mutex::default() }
    }

    /// Takes a request out of a bucket; none where there is no limit.
    pub(crate) fn take(&self, who: Who, now: OffsetDateTime) -> Option<Standing> {
        let Rate { per_minute, burst } = self.rate;
        if per_minute == 0 {
            return None;
        }
        let now = i64::try_from(now.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX / 2);
        let each = (MINUTE / i64::from(per_minute)).max(1);
        let whole = each * i64::from(burst);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED && !full_at.contains_key(&who) {
            forget(&mut full_at, now);
        }
        let bucket = full_at.entry(who).or_insert(now);
        let after = (*bucket).max(now) + each - now;
        let wait = (after > whole).then(|| seconds(after - whole).unsigned_abs());
        if wait.is_none() {
            *bucket = now + after;
        }
        let used = *bucket - now;
        Some(Standing { limit: burst, remaining: (whole - used) / each, reset: seconds(used), wait })
    }
}

/// Makes room. Whoever sends from more addresses than are remembered is not held by a limit on addresses anyway.
fn forget(full_at: &mut HashMap<Who, i64>, now: i64) {
    full_at.retain(|_, full_at| *full_at > now);
    if full_at.len() > REMEMBERED / 2 {
        full_at.retain(|who, _| matches!(who, Who::Caller(..)));
    }
    if full_at.len() > REMEMBERED / 2 {
        full_at.clear();
    }
}

/// Whole seconds, rounded up.
fn seconds(micros: i64) -> i64 {
    (micros + SECOND - 1) / SECOND
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    fn of(rates: &Rates, id: i64, second: i64) -> (i64, i64, Option<u64>) {
        let standing = rates.take(Who::Caller("employee", Some(id)), at(second)).unwrap();
        (standing.remaining, standing.reset, standing.wait)
    }

    #[test]
    fn off_by_default() {
        assert_eq!(Rates::new(Rate::default()).take(Who::at(None), at(0)), None);
    }

    #[test]
    fn a_bucket_runs_dry_and_fills() {
        let rates = Rates::new(Rate { per_minute: 6, burst: 3 });
        assert_eq!(of(&rates, 1, 100), (2, 10, None));
        assert_eq!(of(&rates, 1, 100), (1, 20, None));
        assert_eq!(of(&rates, 1, 100), (0, 30, None));
        assert_eq!(of(&rates, 1, 100), (0, 30, Some(10)));
        // A refusal costs nothing.
        assert_eq!(of(&rates, 1, 109), (0, 21, Some(1)));
        assert_eq!(of(&rates, 2, 109), (2, 10, None));
        assert_eq!(of(&rates, 1, 110), (0, 30, None));
        assert_eq!(of(&rates, 1, 1000), (2, 10, None));
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let rates = Rates::new(Rate { per_minute: 1, burst: 1 });
        let known = Who::Caller("employee", Some(1));
        assert_eq!(rates.take(known, at(0)).unwrap().wait, None);
        for n in 0..300_000 {
            rates.take(Who::at(Some(Ipv4Addr::from_bits(n).into())), at(1));
            assert!(rates.full_at.lock().unwrap().len() <= REMEMBERED);
        }
        assert_eq!(rates.take(known, at(1)).unwrap().wait, Some(59), "a flood of addresses clears nobody's bucket");
    }
}
