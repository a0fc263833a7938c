use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::Db;

use super::{Sponsor, repo};

/// The sponsors of an organization.
#[derive(Clone, Debug)]
pub struct Sponsors {
    db: Db,
}

impl Sponsors {
    /// The sponsors in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<Sponsor>> {
        caller.require(Permission::ReadDirectory)?;
        let found = repo::page(&self.db.read(), caller.organization, page).await?;
        Ok(found.map(Sponsor::from))
    }
}
