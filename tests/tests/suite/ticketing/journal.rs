//! What is kept of each change.

use serde_json::json;
use time::Duration;

use super::{path, ticket};
use crate::harness::app::App;
use crate::harness::texts;
use crate::journal::{changes, events, history};

#[tokio::test]
async fn each_change_once_and_nothing_else() {
    let app = App::new();
    let made = ticket(&app, json!({"priority": 1})).await;
    let (path, id) = (path(&made), made["id"].to_string());
    app.world.advance(Duration::minutes(1));
    app.supervisor().put(&path, json!({"subject": "new", "status": 1, "contact_id": 1})).await.is(200);
    app.agent().put(&path, json!({"subject": "new"})).await.is(200);
    app.agent().put(&path, json!({"subject": null})).await.is(422);
    app.agent().with("if-match", "\"1-0\"").put(&path, json!({"subject": "other"})).await.is(412);
    app.agent().get(&path).await.is(200);
    app.agent().delete(&path).await.is(403);
    app.admin().delete(&path).await.is(204);
    let expected = ["created 1 employee 3", "updated 2 employee 2", "deleted 2 employee 1"];
    assert_eq!(history(&app, "ticket", &id).await, expected);
    assert_eq!(events(&app, "ticket", &id).await, expected.map(|line| format!("ticket.{line}")));
    let changes = changes(&app, "ticket", &id).await;
    assert_eq!((&changes[0]["subject"], &changes[0]["priority"]), (&json!([null, "s"]), &json!([null, 1])));
    assert_eq!((&changes[0]["id"], &changes[2]["id"]), (&json!([null, made["id"]]), &json!([made["id"], null])));
    assert_eq!(changes[1], json!({"subject": ["s", "new"], "status": [0, 1], "contact_id": [null, 1]}));
    assert_eq!((&changes[2]["subject"], &changes[2]["content"]), (&json!(["new", null]), &json!(["c", null])));
}

#[tokio::test]
async fn the_request_is_named() {
    let app = App::new();
    let made = app.agent().with("x-request-id", "request-7").post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    let db = app.db().await;
    for (table, kind) in [("history", "kind = 'ticket'"), ("event", "type = 'ticket.created'")] {
        let sql = format!("SELECT request_id AS t FROM {table} WHERE {kind} AND record_id = '{}'", made["data"]["id"]);
        assert_eq!(texts(&db.read(), &sql).await, ["request-7"], "{table}");
    }
}

#[tokio::test]
async fn a_replay_is_no_change() {
    let app = App::new();
    let keyed = app.agent().with("idempotency-key", "k");
    let made = keyed.post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    keyed.post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    let id = made["data"]["id"].to_string();
    assert_eq!(history(&app, "ticket", &id).await.len(), 1);
    assert_eq!(events(&app, "ticket", &id).await.len(), 1);
}
