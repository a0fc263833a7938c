use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{CtiAgentId, Kind};
use frontdesk_core::input::{In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Db, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{CtiAgent, CtiAgentPatch, NewCtiAgent, repo};

/// The agent accounts of an organization.
#[derive(Clone, Debug)]
pub struct CtiAgents {
    db: Db,
}

impl CtiAgents {
    /// The agent accounts in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<CtiAgent>> {
        caller.require(Permission::ReadDirectory)?;
        let found = repo::page(&self.db.together(), caller.organization, page).await?;
        Ok(found.map(CtiAgent::from))
    }

    /// One agent account.
    pub async fn get(&self, caller: &Caller, id: CtiAgentId) -> Result<Versioned<CtiAgent>> {
        caller.require(Permission::ReadDirectory)?;
        Ok(versioned(record::find(&self.db.read(), caller.organization, id).await?))
    }

    /// Creates an agent account.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewCtiAgent>>) -> Result<Written<Versioned<CtiAgent>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes an agent account.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: CtiAgentId,
        input: impl Into<Input<CtiAgentPatch>>,
    ) -> Result<Written<Versioned<CtiAgent>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes an agent account. [`frontdesk_core::Error::Conflict`] where another record names it.
    pub async fn delete(&self, cx: &WriteContext, id: CtiAgentId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteDirectory)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewCtiAgent>) -> Result<Versioned<CtiAgent>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    record::refer(tx, &mut violations, [("group_id", Kind::Group, new.group_id.map(Into::into))]).await?;
    violations.or(())?;
    Ok(versioned(record::create(tx, Model::from(new)).await?))
}

async fn update(tx: &Tx, id: CtiAgentId, input: Input<CtiAgentPatch>) -> Result<Versioned<CtiAgent>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    record::refer(tx, &mut violations, [("group_id", Kind::Group, patch.group_id.value().map(|id| id.0))]).await?;
    violations.or(())?;
    let after = before.patched(patch);
    Ok(versioned(record::change(tx, before, after, "updated").await?))
}

async fn delete(tx: &Tx, id: CtiAgentId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::delete(tx, row).await
}

fn versioned(row: Model) -> Versioned<CtiAgent> {
    Versioned { version: row.version, record: row.into() }
}
