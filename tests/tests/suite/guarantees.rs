//! Nothing lost, nothing doubled: versions and idempotency keys on every operation of the document.

mod keys;
mod races;
mod shown;
mod sight;
mod tags;

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use crate::access::{self, Row, furnished};
use crate::harness::app::{Answer, App, Caller};
use crate::harness::contract::{Operation, operation};

/// A single record, and how it is viewed.
enum Record {
    /// By a GET of this path.
    At(String),
    /// The appointment of this number.
    Numbered(Value),
}

impl Record {
    async fn view(&self, caller: &Caller<'_>) -> Answer {
        match self {
            Self::At(path) => caller.get(path).await,
            Self::Numbered(task_num) => caller.post("/api/task/get_info", json!({"task_num": task_num})).await,
        }
    }

    /// The record that a request names; none where it makes one.
    fn named((_, _, _, _, path, body): &Row) -> Option<Self> {
        if let Some(task_num) = body.get("task_num") {
            return Some(Self::Numbered(task_num.clone()));
        }
        let parts: Vec<_> = path.split('/').collect();
        let id = parts.iter().position(|part| part.starts_with(|c: char| c.is_ascii_digit()));
        let settings = path.ends_with("/organization").then_some(parts.len() - 1);
        id.or(settings).map(|last| Self::At(parts[..=last].join("/")))
    }

    /// The record that an answer shows.
    fn made((.., path, _): &Row, answer: &Answer) -> Self {
        let body = &answer.body;
        match &body["info"]["task_num"] {
            Value::Null => {
                let id = if body["data"].is_object() { &body["data"]["id"] } else { &body["id"] };
                Self::At(format!("{path}/{}", id.as_str().map_or_else(|| id.to_string(), str::to_owned)))
            }
            task_num => Self::Numbered(task_num.clone()),
        }
    }
}

/// Every operation of the document; what erases another's record comes last.
fn table() -> Vec<Row> {
    let mut table = access::table();
    table.sort_by_key(|row| row.0.ends_with("_anonymize"));
    table
}

/// Whether the operation is about signing in: its answers hold secrets and it writes no record that can be viewed.
fn signs_in(id: &str) -> bool {
    id.starts_with("auth_") || id.starts_with("appointment_auth_")
}

/// Whether it only shows something, though the appointments surface has it as a POST.
fn reads((_, _, _, method, path, _): &Row) -> bool {
    *method == "GET" || path.starts_with("/api/task/get_")
}

fn writes(row: &Row) -> bool {
    !reads(row) && !signs_in(row.0)
}

fn documented(row: &Row) -> &'static Operation {
    operation(row.3, row.4).unwrap()
}

/// Whether the document names a header among the operation's parameters.
fn takes(row: &Row, header: &str) -> bool {
    documented(row).body["parameters"].as_array().into_iter().flatten().any(|parameter| parameter["name"] == header)
}

fn answers(row: &Row, status: &str) -> bool {
    documented(row).body["responses"][status].is_object()
}

async fn ask(caller: &Caller<'_>, (_, _, _, method, path, body): &Row) -> Answer {
    caller.json(method, path, body).await
}

/// A store in which every operation of the table can succeed.
async fn store() -> App {
    let app = furnished().await;
    app.key(&[Scope::TicketsRead]).await;
    app
}
