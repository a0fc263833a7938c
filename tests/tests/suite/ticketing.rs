//! Tickets and their look-ups (contract, section 4).

mod create;
mod delete;
mod filters;
mod forms;
mod interactions;
mod journal;
mod lookups;
mod moments;
mod pages;
mod references;
mod refusals;
mod related;
mod search;
mod sort;
mod update;

use serde_json::{Value, json};

use crate::harness::app::{Answer, App};

/// A subject and a content, with these other fields.
fn with(fields: &Value) -> Value {
    let mut body = json!({"subject": "s", "content": "c"});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

/// Creates a ticket with a subject, a content and these other fields.
async fn ticket(app: &App, fields: Value) -> Value {
    app.agent().post("/api/v1/ticket", with(&fields)).await.is(201)["data"].clone()
}

/// Where a ticket is.
fn path(ticket: &Value) -> String {
    format!("/api/v1/ticket/{}", ticket["id"])
}

/// The ids that a list has, in its order; the total must agree.
async fn ids(app: &App, path: &str) -> Vec<i64> {
    let list = app.agent().get(path).await.is(200);
    let ids: Vec<_> = list["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert_eq!(list["meta"]["total"], ids.len(), "{path}");
    ids
}

/// The fields that a refusal names, in order. Each has its text.
#[track_caller]
fn fields(answer: Answer) -> Vec<String> {
    let refusal = answer.is(422);
    assert_eq!(refusal["message"], "The given data was invalid.");
    assert_eq!(refusal.as_object().unwrap().len(), 2);
    let errors = refusal["errors"].as_object().unwrap();
    let told = |texts: &Value| texts.as_array().is_some_and(|texts| !texts.is_empty() && texts.iter().all(Value::is_string));
    assert!(errors.values().all(told), "{refusal}");
    let mut names: Vec<_> = errors.keys().cloned().collect();
    names.sort_unstable();
    names
}
