//! Termination codes: the details of a ticket's status.

mod entity;
pub(crate) mod import;
mod repo;
mod service;

use frontdesk_core::id::{EmployeeId, TerminationCodeId};
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use frontdesk_core::status::TicketStatus;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

pub(crate) use repo::by_ids;
pub use service::TerminationCodes;

/// A detail of a ticket's status (seed 003, "查詢工單狀態細項"). A ticket may have one of another status than its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TerminationCode {
    /// Its id.
    pub id: TerminationCodeId,
    /// Its name.
    pub name: String,
    /// What it means, in free words.
    #[schema(required)]
    pub description: Option<String>,
    /// The status it is a detail of.
    pub status: TicketStatus,
    /// The employee who made it.
    #[schema(required)]
    pub creater_id: Option<EmployeeId>,
}

/// A termination code to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewTerminationCode {
    /// Its name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What it means, in free words.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
    /// The status it is a detail of.
    pub status: TicketStatus,
}

impl NewTerminationCode {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.required("name"), description: fields.optional("description"), status: fields.required("status") }
    }
}

/// A change of a termination code: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct TerminationCodePatch {
    /// Its name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub name: Option<String>,
    /// What it means, in free words.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
    /// The status it is a detail of; not null.
    #[schema(nullable = false)]
    pub status: Option<TicketStatus>,
}

impl TerminationCodePatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.set("name"), description: fields.patch("description"), status: fields.set("status") }
    }
}

/// Which termination codes to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct TerminationCodeFilter {
    /// Terms, separated by white space, each of which occurs in the name or the description.
    #[param(max_length = 500)]
    #[validate(length(max = 500), custom(function = "frontdesk_core::text::few_terms"))]
    pub search: Option<String>,
}

impl TerminationCodeFilter {
    /// Reads the query's `search`.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { search: fields.optional("search") }
    }
}

impl From<entity::Model> for TerminationCode {
    fn from(row: entity::Model) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            description: row.description,
            status: TicketStatus::of_number(row.status).unwrap_or_default(),
            creater_id: row.creater_id.map(Into::into),
        }
    }
}
