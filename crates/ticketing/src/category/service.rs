use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::Db;

use super::{Category, repo};
use crate::subcategory;

/// The ticket categories of an organization.
#[derive(Clone, Debug)]
pub struct Categories {
    db: Db,
}

impl Categories {
    /// The categories in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id, each with its sub-categories.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<Category>> {
        caller.require(Permission::ReadDirectory)?;
        let db = self.db.read();
        let found = repo::page(&db, caller.organization, page).await?;
        let ids = found.items.iter().map(|row| row.id).collect();
        let mut children = subcategory::of_categories(&db, caller.organization, ids).await?;
        Ok(found.map(|row| Category {
            id: row.id.into(),
            name: row.name,
            description: row.description,
            children: children.remove(&row.id).unwrap_or_default(),
        }))
    }
}
