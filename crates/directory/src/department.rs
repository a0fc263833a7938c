//! Departments.

use frontdesk_core::id::DepartmentId;
use serde::Serialize;
use utoipa::ToSchema;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;

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
