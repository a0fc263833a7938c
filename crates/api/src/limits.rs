//! The limit on failed sign-ins: 20 a minute for each name and address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use frontdesk_core::{Error, Result};
use time::OffsetDateTime;

const FAILURES: u32 = 20;
const WINDOW: i64 = 60;
const REMEMBERED: usize = 10_000;

type Who = (String, Option<IpAddr>);

/// The failed sign-ins of the last minute.
#[derive(Debug, Default)]
pub(crate) struct FailedSignIns(Mutex<HashMap<Who, (i64, u32)>>);

impl FailedSignIns {
    /// Does `attempt`, unless this name has failed too often from this address; counts it where it is refused.
    pub(crate) async fn watch<T>(
        &self,
        name: &str,
        peer: Option<IpAddr>,
        now: OffsetDateTime,
        attempt: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let (who, now) = ((name.to_owned(), peer), now.unix_timestamp());
        if let Some(wait) = self.wait(&who, now) {
            return Err(Error::TooMany(wait));
        }
        let done = attempt.await;
        if matches!(done, Err(Error::BadLogin | Error::Unlicensed)) {
            self.count(who, now);
        }
        done
    }

    fn wait(&self, who: &Who, now: i64) -> Option<u64> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = failures.get(who)?;
        let rest = since + WINDOW - now;
        (*count >= FAILURES && rest > 0).then(|| rest.unsigned_abs())
    }

    fn count(&self, who: Who, now: i64) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= REMEMBERED {
            failures.retain(|_, (since, _)| *since + WINDOW > now);
        }
        let (since, count) = failures.entry(who).or_insert((now, 0));
        if *since + WINDOW <= now {
            (*since, *count) = (now, 0);
        }
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_a_minute() {
        let limit = FailedSignIns::default();
        let who = || ("ann".to_owned(), None);
        for _ in 0..FAILURES {
            assert_eq!(limit.wait(&who(), 100), None);
            limit.count(who(), 100);
        }
        assert_eq!(limit.wait(&who(), 130), Some(30));
        assert_eq!(limit.wait(&("bob".to_owned(), None), 130), None);
        assert_eq!(limit.wait(&who(), 160), None);
    }
}
