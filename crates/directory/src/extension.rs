//! Telephone extensions.

use frontdesk_core::id::ExtensionId;
use serde::Serialize;
use utoipa::ToSchema;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;

/// A telephone extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Extension {
    /// The id.
    pub id: ExtensionId,
    /// 0 extension, 1 ACD, 2 IVR, 3 WebRTC.
    #[serde(rename = "type")]
    pub kind: i64,
    /// The number to dial.
    pub extension: String,
    /// What it is for.
    #[schema(required)]
    pub description: Option<String>,
    /// The media cluster of the telephone system; opaque.
    #[schema(required)]
    pub media_cluster_id: Option<i64>,
}
