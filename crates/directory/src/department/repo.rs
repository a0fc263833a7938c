use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Lookup, record};

use super::entity::Model;
use super::{Department, DepartmentPatch, NewDepartment};

impl From<Model> for Department {
    fn from(row: Model) -> Self {
        Self { id: row.id.into(), name: row.name, abbrev: row.abbrev, number: row.number, description: row.description }
    }
}

impl From<NewDepartment> for Model {
    fn from(new: NewDepartment) -> Self {
        Self {
            id: 0,
            organization_id: 0,
            name: new.name,
            abbrev: new.abbrev,
            number: new.number,
            description: new.description,
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }
}

impl Model {
    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: DepartmentPatch) -> Self {
        let mut row = self.clone();
        row.name = patch.name.unwrap_or(row.name);
        patch.abbrev.apply(&mut row.abbrev);
        patch.number.apply(&mut row.number);
        patch.description.apply(&mut row.description);
        row
    }
}

pub(super) async fn page(db: &impl Lookup, organization: OrganizationId, request: PageRequest) -> Result<Page<Model>> {
    record::page(db, organization, request).await
}

pub(crate) async fn by_ids(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Department>> {
    record::by_ids::<Model, _>(db, organization, ids).await
}
