use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::JobTitleId;
use frontdesk_core::input::{In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Db, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{JobTitle, JobTitlePatch, NewJobTitle, repo};

/// The job titles of an organization.
#[derive(Clone, Debug)]
pub struct JobTitles {
    db: Db,
}

impl JobTitles {
    /// The job titles in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<JobTitle>> {
        caller.require(Permission::ReadDirectory)?;
        let found = repo::page(&self.db.together(), caller.organization, page).await?;
        Ok(found.map(JobTitle::from))
    }

    /// One job title.
    pub async fn get(&self, caller: &Caller, id: JobTitleId) -> Result<Versioned<JobTitle>> {
        caller.require(Permission::ReadDirectory)?;
        Ok(versioned(record::find(&self.db.read(), caller.organization, id).await?))
    }

    /// Creates a job title.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewJobTitle>>) -> Result<Written<Versioned<JobTitle>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a job title.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: JobTitleId,
        input: impl Into<Input<JobTitlePatch>>,
    ) -> Result<Written<Versioned<JobTitle>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a job title. [`frontdesk_core::Error::Conflict`] where another record names it.
    pub async fn delete(&self, cx: &WriteContext, id: JobTitleId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteDirectory)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewJobTitle>) -> Result<Versioned<JobTitle>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    violations.or(())?;
    Ok(versioned(record::create(tx, Model::from(new)).await?))
}

async fn update(tx: &Tx, id: JobTitleId, input: Input<JobTitlePatch>) -> Result<Versioned<JobTitle>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    violations.or(())?;
    let after = before.patched(patch);
    Ok(versioned(record::change(tx, before, after, "updated").await?))
}

async fn delete(tx: &Tx, id: JobTitleId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::delete(tx, row).await
}

fn versioned(row: Model) -> Versioned<JobTitle> {
    Versioned { version: row.version, record: row.into() }
}
