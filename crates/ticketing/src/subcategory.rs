//! Ticket sub-categories, one of which a ticket may have.

mod entity;
pub(crate) mod import;
mod repo;
mod service;

use frontdesk_core::id::{CategoryId, SubcategoryId};
use frontdesk_core::input::Fields;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::category::CategoryBrief;

pub(crate) use repo::{by_ids, of_categories};
pub use service::Subcategories;

/// A sub-category with its category (seed 003, "查詢子分類").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Subcategory {
    /// Its id.
    pub id: SubcategoryId,
    /// Its name.
    pub name: String,
    /// What belongs there, in free words.
    #[schema(required)]
    pub description: Option<String>,
    /// The category it belongs to.
    #[schema(required)]
    pub category: Option<CategoryBrief>,
    /// The id of that category.
    #[schema(required)]
    pub category_id: Option<CategoryId>,
}

/// A sub-category as it stands inside its category (seed 003).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubcategoryBrief {
    /// Its id.
    pub id: SubcategoryId,
    /// Its name.
    pub name: String,
    /// What belongs there, in free words.
    #[schema(required)]
    pub description: Option<String>,
}

/// Which sub-categories to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SubcategoryFilter {
    /// Those of this category.
    #[param(value_type = Option<i64>)]
    pub category_id: Option<CategoryId>,
}

impl SubcategoryFilter {
    /// Reads the query's `category_id`.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { category_id: fields.optional("category_id") }
    }
}
