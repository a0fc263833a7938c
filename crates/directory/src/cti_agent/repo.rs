use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Lookup, record};

use super::entity::Model;
use super::{CtiAgent, CtiAgentPatch, NewCtiAgent};

impl From<Model> for CtiAgent {
    fn from(row: Model) -> Self {
        Self { id: row.id.into(), account: row.account, group_id: row.group_id.map(Into::into) }
    }
}

impl From<NewCtiAgent> for Model {
    fn from(new: NewCtiAgent) -> Self {
        Self {
            id: 0,
            organization_id: 0,
            account: new.account,
            group_id: new.group_id.map(Into::into),
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }
}

impl Model {
    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: CtiAgentPatch) -> Self {
        let mut row = self.clone();
        row.account = patch.account.unwrap_or(row.account);
        patch.group_id.apply(&mut row.group_id);
        row
    }
}

pub(super) async fn page(db: &impl Lookup, organization: OrganizationId, request: PageRequest) -> Result<Page<Model>> {
    record::page(db, organization, request).await
}

pub(crate) async fn by_ids(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, CtiAgent>> {
    record::by_ids::<Model, _>(db, organization, ids).await
}
