use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::SponsorId;
use frontdesk_core::input::{In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Db, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{NewSponsor, Sponsor, SponsorPatch, repo};

/// The sponsors of an organization.
#[derive(Clone, Debug)]
pub struct Sponsors {
    db: Db,
}

impl Sponsors {
    /// The sponsors in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<Sponsor>> {
        caller.require(Permission::ReadDirectory)?;
        let found = repo::page(&self.db.together(), caller.organization, page).await?;
        Ok(found.map(Sponsor::from))
    }

    /// One sponsor.
    pub async fn get(&self, caller: &Caller, id: SponsorId) -> Result<Versioned<Sponsor>> {
        caller.require(Permission::ReadDirectory)?;
        Ok(versioned(record::find(&self.db.read(), caller.organization, id).await?))
    }

    /// Creates a sponsor.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewSponsor>>) -> Result<Written<Versioned<Sponsor>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a sponsor.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: SponsorId,
        input: impl Into<Input<SponsorPatch>>,
    ) -> Result<Written<Versioned<Sponsor>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a sponsor. [`frontdesk_core::Error::Conflict`] where another record names it.
    pub async fn delete(&self, cx: &WriteContext, id: SponsorId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteDirectory)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewSponsor>) -> Result<Versioned<Sponsor>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    violations.or(())?;
    Ok(versioned(record::create(tx, Model::from(new)).await?))
}

async fn update(tx: &Tx, id: SponsorId, input: Input<SponsorPatch>) -> Result<Versioned<Sponsor>> {
    let before: Model = record::lock(tx, id).await?;
    record::mortal(before.is_immortal)?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    violations.or(())?;
    let after = before.patched(patch);
    Ok(versioned(record::change(tx, before, after, "updated").await?))
}

async fn delete(tx: &Tx, id: SponsorId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::mortal(row.is_immortal)?;
    record::delete(tx, row).await
}

fn versioned(row: Model) -> Versioned<Sponsor> {
    Versioned { version: row.version, record: row.into() }
}
