use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::text::terms;
use frontdesk_store::contains;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{Column, Entity, Model};
use super::{TerminationCode, TerminationCodeFilter};

pub(super) async fn page(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &TerminationCodeFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    let query = Entity::find()
        .filter(Column::OrganizationId.eq(organization.0))
        .filter(contains(Column::Search, &terms(filter.search.as_deref().unwrap_or_default())))
        .order_by_asc(Column::Id);
    frontdesk_store::page(db, query, request).await
}

pub(crate) async fn by_ids(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: Vec<i64>,
) -> Result<HashMap<i64, TerminationCode>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::Id.is_in(ids));
    Ok(query.all(db).await?.into_iter().map(|row| (row.id, row.into())).collect())
}
