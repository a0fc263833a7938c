//! Ticket sub-categories, one of which a ticket may have.

mod entity;
pub(crate) mod import;
mod repo;
mod service;

use frontdesk_core::id::{CategoryId, SubcategoryId};
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

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

/// A sub-category to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewSubcategory {
    /// Its name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What belongs there, in free words.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
    /// The category it belongs to.
    pub category_id: Option<CategoryId>,
}

impl NewSubcategory {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.required("name"), description: fields.optional("description"), category_id: fields.optional("category_id") }
    }
}

/// A change of a sub-category: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct SubcategoryPatch {
    /// Its name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub name: Option<String>,
    /// What belongs there, in free words.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
    /// The category it belongs to.
    #[schema(value_type = Option<CategoryId>)]
    pub category_id: Patch<CategoryId>,
}

impl SubcategoryPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.set("name"), description: fields.patch("description"), category_id: fields.patch("category_id") }
    }
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
