use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::shown::Shown;
use frontdesk_store::{Lookup, record};

use super::entity::Model;
use super::{NewSponsor, Sponsor, SponsorPatch};

impl From<NewSponsor> for Model {
    fn from(new: NewSponsor) -> Self {
        Self {
            id: 0,
            organization_id: 0,
            name: new.name,
            description: new.description,
            is_immortal: false,
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }
}

impl Model {
    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: SponsorPatch) -> Self {
        let mut row = self.clone();
        row.name = patch.name.unwrap_or(row.name);
        patch.description.apply(&mut row.description);
        row
    }
}

pub(super) async fn page(db: &impl Lookup, organization: OrganizationId, request: PageRequest) -> Result<Page<Model>> {
    record::page(db, organization, request).await
}

pub(crate) async fn by_ids(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Arc<Shown<Sponsor>>>> {
    record::shown::<Model, _>(db, organization, ids).await
}
