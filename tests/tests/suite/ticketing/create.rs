//! A new ticket: its fields, their bounds, their defaults.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use super::{fields, path, ticket, with};
use crate::harness::app::App;

#[tokio::test]
async fn defaults() {
    let app = App::new();
    let made = ticket(&app, json!({})).await;
    let expected = json!({"id": made["id"], "subject": "s", "content": "c", "due_at": null, "status": 0, "status_memo": null, "priority": 0,
        "contact": null, "contact_id": null, "sub_category": null, "sub_category_id": null, "handler_id": null, "handler": null, "sponsor_id": null,
        "sponsor": null, "campaign_queue": null, "campaign_queue_id": null, "created_at": "2026-03-02 10:00:00", "updated_at": "2026-03-02 10:00:00",
        "termination_code_id": null, "termination_code": null, "category": null, "category_id": null});
    assert_eq!(made.to_string(), expected.to_string());
    let nulls = json!({"sponsor_id": null, "handler_id": null, "termination_code_id": null, "termination_code": null, "due_at": null, "priority": null,
        "status": null, "status_memo": null, "sub_category_id": null, "contact_id": null});
    let mut again = ticket(&app, nulls).await;
    again["id"] = made["id"].clone();
    assert_eq!(again, made);
}

#[tokio::test]
async fn every_field() {
    let app = App::new();
    let sent = json!({"sponsor_id": 1, "handler_id": 3, "termination_code_id": 1, "due_at": "2026-03-05 18:00:00", "priority": 3, "status": 3,
        "status_memo": "備註", "sub_category_id": 1, "contact_id": 1});
    let made = ticket(&app, sent.clone()).await;
    for (name, value) in sent.as_object().unwrap() {
        assert_eq!(&made[name], value, "{name}");
    }
    let nested = ["sponsor", "handler", "termination_code", "sub_category", "contact", "category"];
    let view = app.agent().get("/api/v1/ticket/1").await.is(200);
    for name in nested {
        assert_eq!(made[name].to_string(), view[name].to_string(), "{name}");
    }
    app.agent().get(&path(&made)).await.equals(200, &made);
    let listed = app.agent().get("/api/v1/ticket?per_page=1").await.is(200)["data"][0].clone();
    assert_eq!(
        (&listed["id"], &listed["creater"]["employee_no"], &listed["interact_collections"]),
        (&made["id"], &json!("agent"), &json!([]))
    );
}

#[tokio::test]
async fn the_creater_is_whoever_asks() {
    let app = App::new();
    app.key(&[Scope::TicketsWrite]).await.post("/api/v1/ticket", with(&json!({"creater_id": 1}))).await.is(201);
    app.supervisor().post("/api/v1/ticket", with(&json!({"creater_id": 1, "creater": {"id": 1}}))).await.is(201);
    let list = app.agent().get("/api/v1/ticket?per_page=2").await.is(200);
    assert_eq!((&list["data"][0]["creater"]["id"], &list["data"][1]["creater"]), (&json!(2), &Value::Null));
}

#[tokio::test]
async fn every_offending_field_is_named() {
    let app = App::new();
    let types = json!({"subject": 1, "content": [], "due_at": 5, "priority": "x", "status": {}, "status_memo": false, "sponsor_id": "x", "handler_id": 1.5,
        "termination_code_id": true, "sub_category_id": [], "contact_id": {}});
    let rules = json!({"subject": "", "content": "", "due_at": "x", "priority": 4, "status": -1, "status_memo": "x".repeat(65_536), "sponsor_id": 99,
        "handler_id": 99, "termination_code_id": 99, "sub_category_id": 99, "contact_id": 99});
    let foreign = json!({"subject": "x".repeat(256), "content": "x".repeat(65_536), "due_at": "", "priority": 9, "status": "9", "status_memo": 0,
        "sponsor_id": 1001, "handler_id": 1001, "termination_code_id": 1001, "sub_category_id": 1001, "contact_id": 1001});
    for wrong in [types, rules, foreign] {
        let mut every: Vec<_> = wrong.as_object().unwrap().keys().cloned().collect();
        every.sort_unstable();
        assert_eq!(fields(app.agent().post("/api/v1/ticket", wrong.clone()).await), every, "{wrong:.200}");
        assert_eq!(fields(app.agent().put("/api/v1/ticket/1", wrong.clone()).await), every, "{wrong:.200}");
    }
    assert_eq!(fields(app.agent().post("/api/v1/ticket", json!({})).await), ["content", "subject"]);
    assert_eq!(fields(app.agent().post("/api/v1/ticket", json!({"subject": null, "content": null})).await), ["content", "subject"]);
    assert_eq!(app.agent().get("/api/v1/ticket").await.is(200)["meta"]["total"], 2, "a refused ticket was made");
}

#[tokio::test]
async fn lengths_are_of_characters() {
    let app = App::new();
    for fields in [
        json!({"subject": "📞".repeat(255)}),
        json!({"subject": " "}),
        json!({"content": "內".repeat(65_535)}),
        json!({"content": "x\r\n\ty"}),
        json!({"status_memo": "ё".repeat(65_535)}),
        json!({"status_memo": ""}),
    ] {
        let made = ticket(&app, fields.clone()).await;
        let (name, value) = fields.as_object().unwrap().iter().next().unwrap();
        assert_eq!(&made[name], value);
        app.agent().get(&path(&made)).await.equals(200, &made);
        app.agent().put(&path(&made), json!({name: value})).await.equals(200, &made);
    }
    for (name, value) in [("subject", "📞".repeat(256)), ("content", "內".repeat(65_536)), ("status_memo", "ё".repeat(65_536))] {
        assert_eq!(fields(app.agent().post("/api/v1/ticket", with(&json!({name: value}))).await), [name]);
        assert_eq!(fields(app.agent().put("/api/v1/ticket/1", json!({name: value})).await), [name]);
    }
    for name in ["subject", "content", "status_memo"] {
        assert_eq!(fields(app.agent().post("/api/v1/ticket", with(&json!({name: "a\u{0}b"}))).await), [name]);
        assert_eq!(fields(app.agent().put("/api/v1/ticket/1", json!({name: "a\u{0}b"})).await), [name]);
    }
}

#[tokio::test]
async fn the_code_has_two_names() {
    let app = App::new();
    let code = async |fields: Value| ticket(&app, fields).await["termination_code_id"].clone();
    assert_eq!(code(json!({"termination_code": 1})).await, 1);
    assert_eq!(code(json!({"termination_code": "2"})).await, 2);
    assert_eq!(code(json!({"termination_code_id": 2, "termination_code": 1})).await, 2);
    assert_eq!(code(json!({"termination_code_id": 2, "termination_code": 99})).await, 2);
    assert_eq!(code(json!({"termination_code_id": null, "termination_code": 1})).await, 1);
    assert_eq!(fields(app.agent().post("/api/v1/ticket", with(&json!({"termination_code": 99}))).await), ["termination_code"]);
    assert_eq!(fields(app.agent().post("/api/v1/ticket", with(&json!({"termination_code": 1001}))).await), ["termination_code"]);
    assert_eq!(
        fields(app.agent().post("/api/v1/ticket", with(&json!({"termination_code_id": 99, "termination_code": 1}))).await),
        ["termination_code_id"]
    );
}

#[tokio::test]
async fn status_and_code_are_independent() {
    let app = App::new();
    // The code 1 is of the status 2, the code 2 of the status 0.
    for (status, code) in [(0, 1), (3, 1), (2, 2), (1, 2)] {
        let made = ticket(&app, json!({"status": status, "termination_code_id": code})).await;
        assert_eq!((&made["status"], &made["termination_code_id"]), (&json!(status), &json!(code)));
        let changed = app.agent().put(&path(&made), json!({"status": 3 - status})).await.is(200);
        assert_eq!((&changed["status"], &changed["termination_code_id"]), (&json!(3 - status), &json!(code)));
        let changed = app.agent().put(&path(&made), json!({"termination_code_id": null})).await.is(200);
        assert_eq!((&changed["status"], &changed["termination_code"]), (&json!(3 - status), &Value::Null));
    }
}

#[tokio::test]
async fn numbers_may_be_decimal_strings() {
    let app = App::new();
    let made = ticket(
        &app,
        json!({"status": "2", "priority": "1", "contact_id": "1", "handler_id": "3", "sponsor_id": "1", "sub_category_id": "2"}),
    )
    .await;
    let shown =
        ["status", "priority", "contact_id", "handler_id", "sponsor_id", "sub_category_id", "category_id"].map(|name| made[name].clone());
    assert_eq!(json!(shown), json!([2, 1, 1, 3, 1, 2, 2]));
    for bad in ["", " 1", "0x1", "1.0", "1e0", "+1", "١", "--1", "9223372036854775808"] {
        assert_eq!(fields(app.agent().post("/api/v1/ticket", with(&json!({"contact_id": bad}))).await), ["contact_id"], "{bad}");
    }
}

#[tokio::test]
async fn a_fraction_of_zero_is_none() {
    let app = App::new();
    let body = r#"{"subject": "s", "content": "c", "contact_id": 1.0, "status": 2e0}"#;
    let made = app.agent().send("POST", "/api/v1/ticket", "application/json", body.into()).await.is(201);
    assert_eq!((&made["data"]["contact_id"], &made["data"]["status"]), (&json!(1), &json!(2)));
    // The last is read as the nearest number with a fraction, which is an integer of 64 bits.
    for bad in ["1.5", "1e19", "9223372036854775808", "-9223372036854775809"] {
        let body = format!(r#"{{"subject": "s", "content": "c", "contact_id": {bad}}}"#);
        assert_eq!(fields(app.agent().send("POST", "/api/v1/ticket", "application/json", body.into()).await), ["contact_id"], "{bad}");
    }
}

#[tokio::test]
async fn fields_that_nobody_asked_for_are_ignored() {
    let app = App::new();
    let extra = json!({"id": 77, "organization_id": 2, "created_at": "2000-01-01", "version": 9, "search": "x", "nonsense": {"deep": []}, "category_id": 2});
    let made = ticket(&app, extra.clone()).await;
    assert_ne!(made["id"], 77);
    assert_eq!((&made["created_at"], &made["category_id"]), (&json!("2026-03-02 10:00:00"), &Value::Null));
    app.agent().put(&path(&made), extra).await.equals(200, &made);
}
