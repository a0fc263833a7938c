use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{DeliveryId, WebhookId};
use frontdesk_core::input::{In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_outbound::sign::Secret;
use frontdesk_store::{Db, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{Beside, IssuedWebhook, NewWebhook, Replay, Replayed, Webhook, WebhookPatch, repo};
use crate::delivery::{self, Delivery};

/// The webhooks of an organization.
#[derive(Clone, Debug)]
pub struct Webhooks {
    db: Db,
    world: World,
}

impl Webhooks {
    /// The webhooks in a store.
    #[must_use]
    pub fn new(db: Db, world: World) -> Self {
        Self { db, world }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<Webhook>> {
        caller.require(Permission::Administer)?;
        let found = repo::page(&self.db.together(), caller.organization, page).await?;
        Ok(found.map(|row| Webhook::of(row, &caller.zone)))
    }

    /// One webhook.
    pub async fn get(&self, caller: &Caller, id: WebhookId) -> Result<Versioned<Webhook>> {
        caller.require(Permission::Administer)?;
        Ok(versioned(record::find(&self.db.read(), caller.organization, id).await?, &caller.zone))
    }

    /// Adds a webhook, which is told of what happens from now on. Its secret is shown this once.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewWebhook>>) -> Result<IssuedWebhook> {
        cx.caller.require(Permission::Administer)?;
        let (input, secret) = (input.into(), Secret::new(self.world.random()?).reveal());
        let (newest, shown) = (self.db.newest_event().await?, secret.clone());
        let work = self.db.write(cx, move |tx| Box::pin(create(tx, input.clone(), secret.clone(), newest)));
        Ok(IssuedWebhook::of(fresh(work.await?)?, shown))
    }

    /// Changes a webhook.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: WebhookId,
        input: impl Into<Input<WebhookPatch>>,
    ) -> Result<Written<Versioned<Webhook>>> {
        cx.caller.require(Permission::Administer)?;
        let input = input.into();
        let newest = if input.value.is_active == Some(true) { self.db.newest_event().await? } else { 0 };
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone(), newest))).await
    }

    /// Deletes a webhook with the log of its deliveries.
    pub async fn delete(&self, cx: &WriteContext, id: WebhookId) -> Result<Written<()>> {
        cx.caller.require(Permission::Administer)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }

    /// Gives a webhook another secret, which is shown this once. For 24 hours both sign.
    pub async fn rotate(&self, cx: &WriteContext, id: WebhookId) -> Result<Versioned<IssuedWebhook>> {
        cx.caller.require(Permission::Administer)?;
        let secret = Secret::new(self.world.random()?).reveal();
        let shown = secret.clone();
        let work = self.db.write(cx, move |tx| Box::pin(rotate(tx, id, secret.clone())));
        let Versioned { version, record } = fresh(work.await?)?;
        Ok(Versioned { version, record: IssuedWebhook::of(record, shown) })
    }

    /// A page of a webhook's deliveries, the newest event first.
    pub async fn deliveries(&self, caller: &Caller, id: WebhookId, page: Input<PageRequest>) -> Result<Page<Delivery>> {
        caller.require(Permission::Administer)?;
        let read = self.db.read();
        let webhook: Model = record::find(&read, caller.organization, id).await?;
        let found = delivery::repo::page(&read, &webhook, page.checked()?).await?;
        Ok(found.map(|row| Delivery::of(row, &caller.zone)))
    }

    /// Sends a delivery again, whatever became of it, at once. [`Error::Conflict`] where nothing is sent to the webhook.
    pub async fn resend(&self, cx: &WriteContext, id: WebhookId, delivery: DeliveryId) -> Result<Written<Beside<Delivery>>> {
        cx.caller.require(Permission::Administer)?;
        self.db.write(cx, move |tx| Box::pin(resend(tx, id, delivery))).await
    }

    /// Sends all events of a range that a webhook wants, again or for the first time. [`Error::Gone`] where some are kept no longer,
    /// [`Error::Conflict`] where a replay has not ended, or nothing is sent to the webhook.
    pub async fn replay(&self, cx: &WriteContext, id: WebhookId, input: impl Into<Input<Replay>>) -> Result<Written<Beside<Replayed>>> {
        cx.caller.require(Permission::Administer)?;
        let (input, horizon) = (input.into(), self.db.horizon().await?);
        let forgotten = self.db.last_forgotten_event(cx.caller.organization).await?;
        self.db.write(cx, move |tx| Box::pin(replay(tx, id, input.clone(), (forgotten, horizon)))).await
    }

    /// Deletes the log of deliveries that ended 30 days ago; says how many.
    pub async fn clean_up(&self) -> Result<u64> {
        delivery::repo::forget(&self.db, self.world.now()).await
    }
}

/// The result of a write whose answer is not kept.
fn fresh<T>(written: Written<T>) -> Result<T> {
    written.fresh().ok_or_else(|| Error::internal("the answer of a write with a secret was kept"))
}

async fn create(tx: &Tx, input: Input<NewWebhook>, secret: String, newest: i64) -> Result<Webhook> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    new.judge(&mut violations);
    violations.or(())?;
    Ok(Webhook::of(record::create(tx, Model::of(new, secret, newest)).await?, &tx.caller().zone))
}

async fn update(tx: &Tx, id: WebhookId, input: Input<WebhookPatch>, newest: i64) -> Result<Versioned<Webhook>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    patch.judge(&mut violations);
    violations.or(())?;
    let after = before.patched(patch, newest);
    if after.is_served() && !before.is_served() {
        delivery::repo::begin_again(tx, &before).await?;
    }
    Ok(versioned(record::change(tx, before, after, "updated").await?, &tx.caller().zone))
}

async fn delete(tx: &Tx, id: WebhookId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    delivery::repo::delete(tx, &row).await?;
    record::delete(tx, row).await
}

async fn rotate(tx: &Tx, id: WebhookId, secret: String) -> Result<Versioned<Webhook>> {
    let before: Model = record::lock(tx, id).await?;
    let after = before.rotated(secret, tx);
    Ok(versioned(record::change(tx, before, after, "rotated").await?, &tx.caller().zone))
}

async fn resend(tx: &Tx, id: WebhookId, delivery: DeliveryId) -> Result<Beside<Delivery>> {
    let webhook = served(tx, id).await?;
    let row = delivery::repo::resend(tx, &webhook, delivery).await?.ok_or(Error::NotFound)?;
    let zone = &tx.caller().zone;
    Ok(Beside { webhook: versioned(webhook, zone), told: Delivery::of(row, zone) })
}

async fn replay(tx: &Tx, id: WebhookId, input: Input<Replay>, (forgotten, horizon): (i64, i64)) -> Result<Beside<Replayed>> {
    let webhook = served(tx, id).await?;
    let asked = input.checked()?;
    if asked.after < forgotten {
        return Err(Error::Gone(format!("events up to {forgotten} are kept no longer; begin after {forgotten}")));
    }
    if webhook.replay().is_some() {
        return Err(Error::Conflict("a replay of this webhook has not ended".into()));
    }
    // What comes after is sent anyway.
    let until = asked.until.unwrap_or(horizon).min(webhook.position);
    if until > asked.after {
        repo::begin_replay(tx, &webhook, asked.after, until).await?;
    }
    let told = Replayed { after: asked.after, until: until.max(asked.after) };
    Ok(Beside { webhook: versioned(webhook, &tx.caller().zone), told })
}

/// A webhook that something is sent to.
async fn served(tx: &Tx, id: WebhookId) -> Result<Model> {
    let webhook: Model = record::lock(tx, id).await?;
    if webhook.is_served() {
        Ok(webhook)
    } else {
        Err(Error::Conflict("nothing is sent to this webhook: it is paused or not active".into()))
    }
}

fn versioned(row: Model, zone: &Zone) -> Versioned<Webhook> {
    Versioned { version: row.version, record: Webhook::of(row, zone) }
}
