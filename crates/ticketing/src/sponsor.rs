//! Sponsors: the clients on whose behalf the contact center answers.

mod entity;
pub(crate) mod import;
mod repo;
mod service;

use frontdesk_core::id::SponsorId;
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

pub(crate) use repo::by_ids;
pub use service::Sponsors;

/// A client on whose behalf the contact center answers (seed 003, "查詢業主").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sponsor {
    /// Its id.
    pub id: SponsorId,
    /// Its name.
    pub name: String,
    /// What it is, in free words.
    #[schema(required)]
    pub description: Option<String>,
    /// Whether it can be neither changed nor deleted.
    pub is_immortal: bool,
    /// Always empty: the page does not show what a mail channel is.
    #[schema(value_type = Vec<Object>)]
    pub mail_channels: Vec<Value>,
}

/// A sponsor to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewSponsor {
    /// Its name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What it is, in free words.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
}

impl NewSponsor {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.required("name"), description: fields.optional("description") }
    }
}

/// A change of a sponsor: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct SponsorPatch {
    /// Its name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub name: Option<String>,
    /// What it is, in free words.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
}

impl SponsorPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.set("name"), description: fields.patch("description") }
    }
}

impl From<entity::Model> for Sponsor {
    fn from(row: entity::Model) -> Self {
        Self { id: row.id.into(), name: row.name, description: row.description, is_immortal: row.is_immortal, mail_channels: vec![] }
    }
}
