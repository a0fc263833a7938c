//! Taking out what is known of a person, from the contact itself and from what is told of it.

use std::collections::BTreeSet;

use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{ContactId, Kind, ProfileId};
use frontdesk_store::history::Entry;
use frontdesk_store::{Tx, erase, history, record};
use serde_json::{Value, json};

use super::entity::Model;
use super::service::shown;
use super::{Contact, repo};
use crate::{ANONYMIZED, phone};

/// The fields that say something of the person.
const PERSONAL: [&str; 6] = ["first_name", "last_name", "membership_no", "identity_no", "gender", "birth_at"];

/// What became of a contact that was anonymized, and by what other places may have copies of it.
#[derive(Clone, Debug)]
pub struct Anonymized {
    /// The contact.
    pub contact: Versioned<Contact>,
    /// The membership numbers that it ever had and nobody else has now.
    pub numbers: Vec<String>,
    /// What its phone numbers hung on; none where they were those of somebody else too, and stay.
    pub profile: Option<ProfileId>,
}

/// Takes name, numbers, gender and day of birth out of a contact and deletes its phone numbers; out of the history of both too. A step of a larger write: copies in other places are for those to take out.
pub async fn anonymize(tx: &Tx, id: ContactId) -> Result<Anonymized> {
    tx.caller().require(Permission::DeleteContacts)?;
    let before: Model = record::lock(tx, id).await?;
    let organization = tx.caller().organization;
    let ids = [id.to_string()];
    let past = history::all(tx, organization, Kind::Contact, &ids).await?;
    let mut numbers: BTreeSet<_> = past.iter().flat_map(|(_, entry)| texts(entry, "membership_no")).collect();
    numbers.extend(before.membership_no.clone());
    let shared = phone::repo::is_shared(tx, before.profile_id, Some(id)).await?;
    let profile = if shared { phone::repo::new_profile(tx, organization).await? } else { before.profile_id };
    let (old_profile, after) = (before.profile_id, before.anonymous(profile));
    let row = record::change(tx, before, after, "anonymized").await?;
    let others = repo::find_by_membership_no(tx, organization, &Vec::from_iter(numbers.clone())).await?;
    numbers.retain(|number| !others.contains_key(number));
    erase::history(tx, Kind::Contact, &ids, |name, _| PERSONAL.contains(&name)).await?;
    if !shared {
        phone::anonymize(tx, old_profile).await?;
    }
    let contact = shown(tx, organization, row).await?;
    Ok(Anonymized { contact, numbers: numbers.into_iter().collect(), profile: (!shared).then_some(old_profile.into()) })
}

/// The texts that a field had.
fn texts<'a>(entry: &'a Entry, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let fields = entry.fields.iter().filter(move |field| field.name == name);
    fields.flat_map(|field| [&field.from, &field.to]).filter_map(Value::as_str).map(str::to_owned)
}

/// Takes the person out of a contact, as answers show one.
pub fn redact(contact: &mut Value) {
    let Some(contact) = contact.as_object_mut() else { return };
    for (name, value) in contact.iter_mut() {
        match name.as_str() {
            "first_name" | "name" => *value = json!(ANONYMIZED),
            name if PERSONAL.contains(&name) => *value = Value::Null,
            _ => {}
        }
    }
    if let Some(phones) = contact.get_mut("profile").and_then(|profile| profile.get_mut("phones")) {
        *phones = json!([]);
    }
}
