//! What a person may edit of a task.

use serde_json::{Value, json};
use time::Duration;

use super::{id, path, places, task};
use crate::harness::app::App;
use crate::journal::{changes, events, history};

const RECORDING: &str = "https://pbx.example.com/1.mp3";

/// Every field that can be edited, with another value.
fn every() -> Value {
    json!({
        "operator_id": 5, "task_type": "callback", "priority": "urgent", "title": "Новый", "description": "d", "caller_phone": "8 (800) 1",
        "caller_name": "Пётр", "recording_url": RECORDING, "call_datetime": "2026-03-01T10:15:12+03:00", "call_transcription": "t",
        "call_summary": "s", "call_response_summary": "r", "due_date": "2026-03-05",
    })
}

/// The fields that may be null.
const NULLABLE: [&str; 9] = [
    "description",
    "caller_phone",
    "caller_name",
    "recording_url",
    "call_datetime",
    "call_transcription",
    "call_summary",
    "call_response_summary",
    "due_date",
];

/// The task's own name of a field of a request, and how its value comes back.
fn shown(name: &str, value: &Value) -> (String, Value) {
    match name {
        "operator_id" => ("assigned_user_id".into(), value.clone()),
        "call_datetime" => (name.into(), json!("2026-03-01T15:15:12+08:00")),
        "due_date" => (name.into(), json!("2026-03-05T00:00:00+08:00")),
        _ => (name.into(), value.clone()),
    }
}

#[tokio::test]
async fn one_field_changes_itself_alone() {
    let app = App::new();
    for (name, value) in every().as_object().unwrap() {
        let before = task(&app, json!({})).await;
        app.world.advance(Duration::minutes(1));
        let answer = app.supervisor().patch(&path(&before), json!({name: value})).await;
        assert!(answer.header("etag").starts_with("\"2-"), "{name}");
        let after = answer.is(200);
        let (field, value) = shown(name, value);
        assert_eq!(after[&field], value, "{name}");
        let mut expected = before.clone();
        for name in [&field, "updated_at"] {
            assert_ne!(after[name], before[name], "{name}");
            expected[name] = after[name].clone();
        }
        match field.as_str() {
            "assigned_user_id" => expected["assigned_user_name"] = json!("Otto Ther"),
            "recording_url" => expected["processing"] = queued("transcription", 1),
            "call_transcription" => expected["processing"] = queued("summary", 1),
            _ => {}
        }
        assert_eq!(after.to_string(), expected.to_string(), "{name}");
        app.agent().get(&path(&before)).await.equals(200, &expected);
        assert_eq!(history(&app, "call_task", id(&before)).await, ["created 1 employee 3", "updated 2 employee 2"], "{name}");
        assert_eq!(events(&app, "call_task", id(&before)).await[1], "call_task.updated 2 employee 2");
        let changed = &changes(&app, "call_task", id(&before)).await[1];
        assert!(changed.get(&field).is_some() && changed.get("title").is_some() == (name == "title"), "{name}: {changed}");
    }
}

#[tokio::test]
async fn all_fields_at_once_and_all_cleared() {
    let app = App::new();
    let before = task(&app, json!({"call_id": "call-7"})).await;
    let after = app.agent().patch(&path(&before), every()).await.is(200);
    for (name, value) in every().as_object().unwrap() {
        let (field, value) = shown(name, value);
        assert_eq!(after[&field], value, "{name}");
    }
    let nothing: Value = NULLABLE.iter().map(|name| ((*name).to_owned(), Value::Null)).collect::<serde_json::Map<_, _>>().into();
    let cleared = app.agent().patch(&path(&before), nothing).await.is(200);
    for (name, value) in cleared.as_object().unwrap() {
        let expected = if NULLABLE.contains(&name.as_str()) { &Value::Null } else { &after[name] };
        assert_eq!(value, expected, "{name}");
    }
    assert_eq!(cleared["call_id"], "call-7");
}

#[tokio::test]
async fn what_changes_nothing_keeps_everything() {
    let app = App::new();
    let made = task(&app, every()).await;
    let tag = app.agent().get(&path(&made)).await.header("etag").to_owned();
    app.world.advance(Duration::minutes(1));
    for body in [json!({}), every(), json!({"title": "Новый"}), json!({"status": "completed", "appeal_id": 1, "call_id": "x", "id": 1})]
    {
        let answer = app.agent().patch(&path(&made), body).await;
        assert_eq!(answer.header("etag"), tag);
        answer.equals(200, &made);
    }
    app.agent().send("PATCH", &path(&made), "application/json", vec![]).await.equals(200, &made);
    assert_eq!(history(&app, "call_task", id(&made)).await.len(), 1);
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let app = App::new();
    let made = task(&app, json!({})).await;
    let long = "я".repeat(524_289);
    let cases = [
        ("operator_id", vec![json!(null), json!(999), json!(6), json!(1003), json!("x")]),
        ("task_type", vec![json!(null), json!(""), json!("Call back"), json!("x".repeat(65))]),
        ("priority", vec![json!(null), json!("huge"), json!(1)]),
        ("title", vec![json!(null), json!(""), json!("x".repeat(501)), json!(5)]),
        ("description", vec![json!(5), json!(long)]),
        ("caller_phone", vec![json!("1".repeat(65)), json!({})]),
        ("caller_name", vec![json!("x".repeat(256)), json!([])]),
        ("recording_url", vec![json!("ftp://r.example/1"), json!(""), json!(format!("https://r.example/{}", "x".repeat(2048)))]),
        ("call_datetime", vec![json!("yesterday"), json!(1)]),
        ("call_transcription", vec![json!(5), json!(long)]),
        ("call_summary", vec![json!(true), json!(long)]),
        ("call_response_summary", vec![json!([]), json!(long)]),
        ("due_date", vec![json!("soon"), json!({})]),
    ];
    let mut all = json!({});
    for (name, values) in cases {
        for value in values {
            assert_eq!(places(app.agent().patch(&path(&made), json!({name: value})).await), [format!("body.{name}")], "{name} {value:.40}");
            all[name] = value;
        }
    }
    let named = places(app.agent().patch(&path(&made), all).await);
    assert_eq!(named.len(), 13, "{named:?}");
    app.agent().get(&path(&made)).await.equals(200, &made);
}

#[tokio::test]
async fn an_operator_who_went_stays_until_another_is_named() {
    let app = App::new();
    app.seed(r#"{"record":"call_task","id":"019ca000-0000-7000-8000-000000000021","title":"t","assigned_user_id":6}"#).await;
    let path = "/api/tasks/019ca000-0000-7000-8000-000000000021";
    let after = app.agent().patch(path, json!({"title": "u", "operator_id": 6})).await.is(200);
    assert_eq!((&after["title"], &after["assigned_user_id"]), (&json!("u"), &json!(6)));
    assert_eq!(app.agent().patch(path, json!({"operator_id": 3})).await.is(200)["assigned_user_id"], 3);
    assert_eq!(places(app.agent().patch(path, json!({"operator_id": 6})).await), ["body.operator_id"]);
}

#[tokio::test]
async fn it_is_found_by_what_it_has_now() {
    let app = App::new();
    let made = task(&app, json!({"title": "old title", "description": "old text", "caller_phone": "111"})).await;
    let found = async |query: &str| app.agent().get(&format!("/api/tasks?{query}")).await.is(200)["total"].as_i64().unwrap();
    let edit = json!({"title": "new title", "caller_phone": "+7 222", "call_transcription": "расшифровка", "task_type": "edited"});
    app.agent().patch(&path(&made), edit).await.is(200);
    for (query, total) in [
        ("search=old", 0),
        ("search=new", 1),
        ("q=new%20old", 1),
        ("q=расшифровка", 1),
        ("caller_phone=111", 0),
        ("caller_phone=7222", 1),
        ("task_type=edited", 1),
    ] {
        assert_eq!(found(query).await, total, "{query}");
    }
    app.agent()
        .patch(&path(&made), json!({"title": " ", "description": null, "call_transcription": null, "caller_phone": null}))
        .await
        .is(200);
    for query in ["search=title", "q=title", "q=text", "q=расшифровка", "caller_phone=7222"] {
        assert_eq!(found(query).await, 0, "{query}");
    }
}

fn queued(stage: &str, version: i64) -> Value {
    json!({"state": "queued", "stage": stage, "attempt": 0, "version": version})
}

const ENDED: &str = r#"{"record":"call_task","id":"019ca000-0000-7000-8000-000000000011","title":"done","assigned_user_id":3,"recording_url":"https://pbx.example.com/1.mp3","call_transcription":"Алло","call_summary":"О счёте","processing":{"state":"succeeded","stage":"summary","attempt":2,"version":1}}
{"record":"call_task","id":"019ca000-0000-7000-8000-000000000012","title":"failed","assigned_user_id":3,"recording_url":"https://pbx.example.com/2.mp3","error_message":"no sound","processing":{"state":"failed","stage":"transcription","attempt":5,"version":3}}
{"record":"call_task","id":"019ca000-0000-7000-8000-000000000013","title":"waits","assigned_user_id":3,"recording_url":"https://pbx.example.com/3.mp3","processing":{"state":"queued","stage":"transcription","attempt":1,"version":1}}
{"record":"call_task","id":"019ca000-0000-7000-8000-000000000014","title":"cancelled","status":"cancelled","assigned_user_id":3}"#;

#[tokio::test]
async fn something_new_to_work_on_is_queued() {
    let app = App::new();
    app.seed(ENDED).await;
    let [done, failed, waits, cancelled] = [11, 12, 13, 14].map(|n| format!("/api/tasks/019ca000-0000-7000-8000-0000000000{n}"));
    let other = "https://pbx.example.com/other.mp3";
    let kept = json!(null);
    let cases = [
        (&done, json!({"title": "x", "description": "y", "due_date": null}), &kept),
        (&done, json!({"call_transcription": "corrected"}), &kept),
        (&done, json!({"recording_url": other}), &kept),
        (&done, json!({"call_summary": null}), &kept),
        (&done, json!({"recording_url": RECORDING}), &kept),
        (&done, json!({"call_transcription": "corrected again"}), &queued("summary", 2)),
        (&failed, json!({"title": "x"}), &kept),
        (&failed, json!({"recording_url": null}), &kept),
        (&failed, json!({"recording_url": other}), &queued("transcription", 4)),
        (&waits, json!({"recording_url": other, "call_transcription": "t"}), &kept),
        (&cancelled, json!({"recording_url": RECORDING}), &kept),
        (&cancelled, json!({"call_transcription": " t "}), &kept),
    ];
    for (path, edit, expected) in cases {
        let before = app.agent().get(path).await.is(200);
        let after = app.agent().patch(path, edit.clone()).await.is(200);
        let expected = if expected.is_null() { &before["processing"] } else { expected };
        assert_eq!(&after["processing"], expected, "{path} {edit}");
        let error = if *expected == before["processing"] { &before["error_message"] } else { &Value::Null };
        assert_eq!(&after["error_message"], error, "{path} {edit}");
    }
    let blank = task(&app, json!({})).await;
    assert_eq!(app.agent().patch(&path(&blank), json!({"call_transcription": " \n"})).await.is(200)["processing"]["state"], "none");
}

#[tokio::test]
async fn a_version_and_a_key_of_idempotency() {
    let app = App::new();
    let made = app.agent().post("/api/tasks", super::with(&json!({}))).await;
    let path = path(&made.body);
    let tagged = app.agent().with("if-match", made.header("etag"));
    tagged.patch(&path, json!({"title": "one"})).await.is(200);
    for body in [json!({"title": "two"}), json!({"title": ""})] {
        let stale = tagged.patch(&path, body).await;
        assert_eq!(stale.header("etag"), app.agent().get(&path).await.header("etag"));
        stale.is(412);
    }
    let keyed = app.agent().with("idempotency-key", "k");
    let first = keyed.patch(&path, json!({"title": "three"})).await;
    app.agent().patch(&path, json!({"title": "four"})).await.is(200);
    let again = keyed.patch(&path, json!({"title": "three"})).await;
    assert_eq!((again.status, &again.text, again.header("idempotent-replay")), (200, &first.text, "true"));
    assert_eq!(app.agent().get(&path).await.is(200)["title"], "four");
}

#[tokio::test]
async fn edits_at_once_are_all_kept() {
    let app = App::new();
    let made = task(&app, json!({})).await;
    let (path, agent) = (path(&made), app.agent());
    let edits: Vec<_> = every().as_object().unwrap().iter().map(|(name, value)| json!({name: value})).collect();
    let answers = futures_util::future::join_all(edits.iter().map(|edit| agent.patch(&path, edit.clone()))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    let after = agent.get(&path).await;
    for (name, value) in every().as_object().unwrap() {
        let (field, value) = shown(name, value);
        assert_eq!(after.body[&field], value, "{name} was lost");
    }
    assert!(after.header("etag").starts_with("\"14-"), "{}", after.header("etag"));
}
