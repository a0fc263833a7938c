//! Upkeep that nobody waits for: what fails is tried again, not at once, and the log is not told each time.

use std::time::{Duration, Instant};

use super::fault::Fault;

/// How long nothing is tried after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// What became of the attempts so far.
#[derive(Debug)]
pub(super) struct Attempts {
    /// What the log is told of a failure.
    trouble: &'static str,
    failed: Option<Instant>,
}

impl Attempts {
    /// Attempts of which a failure means `trouble`.
    pub(super) fn or(trouble: &'static str) -> Self {
        Self { trouble, failed: None }
    }

    /// Tries, unless it has just failed. The log is told of the first failure, and of the end of failures.
    pub(super) fn note<T>(&mut self, attempt: impl FnOnce() -> Result<T, Fault>) -> Option<T> {
        if self.failed.is_some_and(|failed| failed.elapsed() < PAUSE) {
            return None;
        }
        match attempt() {
            Ok(done) => {
                if self.failed.take().is_some() {
                    tracing::info!("no longer so: {}", self.trouble);
                }
                Some(done)
            }
            Err(fault) => {
                if self.failed.replace(Instant::now()).is_none() {
                    tracing::error!(error = %fault, "{}", self.trouble);
                }
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_followed_by_a_pause() {
        let mut attempts = Attempts::or("it is a test");
        assert_eq!(attempts.note(|| Err::<(), _>(Fault::misuse("full"))), None);
        assert!(attempts.failed.is_some());
        assert_eq!(attempts.note(|| Ok(())), None);
        attempts.failed = Some(Instant::now().checked_sub(2 * PAUSE).unwrap());
        assert_eq!(attempts.note(|| Ok(())), Some(()));
        assert_eq!(attempts.failed, None);
    }
}
