//! Versions and idempotency keys, as HTTP shows them.

use serde_json::{Value, json};

use crate::harness::app::{Answer, App, Caller};

const TASK: &str = "/api/tasks/019ca000-0000-7000-8000-000000000001";

/// A single record of each surface that has a GET.
const RECORDS: [&str; 2] = ["/api/v1/ticket/1", TASK];

fn version(tag: &str) -> i64 {
    let rest = tag.strip_prefix('"').unwrap_or_else(|| panic!("{tag} is no strong tag"));
    rest.split_once('-').unwrap().0.parse().unwrap()
}

async fn change(caller: &Caller<'_>, path: &str, to: u8) -> Answer {
    if path == TASK {
        let appeal = [Some(1), Some(2), None][usize::from(to)];
        caller.put(&format!("{path}/appeal"), json!({"appeal_id": appeal})).await
    } else {
        caller.put(path, json!({"subject": format!("subject {to}")})).await
    }
}

#[tokio::test]
async fn a_record_has_a_tag_that_changes_with_it() {
    let app = App::new();
    for path in RECORDS {
        let first = app.agent().get(path).await;
        let tag = first.header("etag").to_owned();
        assert_eq!(version(&tag), 1, "{path}");
        let known = app.agent().with("if-none-match", &tag).get(path).await;
        assert_eq!((known.status, known.text.as_str(), known.header("etag")), (304, "", tag.as_str()), "{path}");
        // Proxies that compress weaken the tag.
        assert_eq!(app.agent().with("if-none-match", &format!("\"x\", W/{tag}")).get(path).await.status, 304, "{path}");
        let changed = change(&app.agent(), path, 0).await;
        assert_eq!((changed.status, version(changed.header("etag"))), (200, 2), "{path}");
        let again = app.agent().with("if-none-match", &tag).get(path).await;
        assert_eq!(again.status, 200, "{path}");
        assert_eq!(again.header("etag"), changed.header("etag"), "{path}: the answer to the write has the tag of the view");
        assert_eq!(again.text, changed.text, "{path}");
        let same = change(&app.agent(), path, 0).await;
        assert_eq!(same.header("etag"), again.header("etag"), "{path}: a write that changes nothing keeps the version");
    }
}

#[tokio::test]
async fn a_stale_write_changes_nothing() {
    let app = App::new();
    for path in RECORDS {
        let tag = app.agent().get(path).await.header("etag").to_owned();
        change(&app.agent().with("if-match", &tag), path, 0).await.is(200);
        let before = app.agent().get(path).await;
        let refused = change(&app.agent().with("if-match", &tag), path, 1).await;
        let present = app.agent().get(path).await;
        assert_eq!(present.text, before.text, "{path}");
        assert_eq!(refused.header("etag"), present.header("etag"), "{path}: the refusal has the present tag");
        refused.is(412);
        change(&app.agent().with("if-match", "*"), path, 2).await.is(200);
    }
}

#[tokio::test]
async fn any_of_several_tags_counts() {
    let app = App::new();
    for path in RECORDS {
        let tag = app.agent().get(path).await.header("etag").to_owned();
        change(&app.agent().with("if-match", &format!("\"7-x\", {tag}")), path, 0).await.is(200);
        change(&app.agent().with("if-match", &format!("{tag}, \"7-x\"")), path, 1).await.is(412);
        let tag = app.agent().get(path).await.header("etag").to_owned();
        change(&app.agent().with("if-match", &format!("W/{tag}")), path, 1).await.is(412);
        assert_eq!(app.agent().with("if-none-match", &format!("\"7-x\",{tag}")).get(path).await.status, 304, "{path}");
        // The parts of a list may stand on lines of their own.
        let request = reqwest::Client::new().get(format!("{}{path}", app.url)).header("authorization", app.agent().token());
        let answer = request.header("if-none-match", "\"7-x\"").header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(answer.status(), 304, "{path}");
    }
}

#[tokio::test]
async fn the_first_answer_is_given_again() {
    let app = App::new();
    for (path, body) in writes() {
        let keyed = |key: &str| app.agent().with("idempotency-key", &format!("{key} {path}"));
        let first = keyed("k").post(path, body.clone()).await;
        assert!(first.status < 300 && first.header("idempotent-replay").is_empty(), "{path}: {}", first.text);
        let again = keyed("k").post(path, body.clone()).await;
        assert_eq!(again.header("idempotent-replay"), "true", "{path}");
        assert_eq!((again.status, &again.text, again.header("etag")), (first.status, &first.text, first.header("etag")), "{path}");
        let other = keyed("another").post(path, body).await;
        assert!(other.header("idempotent-replay").is_empty(), "{path}");
        let refused = keyed("k").post(path, json!({"subject": "x", "content": "y"})).await;
        assert!(refused.text.to_lowercase().contains("idempotency"), "{path}: {}", refused.text);
        refused.is(422);
    }
}

fn writes() -> [(&'static str, Value); 3] {
    let appointment = json!({"business_id": 1, "out_task_num": "I-1", "out_task_type": "demo", "task_type": "normal", "task_time": "1772420400",
        "branch_code": "1", "room_type": "normal", "video": true});
    [
        ("/api/v1/ticket", json!({"subject": "s", "content": "c"})),
        ("/api/tasks", json!({"title": "t", "operator_id": 3})),
        ("/api/task/do_add", appointment),
    ]
}

#[tokio::test]
async fn a_refusal_frees_the_key_and_each_caller_has_its_own() {
    let app = App::new();
    let (agent, supervisor) = (app.agent().with("idempotency-key", "k"), app.supervisor().with("idempotency-key", "k"));
    agent.post("/api/v1/ticket", json!({"subject": ""})).await.is(422);
    let first = agent.post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    let second = supervisor.post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    assert_ne!(first["data"]["id"], second["data"]["id"]);
    for bad in ["", &"x".repeat(256)] {
        agent.with("idempotency-key", bad).post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(422);
    }
}

#[tokio::test]
async fn equal_writes_at_once_happen_once() {
    let app = App::new();
    let before = app.agent().get("/api/v1/ticket").await.is(200)["meta"]["total"].as_i64().unwrap();
    let caller = app.agent().with("idempotency-key", "k");
    let writes = (0..16).map(|_| caller.post("/api/v1/ticket", json!({"subject": "s", "content": "c"})));
    let answers = futures_util::future::join_all(writes).await;
    let ids: std::collections::HashSet<_> = answers.into_iter().map(|answer| answer.is(201)["data"]["id"].to_string()).collect();
    assert_eq!(ids.len(), 1);
    let after = app.agent().get("/api/v1/ticket").await.is(200)["meta"]["total"].as_i64().unwrap();
    assert_eq!(after, before + 1);
}
