//! Ticket categories, which sub-categories belong to.

mod entity;
pub(crate) mod import;
mod repo;
mod service;

use frontdesk_core::id::CategoryId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::subcategory::SubcategoryBrief;

pub(crate) use repo::by_ids;
pub use service::Categories;

/// A category with its sub-categories (seed 003, "查詢主分類").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
    /// What belongs there, in free words.
    #[schema(required)]
    pub description: Option<String>,
    /// Its sub-categories, by id.
    pub children: Vec<SubcategoryBrief>,
}

/// A category as it stands inside a ticket or a sub-category (seed 003).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CategoryBrief {
    /// Its id.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
    /// What belongs there, in free words.
    #[schema(required)]
    pub description: Option<String>,
}

impl From<entity::Model> for CategoryBrief {
    fn from(row: entity::Model) -> Self {
        Self { id: row.id.into(), name: row.name, description: row.description }
    }
}
