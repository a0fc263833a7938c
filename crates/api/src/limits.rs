//! The limit on failed sign-ins and wrong present passwords: 20 a minute for each name and address. Whoever goes on after having
//! had to wait waits twice as long the next time; somebody else, or the same name from elsewhere, does not.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use frontdesk_core::{Error, Result};
use frontdesk_store::Db;
use time::OffsetDateTime;
use tokio::sync::Semaphore;

use self::shared::Attempt;
use self::tally::{FAILURES, Tally};
use crate::peer::household;
use crate::respond::hash;

mod shared;
mod tally;

const REMEMBERED: usize = 10_000;

/// The failed sign-ins of late.
#[derive(Debug)]
pub(crate) struct FailedSignIns {
    /// By the hash of a name and an address.
    minutes: Mutex<HashMap<String, Arc<Minute>>>,
    /// Where several servers count together; each counts by itself too.
    shared: Option<Db>,
}

/// A minute of somebody's attempts at this server. Each holds a permit while it runs, and a failure keeps it: so a flood of attempts
/// at once gets no further than a row of them.
#[derive(Debug)]
struct Minute {
    begun: Tally,
    failures: AtomicUsize,
    permits: Semaphore,
}

impl Minute {
    fn new(begun: Tally) -> Self {
        Self { begun, failures: AtomicUsize::new(0), permits: Semaphore::new(FAILURES) }
    }

    fn tally(&self) -> Tally {
        Tally { failures: self.failures.load(Ordering::SeqCst), ..self.begun }
    }
}

impl FailedSignIns {
    /// Of a server on this store.
    pub(crate) fn new(db: &Db) -> Self {
        Self { minutes: Mutex::default(), shared: Some(db.clone()).filter(Db::is_shared) }
    }

    /// Does `attempt`, unless this name has failed too often from this address; counts it where it is refused.
    pub(crate) async fn watch<T>(
        &self,
        name: &str,
        peer: Option<IpAddr>,
        now: OffsetDateTime,
        attempt: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let address = peer.map(household).map(|address| address.to_string());
        let who = hash([name.as_bytes(), address.unwrap_or_default().as_bytes()]);
        let minute = self.minute(&who, now.unix_timestamp());
        let Ok(permit) = minute.permits.acquire().await else {
            return Err(Error::TooMany((minute.tally().end() - now.unix_timestamp()).unsigned_abs()));
        };
        let shared = match &self.shared {
            Some(db) => Attempt::begin(db, &who, now).await?,
            None => None,
        };
        let done = attempt.await;
        let failed = match &done {
            Err(Error::BadLogin | Error::Unlicensed) => true,
            Err(Error::Invalid(violations)) => violations.has("current_password"),
            _ => false,
        };
        if let Some(mut shared) = shared {
            shared.failed = failed;
        }
        if failed {
            permit.forget();
            if minute.failures.fetch_add(1, Ordering::SeqCst) + 1 == FAILURES {
                minute.permits.close();
            }
        }
        done
    }

    fn minute(&self, who: &str, now: i64) -> Arc<Minute> {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.len() >= REMEMBERED && !minutes.contains_key(who) {
            forget(&mut minutes, now);
        }
        let minute = minutes.entry(who.to_owned()).or_insert_with(|| Arc::new(Minute::new(Tally::new(now))));
        let before = minute.tally();
        let tally = before.at(now, minute.permits.available_permits() < FAILURES);
        if tally != before {
            *minute = Arc::new(Minute::new(tally));
        }
        minute.clone()
    }
}

/// Makes room. Whoever fails with more names than are remembered is held by nothing else but the cost of each failure.
fn forget(minutes: &mut HashMap<String, Arc<Minute>>, now: i64) {
    minutes.retain(|_, minute| minute.tally().remembered() > now);
    if minutes.len() > REMEMBERED / 2 {
        minutes.retain(|_, minute| minute.tally().had_to_wait());
    }
    if minutes.len() > REMEMBERED / 2 {
        minutes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::tally::HOUR;
    use super::*;

    fn local() -> FailedSignIns {
        FailedSignIns { minutes: Mutex::default(), shared: None }
    }

    async fn wait(limit: &FailedSignIns, name: &str, now: i64) -> Option<u64> {
        let now = OffsetDateTime::from_unix_timestamp(now).unwrap();
        match limit.watch(name, None, now, async { Err::<(), _>(Error::BadLogin) }).await {
            Err(Error::TooMany(seconds)) => Some(seconds),
            _ => None,
        }
    }

    #[tokio::test]
    async fn twenty_a_minute() {
        let limit = local();
        for _ in 0..FAILURES {
            assert_eq!(wait(&limit, "ann", 100).await, None);
        }
        assert_eq!(wait(&limit, "ann", 130).await, Some(30));
        assert_eq!(wait(&limit, "bob", 130).await, None);
        assert_eq!(wait(&limit, "ann", 160).await, None);
    }

    #[tokio::test]
    async fn whoever_goes_on_waits_longer() {
        let limit = local();
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
        let limit = local();
        for minute in 0..10 {
            for _ in 1..FAILURES {
                assert_eq!(wait(&limit, "ann", minute * 60).await, None);
            }
        }
    }

    #[tokio::test]
    async fn what_is_remembered_has_a_bound() {
        let limit = local();
        for _ in 0..FAILURES {
            wait(&limit, "ann", 0).await;
        }
        for name in 0..3 * REMEMBERED {
            wait(&limit, &name.to_string(), 1).await;
            assert!(limit.minutes.lock().unwrap().len() <= REMEMBERED);
        }
        assert_eq!(wait(&limit, "ann", 1).await, Some(59), "a flood of names sets nobody free");
    }
}
