//! Ticket categories, which sub-categories belong to.

mod entity;
pub(crate) mod import;
mod repo;
mod service;

use frontdesk_core::id::CategoryId;
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

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

/// A category to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewCategory {
    /// Its name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What belongs there, in free words.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
}

impl NewCategory {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.required("name"), description: fields.optional("description") }
    }
}

/// A change of a category: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct CategoryPatch {
    /// Its name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub name: Option<String>,
    /// What belongs there, in free words.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
}

impl CategoryPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.set("name"), description: fields.patch("description") }
    }
}

impl From<entity::Model> for CategoryBrief {
    fn from(row: entity::Model) -> Self {
        Self { id: row.id.into(), name: row.name, description: row.description }
    }
}
