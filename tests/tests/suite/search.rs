//! Searches, in every list that has one: the same rows as by looking into every text.

mod golden;
mod merge;
mod plain;
mod random;
pub(crate) mod tail;
mod writes;

use serde_json::Value;

use crate::harness::app::App;

/// Where a list is, and the name of its search.
fn list(of: &str) -> (&'static str, &'static str) {
    match of {
        "ticket" => ("/api/v1/ticket?per_page=200&search=", "data"),
        "contact" => ("/api/v1/contact?per_page=200&search=", "data"),
        "employee" => ("/api/v1/employee?per_page=200&search=", "data"),
        "code" => ("/api/v1/ticket-termination-code?per_page=200&search=", "data"),
        "title" => ("/api/tasks?per_page=200&search=", "items"),
        "task" => ("/api/tasks?per_page=200&q=", "items"),
        other => panic!("no list of {other}"),
    }
}

/// The ids that a search finds, in the order of the list.
async fn found(app: &App, of: &str, search: &str) -> Vec<Value> {
    let (path, rows) = list(of);
    let answer = app.agent().get(&format!("{path}{}", encoded(search))).await.is(200);
    answer[rows].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

/// A text as a query parameter may hold it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
