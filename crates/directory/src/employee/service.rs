use std::sync::Arc;

use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::id::Kind;
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::Role;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Change, Db, WriteContext, Written};

use super::entity::Model;
use super::full::full;
use super::{Employee, EmployeeFilter, NewEmployee, Staff, access, repo};
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
        let db = self.db.read();
        let Page { items, total, request } = repo::page(&db, caller.organization, filter, page).await?;
        Ok(Page { items: full(&db, caller, items).await?, total, request })
    }

    /// Adds an employee, who has no password yet.
    pub async fn add(&self, cx: &WriteContext, new: impl Into<Input<NewEmployee>>) -> Result<Written<Staff>> {
        cx.caller.require(Permission::Administer)?;
        let input = Arc::new(new.into());
        self.db
            .write(cx, move |tx| {
                let Input { value: new, mut violations } = (*input).clone();
                Box::pin(async move {
                    violations.check(In::Body, &new);
                    if repo::find_by_no(tx, tx.caller().organization, &new.employee_no).await?.is_some() {
                        violations.body("employee_no", Rule::other("is the number of another employee"));
                    }
                    violations.or(())?;
                    let row = repo::insert(tx, new).await?;
                    tx.record(Change::created(Kind::Employee, row.id, serde_json::to_value(&row)?));
                    Ok(row.into())
                })
            })
            .await
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
                tx.record(Change::created(Kind::Employee, row.id, serde_json::to_value(&row)?));
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
        self.db
            .write(cx, move |tx| {
                let input = input.clone();
                Box::pin(async move {
                    let (employee_no, hash) = &*input;
                    let row = repo::lock_by_no(tx, employee_no).await?.ok_or_else(unknown)?;
                    access::put_password(tx, row, hash.clone()).await
                })
            })
            .await
    }

    /// Gives an employee another role, and revokes the employee's tokens; nothing happens where it is the same.
    pub async fn set_role(&self, cx: &WriteContext, employee_no: &str, role: Role) -> Result<Written<()>> {
        cx.caller.require(Permission::Administer)?;
        let employee_no: Arc<str> = employee_no.into();
        self.db
            .write(cx, move |tx| {
                let employee_no = employee_no.clone();
                Box::pin(async move {
                    let row = repo::lock_by_no(tx, &employee_no).await?.ok_or_else(unknown)?;
                    access::put_role(tx, row, role).await
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
