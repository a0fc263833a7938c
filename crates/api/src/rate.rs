//! The limit on requests: a bucket for each caller, and for each address while it is not known who asks.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use frontdesk_core::access::Actor;
use frontdesk_core::world::World;
use frontdesk_store::Db;
use time::OffsetDateTime;

use crate::edge::Edge;
use crate::peer::household;
use crate::respond::hash;

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

    /// How other servers are told of it.
    fn hash(self) -> String {
        let [kind, which] = match self {
            Self::Caller(kind, id) => [kind.to_owned(), id.unwrap_or_default().to_string()],
            Self::Address(address) => ["address".to_owned(), address.map(|address| address.to_string()).unwrap_or_default()],
        };
        hash([kind.as_bytes(), which.as_bytes()])
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

/// The buckets of one server. Servers on one database tell each other now and then what they took out of theirs.
#[derive(Debug)]
pub(crate) struct Rates {
    rate: Rate,
    /// Whether there are other servers to be told.
    shared: bool,
    buckets: Mutex<Buckets>,
}

#[derive(Debug, Default)]
struct Buckets {
    of: HashMap<Who, Bucket>,
    /// Whose have requests that other servers were not told of.
    untold: Vec<Who>,
}

#[derive(Debug)]
struct Bucket {
    /// When it is full again, in Unix microseconds. One that is full already may be forgotten.
    full_at: i64,
    /// Requests that other servers were not told of.
    untold: i64,
}

impl Rates {
    pub(crate) fn new(rate: Rate, shared: bool) -> Self {
        Self { rate: Rate { burst: rate.burst.max(1), ..rate }, shared, buckets: Mutex::default() }
    }

    /// Takes a request out of a bucket; none where there is no limit.
    pub(crate) fn take(&self, who: Who, now: OffsetDateTime) -> Option<Standing> {
        if self.rate.per_minute == 0 {
            return None;
        }
        let (now, each) = (micros(now), self.each());
        let whole = each * i64::from(self.rate.burst);
        let buckets = &mut *self.lock();
        if buckets.of.len() >= REMEMBERED && !buckets.of.contains_key(&who) {
            forget(&mut buckets.of, now);
        }
        let bucket = buckets.of.entry(who).or_insert(Bucket { full_at: now, untold: 0 });
        let after = bucket.full_at.max(now) + each - now;
        let wait = (after > whole).then(|| seconds(after - whole).unsigned_abs());
        if wait.is_none() {
            bucket.full_at = now + after;
            if self.shared {
                bucket.untold += 1;
                if bucket.untold == 1 {
                    buckets.untold.push(who);
                }
            }
        }
        let used = (bucket.full_at - now).max(0);
        Some(Standing { limit: self.rate.burst, remaining: (whole - used).max(0) / each, reset: seconds(used), wait })
    }

    /// Microseconds in which a bucket gains a request.
    fn each(&self) -> i64 {
        (MINUTE / i64::from(self.rate.per_minute.max(1))).max(1)
    }

    /// By how many microseconds buckets were emptied since this was last asked.
    fn untold(&self) -> Vec<(Who, i64)> {
        let buckets = &mut *self.lock();
        let told = |who: Who| buckets.of.get_mut(&who).map(|bucket| (who, std::mem::take(&mut bucket.untold) * self.each()));
        // One that was forgotten meanwhile stands there twice, or for nothing.
        std::mem::take(&mut buckets.untold).into_iter().filter_map(told).filter(|(_, taken)| *taken > 0).collect()
    }

    /// Takes in what all servers together know of a bucket.
    fn learn(&self, who: Who, full_at: i64) {
        if let Some(bucket) = self.lock().of.get_mut(&who) {
            bucket.full_at = bucket.full_at.max(full_at + bucket.untold * self.each());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How often servers tell each other.
const TELL: Duration = Duration::from_millis(500);

/// Tells the other servers on the database what is taken out of buckets here, and learns what they took, as long as there is an `edge`.
/// Until then each goes by what it knows, so a caller who asks all of them at once gets so many times the burst; it is made up for later.
pub(crate) async fn share(edge: Weak<Edge>, db: Db, world: World) {
    let mut since = micros(world.now());
    loop {
        tokio::time::sleep(TELL).await;
        let Some(edge) = edge.upgrade() else { return };
        let (now, begun) = (world.now(), since);
        let whose: HashMap<_, _> = edge.rates.untold().into_iter().map(|(who, taken)| (who.hash(), (who, taken))).collect();
        since = micros(now);
        if whose.is_empty() {
            continue;
        }
        let taken = whose.iter().map(|(hash, (_, taken))| (hash.clone(), *taken)).collect();
        match db.share_rates(now, begun, taken).await {
            Ok(all) => {
                for (hash, full_at) in all {
                    if let Some((who, _)) = whose.get(&hash) {
                        edge.rates.learn(*who, full_at);
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "requests are not counted together with other servers"),
        }
    }
}

fn micros(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX / 2)
}

/// Makes room. Whoever sends from more addresses than are remembered is not held by a limit on addresses anyway.
fn forget(buckets: &mut HashMap<Who, Bucket>, now: i64) {
    buckets.retain(|_, bucket| bucket.full_at > now);
    if buckets.len() > REMEMBERED / 2 {
        buckets.retain(|who, _| matches!(who, Who::Caller(..)));
    }
    if buckets.len() > REMEMBERED / 2 {
        buckets.clear();
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
        assert_eq!(Rates::new(Rate::default(), false).take(Who::at(None), at(0)), None);
    }

    #[test]
    fn a_bucket_runs_dry_and_fills() {
        let rates = Rates::new(Rate { per_minute: 6, burst: 3 }, true);
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
        let rates = Rates::new(Rate { per_minute: 1, burst: 1 }, true);
        let known = Who::Caller("employee", Some(1));
        assert_eq!(rates.take(known, at(0)).unwrap().wait, None);
        for n in 0..300_000 {
            rates.take(Who::at(Some(Ipv4Addr::from_bits(n).into())), at(1));
            assert!(rates.lock().of.len() <= REMEMBERED);
        }
        assert_eq!(rates.take(known, at(1)).unwrap().wait, Some(59), "a flood of addresses clears nobody's bucket");
    }

    #[test]
    fn what_others_took_is_taken_here_too() {
        let (here, there) = (Rates::new(Rate { per_minute: 6, burst: 3 }, true), Rates::new(Rate { per_minute: 6, burst: 3 }, true));
        for rates in [&here, &here, &there, &there, &there] {
            assert_eq!(of(rates, 1, 100).2, None);
        }
        let who = Who::Caller("employee", Some(1));
        assert_eq!((here.untold(), there.untold()), (vec![(who, 20_000_000)], vec![(who, 30_000_000)]));
        assert_eq!((here.untold(), there.untold()), (vec![], vec![]));
        // What is taken while the others are told comes on top.
        assert_eq!(of(&here, 1, 100), (0, 30, None));
        here.learn(who, 150_000_000);
        assert_eq!(of(&here, 1, 100), (0, 60, Some(40)));
        assert_eq!(of(&here, 1, 139), (0, 21, Some(1)));
        assert_eq!(of(&here, 1, 140), (0, 30, None));
        here.learn(who, 150_000_000);
        assert_eq!(of(&here, 1, 140), (0, 30, Some(10)), "nothing that is known is forgotten");
    }
}
