use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::TerminationCodeId;
use frontdesk_core::input::{In, Input, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Db, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{NewTerminationCode, TerminationCode, TerminationCodeFilter, TerminationCodePatch, repo};

/// The termination codes of an organization.
#[derive(Clone, Debug)]
pub struct TerminationCodes {
    db: Db,
}

impl TerminationCodes {
    /// The termination codes in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, filter: &TerminationCodeFilter, page: PageRequest) -> Result<Page<TerminationCode>> {
        caller.require(Permission::ReadDirectory)?;
        let mut violations = Violations::default();
        violations.check(In::Query, filter);
        violations.or(())?;
        let found = repo::page(&self.db.together(), caller.organization, filter, page).await?;
        Ok(found.map(TerminationCode::from))
    }

    /// One termination code.
    pub async fn get(&self, caller: &Caller, id: TerminationCodeId) -> Result<Versioned<TerminationCode>> {
        caller.require(Permission::ReadDirectory)?;
        Ok(versioned(record::find(&self.db.read(), caller.organization, id).await?))
    }

    /// Creates a termination code. Its creater is the employee who asks.
    pub async fn create(
        &self,
        cx: &WriteContext,
        input: impl Into<Input<NewTerminationCode>>,
    ) -> Result<Written<Versioned<TerminationCode>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a termination code.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: TerminationCodeId,
        input: impl Into<Input<TerminationCodePatch>>,
    ) -> Result<Written<Versioned<TerminationCode>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a termination code. [`frontdesk_core::Error::Conflict`] where a ticket has it.
    pub async fn delete(&self, cx: &WriteContext, id: TerminationCodeId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteDirectory)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewTerminationCode>) -> Result<Versioned<TerminationCode>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    violations.or(())?;
    Ok(versioned(record::create(tx, Model::new(tx, new)).await?))
}

async fn update(tx: &Tx, id: TerminationCodeId, input: Input<TerminationCodePatch>) -> Result<Versioned<TerminationCode>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    violations.or(())?;
    let after = before.patched(patch);
    Ok(versioned(record::change(tx, before, after, "updated").await?))
}

async fn delete(tx: &Tx, id: TerminationCodeId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::delete(tx, row).await
}

fn versioned(row: Model) -> Versioned<TerminationCode> {
    Versioned { version: row.version, record: row.into() }
}
