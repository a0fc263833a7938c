//! Records that many answers show inside others.

use std::ops::Deref;
use std::sync::OnceLock;

use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// A record that many answers show, with its JSON, which is written for the first of them. It is for `serde_json` alone: what other
/// serializers make of it is no record.
#[derive(Clone, Debug)]
pub struct Shown<T> {
    record: T,
    json: OnceLock<Box<RawValue>>,
}

impl<T> From<T> for Shown<T> {
    fn from(record: T) -> Self {
        Self { record, json: OnceLock::new() }
    }
}

impl<T> Deref for Shown<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.record
    }
}

impl<T: PartialEq> PartialEq for Shown<T> {
    fn eq(&self, other: &Self) -> bool {
        self.record == other.record
    }
}

impl<T: Serialize> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(json) = self.json.get() {
            return json.serialize(serializer);
        }
        let json = to_raw_value(&self.record).map_err(S::Error::custom)?;
        self.json.get_or_init(|| json).serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_written_as_the_record() {
        let record = json!({"b": "\"值\n", "a": [1.5, null]});
        let shown = Shown::from(record.clone());
        for _ in 0..2 {
            assert_eq!(serde_json::to_string(&[&shown]).unwrap(), serde_json::to_string(&[&record]).unwrap());
            assert_eq!(serde_json::to_value(&shown).unwrap(), record);
        }
    }
}
