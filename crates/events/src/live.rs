//! Events as they come. Everybody in a process who follows an organization shares one reader of the store: of those who wait one
//! reads, and the others take what it found from memory. Who is further behind than that reads for itself until it is not.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_store::jobs::Waker;
use frontdesk_store::{Db, Event};
use tokio::sync::watch;

/// How often the store is asked, for what other servers have written.
const POLL: Duration = Duration::from_millis(250);
/// Events of an organization that are remembered for those who wait for them.
const REMEMBERED: usize = 1000;
/// Events that are read, or handed out, at once.
const BATCH: u32 = 200;

/// What is read for those who wait, by organization.
#[derive(Debug, Default)]
pub(crate) struct Tails(Mutex<HashMap<OrganizationId, Weak<Tail>>>);

/// The newest events of an organization.
#[derive(Debug)]
struct Tail {
    organization: OrganizationId,
    /// Held by the one who reads.
    reading: tokio::sync::Mutex<Reading>,
    newest: Mutex<Newest>,
    /// Tells how far it is read.
    until: watch::Sender<i64>,
}

#[derive(Debug)]
struct Reading {
    waker: Waker,
    /// Whether there is more to be read at once.
    more: bool,
}

#[derive(Debug)]
struct Newest {
    /// Every settled event after this one, up to `until`, is in `events`.
    after: i64,
    until: i64,
    events: VecDeque<Arc<Event>>,
}

impl Newest {
    fn add(&mut self, events: Vec<Event>, until: i64) {
        self.events.extend(events.into_iter().map(Arc::new));
        self.until = until;
        while self.events.len() > REMEMBERED
            && let Some(oldest) = self.events.pop_front()
        {
            self.after = oldest.id;
        }
    }

    /// Events after a position; none where it is further back than they are.
    fn since(&self, after: i64) -> Option<Vec<Arc<Event>>> {
        let first = self.events.partition_point(|event| event.id <= after);
        (after >= self.after).then(|| self.events.iter().skip(first).take(BATCH as usize).cloned().collect())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tails {
    /// That of an organization, which begins at the `horizon` where nobody follows it yet.
    fn of(&self, db: &Db, organization: OrganizationId, horizon: i64) -> Arc<Tail> {
        let mut tails = locked(&self.0);
        if let Some(tail) = tails.get(&organization).and_then(Weak::upgrade) {
            return tail;
        }
        tails.retain(|_, tail| tail.strong_count() > 0);
        let tail = Arc::new(Tail {
            organization,
            reading: tokio::sync::Mutex::new(Reading { waker: db.waker(), more: true }),
            newest: Mutex::new(Newest { after: horizon, until: horizon, events: VecDeque::new() }),
            until: watch::Sender::new(horizon),
        });
        tails.insert(organization, Arc::downgrade(&tail));
        tail
    }

    /// Follows an organization from a position on. The `horizon` was asked for before.
    pub(crate) fn follow(&self, db: Db, organization: OrganizationId, after: i64, horizon: i64) -> Follower {
        let tail = self.of(&db, organization, horizon);
        Follower { news: tail.until.subscribe(), tail, db, after }
    }
}

impl Tail {
    /// Reads until there is something new, when it is this one's turn. What cannot be read now is read the next time.
    async fn read(&self, db: &Db) {
        let mut reading = self.reading.lock().await;
        loop {
            if !reading.more {
                reading.waker.woken(POLL).await;
            }
            reading.more = false;
            if let Ok(Some(found)) = self.look(db).await {
                reading.more = found == BATCH as usize;
                return;
            }
        }
    }

    /// Reads what has been settled since; says how many events that were, none where nothing was.
    async fn look(&self, db: &Db) -> Result<Option<usize>> {
        let (horizon, after) = (db.horizon().await?, locked(&self.newest).until);
        if horizon <= after {
            return Ok(None);
        }
        let events = db.events(self.organization, after, horizon, BATCH).await?;
        let found = events.len();
        let until = if found < BATCH as usize { horizon } else { events.last().map_or(horizon, |event| event.id) };
        locked(&self.newest).add(events, until);
        self.until.send_replace(until);
        Ok(Some(found))
    }
}

/// Somebody who follows an organization.
#[derive(Debug)]
pub struct Follower {
    tail: Arc<Tail>,
    news: watch::Receiver<i64>,
    db: Db,
    after: i64,
}

impl Follower {
    /// The position: everything up to here was handed out.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.after
    }

    /// The next events, which are then behind; waits until there are some. Given up halfway, it has handed out nothing.
    pub async fn next(&mut self) -> Result<Vec<Arc<Event>>> {
        loop {
            self.news.borrow_and_update();
            let (since, until) = {
                let newest = locked(&self.tail.newest);
                (newest.since(self.after), newest.until)
            };
            let events = match since {
                Some(events) => events,
                None => self.catch_up(until).await?,
            };
            if let Some(last) = events.last() {
                self.after = last.id;
                return Ok(events);
            }
            // Those of other organizations are behind too.
            self.after = self.after.max(until);
            tokio::select! {
                biased;
                _ = self.news.changed() => {}
                () = self.tail.read(&self.db) => {}
            }
        }
    }

    async fn catch_up(&self, until: i64) -> Result<Vec<Arc<Event>>> {
        let events = self.db.events(self.tail.organization, self.after, until, BATCH).await?;
        Ok(events.into_iter().map(Arc::new).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: i64) -> Event {
        Event {
            id,
            what: "ticket.created".into(),
            record_id: "1".into(),
            version: 1,
            actor_kind: "system".into(),
            actor_id: None,
            request_id: String::new(),
            at: 0,
            data: serde_json::Value::Null,
        }
    }

    #[test]
    fn what_is_remembered_is_bounded_and_has_no_holes() {
        let mut newest = Newest { after: 10, until: 10, events: VecDeque::new() };
        newest.add((11..=20).map(event).collect(), 25);
        assert_eq!(newest.since(9), None);
        assert_eq!(newest.since(10).unwrap().len(), 10);
        assert_eq!(newest.since(18).unwrap().iter().map(|event| event.id).collect::<Vec<_>>(), [19, 20]);
        assert_eq!(newest.since(25).unwrap(), []);
        newest.add((26..1026).map(event).collect(), 1026);
        assert_eq!((newest.events.len(), newest.after, newest.until), (REMEMBERED, 20, 1026));
        assert_eq!((newest.since(19), newest.since(20).unwrap()[0].id), (None, 26));
    }
}
