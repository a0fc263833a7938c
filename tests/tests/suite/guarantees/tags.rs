//! Every single record has a strong tag, and every write of one heeds `If-Match`.

use serde_json::{Value, json};

use super::{Record, Row, answers, ask, signs_in, store, table, takes, writes};
use crate::harness::rows;

/// What has no single record to show.
fn lists(id: &str) -> bool {
    id.ends_with("_list")
        || id.ends_with("_history")
        || matches!(
            id,
            "ticket_related" | "call_task_processing" | "event_stream" | "webhook_deliveries" | "healthz" | "readyz" | "metrics"
        )
}

/// The version in a strong tag, which is followed by a hash.
fn version(tag: &str) -> i64 {
    let inner = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_else(|| panic!("{tag:?} is no strong tag"));
    let (version, hash) = inner.split_once('-').unwrap_or_else(|| panic!("{tag} has no hash"));
    assert!(hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{tag}");
    version.parse().unwrap()
}

#[tokio::test]
async fn every_single_record_has_a_tag() {
    let app = store().await;
    let mut count = 0;
    for row in table().into_iter().filter(|row| row.3 == "GET") {
        let (id, _, status, ..) = row;
        let first = ask(&app.admin(), &row).await;
        assert_eq!(first.status, status, "{id}: {}", first.text);
        let tag = first.header("etag");
        if lists(id) {
            assert_eq!((tag, takes(&row, "If-None-Match"), answers(&row, "304")), ("", false, false), "{id}");
            continue;
        }
        assert!(version(tag) >= 1, "{id}");
        assert!(takes(&row, "If-None-Match") && answers(&row, "304"), "{id} does not say so");
        for known in [tag.to_owned(), "*".into(), format!("\"1-0\", W/{tag}")] {
            let again = ask(&app.admin().with("if-none-match", &known), &row).await;
            assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", tag), "{id}: {known}");
        }
        let other = format!("\"{}-0000000000000000\"", version(tag));
        let again = ask(&app.admin().with("if-none-match", &other), &row).await;
        assert_eq!((again.status, again.text), (200, first.text), "{id}: the same version with another hash");
        count += 1;
    }
    assert!(count > 15, "{count} records");
}

#[tokio::test]
async fn an_appointment_has_a_tag_though_it_is_viewed_by_a_post() {
    let app = store().await;
    let view = Record::Numbered(json!("202603010000001"));
    let first = view.view(&app.agent()).await;
    assert_eq!(version(first.header("etag")), 1);
    let known = app.agent().with("if-none-match", first.header("etag"));
    let again = view.view(&known).await;
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (200, first.text.as_str(), first.header("etag")));
}

/// The request with values that no field takes.
fn spoiled(row: &Row) -> Row {
    let mut row = row.clone();
    for (name, value) in row.5.as_object_mut().into_iter().flatten() {
        if name != "task_num" {
            *value = json!({"no": [1]});
        }
    }
    row
}

#[tokio::test]
async fn a_write_with_another_tag_changes_nothing() {
    let app = store().await;
    let db = app.db().await;
    let before = rows(&db).await;
    let mut count = 0;
    for row in table().into_iter().filter(writes) {
        let id = row.0;
        let Some(record) = Record::named(&row) else {
            assert!(!takes(&row, "If-Match") && !answers(&row, "412"), "{id} makes a record and takes a tag");
            continue;
        };
        assert!(takes(&row, "If-Match") && answers(&row, "412"), "{id} does not say so");
        let tag = record.view(&app.admin()).await.header("etag").to_owned();
        for stale in [format!("\"{}-0000000000000000\"", version(&tag) + 1), "\"0-0000000000000000\"".into(), "\"other\"".into()] {
            for row in [row.clone(), spoiled(&row)] {
                let refused = ask(&app.admin().with("if-match", &stale), &row).await;
                assert_eq!((refused.status, refused.header("etag")), (412, tag.as_str()), "{id} {stale}: {}", refused.text);
            }
        }
        count += 1;
    }
    assert!(count > 35, "{count} writes");
    let after = rows(&db).await;
    let changed: Vec<_> = before.symmetric_difference(&after).collect();
    assert!(changed.is_empty(), "refusals changed {changed:#?}");
}

#[tokio::test]
async fn a_write_with_the_present_tag_is_done_and_tells_the_next() {
    let app = store().await;
    for row in table().into_iter().filter(writes) {
        let Some(record) = Record::named(&row) else { continue };
        let tag = record.view(&app.admin()).await.header("etag").to_owned();
        let done = ask(&app.admin().with("if-match", &tag), &row).await;
        assert_eq!(done.status, row.2, "{}: {}", row.0, done.text);
        told(row.0, &record, &app, &done).await;
    }
}

#[tokio::test]
async fn what_is_made_has_a_tag_at_once() {
    let app = store().await;
    for row in table().into_iter().filter(writes).filter(|row| Record::named(row).is_none()) {
        let made = ask(&app.admin(), &row).await;
        assert_eq!(made.status, row.2, "{}: {}", row.0, made.text);
        assert_eq!(version(made.header("etag")), 1, "{}", row.0);
        told(row.0, &Record::made(&row, &made), &app, &made).await;
    }
}

/// The answer to a write has the tag of the record as it is then; an appointment's shows no record, and has its version.
async fn told(id: &str, record: &Record, app: &super::App, answer: &super::Answer) {
    if answer.status == 204 {
        return;
    }
    let view = record.view(&app.admin()).await;
    let (told, present) = (answer.header("etag"), view.header("etag"));
    match record {
        Record::At(_) => assert_eq!(told, present, "{id}"),
        Record::Numbered(_) => assert_eq!(version(told), version(present), "{id}"),
    }
}

#[test]
fn what_signs_in_heeds_no_tag() {
    for row in table().into_iter().filter(|row| signs_in(row.0) && row.3 != "GET") {
        assert!(!takes(&row, "If-Match"), "{}", row.0);
    }
}

#[tokio::test]
async fn the_second_of_two_editors_is_told() {
    let app = store().await;
    let edits: [(&str, &str, [Value; 2]); 3] = [
        ("PUT", "/api/v1/ticket/1", [json!({"subject": "mine"}), json!({"subject": "theirs"})]),
        ("PATCH", "/api/tasks/019ca000-0000-7000-8000-000000000001", [json!({"title": "mine"}), json!({"title": "theirs"})]),
        (
            "POST",
            "/api/task/time/do_update",
            [
                json!({"task_num": "202603010000002", "task_time": "1772510400"}),
                json!({"task_num": "202603010000002", "task_time": "1772514000"}),
            ],
        ),
    ];
    for (method, path, [mine, theirs]) in edits {
        let record = if mine["task_num"].is_null() { Record::At(path.into()) } else { Record::Numbered(mine["task_num"].clone()) };
        let known = record.view(&app.agent()).await.header("etag").to_owned();
        app.agent().with("if-match", &known).json(method, path, &mine).await.is(200);
        let after = record.view(&app.agent()).await;
        let db = app.db().await;
        let before = rows(&db).await;
        let late = app.supervisor().with("if-match", &known).json(method, path, &theirs).await;
        assert_eq!((late.status, late.header("etag")), (412, after.header("etag")), "{path}: {}", late.text);
        assert_eq!(rows(&db).await, before, "{path}");
        // Having looked again, the second may.
        app.supervisor().with("if-match", late.header("etag")).json(method, path, &theirs).await.is(200);
    }
}
