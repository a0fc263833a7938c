use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{Column, Entity, Model};
use super::{Subcategory, SubcategoryBrief, SubcategoryFilter};
use crate::category;

pub(super) async fn page(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: SubcategoryFilter,
    request: PageRequest,
) -> Result<Page<Subcategory>> {
    let mut query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).order_by_asc(Column::Id);
    if let Some(category) = filter.category_id {
        query = query.filter(Column::CategoryId.eq(category.0));
    }
    let Page { items, total, request } = frontdesk_store::page(db, query, request).await?;
    Ok(Page { items: with_categories(db, organization, items).await?, total, request })
}

pub(crate) async fn by_ids(db: &impl ConnectionTrait, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Subcategory>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::Id.is_in(ids));
    let found = with_categories(db, organization, query.all(db).await?).await?;
    Ok(found.into_iter().map(|subcategory| (subcategory.id.0, subcategory)).collect())
}

pub(crate) async fn of_categories(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    categories: Vec<i64>,
) -> Result<HashMap<i64, Vec<SubcategoryBrief>>> {
    let query = Entity::find()
        .filter(Column::OrganizationId.eq(organization.0))
        .filter(Column::CategoryId.is_in(categories))
        .order_by_asc(Column::Id);
    let mut children: HashMap<_, Vec<_>> = HashMap::new();
    for row in query.all(db).await? {
        if let Some(category) = row.category_id {
            let brief = SubcategoryBrief { id: row.id.into(), name: row.name, description: row.description };
            children.entry(category).or_default().push(brief);
        }
    }
    Ok(children)
}

async fn with_categories(db: &impl ConnectionTrait, organization: OrganizationId, rows: Vec<Model>) -> Result<Vec<Subcategory>> {
    let ids = rows.iter().filter_map(|row| row.category_id).collect();
    let categories = category::by_ids(db, organization, ids).await?;
    let whole = |row: Model| Subcategory {
        id: row.id.into(),
        name: row.name,
        description: row.description,
        category: row.category_id.and_then(|id| categories.get(&id)).cloned(),
        category_id: row.category_id.map(Into::into),
    };
    Ok(rows.into_iter().map(whole).collect())
}
