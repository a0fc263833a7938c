//! Job titles.

use frontdesk_core::id::JobTitleId;
use serde::Serialize;
use utoipa::ToSchema;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;

/// A job title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobTitle {
    /// The id.
    pub id: JobTitleId,
    /// The short form.
    #[schema(required)]
    pub abbrev: Option<String>,
    /// The name.
    pub name: String,
    /// What it means.
    #[schema(required)]
    pub description: Option<String>,
}
