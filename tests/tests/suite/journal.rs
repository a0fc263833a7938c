//! What the store keeps of changes.

use crate::harness::app::App;
use crate::harness::texts;

/// The history of a record, oldest first: `created 1 employee 3`.
pub(crate) async fn history(app: &App, kind: &str, id: &str) -> Vec<String> {
    rows(app, "history", "action", &format!("kind = '{kind}' AND record_id = '{id}'")).await
}

/// The events of a record, oldest first: `ticket.created 1 employee 3`.
pub(crate) async fn events(app: &App, kind: &str, id: &str) -> Vec<String> {
    rows(app, "event", "type", &format!("type LIKE '{kind}.%' AND record_id = '{id}'")).await
}

/// The fields that each change of a record changed, with their values before and after.
pub(crate) async fn changes(app: &App, kind: &str, id: &str) -> Vec<serde_json::Value> {
    let sql = format!("SELECT changes AS t FROM history WHERE kind = '{kind}' AND record_id = '{id}' ORDER BY id");
    texts(&app.db().await.read(), &sql).await.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

async fn rows(app: &App, table: &str, what: &str, of: &str) -> Vec<String> {
    let actor = "actor_kind || ' ' || CAST(COALESCE(actor_id, 0) AS TEXT)";
    let sql = format!("SELECT {what} || ' ' || CAST(version AS TEXT) || ' ' || {actor} AS t FROM {table} WHERE {of} ORDER BY id");
    texts(&app.db().await.read(), &sql).await
}
