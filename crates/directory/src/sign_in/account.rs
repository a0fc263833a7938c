use std::sync::Arc;

use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::EmployeeId;
use frontdesk_core::input::{Fields, Input, Rule, Violations};
use frontdesk_core::time::LocalTime;
use frontdesk_core::{Error, Result};
use frontdesk_store::{WriteContext, Written};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Secret, SignIn, change_callers, password};
use crate::employee;

/// The signed-in employee (vendor's page).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SignedIn)]
pub struct Me {
    /// The employee's id.
    pub id: EmployeeId,
    /// First name, a space, last name.
    pub name: String,
    /// The e-mail address.
    #[schema(required)]
    pub email: Option<String>,
    /// When the employee was added.
    pub created_at: LocalTime,
    /// When the employee was last changed.
    pub updated_at: LocalTime,
    /// When the employee last signed in with a password.
    #[schema(required)]
    pub login_at: Option<LocalTime>,
    /// Whether the employee works here at present.
    pub is_active: bool,
    /// The employee's id.
    pub instance_id: EmployeeId,
    /// Always `App\Employee`.
    #[schema(example = "App\\Employee")]
    pub instance_type: &'static str,
    /// Whether the record can be neither changed nor deleted.
    pub is_immortal: bool,
    /// When the employee left.
    #[schema(required)]
    pub leave_at: Option<LocalTime>,
}

/// A new password.
#[derive(Clone, Debug, Default, ToSchema)]
pub struct NewPassword {
    /// The present password; needed for one's own.
    #[schema(value_type = Option<String>, format = Password)]
    pub current_password: Option<Secret>,
    /// The new password.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
    pub password: Secret,
    /// The employee whose password it is to be: an admin may set that of others. Left out: one's own.
    pub employee_id: Option<EmployeeId>,
}

impl NewPassword {
    /// Reads the body's fields.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            current_password: fields.optional("current_password"),
            password: fields.required("password"),
            employee_id: fields.optional("employee_id"),
        }
    }
}

impl SignIn {
    /// The employee who asks.
    pub async fn me(&self, caller: &Caller) -> Result<Versioned<Me>> {
        caller.require(Permission::Staff)?;
        let id = caller.employee().ok_or(Error::Forbidden)?;
        let row = employee::repo::find(&self.db.read(), caller.organization, id).await?.ok_or(Error::NotFound)?;
        let zone = &caller.zone;
        let record = Me {
            id,
            name: row.name(),
            email: row.email,
            created_at: zone.local(row.created_at),
            updated_at: zone.local(row.updated_at),
            login_at: row.login_at.map(|at| zone.local(at)),
            is_active: row.is_active,
            instance_id: id,
            instance_type: r"App\Employee",
            is_immortal: row.is_immortal,
            leave_at: row.leave_at.map(|at| zone.local(at)),
        };
        Ok(Versioned { version: row.version, record })
    }

    /// Changes one's own password, which takes the present one, or as an admin that of another employee. Every token of
    /// that employee is revoked, the one it was asked with included: whoever knew the old password is out, and signs in anew.
    pub async fn change_password(&self, cx: &WriteContext, new: impl Into<Input<NewPassword>>) -> Result<Written<()>> {
        cx.caller.require(Permission::Staff)?;
        let Input { value: new, mut violations } = new.into();
        let own = cx.caller.employee();
        let target = new.employee_id.or(own);
        if target != own {
            cx.caller.require(Permission::Administer)?;
        }
        password::judge(&new.password, &mut violations);
        let mut known = None;
        match target {
            None => violations.body("employee_id", Rule::Required),
            Some(target) => {
                let row = employee::repo::find(&self.db.read(), cx.caller.organization, target).await?;
                match row {
                    None => violations.body("employee_id", Rule::Exists),
                    Some(row) if target == own.unwrap_or_default() => {
                        judge_current(new.current_password, row.password_hash.clone(), &mut violations).await?;
                        known = row.password_hash;
                    }
                    Some(_) => {}
                }
            }
        }
        let hash = if violations.all().is_empty() { password::hash(new.password).await? } else { String::new() };
        self.put_password(cx, target, known, hash, violations).await
    }

    /// Writes the hash. What was found wrong is told from inside the write, where a kept answer comes first.
    async fn put_password(
        &self,
        cx: &WriteContext,
        target: Option<EmployeeId>,
        known: Option<String>,
        hash: String,
        violations: Violations,
    ) -> Result<Written<()>> {
        let input = Arc::new((known, hash, violations));
        let work = change_callers(&self.db, cx, move |tx| {
            let input = input.clone();
            Box::pin(async move {
                let (known, hash, violations) = (*input).clone();
                let target = violations.or(target)?.ok_or(Error::NotFound)?;
                let row = employee::repo::lock_one(tx, target).await?.ok_or_else(|| Error::body("employee_id", Rule::Exists))?;
                if known.is_some() && row.password_hash != known {
                    return Err(Error::Conflict("the password has been changed meanwhile".into()));
                }
                employee::access::put_password(tx, row, hash).await?;
                Ok(())
            })
        });
        let done = work.await?;
        tracing::info!(target: "security", employee = target.map(|id| id.0), "a password was changed");
        Ok(done)
    }
}

async fn judge_current(given: Option<Secret>, hash: Option<String>, violations: &mut Violations) -> Result<()> {
    match given {
        None => violations.body("current_password", Rule::Required),
        Some(given) => {
            if !password::verify(given, hash).await? {
                tracing::warn!(target: "security", "the present password was refused");
                violations.body("current_password", Rule::other("is not the present password"));
            }
        }
    }
    Ok(())
}
