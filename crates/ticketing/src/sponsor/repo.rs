use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Sponsor;
use super::entity::{Column, Entity, Model};

pub(super) async fn page(db: &impl ConnectionTrait, organization: OrganizationId, request: PageRequest) -> Result<Page<Model>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).order_by_asc(Column::Id);
    frontdesk_store::page(db, query, request).await
}

pub(crate) async fn by_ids(db: &impl ConnectionTrait, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Sponsor>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::Id.is_in(ids));
    Ok(query.all(db).await?.into_iter().map(|row| (row.id, row.into())).collect())
}
