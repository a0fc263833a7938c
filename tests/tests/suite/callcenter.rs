//! The call center (contract, section 3).

mod appeal;
mod conflicts;
mod create;
mod edit;
mod list;
mod processing;
mod refusals;
mod run;
mod search;
mod status;

use serde_json::{Value, json};

use crate::harness::app::{Answer, App};

/// A task with a title and an operator, with these other fields.
fn with(fields: &Value) -> Value {
    let mut body = json!({"title": "Звонок", "operator_id": 3});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

/// Creates a task with a title, an operator and these other fields.
async fn task(app: &App, fields: Value) -> Value {
    app.agent().post("/api/tasks", with(&fields)).await.is(200)
}

/// The id of a task.
fn id(task: &Value) -> &str {
    task["id"].as_str().unwrap()
}

/// Where a task is.
fn path(task: &Value) -> String {
    format!("/api/tasks/{}", id(task))
}

/// The places that a refusal names, in order: `body.title`. Every entry has its text and its word for programs.
#[track_caller]
fn places(answer: Answer) -> Vec<String> {
    let refusal = answer.is(422);
    let entries = refusal["detail"].as_array().unwrap();
    let mut places = vec![];
    for entry in entries {
        let keys: Vec<_> = entry.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["loc", "msg", "type"]);
        assert!(["msg", "type"].iter().all(|name| entry[name].as_str().is_some_and(|text| !text.is_empty())), "{entry}");
        let steps: Vec<_> = entry["loc"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
        places.push(steps.join("."));
    }
    places.sort_unstable();
    places
}
