//! Sponsors: the clients on whose behalf the contact center answers.

mod entity;
pub(crate) mod import;
mod repo;
mod service;

use frontdesk_core::id::SponsorId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

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

impl From<entity::Model> for Sponsor {
    fn from(row: entity::Model) -> Self {
        Self { id: row.id.into(), name: row.name, description: row.description, is_immortal: row.is_immortal, mail_channels: vec![] }
    }
}
