//! The history of a record as a chain: each row's hash is over the hash before it, its own header and a salted digest of every
//! value. So a value can be erased, its digest stays, and the chain still holds.

use frontdesk_core::Result;
use frontdesk_core::digest::{Digest, hex};
use frontdesk_core::world::World;
use serde_json::{Map, Value};

use self::history::Model;
use crate::fields::Field;

/// A row of the history.
pub(crate) mod history {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel)]
    #[sea_orm(table_name = "history")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub organization_id: i64,
        pub kind: String,
        pub record_id: String,
        /// The place in the record's history, from 1.
        pub seq: i64,
        pub version: i64,
        pub action: String,
        pub actor_kind: String,
        pub actor_id: Option<i64>,
        pub request_id: String,
        pub at: i64,
        /// Whether an event tells of the change.
        pub announced: bool,
        /// An object: each field's value before and after, null where they were erased.
        #[sea_orm(column_type = "Text")]
        pub changes: String,
        /// What the salt of each field is made from; once a value was erased, an object with the salts of the others.
        #[sea_orm(column_type = "Text")]
        pub salt: String,
        /// An object: the digest of each field that was erased.
        #[sea_orm(column_type = "Text", nullable)]
        pub erased: Option<String>,
        /// Empty in rows that are older than the chain.
        #[sea_orm(column_type = "Text")]
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn object(text: &str) -> Result<Map<String, Value>> {
    Ok(serde_json::from_str(text)?)
}

/// What the salts of a new row are made from.
pub(crate) fn salt(world: &World) -> Result<String> {
    Ok(hex(&world.random::<16>()?))
}

impl Model {
    /// The salt of each field, by its name.
    fn salts(&self) -> Result<impl Fn(&str) -> String + use<>> {
        let kept = if self.salt.starts_with('{') { Some(object(&self.salt)?) } else { None };
        let seed = self.salt.clone();
        Ok(move |field: &str| match &kept {
            Some(kept) => kept.get(field).and_then(Value::as_str).unwrap_or_default().to_owned(),
            None => salt_of(&seed, field),
        })
    }

    fn erased(&self) -> Result<Map<String, Value>> {
        self.erased.as_deref().map_or_else(|| Ok(Map::new()), object)
    }

    /// The hash that the row should have after a row with the hash `previous` (empty for the first).
    pub(crate) fn link(&self, previous: &str) -> Result<String> {
        let (changes, erased, salt) = (object(&self.changes)?, self.erased()?, self.salts()?);
        let mut fields: Vec<_> = changes.iter().collect();
        fields.sort_unstable_by_key(|(name, _)| *name);
        let mut chain = self.head(previous);
        for (name, pair) in fields {
            chain.part(name);
            match erased.get(name).and_then(Value::as_str) {
                Some(known) => chain.part(known),
                None => chain.part(sum(&salt(name), name, &pair.to_string())),
            }
        }
        Ok(hex(&chain.end()))
    }

    /// The same for a new row, whose fields are at hand.
    pub(crate) fn link_new(&self, previous: &str, fields: &mut [&Field]) -> String {
        fields.sort_unstable_by_key(|field| &*field.name);
        let mut chain = self.head(previous);
        for field in fields {
            chain.part(&field.name);
            chain.part(&field.sum);
        }
        hex(&chain.end())
    }

    /// What the hash is over before the fields.
    fn head(&self, previous: &str) -> Digest {
        let [organization, seq, version, at] = [self.organization_id, self.seq, self.version, self.at].map(|number| number.to_string());
        let actor = self.actor_id.map(|id| id.to_string()).unwrap_or_default();
        let announced = if self.announced { "true" } else { "false" };
        let mut chain = Digest::default();
        for text in [previous, &organization, &self.kind, &self.record_id, &seq, &version, &self.action, &self.actor_kind, &actor] {
            chain.part(text);
        }
        for text in [&*self.request_id, &at, announced] {
            chain.part(text);
        }
        chain
    }

    /// Takes the values of these fields out, and leaves their digests. Says whether there was anything to take.
    pub(crate) fn erase(&mut self, fields: &[&str]) -> Result<bool> {
        let (mut changes, mut erased) = (object(&self.changes)?, self.erased()?);
        let taken: Vec<_> = changes.keys().filter(|name| fields.contains(&name.as_str()) && !erased.contains_key(*name)).cloned().collect();
        if taken.is_empty() {
            return Ok(false);
        }
        let salt = self.salts()?;
        for name in &taken {
            erased.insert(name.clone(), sum(&salt(name), name, &changes[name].to_string()).into());
            changes.insert(name.clone(), Value::Null);
        }
        let kept: Map<_, _> =
            changes.keys().filter(|name| !erased.contains_key(*name)).map(|name| (name.clone(), salt(name).into())).collect();
        self.changes = Value::Object(changes).to_string();
        self.salt = Value::Object(kept).to_string();
        self.erased = Some(Value::Object(erased).to_string());
        Ok(true)
    }
}

/// The digest of a field's values, with a salt made from that of its row.
pub(crate) fn salted(seed: &str, name: &str, pair: &str) -> String {
    sum(&salt_of(seed, name), name, pair)
}

fn salt_of(seed: &str, field: &str) -> String {
    let mut digest = Digest::default();
    digest.part(seed);
    digest.part(field);
    hex(&digest.end()[..16])
}

fn sum(salt: &str, name: &str, pair: &str) -> String {
    let mut digest = Digest::default();
    for part in [salt, name, pair] {
        digest.part(part);
    }
    hex(&digest.end())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fields::{self, differing};

    fn row() -> Model {
        Model {
            id: 1,
            organization_id: 1,
            kind: "contact".into(),
            record_id: "7".into(),
            seq: 1,
            version: 1,
            action: "created".into(),
            actor_kind: "employee".into(),
            actor_id: Some(3),
            request_id: "r".into(),
            at: 5,
            announced: true,
            changes: r#"{"name":[null,"Ann"],"sponsor_id":[null,2]}"#.into(),
            salt: salt(&World::real()).unwrap(),
            erased: None,
            hash: String::new(),
        }
    }

    #[test]
    fn the_hash_of_a_row_never_changes() {
        let row = Model {
            salt: "0123456789abcdef".repeat(2),
            changes: r#"{"名":[null,"\"Анна\"\n"],"b":[1,-2],"a":[{"z":1,"y":[true,null]},[]],"name":[null,null]}"#.into(),
            ..row()
        };
        assert_eq!(row.link("").unwrap(), "6cfc367d83fbea8618c180e209b764397c0c2350b344910ed35d1db9bfb5d8e1");
        let mut erased = Model { actor_id: None, announced: false, ..row };
        erased.erase(&["a", "b"]).unwrap();
        assert_eq!(erased.link("p").unwrap(), "b720eac910d7c22abd6bbb277dba3a25785db886f812f5a43f101616552a1a9d");
    }

    #[test]
    fn what_is_written_is_what_is_verified() {
        let gone = json!({"名": "\"Анна\"\n", "b": [1, -2], "a": [{"z": 1, "y": [true, null]}, []], "": null, "\\\"": {}});
        for before in [json!({}), json!({"version": 1}), gone] {
            let row = row();
            let fields = differing(&row.salt, Some(&before), None).unwrap();
            let mut fields: Vec<_> = fields.iter().collect();
            let row = Model { changes: fields::object(&fields).unwrap(), ..row };
            assert_eq!(row.link("p").unwrap(), row.link_new("p", &mut fields), "{}", row.changes);
        }
    }

    #[test]
    fn an_erased_value_leaves_the_chain_whole() {
        let mut row = row();
        let before = row.link("p").unwrap();
        assert!(row.erase(&["name", "memo"]).unwrap());
        assert!(!row.erase(&["name"]).unwrap());
        assert_eq!(row.link("p").unwrap(), before);
        assert!(!format!("{row:?}").contains("Ann"));
        assert!(row.erase(&["sponsor_id"]).unwrap());
        assert_eq!((row.link("p").unwrap(), row.salt.as_str()), (before, "{}"));
    }

    #[test]
    fn whatever_changes_changes_the_hash() {
        let link = |change: fn(&mut Model)| {
            let mut row = Model { salt: "00".repeat(16), ..row() };
            change(&mut row);
            row.link("p").unwrap()
        };
        let changes: [fn(&mut Model); 15] = [
            |_| {},
            |row| row.organization_id = 2,
            |row| row.kind = "ticket".into(),
            |row| row.record_id = "8".into(),
            |row| row.seq = 2,
            |row| row.version = 2,
            |row| row.action = "updated".into(),
            |row| row.actor_kind = "system".into(),
            |row| row.actor_id = None,
            |row| row.request_id = "s".into(),
            |row| row.at = 6,
            |row| row.announced = false,
            |row| row.salt = "11".repeat(16),
            |row| row.changes = r#"{"name":[null,"Bob"],"sponsor_id":[null,2]}"#.into(),
            |row| row.changes = r#"{"name":[null,"Ann"]}"#.into(),
        ];
        let mut hashes: Vec<_> = changes.into_iter().map(link).collect();
        hashes.push(row().link("q").unwrap());
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), 16);
    }
}
