//! The limit on failed sign-ins and wrong present passwords: 20 a minute for each name and address. Whoever goes on after having
//! had to wait waits twice as long the next time; somebody else, or the same name from elsewhere, does not.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use frontdesk_core::{Error, Result};
use time::OffsetDateTime;
use tokio::sync::Semaphore;

use crate::peer::household;
use crate::respond::hash;

const FAILURES: usize = 20;
const WINDOW: i64 = 60;
/// The longest wait is so many times doubled: 16 minutes.
const DOUBLED: u32 = 4;
/// Whoever had to wait and comes back within so many seconds goes on.
const HOUR: i64 = 3600;
const REMEMBERED: usize = 10_000;

/// A name, hashed so that a long one takes no room, and an address.
type Who = (String, Option<IpAddr>);

/// The failed sign-ins of late.
#[derive(Debug, Default)]
pub(crate) struct FailedSignIns(Mutex<HashMap<Who, Arc<Minute>>>);

/// A minute of somebody's attempts. Each holds a permit while it runs, and a failure keeps it: so a flood of attempts at once gets no
/// further than a row of them.
#[derive(Debug)]
struct Minute {
    /// Its beginning in Unix seconds.
    since: i64,
    /// How often it had to wait before.
    waits: u32,
    failures: AtomicUsize,
    permits: Semaphore,
}

impl Minute {
    fn new(since: i64, waits: u32) -> Self {
        Self { since, waits, failures: AtomicUsize::new(0), permits: Semaphore::new(FAILURES) }
    }

    fn is_used_up(&self) -> bool {
        self.failures.load(Ordering::SeqCst) >= FAILURES
    }

    /// When another try is allowed, in Unix seconds.
    fn end(&self) -> i64 {
        self.since + if self.is_used_up() { WINDOW << self.waits.min(DOUBLED) } else { WINDOW }
    }

    /// Until when it counts for the next one.
    fn remembered(&self) -> i64 {
        self.end() + if self.is_used_up() || self.waits > 0 { HOUR } else { 0 }
    }
}

impl FailedSignIns {
    /// Does `attempt`, unless this name has failed too often from this address; counts it where it is refused.
    pub(crate) async fn watch<T>(
        &self,
        name: &str,
        peer: Option<IpAddr>,
        now: OffsetDateTime,
        attempt: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let now = now.unix_timestamp();
        let minute = self.minute((hash([name.as_bytes()]), peer.map(household)), now);
        let Ok(permit) = minute.permits.acquire().await else { return Err(Error::TooMany((minute.end() - now).unsigned_abs())) };
        let done = attempt.await;
        let guessed = match &done {
            Err(Error::BadLogin | Error::Unlicensed) => true,
            Err(Error::Invalid(violations)) => violations.has("current_password"),
            _ => false,
        };
        if guessed {
            permit.forget();
            if minute.failures.fetch_add(1, Ordering::SeqCst) + 1 == FAILURES {
                minute.permits.close();
            }
        }
        done
    }

    fn minute(&self, who: Who, now: i64) -> Arc<Minute> {
        let mut minutes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.len() >= REMEMBERED && !minutes.contains_key(&who) {
            forget(&mut minutes, now);
        }
        let minute = minutes.entry(who).or_insert_with(|| Arc::new(Minute::new(now, 0)));
        // One without a failure yet begins anew, so that a minute is counted from its first failure.
        let unused = minute.failures.load(Ordering::SeqCst) == 0 && minute.permits.available_permits() == FAILURES;
        if minute.remembered() <= now {
            *minute = Arc::new(Minute::new(now, 0));
        } else if unused || minute.end() <= now {
            let waits = minute.waits + u32::from(minute.is_used_up());
            *minute = Arc::new(Minute::new(now, waits));
        }
        minute.clone()
    }
}

/// Makes room. Whoever fails with more names than are remembered is held by nothing else but the cost of each failure.
fn forget(minutes: &mut HashMap<Who, Arc<Minute>>, now: i64) {
    minutes.retain(|_, minute| minute.remembered() > now);
    if minutes.len() > REMEMBERED / 2 {
        minutes.retain(|_, minute| minute.is_used_up() || minute.waits > 0);
    }
    if minutes.len() > REMEMBERED / 2 {
        minutes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn wait(limit: &FailedSignIns, name: &str, now: i64) -> Option<u64> {
        let now = OffsetDateTime::from_unix_timestamp(now).unwrap();
        match limit.watch(name, None, now, async { Err::<(), _>(Error::BadLogin) }).await {
            Err(Error::TooMany(seconds)) => Some(seconds),
            _ => None,
        }
    }

    #[tokio::test]
    async fn twenty_a_minute() {
        let limit = FailedSignIns::default();
        for _ in 0..FAILURES {
            assert_eq!(wait(&limit, "ann", 100).await, None);
        }
        assert_eq!(wait(&limit, "ann", 130).await, Some(30));
        assert_eq!(wait(&limit, "bob", 130).await, None);
        assert_eq!(wait(&limit, "ann", 160).await, None);
    }

    #[tokio::test]
    async fn whoever_goes_on_waits_longer() {
        let limit = FailedSignIns::default();
        let mut now = 0;
        for minutes in [1, 2, 4, 8, 16, 16] {
            for _ in 0..FAILURES {
                assert_eq!(wait(&limit, "ann", now).await, None);
            }
            assert_eq!(wait(&limit, "ann", now).await, Some(minutes * 60));
            now += i64::try_from(minutes).unwrap() * 60;
        }
        for _ in 0..FAILURES {
            assert_eq!(wait(&limit, "ann", now + HOUR).await, None);
        }
        assert_eq!(wait(&limit, "ann", now + HOUR).await, Some(60), "an hour later nothing is held against anybody");
    }

    #[tokio::test]
    async fn a_minute_of_few_failures_is_forgotten() {
        let limit = FailedSignIns::default();
        for minute in 0..10 {
            for _ in 1..FAILURES {
                assert_eq!(wait(&limit, "ann", minute * 60).await, None);
            }
        }
    }

    #[tokio::test]
    async fn what_is_remembered_has_a_bound() {
        let limit = FailedSignIns::default();
        for _ in 0..FAILURES {
            wait(&limit, "ann", 0).await;
        }
        for name in 0..3 * REMEMBERED {
            wait(&limit, &name.to_string(), 1).await;
            assert!(limit.0.lock().unwrap().len() <= REMEMBERED);
        }
        assert_eq!(wait(&limit, "ann", 1).await, Some(59), "a flood of names sets nobody free");
    }
}
