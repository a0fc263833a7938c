use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{ContactId, PhoneNumberId};
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Db, Tx, WriteContext, Written, record};

use super::entity::phone_number::Model;
use super::{NewPhoneNumber, PhoneNumber, PhoneNumberFilter, PhoneNumberPatch, repo};
use crate::{contact, found};

/// The phone numbers of an organization's contacts. Those of employees are none of these.
#[derive(Clone, Debug)]
pub struct PhoneNumbers {
    db: Db,
}

impl PhoneNumbers {
    /// The phone numbers in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, filter: &PhoneNumberFilter, page: PageRequest) -> Result<Page<PhoneNumber>> {
        caller.require(Permission::ReadContacts)?;
        let mut violations = Violations::default();
        violations.check(In::Query, filter);
        violations.or(())?;
        let found = repo::page(&self.db.together(), caller.organization, filter, page).await?;
        Ok(found.map(PhoneNumber::from))
    }

    /// One phone number.
    pub async fn get(&self, caller: &Caller, id: PhoneNumberId) -> Result<Versioned<PhoneNumber>> {
        caller.require(Permission::ReadContacts)?;
        Ok(versioned(repo::find(&self.db.read(), caller.organization, id).await?))
    }

    /// Gives a contact another phone number.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewPhoneNumber>>) -> Result<Written<Versioned<PhoneNumber>>> {
        cx.caller.require(Permission::WriteContacts)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a phone number.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: PhoneNumberId,
        input: impl Into<Input<PhoneNumberPatch>>,
    ) -> Result<Written<Versioned<PhoneNumber>>> {
        cx.caller.require(Permission::WriteContacts)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a phone number, which is a change of its contact.
    pub async fn delete(&self, cx: &WriteContext, id: PhoneNumberId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteContacts)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewPhoneNumber>) -> Result<Versioned<PhoneNumber>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    let profile = profile(tx, new.contact_id, &mut violations).await?;
    violations.or(())?;
    let row = record::create(tx, Model::of(new, profile)).await?;
    found::by_phones(tx, &[profile]).await?;
    Ok(versioned(row))
}

async fn update(tx: &Tx, id: PhoneNumberId, input: Input<PhoneNumberPatch>) -> Result<Versioned<PhoneNumber>> {
    let Input { value: patch, mut violations } = input;
    repo::find(tx, tx.caller().organization, id).await?;
    // Whoever deletes a contact locks it before its numbers too.
    let profile = match patch.contact_id {
        Some(contact) => Some(profile(tx, contact, &mut violations).await?),
        None => None,
    };
    let before: Model = record::lock(tx, id).await?;
    violations.check(In::Body, &patch);
    violations.or(())?;
    let (old, after) = (before.profile_id, before.patched(patch, profile));
    let row = record::change(tx, before, after, "updated").await?;
    found::by_phones(tx, &[old, row.profile_id]).await?;
    Ok(versioned(row))
}

async fn delete(tx: &Tx, id: PhoneNumberId) -> Result<()> {
    repo::find(tx, tx.caller().organization, id).await?;
    let row: Model = record::lock(tx, id).await?;
    let profile = row.profile_id;
    record::delete(tx, row).await?;
    found::by_phones(tx, &[profile]).await
}

/// The profile of a contact, who is locked; the contact's id is a violation where there is none.
async fn profile(tx: &Tx, id: ContactId, violations: &mut Violations) -> Result<i64> {
    let found = contact::repo::lock_profile(tx, id).await?;
    if found.is_none() {
        violations.body("contact_id", Rule::Exists);
    }
    Ok(found.unwrap_or_default())
}

fn versioned(row: Model) -> Versioned<PhoneNumber> {
    Versioned { version: row.version, record: row.into() }
}
