use std::sync::Arc;

use frontdesk_core::access::Permission;
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_core::status::DoubleBooking;
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee::{self, Staff};
use frontdesk_directory::organization;
use frontdesk_store::{Tx, WriteContext, Written};

use super::{NewAppointmentModerator, repo};
use crate::reply::Reply;
use crate::task::{Appointments, repo as task};

const SUCCESS: &str = "service member success";

impl Appointments {
    /// Adds an employee to an appointment's moderators (createTaskModerator).
    ///
    /// One who is a moderator already stays with the codes it has, which is a remark. Where the employee moderates another
    /// scheduled appointment at the same time, the organization's `double_booking` decides: nothing, a remark, or a
    /// violation of `emp_id`.
    pub async fn add_moderator(&self, cx: &WriteContext, input: impl Into<Input<NewAppointmentModerator>>) -> Result<Written<Reply>> {
        cx.caller.require(Permission::WriteAppointments)?;
        let input = Arc::new(input.into());
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { add(tx, &input).await })
            })
            .await
    }
}

async fn add(tx: &Tx, input: &Input<NewAppointmentModerator>) -> Result<Reply> {
    let new = &input.value;
    let mut violations = input.violations.clone();
    let before = task::target(tx, &new.task_num, &violations).await?;
    if let Some(before) = &before {
        tx.expect_version(before.row.version)?;
        before.must_be_open(&mut violations)?;
    }
    violations.check(In::Body, new);
    let employee = joining(tx, new, &mut violations).await?;
    let (Some(before), Some(employee)) = (before, employee) else { return Err(Error::Invalid(violations)) };
    if before.moderators.iter().any(|moderator| moderator.employee_id == employee.id.0) {
        violations.or(())?;
        let reply = Reply::new(SUCCESS, before.row.version, ());
        return Ok(reply.remark(format!("{} is already a service member of this task", employee.employee_no)));
    }
    let obstacle = book(tx, &before, &employee, &mut violations).await?;
    violations.or(())?;
    let mut after = before.clone();
    after.moderators.push(repo::insert(tx, before.row.id, employee.id, new).await?);
    let after = after.save(tx, &before, "moderator_added").await?;
    let reply = Reply::new(SUCCESS, after.row.version, ());
    Ok(match obstacle {
        Some(other) => {
            reply.remark(format!("{SUCCESS}; {} is also a service member of the overlapping task {other}", employee.employee_no))
        }
        None => reply,
    })
}

/// The employee who is to join, locked after the appointment: so two appointments that add the same employee wait for each
/// other there, and the second sees what the first has added.
async fn joining(tx: &Tx, new: &NewAppointmentModerator, violations: &mut Violations) -> Result<Option<Staff>> {
    let organization = tx.caller().organization;
    let id = match &new.emp_id {
        Some(emp_id) => employee::find_by_no(tx, organization, emp_id).await?.map(|staff| staff.id),
        None => tx.caller().employee(),
    };
    let Some(id) = id else {
        violations.body("emp_id", if new.emp_id.is_some() { Rule::Exists } else { Rule::Required });
        return Ok(None);
    };
    employee::lock(tx, organization, &[id.0]).await?;
    let staff = employee::find(tx, organization, id).await?;
    match &staff {
        None => violations.body("emp_id", Rule::Exists),
        Some(staff) if !staff.is_active => violations.body("emp_id", Rule::other("names an employee who is not active")),
        Some(_) => {}
    }
    Ok(staff)
}

/// The overlapping appointment to remark on; under `reject` it is a violation.
async fn book(tx: &Tx, task: &task::Whole, employee: &Staff, violations: &mut Violations) -> Result<Option<String>> {
    let setting = organization::double_booking(tx, tx.caller().organization).await?;
    if setting == DoubleBooking::Allow {
        return Ok(None);
    }
    let obstacle = task::obstacle(tx, &task.row, employee.id).await?;
    if setting == DoubleBooking::Reject
        && let Some(other) = &obstacle
    {
        violations.body("emp_id", Rule::other(format!("names a service member of the overlapping task {other}")));
    }
    Ok(obstacle)
}
