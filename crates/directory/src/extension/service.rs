use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::ExtensionId;
use frontdesk_core::input::{In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Db, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{Extension, ExtensionPatch, NewExtension, repo};

/// The telephone extensions of an organization.
#[derive(Clone, Debug)]
pub struct Extensions {
    db: Db,
}

impl Extensions {
    /// The telephone extensions in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<Extension>> {
        caller.require(Permission::ReadDirectory)?;
        let found = repo::page(&self.db.together(), caller.organization, page).await?;
        Ok(found.map(Extension::from))
    }

    /// One telephone extension.
    pub async fn get(&self, caller: &Caller, id: ExtensionId) -> Result<Versioned<Extension>> {
        caller.require(Permission::ReadDirectory)?;
        Ok(versioned(record::find(&self.db.read(), caller.organization, id).await?))
    }

    /// Creates a telephone extension.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewExtension>>) -> Result<Written<Versioned<Extension>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a telephone extension.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: ExtensionId,
        input: impl Into<Input<ExtensionPatch>>,
    ) -> Result<Written<Versioned<Extension>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a telephone extension. [`frontdesk_core::Error::Conflict`] where another record names it.
    pub async fn delete(&self, cx: &WriteContext, id: ExtensionId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteDirectory)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewExtension>) -> Result<Versioned<Extension>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    violations.or(())?;
    Ok(versioned(record::create(tx, Model::from(new)).await?))
}

async fn update(tx: &Tx, id: ExtensionId, input: Input<ExtensionPatch>) -> Result<Versioned<Extension>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    violations.or(())?;
    let after = before.patched(patch);
    Ok(versioned(record::change(tx, before, after, "updated").await?))
}

async fn delete(tx: &Tx, id: ExtensionId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::delete(tx, row).await
}

fn versioned(row: Model) -> Versioned<Extension> {
    Versioned { version: row.version, record: row.into() }
}
