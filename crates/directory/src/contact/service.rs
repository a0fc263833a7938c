use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{ContactId, Kind, OrganizationId};
use frontdesk_core::input::{In, Input, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::time::LocalTime;
use frontdesk_store::{Db, Lookup, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{Contact, ContactFilter, ContactPatch, NewContact, repo};
use crate::history::HistoryEntry;
use crate::{history, phone};

/// The customers of an organization.
#[derive(Clone, Debug)]
pub struct Contacts {
    db: Db,
}

impl Contacts {
    /// The contacts in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, newest first.
    pub async fn list(&self, caller: &Caller, filter: &ContactFilter, page: PageRequest) -> Result<Page<Contact>> {
        caller.require(Permission::ReadContacts)?;
        let mut violations = Violations::default();
        filter.judge(&mut violations);
        violations.or(())?;
        let db = self.db.together();
        let Page { items, total, request, next } = repo::page(&db, caller.organization, filter, page).await?;
        let phones = phone::repo::by_profiles(&db, caller.organization, items.iter().map(|row| row.profile_id).collect()).await?;
        Ok(Page { items: items.into_iter().map(|row| row.shown(&phones)).collect(), total, request, next })
    }

    /// One contact.
    pub async fn get(&self, caller: &Caller, id: ContactId) -> Result<Versioned<Contact>> {
        caller.require(Permission::ReadContacts)?;
        let db = self.db.together();
        let row = record::find(&db, caller.organization, id).await?;
        shown(&db, caller.organization, row).await
    }

    /// What became of a contact, the last change first. That of its phone numbers is not among it.
    pub async fn history(
        &self,
        caller: &Caller,
        id: ContactId,
        page: impl Into<Input<PageRequest>>,
    ) -> Result<Page<HistoryEntry<LocalTime>>> {
        caller.require(Permission::ReadContacts)?;
        let db = self.db.together();
        record::find::<Model>(&db, caller.organization, id).await?;
        let page = page.into().checked()?;
        let field = |name: &str, value| (name != "created_at").then(|| (name.to_owned(), value));
        history::page(&db, caller, (Kind::Contact, &id.to_string()), page, |millis| caller.zone.local(millis), field).await
    }

    /// Creates a contact with a profile that has no phone numbers yet.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewContact>>) -> Result<Written<Versioned<Contact>>> {
        cx.caller.require(Permission::WriteContacts)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a contact.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: ContactId,
        input: impl Into<Input<ContactPatch>>,
    ) -> Result<Written<Versioned<Contact>>> {
        cx.caller.require(Permission::WriteContacts)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a contact with its phone numbers. [`frontdesk_core::Error::Conflict`] where another record names it.
    pub async fn delete(&self, cx: &WriteContext, id: ContactId) -> Result<Written<()>> {
        cx.caller.require(Permission::DeleteContacts)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewContact>) -> Result<Versioned<Contact>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    record::refer(tx, &mut violations, [("sponsor_id", Kind::Sponsor, new.sponsor_id.map(Into::into))]).await?;
    violations.or(())?;
    let organization = tx.caller().organization;
    let profile = phone::repo::new_profile(tx, organization).await?;
    shown(tx, organization, record::create(tx, Model::of(new, profile)).await?).await
}

async fn update(tx: &Tx, id: ContactId, input: Input<ContactPatch>) -> Result<Versioned<Contact>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    record::refer(tx, &mut violations, [("sponsor_id", Kind::Sponsor, patch.sponsor_id.value().map(|id| id.0))]).await?;
    violations.or(())?;
    let after = before.patched(patch);
    shown(tx, tx.caller().organization, record::change(tx, before, after, "updated").await?).await
}

async fn delete(tx: &Tx, id: ContactId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    let profile = row.profile_id;
    record::delete(tx, row).await?;
    phone::repo::leave(tx, profile).await
}

pub(super) async fn shown(db: &impl Lookup, organization: OrganizationId, row: Model) -> Result<Versioned<Contact>> {
    let phones = phone::repo::by_profiles(db, organization, vec![row.profile_id]).await?;
    Ok(Versioned { version: row.version, record: row.shown(&phones) })
}
