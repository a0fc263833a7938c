use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::Db;

use super::{Subcategory, SubcategoryFilter, repo};

/// The ticket sub-categories of an organization.
#[derive(Clone, Debug)]
pub struct Subcategories {
    db: Db,
}

impl Subcategories {
    /// The sub-categories in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, filter: SubcategoryFilter, page: PageRequest) -> Result<Page<Subcategory>> {
        caller.require(Permission::ReadDirectory)?;
        repo::page(&self.db.read(), caller.organization, filter, page).await
    }
}
