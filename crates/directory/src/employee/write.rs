//! What writes do inside their transaction.

use frontdesk_core::Result;
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{EmployeeId, Kind};
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_store::{Tx, record};

use super::entity::Model;
use super::full::versioned;
use super::{Employee, EmployeePatch, NewEmployee, access, repo};
use crate::{phone, sign_in};

/// The ids of job title, department, extension, group and CTI agent.
type References = [Option<i64>; 5];

pub(super) async fn create(tx: &Tx, input: Input<NewEmployee>) -> Result<Versioned<Employee>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    let ids = [
        new.job_title_id.map(Into::into),
        new.department_id.map(Into::into),
        new.extension_id.map(Into::into),
        new.group_id.map(Into::into),
        new.cti_agent_id.map(Into::into),
    ];
    judge(tx, &mut violations, Some(&new.employee_no), None, ids).await?;
    violations.or(())?;
    let row = repo::insert(tx, new).await?;
    versioned(tx, tx.caller(), row).await
}

pub(super) async fn update(tx: &Tx, id: EmployeeId, input: Input<EmployeePatch>) -> Result<Versioned<Employee>> {
    let before: Model = record::lock(tx, id).await?;
    record::mortal(before.is_immortal)?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    let ids = [
        patch.job_title_id.value().map(|id| id.0),
        patch.department_id.value().map(|id| id.0),
        patch.extension_id.value().map(|id| id.0),
        patch.group_id.value().map(|id| id.0),
        patch.cti_agent_id.value().map(|id| id.0),
    ];
    judge(tx, &mut violations, patch.employee_no.as_deref(), Some(before.id), ids).await?;
    violations.or(())?;
    let after = before.patched(patch);
    let row = access::change(tx, before, after, "updated").await?;
    versioned(tx, tx.caller(), row).await
}

pub(super) async fn delete(tx: &Tx, id: EmployeeId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::mortal(row.is_immortal)?;
    if row.administers() {
        access::leave_an_admin(tx, row.id).await?;
    }
    sign_in::forget(tx, row.id).await?;
    let profile = row.profile_id;
    record::delete(tx, row).await?;
    phone::repo::leave(tx, profile).await
}

/// Notes what an employee must not have in common with others, and what it names in vain.
async fn judge(tx: &Tx, violations: &mut Violations, employee_no: Option<&str>, own: Option<i64>, ids: References) -> Result<()> {
    if let Some(employee_no) = employee_no
        && let Some(holder) = repo::find_by_no(tx, tx.caller().organization, employee_no).await?
        && Some(holder.id) != own
    {
        violations.body("employee_no", Rule::other("is the number of another employee"));
    }
    let [job_title, department, extension, group, cti_agent] = ids;
    let references = [
        ("job_title_id", Kind::JobTitle, job_title),
        ("department_id", Kind::Department, department),
        ("extension_id", Kind::Extension, extension),
        ("group_id", Kind::Group, group),
        ("cti_agent_id", Kind::CtiAgent, cti_agent),
    ];
    record::refer(tx, violations, references).await
}
