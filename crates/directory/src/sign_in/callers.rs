//! Who is behind a token, remembered for a moment: what changes it through this process counts at once, what another process changes
//! after that moment.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use frontdesk_core::access::Caller;
use frontdesk_core::error::TokenFault;
use frontdesk_core::{Error, Result};
use frontdesk_store::{BoxFuture, Db, Tx, WriteContext, Written};
use tracing::Instrument;

use super::TokenInfo;

/// So long what was read of a caller is good.
const GOOD: Duration = Duration::from_secs(1);
const SHARDS: usize = 8;
/// So many callers a shard are remembered.
const REMEMBERED: usize = 1000;

/// Writes of this process that may have changed who somebody is.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// [`Db::write`] for what may change who a token or service key stands for, or what they may: whoever asks after its answer is judged
/// by what it wrote.
pub async fn change_callers<T, W>(db: &Db, context: &WriteContext, work: W) -> Result<Written<T>>
where
    T: Send + 'static,
    W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
{
    let (db, context) = (db.clone(), context.clone());
    // It is noted even where whoever asked has gone away, and where it is not known whether the write was committed.
    let write = async move {
        let done = db.write(&context, work).await;
        CHANGES.fetch_add(1, Ordering::SeqCst);
        done
    };
    match tokio::spawn(write.in_current_span()).await {
        Ok(done) => done,
        Err(panic) => Err(Error::internal(format!("a write did not end: {panic}"))),
    }
}

/// Whoever a token or service key stands for, as long as it lives.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) caller: Caller,
    pub(super) token: TokenInfo,
    /// When it ends, in milliseconds; none for never.
    pub(super) ends: Option<i64>,
}

impl Known {
    /// Whoever it is at `now`.
    pub(super) fn at(self, now: i64) -> Result<(Caller, TokenInfo), TokenFault> {
        if self.ends.is_some_and(|end| end <= now) { Err(TokenFault::Expired) } else { Ok((self.caller, self.token)) }
    }
}

/// A moment before something is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    changes: u64,
    at: Instant,
}

impl Before {
    pub(super) fn now() -> Self {
        Self { changes: CHANGES.load(Ordering::SeqCst), at: Instant::now() }
    }

    /// Whether what was read after `read` is still good at this moment.
    fn trusts(self, read: Self) -> bool {
        self.changes == read.changes && self.at.saturating_duration_since(read.at) < GOOD
    }
}

/// The SHA-256 of a token or service key.
type Hash = [u8; 32];

type Shard = HashMap<Hash, (Before, Known)>;

/// The callers of late. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Callers(Arc<[Mutex<Shard>; SHARDS]>);

impl std::fmt::Debug for Callers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Callers")
    }
}

impl Callers {
    /// Whoever is known at this moment.
    pub(super) fn get(&self, hash: &Hash, now: Before) -> Option<Known> {
        self.shard(hash).get(hash).filter(|(read, _)| now.trusts(*read)).map(|(_, known)| known.clone())
    }

    /// Remembers what was read after a moment.
    pub(super) fn put(&self, hash: Hash, read: Before, known: Known) {
        let mut shard = self.shard(&hash);
        if shard.len() >= REMEMBERED && !shard.contains_key(&hash) {
            let now = Before::now();
            shard.retain(|_, (read, _)| now.trusts(*read));
            if shard.len() > REMEMBERED / 2 {
                shard.clear();
            }
        }
        shard.insert(hash, (read, known));
    }

    fn shard(&self, hash: &Hash) -> MutexGuard<'_, Shard> {
        self.0[usize::from(hash[0]) % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_core::id::OrganizationId;
    use frontdesk_core::status::{ClientId, GrantRole};
    use frontdesk_core::time::Zone;

    use super::*;

    fn known(ends: Option<i64>) -> Known {
        let token = TokenInfo { id: Some(1), client_id: ClientId::default(), role: GrantRole::default() };
        Known { caller: Caller::system(OrganizationId(1), Zone::utc()), token, ends }
    }

    #[test]
    fn for_a_moment_and_until_something_changes() {
        let callers = Callers::default();
        let read = Before { changes: 7, at: Instant::now() };
        callers.put([1; 32], read, known(None));
        let seen = |changes, later| callers.get(&[1; 32], Before { changes, at: read.at + later }).is_some();
        assert!(seen(7, Duration::ZERO) && seen(7, GOOD / 2));
        assert!(!seen(7, GOOD), "another process may have changed it");
        // It was read before the change and is remembered after it.
        assert!(!seen(8, Duration::ZERO));
        assert!(callers.get(&[2; 32], read).is_none());
    }

    #[test]
    fn a_token_ends_when_it_ends() {
        assert!(known(Some(100)).at(99).is_ok() && known(None).at(i64::MAX).is_ok());
        assert_eq!(known(Some(100)).at(100).err(), Some(TokenFault::Expired));
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let callers = Callers::default();
        for n in 0..3 * REMEMBERED {
            let mut hash = [0; 32];
            hash[24..].copy_from_slice(&n.to_be_bytes());
            callers.put(hash, Before::now(), known(None));
            assert!(callers.get(&hash, Before { changes: CHANGES.load(Ordering::SeqCst), at: Instant::now() }).is_some());
            assert!(callers.shard(&hash).len() <= REMEMBERED);
        }
    }
}
