//! A change of a ticket.

use serde_json::{Value, json};
use time::Duration;

use super::{fields, path, ticket};
use crate::harness::app::App;

#[tokio::test]
async fn what_is_absent_stays() {
    let app = App::new();
    let mut expected = app.agent().get("/api/v1/ticket/1").await.is(200);
    for (name, value) in [
        ("subject", json!("新")),
        ("content", json!("新的內容")),
        ("due_at", json!("2026-04-01 00:00:00")),
        ("status", json!(3)),
        ("status_memo", json!("memo")),
        ("priority", json!(0)),
        ("contact_id", json!(2)),
        ("sub_category_id", json!(2)),
        ("handler_id", json!(5)),
        ("sponsor_id", json!(2)),
        ("termination_code_id", json!(2)),
    ] {
        app.world.advance(Duration::minutes(1));
        let after = app.agent().put("/api/v1/ticket/1", json!({name: value})).await.is(200);
        assert_eq!(after[name], value);
        assert_ne!(after["updated_at"], expected["updated_at"], "{name}");
        let follows: &[&str] = match name {
            "contact_id" => &["contact"],
            "sub_category_id" => &["sub_category", "category", "category_id"],
            "handler_id" => &["handler"],
            "sponsor_id" => &["sponsor"],
            "termination_code_id" => &["termination_code"],
            _ => &[],
        };
        for name in [name, "updated_at"].iter().chain(follows) {
            expected[*name] = after[*name].clone();
        }
        assert_eq!(after.to_string(), expected.to_string(), "{name}");
        assert!(follows.iter().all(|name| !after[*name].is_null()), "{name}");
        app.agent().get("/api/v1/ticket/1").await.equals(200, &expected);
    }
}

#[tokio::test]
async fn null_clears_what_may_be_null() {
    let app = App::new();
    for (name, follows) in [
        ("due_at", None),
        ("status_memo", None),
        ("contact_id", Some("contact")),
        ("sub_category_id", Some("category")),
        ("handler_id", Some("handler")),
        ("sponsor_id", Some("sponsor")),
        ("termination_code_id", Some("termination_code")),
    ] {
        let before = app.agent().get("/api/v1/ticket/1").await.is(200);
        assert!(!before[name].is_null(), "{name}");
        let after = app.agent().put("/api/v1/ticket/1", json!({name: null})).await.is(200);
        assert!(after[name].is_null() && follows.is_none_or(|follows| after[follows].is_null()), "{name}");
        assert_eq!(after["subject"], before["subject"]);
    }
    let before = app.agent().get("/api/v1/ticket/1").await.is(200);
    for name in ["subject", "content", "status", "priority"] {
        assert_eq!(fields(app.agent().put("/api/v1/ticket/1", json!({name: null})).await), [name]);
    }
    let all = json!({"subject": null, "content": null, "status": null, "priority": null, "due_at": null});
    assert_eq!(fields(app.agent().put("/api/v1/ticket/1", all).await), ["content", "priority", "status", "subject"]);
    app.agent().get("/api/v1/ticket/1").await.equals(200, &before);
}

#[tokio::test]
async fn what_changes_nothing_keeps_everything() {
    let app = App::new();
    let before = app.agent().get("/api/v1/ticket/1").await;
    app.world.advance(Duration::minutes(1));
    let same = json!({"subject": "退款申請", "content": "客戶要求退款。", "status": "1", "status_memo": "處理中", "priority": 2, "contact_id": 1, "sub_category_id": 1,
        "handler_id": 3, "sponsor_id": 1, "termination_code_id": 1, "due_at": "2026-03-05T10:00:00Z"});
    for body in [json!({}), json!({"subject": "退款申請"}), same] {
        let after = app.agent().put("/api/v1/ticket/1", body).await;
        assert_eq!((after.status, after.header("etag"), &after.text), (200, before.header("etag"), &before.text));
    }
    let view = app.agent().get("/api/v1/ticket/1").await;
    assert_eq!((view.header("etag"), &view.text), (before.header("etag"), &before.text));
}

#[tokio::test]
async fn the_version_that_is_expected() {
    let app = App::new();
    let made = app.agent().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await;
    let (tag, path) = (made.header("etag").to_owned(), path(&made.body["data"]));
    assert_eq!(app.agent().get(&path).await.header("etag"), tag, "the tag of a creation is that of the view");
    let tagged = app.supervisor().with("if-match", &tag);
    let next = tagged.put(&path, json!({"subject": "one"})).await;
    assert_eq!(next.status, 200);
    for refused in
        [tagged.put(&path, json!({"subject": "two"})).await, tagged.put(&path, json!({"status": "x"})).await, tagged.delete(&path).await]
    {
        let body = refused.is(412);
        assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["message"]);
    }
    assert_eq!(app.agent().get(&path).await.is(200)["subject"], "one");
    for foreign in ["\"x\"", "W/\"2-0\"", "nonsense"] {
        app.agent().with("if-match", foreign).put(&path, json!({"subject": "three"})).await.is(412);
    }
    app.agent().with("if-match", "*").put(&path, json!({"subject": "four"})).await.is(200);
    // Unknown goes before stale.
    app.agent().with("if-match", &tag).put("/api/v1/ticket/999", json!({})).await.is(404);
}

#[tokio::test]
async fn of_many_who_expect_a_version_one_gets_it() {
    let app = App::new();
    let made = app.agent().get("/api/v1/ticket/1").await;
    let tagged = app.agent().with("if-match", made.header("etag"));
    let writes = (0..8).map(|n| tagged.put("/api/v1/ticket/1", json!({"subject": format!("writer {n}")})));
    let answers = futures_util::future::join_all(writes).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
    let first = answers.iter().find(|answer| answer.status == 200).unwrap();
    assert_eq!(app.agent().get("/api/v1/ticket/1").await.text, first.text);
}

#[tokio::test]
async fn changes_at_once_are_all_kept() {
    let app = App::new();
    let made = ticket(&app, json!({})).await;
    let (path, agent) = (path(&made), app.agent());
    let bodies = [
        json!({"subject": "x"}),
        json!({"content": "y"}),
        json!({"status": 1}),
        json!({"priority": 3}),
        json!({"contact_id": 1}),
        json!({"handler_id": 5}),
    ];
    let answers = futures_util::future::join_all(bodies.iter().map(|body| agent.put(&path, body.clone()))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    let after = agent.get(&path).await;
    for (name, value) in bodies.iter().flat_map(|body| body.as_object().unwrap()) {
        assert_eq!(&after.body[name], value, "{name} was lost");
    }
    assert!(after.header("etag").starts_with("\"7-"), "{}", after.header("etag"));
}

#[tokio::test]
async fn a_code_is_changed_by_its_id() {
    let app = App::new();
    let made = ticket(&app, json!({"termination_code": 1})).await;
    let changed = app.agent().put(&path(&made), json!({"termination_code_id": 2})).await.is(200);
    assert_eq!((&changed["termination_code"]["id"], &changed["termination_code"]["name"]), (&json!(2), &json!("待查")));
    assert_eq!(app.agent().put(&path(&made), json!({"termination_code_id": null})).await.is(200)["termination_code"], Value::Null);
}
