//! How failed sign-ins of one name and address add up.

pub(super) const FAILURES: usize = 20;
const WINDOW: i64 = 60;
/// The longest wait is so many times doubled: 16 minutes.
const DOUBLED: usize = 4;
/// Whoever had to wait and comes back within so many seconds goes on.
pub(super) const HOUR: i64 = 3600;

/// A minute of somebody's attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    /// Its beginning in Unix seconds.
    pub(super) since: i64,
    /// How often it had to wait before.
    pub(super) waits: usize,
    pub(super) failures: usize,
}

impl Tally {
    /// The first minute.
    pub(super) fn new(since: i64) -> Self {
        Self { since, waits: 0, failures: 0 }
    }

    pub(super) fn is_used_up(self) -> bool {
        self.failures >= FAILURES
    }

    /// When another try is allowed, in Unix seconds.
    pub(super) fn end(self) -> i64 {
        self.since + if self.is_used_up() { WINDOW << self.waits.min(DOUBLED) } else { WINDOW }
    }

    /// Until when it counts for the next one.
    pub(super) fn remembered(self) -> i64 {
        self.end() + if self.had_to_wait() { HOUR } else { 0 }
    }

    pub(super) fn had_to_wait(self) -> bool {
        self.is_used_up() || self.waits > 0
    }

    /// The minute that an attempt counts in: this one, unless it is over, or has begun without a failure and without an attempt that is
    /// `running`, so that a minute is counted from its first failure.
    pub(super) fn at(self, now: i64, running: bool) -> Self {
        if self.remembered() <= now {
            Self::new(now)
        } else if self.end() <= now || (self.failures == 0 && !running) {
            Self { since: now, waits: self.waits + usize::from(self.is_used_up()), failures: 0 }
        } else {
            self
        }
    }
}
