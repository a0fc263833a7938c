//! Groups of employees.

use frontdesk_core::id::{EmployeeId, GroupId};
use serde::Serialize;
use utoipa::ToSchema;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;

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
