//! Telephone extensions.

use frontdesk_core::id::ExtensionId;
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use frontdesk_core::status::ExtensionType;
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;
mod service;

pub use service::Extensions;

/// A telephone extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Extension {
    /// The id.
    pub id: ExtensionId,
    /// 0 extension, 1 ACD, 2 IVR, 3 WebRTC.
    #[serde(rename = "type")]
    pub kind: ExtensionType,
    /// The number to dial.
    pub extension: String,
    /// What it is for.
    #[schema(required)]
    pub description: Option<String>,
    /// The media cluster of the telephone system; opaque.
    #[schema(required)]
    pub media_cluster_id: Option<i64>,
}

/// A telephone extension to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewExtension {
    /// 0 extension, 1 ACD, 2 IVR, 3 WebRTC.
    #[schema(rename = "type")]
    pub kind: ExtensionType,
    /// The number to dial.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub extension: String,
    /// What it is for.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
    /// The media cluster of the telephone system; opaque.
    pub media_cluster_id: Option<i64>,
}

impl NewExtension {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            kind: fields.required("type"),
            extension: fields.required("extension"),
            description: fields.optional("description"),
            media_cluster_id: fields.optional("media_cluster_id"),
        }
    }
}

/// A change of a telephone extension: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct ExtensionPatch {
    /// 0 extension, 1 ACD, 2 IVR, 3 WebRTC; not null.
    #[schema(rename = "type", nullable = false)]
    pub kind: Option<ExtensionType>,
    /// The number to dial; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub extension: Option<String>,
    /// What it is for.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
    /// The media cluster of the telephone system; opaque.
    #[schema(value_type = Option<i64>)]
    pub media_cluster_id: Patch<i64>,
}

impl ExtensionPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            kind: fields.set("type"),
            extension: fields.set("extension"),
            description: fields.patch("description"),
            media_cluster_id: fields.patch("media_cluster_id"),
        }
    }
}
