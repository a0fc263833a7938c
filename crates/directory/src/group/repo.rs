use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Lookup, Tx, record};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::entity::{Column, Entity, Model};
use super::{Group, GroupPatch, NewGroup};

impl From<Model> for Group {
    fn from(row: Model) -> Self {
        Self { id: row.id.into(), name: row.name, description: row.description, supervisor_id: row.supervisor_id.map(Into::into) }
    }
}

impl From<NewGroup> for Model {
    fn from(new: NewGroup) -> Self {
        Self {
            id: 0,
            organization_id: 0,
            name: new.name,
            description: new.description,
            supervisor_id: new.supervisor_id.map(Into::into),
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }
}

impl Model {
    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: GroupPatch) -> Self {
        let mut row = self.clone();
        row.name = patch.name.unwrap_or(row.name);
        patch.description.apply(&mut row.description);
        patch.supervisor_id.apply(&mut row.supervisor_id);
        row
    }
}

pub(super) async fn page(db: &impl Lookup, organization: OrganizationId, request: PageRequest) -> Result<Page<Model>> {
    record::page(db, organization, request).await
}

pub(crate) async fn by_ids(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Group>> {
    record::by_ids::<Model, _>(db, organization, ids).await
}

/// Gives an imported group its supervisor, which it came without; says whether it was still without.
pub(super) async fn finish(tx: &Tx, id: i64, supervisor_id: Option<i64>) -> Result<bool> {
    let unfinished = Entity::update_many()
        .col_expr(Column::SupervisorId, Expr::value(supervisor_id))
        .col_expr(Column::Version, Expr::value(1))
        .filter(Column::OrganizationId.eq(tx.caller().organization.0))
        .filter(Column::Id.eq(id))
        .filter(Column::Version.eq(0));
    Ok(unfinished.exec(tx).await?.rows_affected > 0)
}
