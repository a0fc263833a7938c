//! What is alike for every noun that can be listed, viewed, created, changed and deleted.

mod fields;
mod life;
mod nouns;
mod sort;
mod versions;

use serde_json::{Value, json};
use time::Duration;

use crate::harness::app::{Answer, App, Caller};
use crate::harness::texts;

/// A noun, with what its tests need. The store is that of [`App::new`].
struct Noun {
    /// Its path, after `/api/v1/`.
    path: &'static str,
    /// Its word in the history.
    kind: &'static str,
    /// Its table.
    table: &'static str,
    /// Who may write it.
    writer: for<'a> fn(&'a App) -> Caller<'a>,
    /// Whether a view and an update have `data` around the record, as a create has.
    wrapped: bool,
    /// A body that creates one which nothing names, with every field; its numbers and texts are shown as they are sent.
    new: &'static str,
    /// A body that changes every field that it has.
    change: &'static str,
    /// Fields that are never left out of a create, nor null.
    required: &'static [&'static str],
    /// Fields that hold text, with the most characters they may have.
    texts: &'static [(&'static str, usize)],
    /// Fields that name other records.
    references: &'static [&'static str],
    /// Keys of its list's order, the list's own order first.
    sort: &'static [&'static str],
    /// Lines of an import that make the order of its list worth looking at; bodies of creates where there is no import.
    records: &'static str,
    /// A record that stays, and what its refusal says names it.
    held: Option<(i64, &'static str)>,
    /// A record that is immortal.
    immortal: Option<i64>,
}

/// A record of the second organization, of every noun that is imported.
const FOREIGN: i64 = 1001;

impl Noun {
    fn list(&self) -> String {
        format!("/api/v1/{}", self.path)
    }

    fn at(&self, id: impl std::fmt::Display) -> String {
        format!("/api/v1/{}/{id}", self.path)
    }

    fn whole(&self) -> Value {
        serde_json::from_str(self.new).unwrap()
    }

    fn change(&self) -> Value {
        serde_json::from_str(self.change).unwrap()
    }

    /// Whether no answer shows a field that the bodies have (vendor's page).
    fn hides(&self, field: &str) -> bool {
        matches!((self.path, field), ("contact", "sponsor_id") | ("phone-number", "contact_id") | ("employee", "cti_agent_id" | "leave_at"))
    }

    /// The record of an answer to a view or an update.
    #[track_caller]
    fn record(&self, answer: Answer) -> Value {
        let body = answer.is(200);
        if self.wrapped { body["data"].clone() } else { body }
    }

    /// Whether a create shows a secret that nothing else shows.
    fn has_secret(&self) -> bool {
        self.path == "webhook"
    }

    /// Who may read it, and may not write it where somebody else may.
    fn reader<'a>(&self, app: &'a App) -> Caller<'a> {
        if self.path == "webhook" { app.admin() } else { app.agent() }
    }

    /// The id of a record of the second organization.
    async fn foreign(&self, app: &App) -> i64 {
        if self.path != "webhook" {
            return FOREIGN;
        }
        app.stranger().post(&self.list(), self.whole()).await.is(201)["data"]["id"].as_i64().unwrap()
    }

    /// Puts [`Noun::records`] in.
    async fn seed(&self, app: &App) {
        if self.path != "webhook" {
            return app.seed(self.records).await;
        }
        let mut made = vec![];
        for line in self.records.lines() {
            app.world.advance(Duration::minutes(1));
            made.push(app.admin().post(&self.list(), serde_json::from_str(line).unwrap()).await.is(201)["data"]["id"].clone());
        }
        for id in made.iter().rev() {
            app.world.advance(Duration::minutes(1));
            app.admin().put(&self.at(id), json!({"is_active": false})).await.is(200);
        }
    }

    /// A record of [`Noun::new`], and where it is.
    async fn create(&self, app: &App) -> (Value, String) {
        let mut made = (self.writer)(app).post(&self.list(), self.whole()).await.is(201)["data"].clone();
        if self.has_secret() {
            made.as_object_mut().unwrap().remove("secret").unwrap();
        }
        let at = self.at(&made["id"]);
        (made, at)
    }

    /// The bodies a create or an update takes with one field put in.
    fn with(&self, field: &str, value: &Value) -> [(&'static str, Value); 2] {
        let mut new = self.whole();
        if self.path == "employee" {
            // No two share it.
            new["employee_no"] = "another".into();
        }
        new[field] = value.clone();
        [("POST", new), ("PUT", json!({field: value}))]
    }

    /// Asks for a create, or for an update of the record at `at`.
    async fn write(&self, app: &App, method: &str, at: &str, body: &Value) -> Answer {
        let list = self.list();
        (self.writer)(app).json(method, if method == "POST" { &list } else { at }, body).await
    }

    /// What the history has of a record, oldest first: versions and actions.
    async fn history(&self, app: &App, id: &Value) -> Vec<String> {
        let sql =
            format!("SELECT version || ' ' || action AS t FROM history WHERE kind = '{}' AND record_id = '{id}' ORDER BY id", self.kind);
        texts(&app.db().await.read(), &sql).await
    }
}
