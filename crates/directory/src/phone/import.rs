//! Import and export of profiles and their phone numbers, which stand within the lines of their people.

use std::collections::{HashMap, HashSet};

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::input::{Fields, Rule};
use frontdesk_core::text::digits;
use frontdesk_store::import::{Facts, Key, Space, Stamps, Tie, between, create, holders, moment, parts, put, whole};
use frontdesk_store::{Snapshot, Tx};
use serde_json::{Value, json};

use super::entity::{phone_number, profile};
use super::repo::{new_profile, rows};

const PROFILES: Space = Space::ids_of("profile");

/// A person's profile: `profile_id`, or `profile` with its `id` and `phones`.
#[derive(Debug, Default)]
pub(crate) struct ProfilePart {
    id: Option<i64>,
    phones: Vec<Phone>,
}

#[derive(Debug)]
struct Phone {
    id: i64,
    kind: i64,
    extension: Option<String>,
    number: String,
    description: Option<String>,
    stamps: Stamps,
}

impl ProfilePart {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        let plain: Option<i64> = fields.optional("profile_id").map(|id| whole(fields, "profile_id", id));
        let nested = fields.object("profile", |fields| {
            let id: i64 = fields.required("id");
            let id = whole(fields, "id", id);
            let phones = parts(fields, "phones", Phone::read);
            Self { id: Some(id), phones }
        });
        let part = nested.unwrap_or(Self { id: plain, phones: vec![] });
        if plain.is_some() && plain != part.id {
            fields.violate("profile_id", Rule::other("must be the id of profile"));
        }
        part
    }

    pub(crate) fn facts(&self, facts: Facts) -> Facts {
        let with_profile = match self.id {
            Some(id) => facts.with("profile_id", Tie::Share, PROFILES, Key::Number(id)),
            None => facts,
        };
        let share =
            |facts: Facts, phone: &Phone| facts.with("profile.phones", Tie::Share, Space::ids(Kind::PhoneNumber), Key::Number(phone.id));
        self.phones.iter().fold(with_profile, share)
    }
}

impl Phone {
    fn read(fields: &mut Fields<'_>) -> Self {
        let (id, kind): (i64, i64) = (fields.required("id"), fields.required("type"));
        Self {
            id: whole(fields, "id", id),
            kind: between(fields, "type", kind, 0, 4),
            extension: fields.optional("extension"),
            number: fields.required("number"),
            description: fields.optional("description"),
            stamps: Stamps::read(fields),
        }
        .judged(fields)
    }

    /// Notes texts that are longer than those of a number made by API.
    fn judged(self, fields: &mut Fields<'_>) -> Self {
        let long = |text: &str, most| text.chars().count() > most;
        if self.number.is_empty() || long(&self.number, 255) {
            fields.violate("number", Rule::Length(Some(1), Some(255)));
        }
        if self.extension.as_deref().is_some_and(|text| long(text, 255)) {
            fields.violate("extension", Rule::Length(None, Some(255)));
        }
        if self.description.as_deref().is_some_and(|text| long(text, 65_535)) {
            fields.violate("description", Rule::Length(None, Some(65_535)));
        }
        self
    }

    fn row(&self, tx: &Tx, profile: i64) -> phone_number::Model {
        phone_number::Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            profile_id: profile,
            kind: self.kind,
            extension: self.extension.clone(),
            digits: digits(&self.number),
            number: self.number.clone(),
            description: self.description.clone(),
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }
}

/// Makes the profiles that are not there yet, with their phone numbers; says the profile of each part.
pub(crate) async fn insert(tx: &Tx, parts: &[&ProfilePart]) -> Result<Vec<i64>> {
    let organization = tx.caller().organization;
    let given: Vec<_> = parts.iter().filter_map(|part| part.id).collect();
    let mut there = held(tx, PROFILES, &given).await?;
    let new = given.into_iter().filter(|id| there.insert(*id));
    put(tx, new.map(|id| profile::Model { id, organization_id: organization.0 }).collect()).await?;
    let mut profiles = vec![];
    let mut phones = vec![];
    for part in parts {
        let profile = match part.id {
            Some(id) => id,
            None => new_profile(tx, organization).await?,
        };
        profiles.push(profile);
        phones.extend(part.phones.iter().map(|phone| (phone, profile)));
    }
    insert_phones(tx, phones).await?;
    Ok(profiles)
}

async fn insert_phones(tx: &Tx, mut phones: Vec<(&Phone, i64)>) -> Result<()> {
    let given: Vec<_> = phones.iter().map(|(phone, _)| phone.id).collect();
    let mut there = held(tx, Space::ids(Kind::PhoneNumber), &given).await?;
    phones.retain(|(phone, _)| there.insert(phone.id));
    create(tx, Kind::PhoneNumber, phones.iter().map(|(phone, profile)| phone.row(tx, *profile)).collect()).await
}

async fn held(tx: &Tx, space: Space, ids: &[i64]) -> Result<HashSet<i64>> {
    let keys: Vec<_> = ids.iter().copied().map(Key::Number).collect();
    let found = holders(tx, space, &keys).await?;
    let id = |key| if let Key::Number(id) = key { Some(id) } else { None };
    Ok(found.into_iter().filter_map(|(key, _)| id(key)).collect())
}

/// Lines of people with the profile of each, as [`ProfilePart::read`] reads it.
pub(crate) async fn with_profiles(
    db: &Snapshot,
    organization: OrganizationId,
    profiles: Vec<i64>,
    lines: impl Iterator<Item = Value>,
) -> Result<Vec<Value>> {
    let mut phones: HashMap<i64, Vec<Value>> = HashMap::new();
    for row in rows(db, organization, profiles.clone()).await? {
        phones.entry(row.profile_id).or_default().push(line(&row));
    }
    let with = |(mut line, id): (Value, i64)| {
        line["profile"] = json!({"id": id, "phones": phones.get(&id).map_or(&[][..], Vec::as_slice)});
        line
    };
    Ok(lines.zip(profiles).map(with).collect())
}

fn line(row: &phone_number::Model) -> Value {
    json!({
        "id": row.id,
        "type": row.kind,
        "extension": row.extension,
        "number": row.number,
        "description": row.description,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
    })
}
