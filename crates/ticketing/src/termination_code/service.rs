use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::input::{In, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::Db;

use super::{TerminationCode, TerminationCodeFilter, repo};

/// The termination codes of an organization.
#[derive(Clone, Debug)]
pub struct TerminationCodes {
    db: Db,
}

impl TerminationCodes {
    /// The termination codes in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, filter: &TerminationCodeFilter, page: PageRequest) -> Result<Page<TerminationCode>> {
        caller.require(Permission::ReadDirectory)?;
        let mut violations = Violations::default();
        violations.check(In::Query, filter);
        violations.or(())?;
        let found = repo::page(&self.db.read(), caller.organization, filter, page).await?;
        Ok(found.map(TerminationCode::from))
    }
}
