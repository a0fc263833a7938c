use std::sync::Arc;

use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::EmployeeId;
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::Role;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Db, WriteContext, Written, record};

use super::entity::Model;
use super::full::{full, versioned};
use super::{Employee, EmployeeFilter, EmployeePatch, NewEmployee, Staff, access, repo, write};
use crate::sign_in::{self, Secret};

/// The staff of an organization.
#[derive(Clone, Debug)]
pub struct Employees {
    db: Db,
}

impl Employees {
    /// The employees in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, newest first.
    pub async fn list(&self, caller: &Caller, filter: &EmployeeFilter, page: PageRequest) -> Result<Page<Employee>> {
        caller.require(Permission::ReadDirectory)?;
        let mut violations = Violations::default();
        violations.check(In::Query, filter);
        violations.or(())?;
        let db = self.db.together();
        let Page { items, total, request, next } = repo::page(&db, caller.organization, filter, page).await?;
        Ok(Page { items: full(&db, caller, items).await?, total, request, next })
    }

    /// One employee.
    pub async fn get(&self, caller: &Caller, id: EmployeeId) -> Result<Versioned<Employee>> {
        caller.require(Permission::ReadDirectory)?;
        let db = self.db.together();
        let row: Model = record::find(&db, caller.organization, id).await?;
        versioned(&db, caller, row).await
    }

    /// Adds an employee, who has no password yet and a profile without phone numbers.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewEmployee>>) -> Result<Written<Versioned<Employee>>> {
        cx.caller.require(Permission::Administer)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(write::create(tx, input.clone()))).await
    }

    /// Changes an employee. Another role, or to be active no longer, revokes the employee's tokens.
    /// [`Error::Conflict`] where nobody would be left who can sign in as an admin.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: EmployeeId,
        input: impl Into<Input<EmployeePatch>>,
    ) -> Result<Written<Versioned<Employee>>> {
        cx.caller.require(Permission::Administer)?;
        let input = input.into();
        sign_in::change_callers(&self.db, cx, move |tx| Box::pin(write::update(tx, id, input.clone()))).await
    }

    /// Deletes an employee with its tokens, codes and phone numbers. [`Error::Conflict`] where another record names it, or where
    /// nobody would be left who can sign in as an admin.
    pub async fn delete(&self, cx: &WriteContext, id: EmployeeId) -> Result<Written<()>> {
        cx.caller.require(Permission::Administer)?;
        sign_in::change_callers(&self.db, cx, move |tx| Box::pin(write::delete(tx, id))).await
    }

    /// Adds an employee with a password of 8 to 128 characters where nobody in the store can sign in, else nobody. Of several
    /// who do so for the same organization at the same time, one succeeds.
    pub async fn add_first(&self, cx: &WriteContext, new: NewEmployee, password: Secret) -> Result<Option<Staff>> {
        cx.caller.require(Permission::Administer)?;
        let mut violations = Violations::default();
        violations.check(In::Body, &new);
        sign_in::judge(&password, &mut violations);
        violations.or(())?;
        let hash = sign_in::hash(password).await?;
        let input = Arc::new((new, hash));
        let written = self.db.write(cx, move |tx| {
            let input = input.clone();
            Box::pin(async move {
                let (new, hash) = &*input;
                if repo::somebody_can_sign_in(tx).await? {
                    return Ok(None);
                }
                let row = repo::insert(tx, new.clone()).await?;
                let row = repo::save(tx, Model { password_hash: Some(hash.clone()), ..row }).await?;
                Ok(Some(row.into()))
            })
        });
        Ok(written.await?.fresh().flatten())
    }

    /// Gives an employee a password of 8 to 128 characters, and revokes the employee's tokens.
    pub async fn set_password(&self, cx: &WriteContext, employee_no: &str, password: Secret) -> Result<Written<()>> {
        cx.caller.require(Permission::Administer)?;
        let mut violations = Violations::default();
        sign_in::judge(&password, &mut violations);
        violations.or(())?;
        let hash = sign_in::hash(password).await?;
        let input = Arc::new((employee_no.to_owned(), hash));
        sign_in::change_callers(&self.db, cx, move |tx| {
            let input = input.clone();
            Box::pin(async move {
                let (employee_no, hash) = &*input;
                let row = repo::lock_by_no(tx, employee_no).await?.ok_or_else(unknown)?;
                access::put_password(tx, row, hash.clone()).await?;
                Ok(())
            })
        })
        .await
    }

    /// Gives an employee another role, and revokes the employee's tokens; nothing happens where it is the same.
    /// [`Error::Conflict`] where nobody would be left who can sign in as an admin.
    pub async fn set_role(&self, cx: &WriteContext, employee_no: &str, role: Role) -> Result<Written<()>> {
        cx.caller.require(Permission::Administer)?;
        let employee_no: Arc<str> = employee_no.into();
        sign_in::change_callers(&self.db, cx, move |tx| {
            let employee_no = employee_no.clone();
            Box::pin(async move {
                let row = repo::lock_by_no(tx, &employee_no).await?.ok_or_else(unknown)?;
                access::put_role(tx, row, role).await?;
                Ok(())
            })
        })
        .await
    }

    /// Whether anybody in the store can sign in with a password.
    pub async fn somebody_can_sign_in(&self) -> Result<bool> {
        repo::somebody_can_sign_in(&self.db.read()).await
    }
}

fn unknown() -> Error {
    Error::body("employee_no", Rule::Exists)
}
