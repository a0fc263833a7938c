//! Job titles.

use frontdesk_core::id::JobTitleId;
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;
mod service;

pub use service::JobTitles;

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

/// A job title to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewJobTitle {
    /// The short form.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub abbrev: Option<String>,
    /// The name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What it means.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
}

impl NewJobTitle {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { abbrev: fields.optional("abbrev"), name: fields.required("name"), description: fields.optional("description") }
    }
}

/// A change of a job title: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct JobTitlePatch {
    /// The short form.
    #[validate(length(max = 255))]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub abbrev: Patch<String>,
    /// The name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub name: Option<String>,
    /// What it means.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
}

impl JobTitlePatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { abbrev: fields.patch("abbrev"), name: fields.set("name"), description: fields.patch("description") }
    }
}
