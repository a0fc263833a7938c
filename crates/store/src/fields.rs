//! What a change changes, field by field, as history keeps it.

use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use serde_json::{Map, Value};

use crate::chain::{salt, salted};

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// Its value before and after, as a JSON array.
    pub(crate) pair: String,
    /// The digest of these.
    pub(crate) sum: String,
}

impl Field {
    fn new(salt: &str, name: &str, from: &Value, to: &Value) -> Result<Self> {
        let pair = serde_json::to_string(&[from, to])?;
        Ok(Self { name: name.into(), sum: salted(salt, name, &pair), pair })
    }
}

/// Each field that differs.
pub(crate) fn differing(salt: &str, before: Option<&Value>, after: Option<&Value>) -> Result<Vec<Field>> {
    let empty = Map::new();
    let [before, after] = [before, after].map(|row| row.and_then(Value::as_object));
    let old = before.into_iter().flat_map(Map::keys);
    let new = after.into_iter().flat_map(Map::keys).filter(|name| before.is_none_or(|before| !before.contains_key(*name)));
    let mut fields = vec![];
    for name in old.chain(new).filter(|name| !matches!(name.as_str(), "organization_id" | "version" | "updated_at")) {
        let [from, to] = [before, after].map(|row| row.unwrap_or(&empty).get(name).unwrap_or(&Value::Null));
        if from != to {
            fields.push(Field::new(salt, name, from, to)?);
        }
    }
    Ok(fields)
}

/// The fields as one JSON object.
pub(crate) fn object(fields: &[&Field]) -> Result<String> {
    let mut text = String::with_capacity(2 + fields.iter().map(|field| field.name.len() + field.pair.len() + 4).sum::<usize>());
    for field in fields {
        text.push(if text.is_empty() { '{' } else { ',' });
        text.push_str(&serde_json::to_string(&field.name)?);
        text.push(':');
        text.push_str(&field.pair);
    }
    text.push_str(if text.is_empty() { "{}" } else { "}" });
    Ok(text)
}

/// What history will say of a record that has no id yet. To hash it takes long enough to be done before the transaction.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) row: Value,
    pub(crate) salt: String,
    /// By their names.
    fields: Vec<Field>,
    /// All of them as one JSON object, but for the pair of the id: what stands before it, and after.
    object: (String, String),
}

impl Draft {
    /// That of a row, with anything for its id.
    pub(crate) fn of(row: Value) -> Result<Self> {
        let salt = salt(&World::real())?;
        let mut fields = differing(&salt, None, Some(&row))?;
        let mark = Field { pair: MARK.into(), name: ID.into(), sum: String::new() };
        let text = object(&fields.iter().map(|field| if field.name == ID { &mark } else { field }).collect::<Vec<_>>())?;
        let object = text.split_once(MARK).map(|(before, after)| (before.to_owned(), after.to_owned()));
        fields.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { row, salt, fields, object: object.ok_or_else(|| Error::internal("a record without an id"))? })
    }

    /// The field with the id that the record has got.
    pub(crate) fn id(&self, id: i64) -> Result<Field> {
        Field::new(&self.salt, ID, &Value::Null, &id.into())
    }

    /// All fields, with this one for the id, by their names.
    pub(crate) fn with<'a>(&'a self, id: &'a Field) -> Vec<&'a Field> {
        self.fields.iter().map(|field| if field.name == ID { id } else { field }).collect()
    }

    /// The same as one JSON object.
    pub(crate) fn object(&self, id: &Field) -> String {
        [&self.object.0, &*id.pair, &self.object.1].concat()
    }
}

const ID: &str = "id";
/// What no JSON has in it: it stands where the id's pair will.
const MARK: &str = "\0";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs() {
        let [before, after] = [json!({"a": 1, "b": 2, "version": 1}), json!({"a": 1, "b": 3, "version": 2})];
        let fields = differing("s", Some(&before), Some(&after)).unwrap();
        assert_eq!(object(&fields.iter().collect::<Vec<_>>()).unwrap(), r#"{"b":[2,3]}"#);
    }

    #[test]
    fn a_draft_says_what_its_record_does() {
        let row = |id: i64| json!({"subject": "\0", "id": id, "due_at": null, "version": 1, "content": "c"});
        let draft = Draft::of(row(0)).unwrap();
        let id = draft.id(7).unwrap();
        let mut whole = differing(&draft.salt, None, Some(&row(7))).unwrap();
        assert_eq!(draft.object(&id), object(&whole.iter().collect::<Vec<_>>()).unwrap());
        whole.sort_by_key(|field| field.name.clone());
        assert_eq!(draft.with(&id), whole.iter().collect::<Vec<_>>());
    }
}
