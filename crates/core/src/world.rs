//! The outside as a parameter: the moment, ids, chance. So a test can compare whole answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use time::OffsetDateTime;
use uuid::Uuid;

use crate::time::from_millis;
use crate::{Error, Result};

/// Where time, ids and random bytes come from.
#[derive(Clone, Debug)]
pub struct World(Source);

#[derive(Clone, Debug)]
enum Source {
    Real,
    Fixed(Arc<Fixed>),
}

#[derive(Debug)]
struct Fixed {
    millis: AtomicI64,
    drawn: AtomicU64,
}

impl World {
    /// The machine's clock and the operating system's randomness.
    #[must_use]
    pub fn real() -> Self {
        Self(Source::Real)
    }

    /// A world that stands still at `now` until [`World::advance`], and whose ids and bytes are the same in every run.
    #[must_use]
    pub fn fixed(now: OffsetDateTime) -> Self {
        let millis = AtomicI64::new(crate::time::millis(now));
        Self(Source::Fixed(Arc::new(Fixed { millis, drawn: AtomicU64::new(0) })))
    }

    /// Moves a fixed world's clock on; a real one takes no notice.
    pub fn advance(&self, by: time::Duration) {
        if let Source::Fixed(fixed) = &self.0 {
            let by = i64::try_from(by.whole_milliseconds()).unwrap_or(0);
            fixed.millis.fetch_add(by, Ordering::SeqCst);
        }
    }

    /// The present moment in UTC, whole milliseconds.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the clock")]
    pub fn now(&self) -> OffsetDateTime {
        match &self.0 {
            Source::Real => from_millis(crate::time::millis(OffsetDateTime::now_utc())),
            Source::Fixed(fixed) => from_millis(fixed.millis.load(Ordering::SeqCst)),
        }
    }

    /// A new UUID of version 7.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
    pub fn uuid(&self) -> Uuid {
        match &self.0 {
            Source::Real => Uuid::now_v7(),
            Source::Fixed(fixed) => {
                let drawn = fixed.drawn.fetch_add(1, Ordering::SeqCst);
                let mut tail = [0; 10];
                tail[2..].copy_from_slice(&drawn.to_be_bytes());
                let millis = u64::try_from(fixed.millis.load(Ordering::SeqCst)).unwrap_or(0);
                uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
            }
        }
    }

    /// `N` bytes nobody can guess (in a real world).
    #[expect(clippy::disallowed_methods, reason = "the one place that asks for randomness")]
    pub fn random<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        match &self.0 {
            Source::Real => getrandom::fill(&mut bytes).map_err(|e| Error::internal(format!("no randomness: {e}")))?,
            Source::Fixed(fixed) => {
                let drawn = fixed.drawn.fetch_add(1, Ordering::SeqCst).to_be_bytes();
                for (byte, drawn) in bytes.iter_mut().rev().zip(drawn.iter().rev()) {
                    *byte = *drawn;
                }
            }
        }
        Ok(bytes)
    }
}
