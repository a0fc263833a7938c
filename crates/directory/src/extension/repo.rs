use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::ExtensionType;
use frontdesk_store::{Lookup, record};

use super::entity::Model;
use super::{Extension, ExtensionPatch, NewExtension};

impl From<Model> for Extension {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.into(),
            kind: ExtensionType::of_number(row.kind).unwrap_or_default(),
            extension: row.extension,
            description: row.description,
            media_cluster_id: row.media_cluster_id,
        }
    }
}

impl From<NewExtension> for Model {
    fn from(new: NewExtension) -> Self {
        Self {
            id: 0,
            organization_id: 0,
            kind: new.kind.number(),
            extension: new.extension,
            description: new.description,
            media_cluster_id: new.media_cluster_id,
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }
}

impl Model {
    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: ExtensionPatch) -> Self {
        let mut row = self.clone();
        row.kind = patch.kind.map_or(row.kind, ExtensionType::number);
        row.extension = patch.extension.unwrap_or(row.extension);
        patch.description.apply(&mut row.description);
        patch.media_cluster_id.apply(&mut row.media_cluster_id);
        row
    }
}

pub(super) async fn page(db: &impl Lookup, organization: OrganizationId, request: PageRequest) -> Result<Page<Model>> {
    record::page(db, organization, request).await
}

pub(crate) async fn by_ids(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Extension>> {
    record::by_ids::<Model, _>(db, organization, ids).await
}
