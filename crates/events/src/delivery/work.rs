use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_directory::Organizations;
use frontdesk_outbound::Client;
use frontdesk_store::{Db, Event, WriteContext, record};
use tokio::sync::Mutex;
use tokio::task::{Id, JoinSet};

use super::outcome::{self, Outcome};
use super::repo::{self, Claim};
use super::send::send;
use crate::webhook::entity::Model as Webhook;
use crate::webhook::repo as webhooks;

/// Deliveries to a webhook at the same time, of one process.
const AT_ONCE: usize = 16;
/// So many of these must have ended before more are begun.
const FREE: usize = 8;
/// Events that are looked at for a webhook at once.
const BATCH: u32 = 500;
/// How long a step waits for what is being sent.
const PATIENCE: Duration = Duration::from_secs(1);

/// Tells webhooks of events.
#[derive(Clone, Debug)]
pub struct Deliveries {
    sender: Sender,
    running: Arc<Mutex<Running>>,
}

/// What is being sent: each webhook by a task of its own, so that a slow receiver holds up none but itself.
#[derive(Debug, Default)]
struct Running {
    tasks: JoinSet<Result<()>>,
    webhooks: HashMap<Id, i64>,
}

#[derive(Clone, Debug)]
struct Sender {
    db: Db,
    world: World,
    client: Client,
}

/// What the service itself writes with.
pub(super) fn context(organization: i64, world: &World) -> WriteContext {
    WriteContext::new(Caller::system(OrganizationId(organization), Zone::utc()), "webhooks", world.now())
}

impl Deliveries {
    /// Sends with `client`, which judges where it may connect to.
    #[must_use]
    pub fn new(db: Db, world: World, client: Client) -> Self {
        Self { sender: Sender { db, world, client }, running: Arc::default() }
    }

    /// Does what is due: puts new events among the deliveries, and sends those that are due. Says whether there was something, or
    /// something is being sent yet. Any number may do so at once, on any number of servers.
    pub async fn step(&self) -> Result<bool> {
        let mut running = self.running.lock().await;
        let mut did = false;
        let served = webhooks::served(&self.sender.db.read()).await?;
        let horizon = if served.is_empty() { 0 } else { self.sender.db.horizon().await? };
        for webhook in served {
            did |= self.sender.queue(&webhook, horizon).await?;
            did |= self.sender.replay(&webhook).await?;
            let is_running = running.webhooks.values().any(|id| *id == webhook.id);
            if !is_running && repo::is_due(&self.sender.db, &self.sender.world, &webhook).await? {
                did = true;
                let (sender, id) = (self.sender.clone(), webhook.id);
                let task = running.tasks.spawn(async move { sender.send_all(webhook).await }).id();
                running.webhooks.insert(task, id);
            }
        }
        running.wait().await?;
        Ok(did || !running.webhooks.is_empty())
    }
}

impl Running {
    /// Waits a while for what is being sent. A fault of one is told when all others that ended are known.
    async fn wait(&mut self) -> Result<()> {
        let mut fault = Ok(());
        let all = async {
            while let Some(ended) = self.tasks.join_next_with_id().await {
                let (task, done) = match ended {
                    Ok((task, done)) => (task, done),
                    Err(panic) => (panic.id(), Err(Error::internal(format!("a webhook's task did not end: {panic}")))),
                };
                self.webhooks.remove(&task);
                if done.is_err() {
                    fault = done;
                }
            }
        };
        // What goes on is waited for by the next step.
        let _ = tokio::time::timeout(PATIENCE, all).await;
        fault
    }
}

impl Sender {
    /// Puts new events up to the horizon among the deliveries of a webhook; says whether there were any events.
    async fn queue(&self, webhook: &Webhook, horizon: i64) -> Result<bool> {
        if horizon <= webhook.position {
            return Ok(false);
        }
        let (events, until) = self.wanted(webhook, webhook.position, horizon).await?;
        let row = webhook.clone();
        let cx = context(webhook.organization_id, &self.world);
        let work = self.db.write(&cx, move |tx| {
            let (row, events) = (row.clone(), events.clone());
            Box::pin(async move {
                // Otherwise another server was faster, or the webhook is served no more.
                if webhooks::advance(tx, &row, until).await? {
                    repo::queue(tx, &row, &events).await?;
                }
                Ok(())
            })
        });
        work.await.map(|_| true)
    }

    /// The same with the events of a replay.
    async fn replay(&self, webhook: &Webhook) -> Result<bool> {
        let (Some(after), Some(last)) = (webhook.replay_after, webhook.replay_until) else { return Ok(false) };
        let (events, until) = self.wanted(webhook, after, last).await?;
        let (row, next) = (webhook.clone(), Some(until).filter(|until| *until < last));
        let cx = context(webhook.organization_id, &self.world);
        let work = self.db.write(&cx, move |tx| {
            let (row, events) = (row.clone(), events.clone());
            Box::pin(async move {
                if webhooks::advance_replay(tx, &row, next).await? {
                    repo::queue(tx, &row, &events).await?;
                }
                Ok(())
            })
        });
        work.await.map(|_| true)
    }

    /// Some of the events between two that a webhook wants, and how far these go.
    async fn wanted(&self, webhook: &Webhook, after: i64, until: i64) -> Result<(Arc<Vec<Event>>, i64)> {
        let mut events = self.db.events(webhook.organization_id.into(), after, until, BATCH).await?;
        let until = if events.len() < BATCH as usize { until } else { events.last().map_or(until, |event| event.id) };
        let wanted = webhook.wanted();
        events.retain(|event| wanted.has(&event.what));
        Ok((Arc::new(events), until))
    }

    /// Sends what is due to a webhook until nothing is.
    async fn send_all(&self, mut webhook: Webhook) -> Result<()> {
        let zone = self.zone(&webhook).await?;
        // Tasks of their own: what is not polled must hold no connection to the database that the others wait for.
        let mut sending = JoinSet::new();
        loop {
            if webhook.is_served() && AT_ONCE - sending.len() >= FREE {
                for claim in repo::claim(&self.db, &self.world, &webhook, AT_ONCE - sending.len()).await? {
                    let (sender, webhook, zone) = (self.clone(), webhook.clone(), zone.clone());
                    sending.spawn(async move { sender.deliver(webhook, claim, &zone).await });
                }
            }
            match sending.join_next().await {
                Some(Ok(done)) => done?,
                Some(Err(panic)) => return Err(Error::internal(format!("a delivery did not end: {panic}"))),
                None => return Ok(()),
            }
            match record::find(&self.db.read(), webhook.organization_id.into(), webhook.id).await {
                Ok(present) => webhook = present,
                Err(Error::NotFound) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    async fn deliver(&self, webhook: Webhook, claim: Claim, zone: &Zone) -> Result<()> {
        let event = self.db.events(webhook.organization_id.into(), claim.event_id - 1, claim.event_id, 1).await?.pop();
        let outcome = match event {
            Some(event) => send(&self.client, &self.world, &webhook, &event, zone).await?,
            None => Outcome::Forgotten,
        };
        let end = outcome.end(&self.world, claim.attempt)?;
        let all = Arc::new((webhook, claim, outcome, end));
        let cx = context(all.0.organization_id, &self.world);
        let work = self.db.write(&cx, move |tx| {
            let all = all.clone();
            Box::pin(async move {
                let (webhook, claim, outcome, end) = &*all;
                outcome::write(tx, webhook, claim, outcome, end).await
            })
        });
        work.await.map(drop)
    }

    async fn zone(&self, webhook: &Webhook) -> Result<Zone> {
        let caller = Caller::system(webhook.organization_id.into(), Zone::utc());
        let organization = Organizations::new(self.db.clone()).get(&caller).await?;
        Ok(Zone::named(&organization.record.time_zone).unwrap_or_else(Zone::utc))
    }
}
