use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::shown::Shown;
use frontdesk_store::record::{self, distinct, pick};
use frontdesk_store::{List, Lookup, Tally};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::entity::{Column, Entity, Model};
use super::{NewSubcategory, Subcategory, SubcategoryBrief, SubcategoryFilter, SubcategoryPatch};
use crate::category;

impl From<NewSubcategory> for Model {
    fn from(new: NewSubcategory) -> Self {
        Self {
            id: 0,
            organization_id: 0,
            name: new.name,
            description: new.description,
            category_id: new.category_id.map(Into::into),
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }
}

impl Model {
    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: SubcategoryPatch) -> Self {
        let mut row = self.clone();
        row.name = patch.name.unwrap_or(row.name);
        patch.description.apply(&mut row.description);
        patch.category_id.apply(&mut row.category_id);
        row
    }
}

pub(super) async fn page(
    db: &impl Lookup,
    organization: OrganizationId,
    filter: SubcategoryFilter,
    request: PageRequest,
) -> Result<Page<Subcategory>> {
    let list = List::of(|organization| Entity::find().filter(Column::OrganizationId.eq(organization.0)), organization)
        .narrow(Column::CategoryId, filter.category_id.map(|id| id.0))
        .kept(filter.category_id.is_none().then(|| Tally::all(organization, Kind::Subcategory)));
    let Page { items, total, request, next } = list.page(db, request).await?;
    Ok(Page { items: with_categories(db, organization, items).await?, total, request, next })
}

pub(crate) async fn by_ids(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Arc<Shown<Subcategory>>>> {
    let read = || async {
        let rows = record::by_ids::<Model, Model>(db, organization, ids.clone()).await?;
        let found = with_categories(db, organization, rows.into_values().collect()).await?;
        Ok(found.into_iter().map(|subcategory| (subcategory.id.0, Arc::new(subcategory.into()))).collect())
    };
    record::remembered(db, organization, &ids, |_| true, read).await
}

pub(crate) async fn of_categories(
    db: &impl Lookup,
    organization: OrganizationId,
    categories: Vec<i64>,
) -> Result<HashMap<i64, Vec<SubcategoryBrief>>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::CategoryId.is_in(categories));
    let mut children: HashMap<_, Vec<_>> = HashMap::new();
    let mut rows = db.all(query).await?;
    rows.sort_by_key(|row| row.id);
    for row in rows {
        if let Some(category) = row.category_id {
            let brief = SubcategoryBrief { id: row.id.into(), name: row.name, description: row.description };
            children.entry(category).or_default().push(brief);
        }
    }
    Ok(children)
}

/// The rows, each with the category it belongs to.
pub(super) async fn with_categories(db: &impl Lookup, organization: OrganizationId, rows: Vec<Model>) -> Result<Vec<Subcategory>> {
    let categories = category::by_ids(db, organization, distinct(rows.iter().map(|row| row.category_id))).await?;
    let whole = |row: Model| Subcategory {
        id: row.id.into(),
        name: row.name,
        description: row.description,
        category: pick(&categories, row.category_id),
        category_id: row.category_id.map(Into::into),
    };
    Ok(rows.into_iter().map(whole).collect())
}
