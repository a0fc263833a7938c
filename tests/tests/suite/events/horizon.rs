//! Nobody reads past an event that may still appear. Only on PostgreSQL do writes run side by side.

use frontdesk_store::{Db, Options};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::json;

use super::{end, ids, read, stored};
use crate::harness::app::App;
use crate::harness::eventually;

/// A connection of its own, on which a write can stay as it is.
struct Write(Db);

impl Write {
    /// Begins a write, which gets a transaction id.
    async fn begin(app: &App) -> Self {
        let db = Db::open(app.database_url(), &Options { writers: 1, ..Options::default() }).await.unwrap();
        let write = Self(db);
        write.run("BEGIN").await;
        write.run("SELECT pg_current_xact_id()").await;
        write
    }

    async fn run(&self, sql: &str) {
        self.0.schema().execute_unprepared(sql).await.unwrap();
    }

    /// Draws the id of an event.
    async fn event(&self, record: &str) {
        self.run(&format!(
            "INSERT INTO event (organization_id, type, record_id, version, actor_kind, request_id, at, data)
             VALUES (1, 'ticket.created', '{record}', 1, 'system', 'r', 0, 'null')"
        ))
        .await;
    }

    async fn end(self, sql: &str) {
        self.run(sql).await;
        self.0.close().await;
    }
}

async fn records(app: &App, begin: i64) -> Vec<String> {
    let (events, _) = read(&app.agent(), begin).await;
    events.iter().map(|event| event["record_id"].as_str().unwrap().to_owned()).collect()
}

/// What is settled may show a little later: other tests write in the same cluster.
async fn shows(app: &App, begin: i64, expected: &[&str]) {
    eventually("the events show", async || records(app, begin).await == expected).await;
}

async fn on_postgres() -> Option<App> {
    let app = App::new();
    (app.db().await.backend() == DbBackend::Postgres).then_some(app)
}

#[tokio::test]
async fn an_id_that_was_drawn_is_waited_for() {
    for (ending, expected) in [("COMMIT", &["slow", "fast", "1"][..]), ("ROLLBACK", &["fast", "1"])] {
        let Some(app) = on_postgres().await else { return };
        let begin = end(&app.agent()).await;
        let slow = Write::begin(&app).await;
        slow.event("slow").await;
        let fast = Write::begin(&app).await;
        fast.event("fast").await;
        fast.end("COMMIT").await;
        app.agent().put("/api/v1/ticket/1", json!({"subject": "changed"})).await.is(200);
        for _ in 0..5 {
            assert_eq!(records(&app, begin).await, [""; 0]);
        }
        slow.end(ending).await;
        shows(&app, begin, expected).await;
        assert_eq!(ids(&read(&app.agent(), begin).await.0), stored(&app, begin).await);
    }
}

#[tokio::test]
async fn an_id_may_be_drawn_by_the_younger_of_two_writes() {
    let Some(app) = on_postgres().await else { return };
    let begin = end(&app.agent()).await;
    let older = Write::begin(&app).await;
    let younger = Write::begin(&app).await;
    younger.event("first").await;
    older.event("second").await;
    // No transaction that has ended is younger than the one that runs.
    older.end("COMMIT").await;
    for _ in 0..5 {
        assert_eq!(records(&app, begin).await, [""; 0]);
    }
    younger.end("COMMIT").await;
    shows(&app, begin, &["first", "second"]).await;
}
