//! Employees: the one staff directory of all surfaces.

use frontdesk_core::id::{DepartmentId, EmployeeId, ExtensionId, GroupId, JobTitleId};
use frontdesk_core::status::Role;
use frontdesk_core::time::LocalTime;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cti_agent::CtiAgent;
use crate::department::Department;
use crate::extension::Extension;
use crate::group::Group;
use crate::job_title::JobTitle;
use crate::phone::Profile;

pub(crate) mod access;
mod brief;
pub(crate) mod entity;
mod full;
pub(crate) mod import;
mod input;
pub(crate) mod repo;
mod service;
mod write;

pub use brief::{Staff, briefs, find, find_by_no, lock, names, shown, staff};
pub use input::{EmployeeFilter, EmployeePatch, NewEmployee};
pub use service::Employees;

/// An employee (seed 003, "查詢員工").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Employee {
    /// The id.
    pub id: EmployeeId,
    /// First name, a space, last name.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    #[schema(required)]
    pub last_name: Option<String>,
    /// The number or word the organization knows the employee by; also the sign-in name.
    pub employee_no: String,
    /// The address of a photo.
    #[schema(required)]
    pub photo_url: Option<String>,
    /// The number of an identity document.
    #[schema(required)]
    pub identity_no: Option<String>,
    /// The job title; -1 for none.
    pub job_title_id: JobTitleId,
    /// The job title.
    #[schema(required)]
    pub job_title: Option<JobTitle>,
    /// The department; -1 for none.
    pub department_id: DepartmentId,
    /// The department.
    #[schema(required)]
    pub department: Option<Department>,
    /// The telephone extension; -1 for none.
    pub extension_id: ExtensionId,
    /// The telephone extension.
    #[schema(required)]
    pub extension: Option<Extension>,
    /// The phone numbers.
    pub profile: Profile,
    /// Whether the employee works here at present.
    pub is_active: bool,
    /// What the employee may do.
    pub role: Role,
    /// The e-mail address.
    #[schema(required)]
    pub email: Option<String>,
    /// The group.
    #[schema(required)]
    pub group_id: Option<GroupId>,
    /// The group.
    #[schema(required)]
    pub group: Option<Group>,
    /// Whether the record can be neither changed nor deleted.
    pub is_immortal: bool,
    /// The account's name of the telephone system.
    #[schema(required)]
    pub cti_agent_account: Option<String>,
    /// The account of the telephone system.
    #[schema(required)]
    pub cti_agent: Option<CtiAgent>,
    /// When the employee was added.
    pub created_at: LocalTime,
    /// When the employee was last changed.
    pub updated_at: LocalTime,
}

/// An employee as other records show it (seed 003).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EmployeeBrief {
    /// The id.
    pub id: EmployeeId,
    /// First name, a space, last name.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    #[schema(required)]
    pub last_name: Option<String>,
    /// The number or word the organization knows the employee by; also the sign-in name.
    pub employee_no: String,
    /// The address of a photo.
    #[schema(required)]
    pub photo_url: Option<String>,
    /// The number of an identity document.
    #[schema(required)]
    pub identity_no: Option<String>,
    /// The job title; -1 for none.
    pub job_title_id: JobTitleId,
    /// The department; -1 for none.
    pub department_id: DepartmentId,
    /// The telephone extension; -1 for none.
    pub extension_id: ExtensionId,
    /// The telephone extension.
    #[schema(required)]
    pub extension: Option<Extension>,
    /// The group.
    #[schema(required)]
    pub group_id: Option<GroupId>,
    /// The group.
    #[schema(required)]
    pub group: Option<Group>,
    /// The account's name of the telephone system.
    #[schema(required)]
    pub cti_agent_account: Option<String>,
    /// The account of the telephone system.
    #[schema(required)]
    pub cti_agent: Option<CtiAgent>,
    /// When the employee was added.
    pub created_at: LocalTime,
    /// When the employee was last changed.
    pub updated_at: LocalTime,
}
