//! The failed sign-ins that servers on one database count together.

use std::time::Duration;

use frontdesk_core::{Error, Result};
use frontdesk_store::{Db, Failures};
use time::OffsetDateTime;

use super::tally::{FAILURES, Tally};

/// How often it is looked again whether an attempt elsewhere has come to its end, and for how long.
const NAP: Duration = Duration::from_millis(50);
const NAPS: usize = 100;

/// An attempt that every server counts until it is over. Whoever asks goes on at once: until the end is known, it counts as running.
#[derive(Debug)]
pub(super) struct Attempt {
    db: Db,
    who: String,
    now: OffsetDateTime,
    since: i64,
    pub(super) failed: bool,
}

/// What becomes of an attempt.
enum Verdict {
    /// It counts in the minute that began then.
    Go(i64),
    /// Others are running, which decide.
    Later,
    /// Not before this moment.
    Never(i64),
}

impl Attempt {
    /// Begins an attempt. Where the database does not answer, nothing is shared.
    pub(super) async fn begin(db: &Db, who: &str, now: OffsetDateTime) -> Result<Option<Self>> {
        let seconds = now.unix_timestamp();
        for _ in 0..NAPS {
            match db.change_failures(now, who, move |known| begin(known, seconds)).await {
                Ok(Some(Verdict::Go(since))) => {
                    return Ok(Some(Self { db: db.clone(), who: who.to_owned(), now, since, failed: false }));
                }
                Ok(Some(Verdict::Later)) => tokio::time::sleep(NAP).await,
                Ok(Some(Verdict::Never(end))) => return Err(Error::TooMany((end - seconds).unsigned_abs())),
                Ok(None) => return Ok(None),
                Err(error) => {
                    tracing::warn!(%error, "failed sign-ins are not shared with other servers");
                    return Ok(None);
                }
            }
        }
        Err(Error::TooMany(1))
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let Self { db, who, now, since, failed } = self;
        let (db, who, now, since, failed) = (db.clone(), std::mem::take(who), *now, *since, *failed);
        let end = async move {
            let done = db.change_failures(now, &who, move |known| end(known, since, failed)).await;
            if let Err(error) = done {
                tracing::warn!(%error, "a sign-in is not shared with other servers");
            }
        };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(end);
        }
    }
}

fn begin(known: &mut Failures, now: i64) -> Verdict {
    let number = |number: i64| usize::try_from(number).unwrap_or(0);
    let before = Tally { since: known.since, waits: number(known.waits), failures: number(known.failures) };
    let tally = before.at(now, known.running > 0);
    if tally != before {
        // What still runs belongs to the minute before.
        *known = Failures { since: tally.since, waits: i64::try_from(tally.waits).unwrap_or(0), failures: 0, running: 0 };
    }
    if tally.is_used_up() {
        Verdict::Never(tally.end())
    } else if tally.failures + number(known.running) >= FAILURES {
        Verdict::Later
    } else {
        known.running += 1;
        Verdict::Go(tally.since)
    }
}

fn end(known: &mut Failures, since: i64, failed: bool) {
    if known.since == since {
        known.running = (known.running - 1).max(0);
        known.failures += i64::from(failed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(known: &mut Failures, now: i64) -> i64 {
        match begin(known, now) {
            Verdict::Go(since) => since,
            Verdict::Later => -1,
            Verdict::Never(end) => -end,
        }
    }

    #[test]
    fn attempts_that_run_take_the_places_of_failures() {
        let mut known = Failures::default();
        for _ in 0..FAILURES {
            assert_eq!(go(&mut known, 100), 100);
        }
        assert_eq!(go(&mut known, 100), -1);
        end(&mut known, 100, false);
        assert_eq!(go(&mut known, 101), 100);
        for _ in 0..FAILURES {
            assert_eq!(go(&mut known, 102), -1);
            end(&mut known, 100, true);
        }
        assert_eq!((known.failures, known.running), (20, 0));
        assert_eq!(go(&mut known, 102), -160);
        assert_eq!(go(&mut known, 160), 160);
        assert_eq!((known.waits, known.failures, known.running), (1, 0, 1));
    }

    #[test]
    fn what_ends_late_belongs_to_no_other_minute() {
        let mut known = Failures::default();
        assert_eq!(go(&mut known, 100), 100);
        assert_eq!(go(&mut known, 160), 160, "an attempt of a server that is gone is forgotten with its minute");
        end(&mut known, 100, true);
        assert_eq!((known.failures, known.running), (0, 1));
    }

    #[test]
    fn a_minute_begins_with_its_first_failure() {
        let mut known = Failures::default();
        assert_eq!(go(&mut known, 100), 100);
        end(&mut known, 100, false);
        assert_eq!(go(&mut known, 130), 130);
        end(&mut known, 130, true);
        assert_eq!(go(&mut known, 150), 130);
    }
}
