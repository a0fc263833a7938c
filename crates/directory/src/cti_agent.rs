//! Agent accounts of the telephone system.

use frontdesk_core::id::{CtiAgentId, GroupId};
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;
mod service;

pub use service::CtiAgents;

/// An agent account of the telephone system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CtiAgent {
    /// The id.
    pub id: CtiAgentId,
    /// The account's name.
    pub account: String,
    /// The group it works in.
    #[schema(required)]
    pub group_id: Option<GroupId>,
}

/// An agent account of the telephone system to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewCtiAgent {
    /// The account's name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub account: String,
    /// The group it works in.
    pub group_id: Option<GroupId>,
}

impl NewCtiAgent {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { account: fields.required("account"), group_id: fields.optional("group_id") }
    }
}

/// A change of an agent account of the telephone system: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct CtiAgentPatch {
    /// The account's name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub account: Option<String>,
    /// The group it works in.
    #[schema(value_type = Option<GroupId>)]
    pub group_id: Patch<GroupId>,
}

impl CtiAgentPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { account: fields.set("account"), group_id: fields.patch("group_id") }
    }
}
