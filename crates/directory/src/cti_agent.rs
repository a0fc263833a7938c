//! Agent accounts of the telephone system.

use frontdesk_core::id::{CtiAgentId, GroupId};
use serde::Serialize;
use utoipa::ToSchema;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;

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
