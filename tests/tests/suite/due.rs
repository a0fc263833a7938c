//! Due dates: each is announced once.

use std::time::Duration as Time;

use frontdesk_callcenter::CallTaskDueDates;
use frontdesk_store::Db;
use frontdesk_ticketing::TicketDueDates;
use serde_json::{Value, json};
use time::Duration;

use crate::harness::app::App;
use crate::harness::{number, texts};

const SOON: Time = Time::from_hours(24);

async fn watch(app: &App) -> TicketDueDates {
    TicketDueDates::new(app.db().await, app.world.clone(), SOON)
}

/// Announces all that is due; what is told of which record, with the version it has, in order. What was told before is forgotten.
async fn told(app: &App, tickets: &TicketDueDates) -> Vec<String> {
    let db = app.db().await;
    let calls = CallTaskDueDates::new(db.clone(), app.world.clone());
    while tickets.step().await.unwrap() || calls.step().await.unwrap() {}
    let kinds = "type IN ('ticket.due_soon', 'ticket.overdue', 'call_task.overdue')";
    let sql =
        format!("SELECT type || ' ' || record_id || ' ' || CAST(version AS TEXT) || ' ' || data AS t FROM event WHERE {kinds} ORDER BY id");
    let told = texts(&db.read(), &sql).await;
    crate::harness::sql(&db, &format!("DELETE FROM event WHERE {kinds}")).await;
    told
}

async fn ticket(app: &App, due_at: &str) -> i64 {
    let new = json!({"subject": "s", "content": "c", "status": 0, "due_at": due_at});
    app.agent().post("/api/v1/ticket", new).await.is(201)["data"]["id"].as_i64().unwrap()
}

async fn change(app: &App, id: i64, fields: Value) {
    app.agent().put(&format!("/api/v1/ticket/{id}"), fields).await.is(200);
}

/// Goes past the dates that the template has.
async fn quiet(app: &App) -> TicketDueDates {
    crate::harness::sql(&app.db().await, "UPDATE ticket SET due_told = 2").await;
    watch(app).await
}

#[tokio::test]
async fn near_and_then_over_each_once() {
    let app = App::new();
    let tickets = quiet(&app).await;
    // Now it is 10:00 on 2 March in Taipei.
    let id = ticket(&app, "2026-03-04 10:00:00").await;
    assert_eq!(told(&app, &tickets).await, [""; 0]);
    app.world.advance(Duration::days(1));
    assert_eq!(told(&app, &tickets).await, [""; 0], "a day before is not yet within a day");
    app.world.advance(Duration::seconds(1));
    let data = r#"{"due_at":"2026-03-04T10:00:00+08:00"}"#;
    assert_eq!(told(&app, &tickets).await, [format!("ticket.due_soon {id} 1 {data}")]);
    app.world.advance(Duration::days(1));
    assert_eq!(told(&app, &tickets).await, [format!("ticket.overdue {id} 1 {data}")]);
    app.world.advance(Duration::days(99));
    assert_eq!(told(&app, &tickets).await, [""; 0]);
    let findings = app.db().await.verify(|_, _| {}).await.unwrap().findings;
    assert!(findings.is_empty(), "{findings:#?}");
}

#[tokio::test]
async fn a_new_date_begins_anew_and_other_changes_do_not() {
    let app = App::new();
    let tickets = quiet(&app).await;
    let id = ticket(&app, "2026-03-01 10:00:00").await;
    let data = |day: u8| format!(r#"{{"due_at":"2026-03-{day:02}T10:00:00+08:00"}}"#);
    assert_eq!(told(&app, &tickets).await, [format!("ticket.overdue {id} 1 {}", data(1))], "what is over was never near");
    change(&app, id, json!({"subject": "t", "due_at": "2026-03-01 10:00:00"})).await;
    assert_eq!(told(&app, &tickets).await, [""; 0]);
    change(&app, id, json!({"due_at": "2026-03-02 20:00:00"})).await;
    let near = r#"{"due_at":"2026-03-02T20:00:00+08:00"}"#;
    assert_eq!(told(&app, &tickets).await, [format!("ticket.due_soon {id} 3 {near}")]);
    change(&app, id, json!({"due_at": null})).await;
    app.world.advance(Duration::hours(12));
    assert_eq!(told(&app, &tickets).await, [""; 0]);
    change(&app, id, json!({"due_at": "2026-03-01 10:00:00"})).await;
    assert_eq!(told(&app, &tickets).await, [format!("ticket.overdue {id} 5 {}", data(1))]);
}

#[tokio::test]
async fn what_is_done_is_not_due() {
    let app = App::new();
    let tickets = quiet(&app).await;
    let [solved, closed] = [ticket(&app, "2026-03-02 12:00:00").await, ticket(&app, "2026-03-02 12:00:00").await];
    change(&app, solved, json!({"status": 2})).await;
    change(&app, closed, json!({"status": 3})).await;
    app.world.advance(Duration::hours(12));
    assert_eq!(told(&app, &tickets).await, [""; 0]);
    change(&app, solved, json!({"status": 1})).await;
    let told = told(&app, &tickets).await;
    assert!(told.len() == 1 && told[0].starts_with(&format!("ticket.overdue {solved} 3 ")), "{told:?}");
}

#[tokio::test]
async fn call_tasks_that_are_over_their_date() {
    let app = App::new();
    let tickets = quiet(&app).await;
    let new = |title: &str| json!({"operator_id": 3, "title": title, "due_date": "2026-03-02T12:00:00+08:00"});
    let one = app.agent().post("/api/tasks", new("one")).await.is(200)["id"].as_str().unwrap().to_owned();
    let other = app.agent().post("/api/tasks", new("other")).await.is(200)["id"].as_str().unwrap().to_owned();
    app.agent().put(&format!("/api/tasks/{other}/status"), json!({"status": "cancelled"})).await.is(200);
    assert_eq!(told(&app, &tickets).await, [""; 0]);
    app.world.advance(Duration::hours(3));
    assert_eq!(told(&app, &tickets).await, [format!(r#"call_task.overdue {one} 1 {{"due_date":"2026-03-02T12:00:00+08:00"}}"#)]);
    app.agent().patch(&format!("/api/tasks/{one}"), json!({"due_date": "2026-03-02T12:30:00+08:00"})).await.is(200);
    assert_eq!(told(&app, &tickets).await, [format!(r#"call_task.overdue {one} 2 {{"due_date":"2026-03-02T12:30:00+08:00"}}"#)]);
    assert_eq!(told(&app, &tickets).await, [""; 0]);
}

#[tokio::test]
async fn what_was_over_when_it_was_imported_is_no_news() {
    let app = App::new();
    let tickets = quiet(&app).await;
    app.seed(
        r#"{"record":"ticket","id":901,"subject":"old","content":"c","due_at":"2026-03-01 10:00:00"}
{"record":"ticket","id":902,"subject":"new","content":"c","due_at":"2026-03-02 10:30:00"}
{"record":"call_task","id":"0199d2f0-0000-7000-8000-000000000901","title":"old","due_date":"2026-03-01 10:00:00","assigned_user_id":3}"#,
    )
    .await;
    app.world.advance(Duration::hours(1));
    let told = told(&app, &tickets).await;
    assert!(told.len() == 1 && told[0].starts_with("ticket.overdue 902 "), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_servers_tell_of_each_once() {
    let app = App::new();
    let quiet = quiet(&app).await;
    let lines: Vec<_> = (5000..5450)
        .map(|id| json!({"record": "ticket", "id": id, "subject": "s", "content": "c", "due_at": "2026-03-02 10:30:00"}).to_string())
        .collect();
    app.seed(&lines.join("\n")).await;
    app.world.advance(Duration::hours(1));
    let mut servers = vec![];
    for _ in 0..4 {
        let tickets = watch(&app).await;
        servers.push(tokio::spawn(async move {
            for _ in 0..20 {
                tickets.step().await.unwrap();
            }
        }));
    }
    for server in servers {
        server.await.unwrap();
    }
    let db: Db = app.db().await;
    // Some may have been in another's hands each time.
    while quiet.step().await.unwrap() {}
    let events = "FROM event WHERE type = 'ticket.overdue'";
    let sums = [format!("SELECT COUNT(*) AS n {events}"), format!("SELECT COUNT(DISTINCT record_id) AS n {events}")];
    assert_eq!((number(&db.read(), &sums[0]).await, number(&db.read(), &sums[1]).await), (450, 450));
}
