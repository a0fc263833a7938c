use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::DepartmentId;
use frontdesk_core::input::{In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Db, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{Department, DepartmentPatch, NewDepartment, repo};

/// The departments of an organization.
#[derive(Clone, Debug)]
pub struct Departments {
    db: Db,
}

impl Departments {
    /// The departments in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<Department>> {
        caller.require(Permission::ReadDirectory)?;
        let found = repo::page(&self.db.together(), caller.organization, page).await?;
        Ok(found.map(Department::from))
    }

    /// One department.
    pub async fn get(&self, caller: &Caller, id: DepartmentId) -> Result<Versioned<Department>> {
        caller.require(Permission::ReadDirectory)?;
        Ok(versioned(record::find(&self.db.read(), caller.organization, id).await?))
    }

    /// Creates a department.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewDepartment>>) -> Result<Written<Versioned<Department>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a department.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: DepartmentId,
        input: impl Into<Input<DepartmentPatch>>,
    ) -> Result<Written<Versioned<Department>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a department. [`frontdesk_core::Error::Conflict`] where another record names it.
    pub async fn delete(&self, cx: &WriteContext, id: DepartmentId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteDirectory)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewDepartment>) -> Result<Versioned<Department>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    violations.or(())?;
    Ok(versioned(record::create(tx, Model::from(new)).await?))
}

async fn update(tx: &Tx, id: DepartmentId, input: Input<DepartmentPatch>) -> Result<Versioned<Department>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    violations.or(())?;
    let after = before.patched(patch);
    Ok(versioned(record::change(tx, before, after, "updated").await?))
}

async fn delete(tx: &Tx, id: DepartmentId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::delete(tx, row).await
}

fn versioned(row: Model) -> Versioned<Department> {
    Versioned { version: row.version, record: row.into() }
}
