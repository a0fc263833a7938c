//! Groups of employees.

use frontdesk_core::id::{EmployeeId, GroupId};
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;
mod service;

pub use service::Groups;

/// A group of employees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Group {
    /// The id.
    pub id: GroupId,
    /// The name.
    pub name: String,
    /// What it is for.
    #[schema(required)]
    pub description: Option<String>,
    /// The employee who leads it.
    #[schema(required)]
    pub supervisor_id: Option<EmployeeId>,
}

/// A group of employees to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewGroup {
    /// The name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What it is for.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
    /// The employee who leads it.
    pub supervisor_id: Option<EmployeeId>,
}

impl NewGroup {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.required("name"), description: fields.optional("description"), supervisor_id: fields.optional("supervisor_id") }
    }
}

/// A change of a group of employees: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct GroupPatch {
    /// The name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub name: Option<String>,
    /// What it is for.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
    /// The employee who leads it.
    #[schema(value_type = Option<EmployeeId>)]
    pub supervisor_id: Patch<EmployeeId>,
}

impl GroupPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.set("name"), description: fields.patch("description"), supervisor_id: fields.patch("supervisor_id") }
    }
}
