//! The records that a proof writes: the requests, and what a read must show afterwards.

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};

use crate::client::{Answer, Client};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ticket,
    Contact,
    CallTask,
    Appointment,
}

pub(crate) const KINDS: [Kind; 4] = [Kind::Ticket, Kind::Contact, Kind::CallTask, Kind::Appointment];

/// A record as its last acknowledged write left it.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) kind: Kind,
    /// The id in its paths.
    pub(crate) id: String,
    pub(crate) tag: Option<String>,
    /// What a read must show.
    pub(crate) shown: Value,
    /// Whether it was deleted.
    pub(crate) gone: bool,
    /// Whether another record may name it.
    pub(crate) named: bool,
}

/// A request that changes one record.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    /// Names the request in history and events.
    pub(crate) request: String,
    pub(crate) key: String,
    pub(crate) kind: Kind,
    /// Which of the writer's records; none for one to be made.
    pub(crate) target: Option<usize>,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: Value,
    pub(crate) condition: Option<String>,
    /// What a read shows after it, at least; null where the record is gone.
    pub(crate) after: Value,
}

impl Write {
    /// Sends it, under another request id where `again` says which.
    pub(crate) async fn send(&self, client: &Client, again: &str) -> Result<Answer> {
        let request = format!("{}{again}", self.request);
        client.send(self.method, &self.path, &self.body, &self.headers(&request)).await
    }

    /// Its headers, under a request id.
    pub(crate) fn headers<'a>(&'a self, request: &'a str) -> Vec<(&'static str, &'a str)> {
        let mut headers = vec![("x-request-id", request), ("idempotency-key", self.key.as_str())];
        headers.extend(self.condition.as_deref().map(|tag| ("if-match", tag)));
        headers
    }

    /// The SQL condition that finds the row it makes.
    pub(crate) fn row(&self) -> String {
        let (table, column) = match self.kind {
            Kind::Ticket => ("ticket", "subject"),
            Kind::Contact => ("contact", "last_name"),
            Kind::CallTask => ("call_task", "title"),
            Kind::Appointment => ("appointment", "out_task_num"),
        };
        format!("SELECT count(*) AS n FROM {table} WHERE {column} = '{}'", self.key)
    }
}

/// Everything of `part` is in `whole`.
pub(crate) fn within(part: &Value, whole: &Value) -> bool {
    match part {
        Value::Object(fields) => fields.iter().all(|(name, value)| within(value, &whole[name])),
        other => other == whole,
    }
}

/// What a read of the record shows, of an appointment only what the writes of a proof change; none where it is not there.
pub(crate) async fn show(client: &Client, kind: Kind, id: &str) -> Result<Option<(Value, Option<String>)>> {
    let answer = match kind {
        Kind::Ticket => client.get(&format!("/api/v1/ticket/{id}")).await?,
        Kind::Contact => client.get(&format!("/api/v1/contact/{id}")).await?,
        Kind::CallTask => client.get(&format!("/api/tasks/{id}")).await?,
        Kind::Appointment => client.send("POST", "/api/task/get_info", &json!({"task_num": id}), &[]).await?,
    };
    match answer.status {
        404 => Ok(None),
        200 => Ok(Some((shown(kind, answer.json()), answer.tag))),
        _ => bail!("a read of {kind:?} {id} says {}", answer.text()),
    }
}

/// The record in an answer.
pub(crate) fn shown(kind: Kind, body: Value) -> Value {
    match kind {
        Kind::Appointment => {
            let info = &body["info"];
            let each = |list: &str, name: &str| -> Vec<Value> {
                info[list].as_array().into_iter().flatten().map(|one| one[name].clone()).collect()
            };
            json!({
                "out_task_num": info["out_task_num"], "task_time": info["task_time"], "status": info["status"],
                "ticket_id": info["ticket_id"], "moderators": each("moderators", "emp_id"),
                "publishers": each("publishers", "customer_id_num"),
            })
        }
        _ if body["data"].is_object() => body["data"].clone(),
        _ => body,
    }
}

/// The path id of what an answer made.
pub(crate) fn id(kind: Kind, answer: &Answer) -> Result<String> {
    let body = answer.json();
    let id = match kind {
        Kind::Ticket | Kind::Contact => body["data"]["id"].to_string(),
        Kind::CallTask => body["id"].as_str().unwrap_or_default().into(),
        Kind::Appointment => body["info"]["task_num"].as_str().unwrap_or_default().into(),
    };
    ensure!(!id.is_empty() && id != "null", "no id in {}", answer.text());
    Ok(id)
}
