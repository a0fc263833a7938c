//! The end of a ticket.

use frontdesk_core::access::Scope;
use serde_json::json;

use super::{ids, path, ticket};
use crate::harness::app::App;
use crate::harness::number;

#[tokio::test]
async fn gone_for_good() {
    let app = App::new();
    let made = ticket(&app, json!({"contact_id": 1})).await;
    let path = path(&made);
    app.agent().delete(&path).await.equals(403, &json!({"message": "This action is unauthorized."}));
    app.key(&[Scope::TicketsWrite]).await.delete(&path).await.is(403);
    app.stranger().delete(&path).await.is(404);
    app.agent().get(&path).await.equals(200, &made);
    let answer = app.supervisor().delete(&path).await;
    assert_eq!((answer.status, answer.text.as_str(), answer.header("content-type")), (204, "", ""));
    app.agent().get(&path).await.equals(404, &json!({"message": "Not Found"}));
    app.agent().put(&path, json!({})).await.is(404);
    app.supervisor().delete(&path).await.is(404);
    assert_eq!(ids(&app, "/api/v1/ticket").await, [2, 1]);
    // Its id is not given again.
    assert_ne!(ticket(&app, json!({})).await["id"], made["id"]);
}

#[tokio::test]
async fn an_admin_and_a_key_with_the_right_may() {
    let app = App::new();
    let (one, other) = (ticket(&app, json!({})).await, ticket(&app, json!({})).await);
    app.admin().delete(&path(&one)).await.is(204);
    app.key(&[Scope::TicketsDelete]).await.delete(&path(&other)).await.is(204);
}

#[tokio::test]
async fn what_others_are_linked_to_stays() {
    let app = App::new();
    // The ticket 1 is an appointment's, the ticket 2 a call task's.
    for id in [1, 2] {
        let path = format!("/api/v1/ticket/{id}");
        let before = app.agent().get(&path).await;
        let refusal = app.admin().delete(&path).await.is(409);
        assert!(refusal["message"].is_string(), "{refusal}");
        let after = app.agent().get(&path).await;
        assert_eq!((&after.text, after.header("etag")), (&before.text, before.header("etag")));
    }
    let task = "/api/tasks/019ca000-0000-7000-8000-000000000001/appeal";
    app.agent().put(task, json!({"appeal_id": null})).await.is(200);
    app.admin().delete("/api/v1/ticket/2").await.is(204);
    app.agent().put(task, json!({"appeal_id": 2})).await.is(422);
    // Nor does a task that is done with let it go.
    let made = ticket(&app, json!({})).await;
    app.agent().put(task, json!({"appeal_id": made["id"]})).await.is(200);
    app.agent().put("/api/tasks/019ca000-0000-7000-8000-000000000001/status", json!({"status": "cancelled"})).await.is(200);
    app.admin().delete(&path(&made)).await.is(409);
}

#[tokio::test]
async fn its_links_to_interactions_go_with_it() {
    let app = App::new();
    app.seed(
        r#"{"record":"ticket","id":40,"subject":"s","content":"c"}
{"record":"ticket","id":41,"subject":"s","content":"c"}
{"record":"interact_collection","id":9,"handler_id":3,"bound_type":1,"ticket_ids":[40,41]}"#,
    )
    .await;
    let linked = async |id: i64| {
        let list = app.agent().get("/api/v1/ticket").await.is(200);
        let row = list["data"].as_array().unwrap().iter().find(|ticket| ticket["id"] == id).cloned();
        row.map(|ticket| ticket["interact_collections"][0]["id"].clone())
    };
    assert_eq!((linked(40).await, linked(41).await), (Some(json!(9)), Some(json!(9))));
    app.supervisor().delete("/api/v1/ticket/40").await.is(204);
    assert_eq!((linked(40).await, linked(41).await), (None, Some(json!(9))));
    let db = app.db().await;
    assert_eq!(number(&db.read(), "SELECT COUNT(*) AS n FROM interaction_ticket WHERE ticket_id = 40").await, 0);
    assert_eq!(number(&db.read(), "SELECT COUNT(*) AS n FROM interaction WHERE id = 9").await, 1);
}

#[tokio::test]
async fn a_link_and_a_deletion_at_once() {
    let app = App::new();
    let (admin, agent) = (app.admin(), app.agent());
    for _ in 0..10 {
        let made = ticket(&app, json!({})).await;
        let (path, body) = (path(&made), json!({"appeal_id": made["id"]}));
        let link = agent.put("/api/tasks/019ca000-0000-7000-8000-000000000002/appeal", body);
        let (deleted, linked) = futures_util::future::join(admin.delete(&path), link).await;
        assert!(matches!((deleted.status, linked.status), (204, 422) | (409, 200)), "{} {}", deleted.text, linked.text);
        agent.put("/api/tasks/019ca000-0000-7000-8000-000000000002/appeal", json!({"appeal_id": null})).await.is(200);
    }
}
