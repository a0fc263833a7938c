//! Departments.

use frontdesk_core::id::DepartmentId;
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;
mod service;

pub use service::Departments;

/// A department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Department {
    /// The id.
    pub id: DepartmentId,
    /// The name.
    pub name: String,
    /// The short form.
    #[schema(required)]
    pub abbrev: Option<String>,
    /// The number the organization knows it by.
    #[schema(required)]
    pub number: Option<String>,
    /// What it does.
    #[schema(required)]
    pub description: Option<String>,
}

/// A department to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewDepartment {
    /// The name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// The short form.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub abbrev: Option<String>,
    /// The number the organization knows it by.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub number: Option<String>,
    /// What it does.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
}

impl NewDepartment {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            name: fields.required("name"),
            abbrev: fields.optional("abbrev"),
            number: fields.optional("number"),
            description: fields.optional("description"),
        }
    }
}

/// A change of a department: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct DepartmentPatch {
    /// The name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub name: Option<String>,
    /// The short form.
    #[validate(length(max = 255))]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub abbrev: Patch<String>,
    /// The number the organization knows it by.
    #[validate(length(max = 255))]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub number: Patch<String>,
    /// What it does.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
}

impl DepartmentPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            name: fields.set("name"),
            abbrev: fields.patch("abbrev"),
            number: fields.patch("number"),
            description: fields.patch("description"),
        }
    }
}
