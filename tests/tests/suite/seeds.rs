//! The source pages' own samples, sent and compared literally.

mod call_tasks;
mod tickets;

use serde_json::Value;

/// The records of an import, one a line, with their keys as they are and no white space between.
fn compact(records: &str) -> String {
    records.lines().map(|line| serde_json::from_str::<Value>(line).unwrap().to_string() + "\n").collect()
}

/// A value's keys, in their order.
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("no object: {value}")).keys().map(String::as_str).collect()
}
