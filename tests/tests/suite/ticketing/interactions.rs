//! The service log, and its links to tickets.

use serde_json::{Value, json};
use time::Duration;

use super::{fields, ids, ticket};
use crate::harness::app::App;
use crate::harness::number;
use crate::journal::{changes, events, history};

const LIST: &str = "/api/v1/interact-collection";

const RECORDS: &str = r#"{"record":"employee","id":20,"employee_no":"second","first_name":"S","role":"agent","group_id":1}
{"record":"interact_collection","id":10,"handler_id":20,"is_acw_completed":true,"created_at":"2026-02-01 00:00:00"}
{"record":"interact_collection","id":11,"handler_id":5,"contact_id":2,"created_at":"2026-02-28 23:59:59"}
{"record":"interact_collection","id":12,"contact_id":1,"created_at":"2026-03-01 00:00:00"}"#;

async fn entry(app: &App, body: Value) -> Value {
    app.agent().post(LIST, body).await.is(201)["data"].clone()
}

fn at(entry: &Value) -> String {
    format!("{LIST}/{}", entry["id"])
}

/// The ids of the entries that the list of tickets shows of a ticket.
async fn shown(app: &App, ticket: i64) -> Vec<i64> {
    let list = app.agent().get("/api/v1/ticket?per_page=200").await.is(200);
    let row = list["data"].as_array().unwrap().iter().find(|row| row["id"] == ticket).unwrap().clone();
    row["interact_collections"].as_array().unwrap().iter().map(|entry| entry["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn as_the_page_lists_it() {
    let app = App::new();
    let list = app.agent().get(LIST).await.is(200);
    let handler = app.agent().get("/api/v1/ticket/1").await.is(200)["handler"].clone();
    let expected = json!({"id": 1, "is_acw_completed": true, "first_enter_queue_at": "2026-03-01 08:50:00",
        "first_start_service_at": "2026-03-01 08:51:00", "acw_at": "2026-03-01 09:05:00", "last_finished_at": "2026-03-01 09:00:00",
        "handler_id": 3, "handler": handler, "contact_id": 1, "memo": "來電", "bound_type": 1, "sponsor_id": 1, "campaign_queue_id": null,
        "result_id": 1});
    assert_eq!(format!("{:#}", list["data"][0]), format!("{expected:#}"));
    let mut whole = expected;
    whole["ticket_ids"] = json!([1]);
    app.agent().get("/api/v1/interact-collection/1").await.equals(200, &whole);
    assert_eq!(list["meta"]["total"], 1);
}

#[tokio::test]
async fn filters_alone_and_together() {
    let app = App::new();
    app.seed(RECORDS).await;
    let cases: [(&str, &[i64]); 17] = [
        ("", &[12, 11, 10, 1]),
        ("handler_id=5", &[11]),
        ("handler_id=1003", &[]),
        ("handler_group_id=1", &[10, 1]),
        ("handler_group_id=2", &[]),
        ("handler_group_id=1001", &[]),
        ("contact_id=1", &[12, 1]),
        ("contact_id=999", &[]),
        ("created_at__start=2026-02-28", &[12, 11, 1]),
        ("created_at__end=2026-02-28", &[11, 10]),
        ("created_at__start=2026-02-01&created_at__end=2026-02-01", &[10]),
        ("created_at__start=2026-03-01+00:00:00&created_at__end=2026-02-28T16:00:00Z", &[12]),
        ("is_acw_completed=true", &[10, 1]),
        ("is_acw_completed=0", &[12, 11]),
        ("is_acw_completed=1&handler_group_id=1&contact_id=1", &[1]),
        ("handler_group_id=1&handler_id=5", &[]),
        ("handler_id=&handler_group_id=&contact_id=&created_at__start=&created_at__end=&is_acw_completed=&sort=", &[12, 11, 10, 1]),
    ];
    for (query, expected) in cases {
        assert_eq!(ids(&app, &format!("{LIST}?{query}")).await, expected, "{query}");
    }
    let wrong = "handler_id=x&handler_group_id=1.5&contact_id=x&created_at__start=x&created_at__end=x&is_acw_completed=2&search=x&page=0";
    let mut names: Vec<_> = wrong.split('&').map(|pair| pair.split('=').next().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(fields(app.agent().get(&format!("{LIST}?{wrong}")).await), names);
}

#[tokio::test]
async fn links_are_made_changed_and_dropped() {
    let app = App::new();
    let none = entry(&app, json!({})).await;
    assert_eq!((&none["ticket_ids"], &none["is_acw_completed"], &none["handler"]), (&json!([]), &json!(false), &Value::Null));
    let made = entry(&app, json!({"handler_id": 3, "ticket_ids": [2, 1, 2]})).await;
    let id = made["id"].as_i64().unwrap();
    assert_eq!(made["ticket_ids"], json!([1, 2]));
    assert_eq!((shown(&app, 1).await, shown(&app, 2).await), (vec![1, id], vec![id]));
    // What the request does not name stays.
    let same = app.agent().put(&at(&made), json!({"ticket_ids": "[2,1]"})).await;
    assert!(same.header("etag").starts_with("\"1-"), "{}", same.header("etag"));
    app.agent().put(&at(&made), json!({"memo": "m"})).await.is(200);
    let changed = app.agent().put(&at(&made), json!({"ticket_ids": [2]})).await.is(200);
    assert_eq!((&changed["ticket_ids"], &changed["memo"], &changed["handler"]["id"]), (&json!([2]), &json!("m"), &json!(3)));
    assert_eq!((shown(&app, 1).await, shown(&app, 2).await), (vec![1], vec![id]));
    assert_eq!(app.agent().put(&at(&made), json!({"ticket_ids": null})).await.is(200)["ticket_ids"], json!([]));
    assert_eq!(app.agent().put(&at(&made), json!({"ticket_ids": [1, 2]})).await.is(200)["ticket_ids"], json!([1, 2]));
    app.supervisor().delete(&at(&made)).await.is(204);
    assert_eq!((shown(&app, 1).await, shown(&app, 2).await), (vec![1], vec![]));
    let kind = "interact_collection";
    let log = history(&app, kind, &id.to_string()).await;
    assert_eq!(
        log,
        [
            "created 1 employee 3",
            "updated 2 employee 3",
            "updated 3 employee 3",
            "updated 4 employee 3",
            "updated 5 employee 3",
            "deleted 5 employee 2"
        ]
    );
    assert_eq!(events(&app, kind, &id.to_string()).await, log.iter().map(|line| format!("{kind}.{line}")).collect::<Vec<_>>());
    let all = changes(&app, kind, &id.to_string()).await;
    assert_eq!((&all[0]["ticket_ids"], &all[5]["ticket_ids"]), (&json!([null, [1, 2]]), &json!([[1, 2], null])));
    assert_eq!((&all[1], &all[2]), (&json!({"memo": [null, "m"]}), &json!({"ticket_ids": [[1, 2], [2]]})));
}

#[tokio::test]
async fn a_form_names_tickets_too() {
    let app = App::new();
    let form = "application/x-www-form-urlencoded";
    for body in ["ticket_ids[]=1&ticket_ids[]=2", "ticket_ids=1,2", "ticket_ids=%5B1%2C2%5D&memo=", "ticket_ids[0]=2&ticket_ids[1]=1"] {
        let made = app.agent().send("POST", LIST, form, body.into()).await.is(201)["data"].clone();
        assert_eq!(made["ticket_ids"], json!([1, 2]), "{body}");
        let changed = app.agent().send("PUT", &at(&made), form, b"ticket_ids=".to_vec()).await.is(200);
        assert_eq!(changed["ticket_ids"], json!([]), "{body}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let app = App::new();
    let made = entry(&app, json!({})).await;
    for (wrong, named) in [
        (json!({"ticket_ids": [1, 999, 1001]}), vec!["ticket_ids.1", "ticket_ids.2"]),
        (json!({"ticket_ids": [0, -1, i64::MAX]}), vec!["ticket_ids.0", "ticket_ids.1", "ticket_ids.2"]),
        (json!({"ticket_ids": ["x"]}), vec!["ticket_ids"]),
        (json!({"ticket_ids": {"a": 1}}), vec!["ticket_ids"]),
        (json!({"ticket_ids": vec![1; 1001]}), vec!["ticket_ids"]),
        (json!({"bound_type": 0}), vec!["bound_type"]),
        (json!({"bound_type": 3}), vec!["bound_type"]),
        (json!({"bound_type": "in"}), vec!["bound_type"]),
        (
            json!({"result_id": 1.5, "is_acw_completed": 7, "acw_at": "soon", "last_finished_at": 5}),
            vec!["acw_at", "is_acw_completed", "last_finished_at", "result_id"],
        ),
        (
            json!({"first_enter_queue_at": "x", "first_start_service_at": "2026-02-30"}),
            vec!["first_enter_queue_at", "first_start_service_at"],
        ),
        (
            json!({"handler_id": 1003, "contact_id": 9, "sponsor_id": 9, "ticket_ids": [9]}),
            vec!["contact_id", "handler_id", "sponsor_id", "ticket_ids.0"],
        ),
    ] {
        assert_eq!(fields(app.agent().post(LIST, wrong.clone()).await), named, "{wrong}");
        assert_eq!(fields(app.agent().put(&at(&made), wrong.clone()).await), named, "{wrong}");
    }
    assert_eq!(fields(app.agent().put(&at(&made), json!({"is_acw_completed": null})).await), ["is_acw_completed"]);
    app.agent().put(&format!("{LIST}/999"), json!({"ticket_ids": [999]})).await.is(404);
    let many = (0..1000).map(|_| 2).collect::<Vec<_>>();
    assert_eq!(app.agent().put(&at(&made), json!({"ticket_ids": many})).await.is(200)["ticket_ids"], json!([2]));
}

#[tokio::test]
async fn who_deletes_a_ticket_changes_its_interactions() {
    let app = App::new();
    let (one, other) = (ticket(&app, json!({})).await["id"].as_i64().unwrap(), ticket(&app, json!({})).await["id"].as_i64().unwrap());
    let (first, second) =
        (entry(&app, json!({"ticket_ids": [one, other]})).await, entry(&app, json!({"memo": "m", "ticket_ids": [one]})).await);
    let tag = app.agent().get(&at(&first)).await.header("etag").to_owned();
    app.world.advance(Duration::minutes(1));
    // The version that the request names is the ticket's alone.
    app.agent().put(&format!("/api/v1/ticket/{one}"), json!({"subject": "x"})).await.is(200);
    app.supervisor().with("if-match", "\"2-x\"").delete(&format!("/api/v1/ticket/{one}")).await.is(204);
    for (entry, left) in [(&first, json!([other])), (&second, json!([]))] {
        let now = app.agent().get(&at(entry)).await;
        assert!(now.header("etag").starts_with("\"2-"), "{}", now.header("etag"));
        assert_eq!(now.body["ticket_ids"], left);
        let id = entry["id"].to_string();
        assert_eq!(history(&app, "interact_collection", &id).await, ["created 1 employee 3", "updated 2 employee 2"]);
        assert_eq!(changes(&app, "interact_collection", &id).await[1], json!({"ticket_ids": [entry["ticket_ids"], left]}));
    }
    app.agent().with("if-match", &tag).put(&at(&first), json!({"memo": "x"})).await.is(412);
    // A ticket that must stay keeps its links.
    let before = app.agent().get("/api/v1/interact-collection/1").await;
    app.supervisor().delete("/api/v1/ticket/1").await.is(409);
    assert_eq!(app.agent().get("/api/v1/interact-collection/1").await.header("etag"), before.header("etag"));
}

#[tokio::test]
async fn a_link_and_a_deletion_at_once() {
    let app = App::new();
    let (admin, agent) = (app.admin(), app.agent());
    let kept = ticket(&app, json!({})).await["id"].as_i64().unwrap();
    for _ in 0..10 {
        let id = ticket(&app, json!({})).await["id"].as_i64().unwrap();
        let (linked, loose) = (entry(&app, json!({"ticket_ids": [id]})).await, entry(&app, json!({"ticket_ids": [kept]})).await);
        let path = format!("/api/v1/ticket/{id}");
        let body = json!({"ticket_ids": [kept, id]});
        let (linked, loose) = (at(&linked), at(&loose));
        let (deleted, created, joined, moved, gone) = tokio::join!(
            admin.delete(&path),
            agent.post(LIST, body.clone()),
            agent.put(&loose, body.clone()),
            agent.put(&linked, json!({"ticket_ids": [kept]})),
            admin.delete(&linked),
        );
        deleted.is(204);
        for answer in [&created, &joined] {
            assert!(matches!(answer.status, 200 | 201 | 422), "{}", answer.text);
        }
        assert!(matches!(moved.status, 200 | 404), "{}", moved.text);
        gone.is(204);
        let after = app.agent().get(&loose).await.is(200);
        assert_eq!(after["ticket_ids"], json!([kept]));
    }
    let db = app.db().await;
    let sql = "SELECT COUNT(*) AS n FROM interaction_ticket l LEFT JOIN ticket t ON t.id = l.ticket_id
        LEFT JOIN interaction i ON i.id = l.interaction_id WHERE t.id IS NULL OR i.id IS NULL";
    assert_eq!(number(&db.read(), sql).await, 0);
    // The history tells the whole way: as many versions as the entries have.
    let lost = "SELECT COUNT(*) AS n FROM interaction i WHERE organization_id = 1 AND id > 1 AND version <> (SELECT COUNT(*) FROM history h
        WHERE h.kind = 'interact_collection' AND h.record_id = CAST(i.id AS TEXT))";
    assert_eq!(number(&db.read(), lost).await, 0);
}
