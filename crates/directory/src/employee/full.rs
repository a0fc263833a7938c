use frontdesk_core::access::Caller;
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{DepartmentId, ExtensionId, JobTitleId};
use frontdesk_core::{Error, Result};
use frontdesk_store::Lookup;
use frontdesk_store::record::{distinct, pick};

use super::Employee;
use super::brief::around;
use super::entity::Model;
use crate::phone::Profile;
use crate::{department, job_title, phone};

/// The rows with everything nested in them: one query a relation.
pub(super) async fn full(db: &impl Lookup, caller: &Caller, rows: Vec<Model>) -> Result<Vec<Employee>> {
    let organization = caller.organization;
    let around = around(db, organization, &rows).await?;
    let job_titles = job_title::repo::by_ids(db, organization, distinct(rows.iter().map(|row| row.job_title_id))).await?;
    let departments = department::repo::by_ids(db, organization, distinct(rows.iter().map(|row| row.department_id))).await?;
    let mut phones = phone::repo::by_profiles(db, organization, rows.iter().map(|row| row.profile_id).collect()).await?;
    let employee = |row: Model| {
        let cti_agent = pick(&around.cti_agents, row.cti_agent_id);
        Employee {
            id: row.id.into(),
            name: row.name(),
            job_title_id: JobTitleId(row.job_title_id.unwrap_or(-1)),
            job_title: pick(&job_titles, row.job_title_id),
            department_id: DepartmentId(row.department_id.unwrap_or(-1)),
            department: pick(&departments, row.department_id),
            extension_id: ExtensionId(row.extension_id.unwrap_or(-1)),
            extension: pick(&around.extensions, row.extension_id),
            profile: Profile { id: row.profile_id.into(), phones: phones.remove(&row.profile_id).unwrap_or_default() },
            is_active: row.is_active,
            role: row.role(),
            group_id: row.group_id.map(Into::into),
            group: pick(&around.groups, row.group_id),
            is_immortal: row.is_immortal,
            cti_agent_account: cti_agent.as_ref().map(|agent| agent.account.clone()),
            cti_agent,
            created_at: caller.zone.local(row.created_at),
            updated_at: caller.zone.local(row.updated_at),
            first_name: row.first_name,
            last_name: row.last_name,
            employee_no: row.employee_no,
            photo_url: row.photo_url,
            identity_no: row.identity_no,
            email: row.email,
        }
    };
    Ok(rows.into_iter().map(employee).collect())
}

/// One row likewise.
pub(super) async fn versioned(db: &impl Lookup, caller: &Caller, row: Model) -> Result<Versioned<Employee>> {
    let version = row.version;
    let record = full(db, caller, vec![row]).await?.pop().ok_or(Error::NotFound)?;
    Ok(Versioned { version, record })
}
