//! The names and values of a query or a form.

use serde_json::{Map, Value};

/// Names and values as one object; `name[]`, `name[0]` and a repeated name make an array.
#[must_use]
pub fn fold(pairs: Vec<(String, String)>) -> Map<String, Value> {
    let mut fields: Map<String, Value> = Map::new();
    for (name, value) in pairs {
        let base = name.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
        let (name, listed) = match base {
            Some((base, index)) if index.bytes().all(|b| b.is_ascii_digit()) => (base.to_owned(), true),
            _ => (name, false),
        };
        match fields.get_mut(&name) {
            None if listed => {
                fields.insert(name, Value::Array(vec![value.into()]));
            }
            None => {
                fields.insert(name, value.into());
            }
            Some(Value::Array(items)) => items.push(value.into()),
            Some(first) => *first = Value::Array(vec![first.take(), value.into()]),
        }
    }
    fields
}
