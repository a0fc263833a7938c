//! Databases that go away, fill up or fail: a clear 503, nothing half, and back to work without a restart.

use frontdesk_store::Db;
use sea_orm::{DbBackend, Statement};
use serde_json::{Value, json};

use crate::harness::app::{Answer, App};
use crate::harness::database::Database;
use crate::harness::relay::{Break, Relay};
use crate::harness::world::WORLD;
use crate::harness::{eventually, number};

/// A write on each surface: path, body, and where its refusal has the text.
fn writes() -> [(&'static str, Value, &'static str); 3] {
    let appointment = json!({"business_id": 15, "out_task_num": "fault", "task_type": "normal", "task_notify": false,
        "task_time": "1893488400", "branch_code": 943, "room_type": "normal", "video": true});
    [
        ("/api/task/do_add", appointment, "message"),
        ("/api/tasks", json!({"operator_id": 3, "title": "fault"}), "detail"),
        ("/api/v1/ticket", ticket("fault"), "message"),
    ]
}

fn ticket(subject: &str) -> Value {
    json!({"subject": subject, "content": "內容", "status": 0})
}

/// The refusal's text; fails where the answer is no 503 in the surface's shape.
#[track_caller]
fn refusal(answer: Answer, field: &str) -> String {
    assert!(!answer.header("retry-after").is_empty(), "{}", answer.text);
    let body = answer.is(503);
    assert!(body.get("status").is_none_or(|status| *status == json!(0)), "{body}");
    body[field].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

/// A server whose PostgreSQL lies behind a relay, and a handle past the relay; none on SQLite.
async fn behind_a_relay() -> Option<(App, Relay, Db)> {
    let database = WORLD.copy();
    let db = database.open().await;
    if db.backend() != DbBackend::Postgres {
        return None;
    }
    let (relay, url) = Relay::to_database(database.url());
    Some((App::furnished(database.reached_by(url)), relay, db))
}

async fn tickets(db: &Db, subject: &str) -> [i64; 3] {
    let mut counts = [0; 3];
    let rows = format!("SELECT count(*) AS n FROM ticket WHERE subject = '{subject}'");
    let changes = format!("SELECT request_id FROM history WHERE changes LIKE '%\"{subject}\"%'");
    let journaled = |table: &str| format!("SELECT count(*) AS n FROM {table} WHERE request_id IN ({changes})");
    for (sql, count) in [rows, journaled("history"), journaled("event")].iter().zip(&mut counts) {
        *count = number(&db.read(), sql).await;
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_and_comes_back() {
    let Some((app, mut relay, _db)) = behind_a_relay().await else { return };
    let admin = app.admin();
    admin.get("/api/v1/ticket/1").await.is(200);
    relay.cut();
    app.anonymous().get("/readyz").await.is(503);
    app.anonymous().get("/healthz").await.is(200);
    for (path, body, field) in writes() {
        assert!(refusal(admin.post(path, body).await, field).ends_with("; try again"));
    }
    refusal(admin.get("/api/v1/ticket/1").await, "message");
    refusal(admin.get("/api/tasks").await, "detail");
    refusal(app.anonymous().post("/api/v1/auth", json!({"name": "admin@main", "password": "x"})).await, "message");
    relay.mend();
    eventually("ready again", async || app.anonymous().get("/readyz").await.status == 200).await;
    for (path, body, _) in writes() {
        assert!(admin.post(path, body).await.status < 300);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_connections_are_nobodys_business() {
    let Some((app, relay, db)) = behind_a_relay().await else { return };
    let admin = app.admin();
    for round in 0..5 {
        // All connections of both pools may be broken; others are made.
        relay.shake();
        admin.get("/api/v1/ticket/1").await.is(200);
        relay.shake();
        admin.post("/api/v1/ticket", ticket(&format!("shaken {round}"))).await.is(201);
        assert_eq!(tickets(&db, &format!("shaken {round}")).await, [1, 1, 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_whose_connection_breaks_is_run_again() {
    let Some((app, relay, db)) = behind_a_relay().await else { return };
    let admin = app.admin();
    for at in ["broken", "INSERT INTO \"history\"", "INSERT INTO \"event\""] {
        relay.shake();
        relay.break_at(Break::Before(at));
        admin.post("/api/v1/ticket", ticket("broken")).await.is(201);
        assert!(relay.broke(), "{at}");
        relay.shake();
        relay.break_at(Break::After(at));
        admin.post("/api/v1/ticket", ticket("broken")).await.is(201);
        assert!(relay.broke(), "{at}");
    }
    assert_eq!(tickets(&db, "broken").await, [6, 6, 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn backends_that_are_terminated_are_replaced() {
    let Some((app, _relay, db)) = behind_a_relay().await else { return };
    let admin = app.admin();
    let terminate = "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..5 {
        admin.post("/api/v1/ticket", ticket("terminated")).await.is(201);
        number(db.schema(), terminate).await;
    }
    admin.get("/api/v1/ticket/1").await.is(200);
    assert_eq!(tickets(&db, "terminated").await, [5, 5, 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_without_an_answer_is_not_run_again() {
    let Some((app, relay, db)) = behind_a_relay().await else { return };
    for (at, made) in [(Break::Before("COMMIT"), 0), (Break::After("COMMIT"), 1)] {
        let subject = format!("unknown {made}");
        let admin = app.admin().with("idempotency-key", &subject);
        relay.break_at(at);
        let told = refusal(admin.post("/api/v1/ticket", ticket(&subject)).await, "message");
        assert_eq!(told, "the database did not confirm the change, which may have been made or not");
        assert!(relay.broke());
        eventually("the first is over", async || tickets(&db, &subject).await == [made; 3]).await;
        let again = admin.post("/api/v1/ticket", ticket(&subject)).await;
        assert_eq!(again.header("idempotent-replay"), if made == 1 { "true" } else { "" });
        again.is(201);
        assert_eq!(tickets(&db, &subject).await, [1, 1, 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_after_an_answer_that_never_came() {
    let app = App::new();
    let (relay, url) = Relay::to_http(&app.url);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let db = app.db().await;
    for (path, body, _) in writes() {
        let caller = app.admin().with("idempotency-key", path);
        relay.break_at(Break::After("fault"));
        let lost = client.post(format!("{url}{path}")).header("authorization", caller.token()).header("idempotency-key", path).json(&body);
        assert!(lost.send().await.is_err(), "{path}");
        assert!(relay.broke(), "{path}");
        // The first may still be running; then the second waits for it.
        let second = caller.post(path, body.clone()).await;
        assert_eq!(second.header("idempotent-replay"), "true", "{path}");
        let third = caller.post(path, body).await;
        assert_eq!((third.status, &third.text), (second.status, &second.text), "{path}");
    }
    // History and events of the three.
    assert_eq!(tickets(&db, "fault").await, [1, 3, 3]);
    assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM call_task WHERE title = 'fault'").await, 1);
    assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM appointment WHERE out_task_num = 'fault'").await, 1);
}

/// A server on a SQLite file; none on PostgreSQL.
async fn on_a_file() -> Option<App> {
    let app = App::new();
    (app.db().await.backend() == DbBackend::Sqlite).then_some(app)
}

/// Sets how large the file may become, on the connection that writes.
async fn limit(db: &Db, pragma: &str) {
    db.maintain(Statement::from_string(DbBackend::Sqlite, pragma)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_gets_over() {
    let Some(app) = on_a_file().await else { return };
    let pages = number(app.store.schema(), "SELECT page_count AS n FROM pragma_page_count").await;
    let fill = format!("PRAGMA max_page_count = {}", pages + 40);
    let (mut made, mut refused) = (0, 0);
    // Some writes still find room in pages that are half empty, after the first that found none.
    for _ in 0..60 {
        limit(&app.store, &fill).await;
        let answer = app.admin().post("/api/v1/ticket", json!({"subject": "full", "content": "字".repeat(2000), "status": 0})).await;
        if answer.status == 201 {
            made += 1;
        } else {
            assert_eq!(refusal(answer, "message"), "there is no room left in the database; nothing was changed");
            refused += 1;
        }
    }
    assert!(made > 0 && refused > 10, "{made} made, {refused} refused");
    let long = "字".repeat(20_000);
    limit(&app.store, &fill).await;
    let task = app.admin().post("/api/tasks", json!({"operator_id": 3, "title": "full", "call_transcription": long})).await;
    assert_eq!(refusal(task, "detail"), "there is no room left in the database; nothing was changed");
    app.admin().get("/api/v1/ticket/1").await.is(200);
    app.anonymous().get("/readyz").await.is(200);
    assert_eq!(tickets(&app.db().await, "full").await, [made; 3]);
    limit(&app.store, "PRAGMA max_page_count = 1000000").await;
    for (path, body, _) in writes() {
        assert!(app.admin().post(path, body).await.status < 300, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_can_only_be_read_is_read() {
    let database = WORLD.copy();
    let Some(url) = database.url().strip_suffix("?mode=rwc").map(|file| format!("{file}?mode=ro")) else { return };
    let app = App::furnished(database.reached_by(url));
    let admin = app.admin();
    admin.get("/api/v1/ticket/1").await.is(200);
    app.anonymous().get("/readyz").await.is(200);
    for (path, body, field) in writes() {
        assert_eq!(refusal(admin.post(path, body).await, field), "the database can only be read at present; nothing was changed");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.db");
    std::fs::write(&file, "no database at all, ".repeat(500)).unwrap();
    for path in [file.as_path(), folder.path()] {
        let error = Db::open(&format!("sqlite://{}", path.display()), &frontdesk_store::Options::default()).await.unwrap_err();
        let told = format!("{error:#}");
        assert!(told.contains(&path.display().to_string()), "{told}");
        assert!(told.contains("not a database") || told.contains("unable to open"), "{told}");
    }
}

#[tokio::test]
async fn a_file_that_nobody_may_write_is_noticed_at_the_start() {
    let database = Database::on_sqlite();
    let db = database.open().await;
    db.try_write().await.unwrap();
    db.close().await;
    let file = database.url().trim_start_matches("sqlite://").trim_end_matches("?mode=rwc").to_owned();
    let mut permissions = std::fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file, permissions).unwrap();
    if std::fs::OpenOptions::new().append(true).open(&file).is_ok() {
        println!("skipped: whoever runs this may write everything");
        return;
    }
    let db = Db::open(database.url(), &frontdesk_store::Options::default()).await.unwrap();
    let error = db.try_write().await.unwrap_err();
    assert!(format!("{error:?}").contains("readonly"), "{error:?}");
}
