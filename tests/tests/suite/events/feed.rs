//! The change feed.

use std::collections::BTreeSet;

use frontdesk_core::access::Scope;
use futures_util::future::join_all;
use serde_json::{Value, json};
use time::Duration;

use super::{end, ids, read, read_all, stored};
use crate::access::{furnished, table};
use crate::harness::app::App;
use crate::harness::texts;

#[tokio::test]
async fn every_change_of_every_record_in_order() {
    let app = furnished().await;
    for (id, _, _, method, path, body) in table() {
        // Who signs out, or takes the key away, is not heard again.
        if method != "GET" && !id.starts_with("auth_") && !id.contains("anonymize") {
            app.admin().json(method, path, &body).await;
        }
    }
    let (events, _) = read_all(&app.admin(), 0).await;
    assert_eq!(ids(&events), stored(&app, 0).await);
    let told = |event: &Value| format!("{} {} {}", event["type"], event["record_id"], event["version"]).replace('"', "");
    let changes = "SELECT kind || '.' || action || ' ' || record_id || ' ' || CAST(version AS TEXT) AS t FROM history
         WHERE announced AND organization_id = 1 ORDER BY id";
    assert_eq!(events.iter().map(told).collect::<Vec<_>>(), texts(&app.db().await.read(), changes).await);
    let types: BTreeSet<_> = events.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect();
    let nouns =
        ["sponsor", "termination_code", "category", "subcategory", "ticket", "interact_collection", "employee", "group", "job_title"];
    for noun in nouns.iter().chain(&["department", "extension", "cti_agent", "contact", "phone_number"]) {
        for action in ["created", "updated", "deleted"] {
            assert!(types.contains(&format!("{noun}.{action}")), "{noun}.{action} is not among {types:?}");
        }
    }
    for what in ["call_task.created", "call_task.updated", "appointment.created", "organization.updated", "license.revoked"] {
        assert!(types.contains(what), "{what} is not among {types:?}");
    }
}

#[tokio::test]
async fn what_an_event_tells() {
    let app = App::new();
    let after = end(&app.agent()).await;
    app.agent().with("x-request-id", "r-1").put("/api/v1/ticket/1", json!({"subject": "changed"})).await.is(200);
    let (events, next) = read_all(&app.agent(), after).await;
    let expected = json!({
        "id": next, "type": "ticket.updated", "record": "ticket", "record_id": "1", "version": 2, "at": "2026-03-02T10:00:00+08:00",
        "actor_kind": "employee", "actor_id": 3, "request_id": "r-1", "path": "/api/v1/ticket/1", "data": null
    });
    assert_eq!(events, [expected]);
    let path = events[0]["path"].as_str().unwrap();
    assert_eq!(app.agent().get(path).await.is(200)["subject"], "changed");
    let time = json!({"task_num": "202603010000002", "task_time": "1772510400"});
    app.agent().post("/api/task/time/do_update", time).await.is(200);
    let (events, _) = read_all(&app.agent(), next).await;
    assert_eq!((&events[0]["data"], &events[0]["path"]), (&json!({"task_num": "202603010000002"}), &Value::Null));
}

#[tokio::test]
async fn pages_and_types() {
    let app = App::new();
    let begin = end(&app.admin()).await;
    for name in ["a", "b", "c"] {
        app.admin().post("/api/v1/ticket", json!({"subject": name, "content": "c"})).await.is(201);
        app.admin().post("/api/v1/contact", json!({"first_name": name})).await.is(201);
    }
    let all = stored(&app, begin).await;
    end(&app.admin()).await;
    let page = async |query: &str| {
        let page = app.admin().get(&format!("/api/v1/event?{query}")).await.is(200);
        let types: Vec<_> = page["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect();
        (types, page["next_after"].as_i64().unwrap())
    };
    assert_eq!(page(&format!("after={begin}&limit=2")).await, (vec!["ticket.created".into(), "contact.created".into()], all[1]));
    assert_eq!(page(&format!("after={}&limit=1", all[1])).await, (vec!["ticket.created".into()], all[2]));
    assert_eq!(page("type=contact.*,ticket.deleted").await.0, ["contact.created"; 3]);
    assert_eq!(page("type=ticket.created,contact.created").await.0.len(), 6);
    // What was not wanted is behind the reader all the same.
    assert_eq!(page("type=call_task.*").await, (vec![], all[5]));
    assert_eq!(page(&format!("after={}", all[5])).await, (vec![], all[5]));
    assert_eq!(page(&format!("after={}", all[5] + 1000)).await, (vec![], all[5] + 1000));
    for (query, field) in [
        ("after=x", "after"),
        ("after=-1", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("type=ticket", "type"),
        ("type=tickets.*", "type"),
        ("page=1", "page"),
    ] {
        let refused = app.admin().get(&format!("/api/v1/event?{query}")).await;
        assert_eq!((refused.status, refused.offending()), (422, vec![field.to_owned()]), "{query}");
    }
}

#[tokio::test]
async fn secrets_are_for_admins_and_organizations_stay_apart() {
    let app = App::new();
    let begin = end(&app.admin()).await;
    app.admin().post("/api/v1/license", json!({"label": "l"})).await.is(201);
    app.agent().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    app.stranger().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    let key = app.key(&[Scope::EventsRead]).await;
    let types = async |caller| {
        let (events, _) = read_all(&caller, begin).await;
        events.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(types(app.admin()).await, ["license.created", "ticket.created", "service_key.created"]);
    for caller in [app.agent(), app.supervisor(), key] {
        assert_eq!(types(caller).await, ["ticket.created"]);
    }
    assert_eq!(types(app.stranger()).await, ["ticket.created"]);
}

#[tokio::test]
async fn a_reader_too_far_behind_is_told() {
    let app = App::new();
    let new = async || app.admin().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    new().await;
    new().await;
    let (old, newest) = (stored(&app, 0).await, end(&app.admin()).await);
    let later = app.world.now() + Duration::days(10);
    assert!(app.db().await.forget_events(later, Duration::days(9)).await.unwrap() > 2);
    let refused = app.admin().get(&format!("/api/v1/event?after={}", old[old.len() - 2])).await;
    let text = format!("events up to {newest} are kept no longer; begin after {newest}, and look at the records again");
    refused.equals(410, &json!({"message": text}));
    // Whoever had read them all goes on, and who begins anew begins after them, also while there are none.
    for query in [format!("after={newest}"), "after=latest".into(), String::new()] {
        app.admin().get(&format!("/api/v1/event?{query}")).await.equals(200, &json!({"data": [], "next_after": newest}));
    }
    new().await;
    assert_eq!(ids(&read_all(&app.admin(), newest).await.0), stored(&app, 0).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_follows_twenty_writers_misses_nothing_and_gets_nothing_twice() {
    let app = App::new();
    let (beside, begin) = (app.beside(), end(&app.agent()).await);
    let writer = async |n: usize| {
        let server = if n.is_multiple_of(2) { &app } else { &beside };
        for number in 0..10 {
            let subject = format!("{n}-{number}");
            server.agent().post("/api/v1/ticket", json!({"subject": subject, "content": "c"})).await.is(201);
        }
    };
    let reader = async || {
        let (mut seen, mut after) = (vec![], begin);
        while seen.len() < 200 {
            let (events, next) = read(&app.agent(), after).await;
            seen.extend(ids(&events));
            after = next;
        }
        seen
    };
    let (seen, _) = tokio::join!(reader(), join_all((0..20).map(writer)));
    assert_eq!(seen, stored(&app, begin).await);
}
