use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::id::{DepartmentId, EmployeeId, ExtensionId, JobTitleId, OrganizationId};
use frontdesk_core::shown::Shown;
use frontdesk_core::status::Role;
use frontdesk_core::time::Zone;
use frontdesk_store::record::{self, distinct, pick};
use frontdesk_store::{Lookup, Tx};

use super::EmployeeBrief;
use super::entity::Model;
use super::repo;
use crate::cti_agent::CtiAgent;
use crate::extension::Extension;
use crate::group::Group;
use crate::{cti_agent, extension, group};

/// What other domains ask of an employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The id.
    pub id: EmployeeId,
    /// The number or word the organization knows the employee by.
    pub employee_no: String,
    /// First name, a space, last name.
    pub name: String,
    /// What the employee may do.
    pub role: Role,
    /// Whether the employee works here at present.
    pub is_active: bool,
    /// Where invitations go.
    pub email: Option<String>,
}

impl From<Model> for Staff {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.into(),
            name: row.name(),
            role: row.role(),
            employee_no: row.employee_no,
            is_active: row.is_active,
            email: row.email,
        }
    }
}

/// What every form of an employee shows inside it.
pub(super) struct Around {
    pub(super) extensions: HashMap<i64, Extension>,
    pub(super) groups: HashMap<i64, Group>,
    pub(super) cti_agents: HashMap<i64, CtiAgent>,
}

pub(super) async fn around(db: &impl Lookup, organization: OrganizationId, rows: &[Model]) -> Result<Around> {
    Ok(Around {
        extensions: extension::repo::by_ids(db, organization, distinct(rows.iter().map(|row| row.extension_id))).await?,
        groups: group::repo::by_ids(db, organization, distinct(rows.iter().map(|row| row.group_id))).await?,
        cti_agents: cti_agent::repo::by_ids(db, organization, distinct(rows.iter().map(|row| row.cti_agent_id))).await?,
    })
}

fn brief(row: Model, zone: &Zone, around: &Around) -> EmployeeBrief {
    let cti_agent = pick(&around.cti_agents, row.cti_agent_id);
    EmployeeBrief {
        id: row.id.into(),
        name: row.name(),
        first_name: row.first_name,
        last_name: row.last_name,
        employee_no: row.employee_no,
        photo_url: row.photo_url,
        identity_no: row.identity_no,
        job_title_id: JobTitleId(row.job_title_id.unwrap_or(-1)),
        department_id: DepartmentId(row.department_id.unwrap_or(-1)),
        extension_id: ExtensionId(row.extension_id.unwrap_or(-1)),
        extension: pick(&around.extensions, row.extension_id),
        group_id: row.group_id.map(Into::into),
        group: pick(&around.groups, row.group_id),
        cti_agent_account: cti_agent.as_ref().map(|agent| agent.account.clone()),
        cti_agent,
        created_at: zone.local(row.created_at),
        updated_at: zone.local(row.updated_at),
    }
}

async fn rows(db: &impl Lookup, organization: OrganizationId, ids: &[i64]) -> Result<Vec<Model>> {
    Ok(record::by_ids::<Model, Model>(db, organization, ids.to_vec()).await?.into_values().collect())
}

/// The organization's employees with these ids, as other records show them: at most 4 queries.
pub async fn briefs(
    db: &impl Lookup,
    organization: OrganizationId,
    zone: &Zone,
    ids: &[i64],
) -> Result<HashMap<i64, Arc<Shown<EmployeeBrief>>>> {
    let read = || async {
        let rows = rows(db, organization, ids).await?;
        let around = around(db, organization, &rows).await?;
        Ok(rows.into_iter().map(|row| (row.id, (zone.clone(), Arc::new(brief(row, zone, &around).into())))).collect())
    };
    let known = record::remembered(db, organization, ids, |(of, _): &(Zone, _)| of == zone, read).await?;
    Ok(known.into_iter().map(|(id, (_, brief))| (id, brief)).collect())
}

/// The names of the organization's employees with these ids.
pub async fn names(db: &impl Lookup, organization: OrganizationId, ids: &[i64]) -> Result<HashMap<i64, String>> {
    Ok(rows(db, organization, ids).await?.into_iter().map(|row| (row.id, row.name())).collect())
}

/// The organization's employees with these ids, as answers show them.
pub async fn shown(db: &impl Lookup, organization: OrganizationId, ids: &[i64]) -> Result<HashMap<i64, Staff>> {
    record::by_ids::<Model, _>(db, organization, ids.to_vec()).await
}

/// The organization's employee with this id.
pub async fn find(db: &impl Lookup, organization: OrganizationId, id: EmployeeId) -> Result<Option<Staff>> {
    Ok(rows(db, organization, &[id.0]).await?.pop().map(Into::into))
}

/// The organization's employee with this `employee_no`, compared to the letter.
pub async fn find_by_no(db: &impl Lookup, organization: OrganizationId, employee_no: &str) -> Result<Option<Staff>> {
    Ok(repo::find_by_no(db, organization, employee_no).await?.map(Into::into))
}

/// The organization's employees with these ids, as they are at this moment: for what a write decides.
pub async fn staff(db: &impl Lookup, organization: OrganizationId, ids: &[i64]) -> Result<HashMap<i64, Staff>> {
    Ok(repo::by_ids(db, organization, ids).await?.into_iter().map(|row| (row.id, row.into())).collect())
}

/// Locks the employees' rows in the order of their ids until the write ends: what spans records locks a common parent first.
pub async fn lock(tx: &Tx, organization: OrganizationId, ids: &[i64]) -> Result<()> {
    repo::lock(tx, organization, ids).await
}
