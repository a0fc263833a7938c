use std::sync::Arc;

use frontdesk_core::access::Permission;
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee::{self, Staff};
use frontdesk_store::{Tx, WriteContext, Written};

use super::{AppointmentModeratorRemoval, NewAppointmentModerator, repo};
use crate::notice::plan;
use crate::reply::Reply;
use crate::task::{Appointments, booking, repo as task};

const SUCCESS: &str = "service member success";
const REMOVED: &str = "success";

impl Appointments {
    /// Adds an employee to an appointment's moderators (createTaskModerator).
    ///
    /// One who is a moderator already stays with the codes it has, which is a remark. Where the employee moderates another
    /// scheduled appointment at the same time, the organization's `double_booking` decides: nothing, a remark, or a
    /// violation of `emp_id`.
    pub async fn add_moderator(&self, cx: &WriteContext, input: impl Into<Input<NewAppointmentModerator>>) -> Result<Written<Reply>> {
        cx.caller.require(Permission::WriteAppointments)?;
        let (input, mails) = (Arc::new(input.into()), self.mails);
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { add(tx, &input, mails).await })
            })
            .await
    }

    /// Removes an employee from an appointment's moderators (removeTaskModerator). One who is none of them is a remark.
    pub async fn remove_moderator(
        &self,
        cx: &WriteContext,
        input: impl Into<Input<AppointmentModeratorRemoval>>,
    ) -> Result<Written<Reply>> {
        cx.caller.require(Permission::WriteAppointments)?;
        let (input, mails) = (Arc::new(input.into()), self.mails);
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { remove(tx, &input, mails).await })
            })
            .await
    }
}

async fn add(tx: &Tx, input: &Input<NewAppointmentModerator>, mails: bool) -> Result<Reply> {
    let new = &input.value;
    let mut violations = input.violations.clone();
    let before = task::target(tx, &new.task_num, &violations).await?;
    if let Some(before) = &before {
        tx.expect_version(before.row.version)?;
        before.must_be_open("nothing can be added to it", &mut violations)?;
    }
    violations.check(In::Body, new);
    let employee = joining(tx, new, &mut violations).await?;
    let (Some(before), Some(employee)) = (before, employee) else { return Err(Error::Invalid(violations)) };
    if before.moderators.iter().any(|moderator| moderator.employee_id == employee.id.0) {
        violations.or(())?;
        let reply = Reply::new(SUCCESS, before.row.version, ());
        return Ok(reply.remark(format!("{} is already a service member of this task", employee.employee_no)));
    }
    let clashes = booking::judge(tx, &before.row, std::slice::from_ref(&employee), "emp_id", &mut violations).await?;
    violations.or(())?;
    let mut after = before.clone();
    after.moderators.push(repo::insert(tx, before.row.id, employee.id, new).await?);
    let after = after.save(tx, &before, "moderator_added").await?;
    plan::tell(tx, &before, &after, mails).await?;
    let reply = Reply::new(SUCCESS, after.row.version, ());
    Ok(match clashes {
        Some(clashes) => reply.remark(format!("{SUCCESS}; {clashes}")),
        None => reply,
    })
}

async fn remove(tx: &Tx, input: &Input<AppointmentModeratorRemoval>, mails: bool) -> Result<Reply> {
    let mut violations = input.violations.clone();
    let before = task::target(tx, &input.value.task_num, &violations).await?;
    if let Some(before) = &before {
        tx.expect_version(before.row.version)?;
        before.must_be_open("nothing can be removed from it", &mut violations)?;
    }
    let employee = named(tx, input.value.emp_id.as_deref(), &mut violations).await?;
    violations.or(())?;
    let (Some(before), Some(employee)) = (before, employee) else { return Err(Error::NotFound) };
    let Some(there) = before.moderators.iter().position(|moderator| moderator.employee_id == employee.id.0) else {
        let reply = Reply::new(REMOVED, before.row.version, ());
        return Ok(reply.remark(format!("{} is no service member of this task", employee.employee_no)));
    };
    let mut after = before.clone();
    repo::delete(tx, &after.moderators.remove(there)).await?;
    let after = after.save(tx, &before, "moderator_removed").await?;
    plan::tell(tx, &before, &after, mails).await?;
    Ok(Reply::new(REMOVED, after.row.version, ()))
}

/// The employee whom a request is about: whom it names, else who asks.
async fn named(tx: &Tx, emp_id: Option<&str>, violations: &mut Violations) -> Result<Option<Staff>> {
    let organization = tx.caller().organization;
    let staff = match (emp_id, tx.caller().employee()) {
        (Some(emp_id), _) => employee::find_by_no(tx, organization, emp_id).await?,
        (None, Some(id)) => employee::find(tx, organization, id).await?,
        (None, None) => None,
    };
    if staff.is_none() {
        violations.body("emp_id", if emp_id.is_some() { Rule::Exists } else { Rule::Required });
    }
    Ok(staff)
}

/// The employee who is to join, locked after the appointment: so two appointments that add the same employee wait for each
/// other there, and the second sees what the first has added.
async fn joining(tx: &Tx, new: &NewAppointmentModerator, violations: &mut Violations) -> Result<Option<Staff>> {
    let Some(Staff { id, .. }) = named(tx, new.emp_id.as_deref(), violations).await? else { return Ok(None) };
    let organization = tx.caller().organization;
    employee::lock(tx, organization, &[id.0]).await?;
    let staff = employee::find(tx, organization, id).await?;
    match &staff {
        None => violations.body("emp_id", Rule::Exists),
        Some(staff) if !staff.is_active => violations.body("emp_id", Rule::other("names an employee who is not active")),
        Some(_) => {}
    }
    Ok(staff)
}
