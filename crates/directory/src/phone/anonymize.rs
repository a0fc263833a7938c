//! Deleting the phone numbers of a person, and what is told of them.

use std::collections::BTreeSet;

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_store::history::Entry;
use frontdesk_store::{Tx, erase, history};
use serde_json::{Value, json};

use super::repo;
use crate::ANONYMIZED;

/// The fields that say something of the person.
const PERSONAL: [&str; 3] = ["number", "extension", "description"];

/// Deletes the numbers that hang on a profile, and takes them out of their history; those too that hung on it before
/// and are nobody else's now.
pub(crate) async fn anonymize(tx: &Tx, profile: i64) -> Result<()> {
    let mut ids: BTreeSet<_> = repo::clear(tx, profile).await?.iter().map(ToString::to_string).collect();
    let organization = tx.caller().organization;
    let texts = [format!(r#""profile_id":[{profile},"#), format!(",{profile}]")];
    let maybe = erase::mentioned(tx, Kind::PhoneNumber, &texts).await?;
    let past = history::all(tx, organization, Kind::PhoneNumber, &maybe).await?;
    ids.extend(past.into_iter().filter(|(_, entry)| hung_on(entry, profile)).map(|(id, _)| id));
    let present = repo::present(tx, organization, ids.iter().filter_map(|id| id.parse().ok()).collect()).await?;
    let ids: Vec<_> = ids.into_iter().filter(|id| !present.iter().any(|present| present.to_string() == *id)).collect();
    erase::history(tx, Kind::PhoneNumber, &ids, |name, _| PERSONAL.contains(&name)).await
}

fn hung_on(entry: &Entry, profile: i64) -> bool {
    entry.fields.iter().any(|field| field.name == "profile_id" && [&field.from, &field.to].into_iter().any(|value| *value == profile))
}

/// Takes the number out of a phone number, as answers show one.
pub fn redact(phone: &mut Value) {
    for (name, value) in phone.as_object_mut().into_iter().flatten() {
        match name.as_str() {
            "number" => *value = json!(ANONYMIZED),
            "extension" | "description" => *value = Value::Null,
            _ => {}
        }
    }
}
