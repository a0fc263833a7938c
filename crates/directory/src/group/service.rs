use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{GroupId, Kind};
use frontdesk_core::input::{In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Db, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{Group, GroupPatch, NewGroup, repo};

/// The groups of an organization.
#[derive(Clone, Debug)]
pub struct Groups {
    db: Db,
}

impl Groups {
    /// The groups in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<Group>> {
        caller.require(Permission::ReadDirectory)?;
        let found = repo::page(&self.db.together(), caller.organization, page).await?;
        Ok(found.map(Group::from))
    }

    /// One group.
    pub async fn get(&self, caller: &Caller, id: GroupId) -> Result<Versioned<Group>> {
        caller.require(Permission::ReadDirectory)?;
        Ok(versioned(record::find(&self.db.read(), caller.organization, id).await?))
    }

    /// Creates a group.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewGroup>>) -> Result<Written<Versioned<Group>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a group.
    pub async fn update(&self, cx: &WriteContext, id: GroupId, input: impl Into<Input<GroupPatch>>) -> Result<Written<Versioned<Group>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a group. [`frontdesk_core::Error::Conflict`] where another record names it.
    pub async fn delete(&self, cx: &WriteContext, id: GroupId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteDirectory)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewGroup>) -> Result<Versioned<Group>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    record::refer(tx, &mut violations, [("supervisor_id", Kind::Employee, new.supervisor_id.map(Into::into))]).await?;
    violations.or(())?;
    Ok(versioned(record::create(tx, Model::from(new)).await?))
}

async fn update(tx: &Tx, id: GroupId, input: Input<GroupPatch>) -> Result<Versioned<Group>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    record::refer(tx, &mut violations, [("supervisor_id", Kind::Employee, patch.supervisor_id.value().map(|id| id.0))]).await?;
    violations.or(())?;
    let after = before.patched(patch);
    Ok(versioned(record::change(tx, before, after, "updated").await?))
}

async fn delete(tx: &Tx, id: GroupId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::delete(tx, row).await
}

fn versioned(row: Model) -> Versioned<Group> {
    Versioned { version: row.version, record: row.into() }
}
