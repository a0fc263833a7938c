//! Every write under an idempotency key happens once, and its first answer is given again.

use std::collections::BTreeMap;

use frontdesk_core::access::Scope;
use frontdesk_core::status::{ClientId, GrantRole, Role};
use frontdesk_directory::employee::Employees;
use frontdesk_directory::sign_in::{CodeExchange, NewCode, NewLicense, SignIn};
use futures_util::future::join_all;
use serde_json::{Value, json};
use time::Duration;
use tokio::io::AsyncWriteExt;

use super::{ask, reads, signs_in, store, table, takes};
use crate::harness::app::{Answer, App, Caller};
use crate::harness::world::PASSWORD;
use crate::harness::{eventually, number, rows, sql, system};

const KEY: &str = "idempotency-key";
/// The requests or answers of these hold secrets.
const SECRET: [&str; 6] =
    ["license_create", "license_revoke", "service_key_create", "service_key_revoke", "webhook_create", "webhook_rotate"];

/// Everything an answer is, but for what each answer has of its own.
fn whole(answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
    let own = ["date", "x-request-id", "idempotent-replay"];
    let headers = answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status, headers.filter(|(name, _)| !own.contains(&name.as_str())).collect(), answer.text.clone())
}

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotent-replay") == "true"
}

#[track_caller]
fn refused(id: &str, answer: &Answer) {
    assert!(answer.status == 422 && answer.text.contains("Idempotency-Key"), "{id}: {} {}", answer.status, answer.text);
}

async fn kept(app: &App) -> i64 {
    number(&app.db().await.read(), "SELECT count(*) AS n FROM kept_answer").await
}

async fn tickets(app: &App) -> i64 {
    number(&app.db().await.read(), "SELECT count(*) AS n FROM ticket").await
}

fn ticket() -> Value {
    json!({"subject": "s", "content": "c"})
}

#[tokio::test]
async fn every_write_happens_once() {
    let app = store().await;
    let db = app.db().await;
    for (count, row) in table().into_iter().filter(|row| takes(row, "Idempotency-Key")).enumerate() {
        let (id, _, status, ..) = row;
        let admin = app.admin().with(KEY, id);
        let first = ask(&admin, &row).await;
        assert_eq!((first.status, replayed(&first)), (status, false), "{id}: {}", first.text);
        let after = rows(&db).await;
        let again = ask(&admin, &row).await;
        assert!(replayed(&again), "{id}: {}", again.text);
        assert_eq!(whole(&again), whole(&first), "{id}");
        let mut other = row.clone();
        if let Some(fields) = other.5.as_object_mut() {
            fields.insert("nonsense".into(), 1.into());
            refused(id, &ask(&admin, &other).await);
        }
        if id != "ticket_create" {
            refused(id, &admin.post("/api/v1/ticket", ticket()).await);
        }
        assert!(rows(&db).await == after, "{id} did something again");
        assert_eq!(kept(&app).await, i64::try_from(count).unwrap() + 1, "{id}");
    }
    assert!(kept(&app).await > 45);
}

#[tokio::test]
async fn what_has_secrets_keeps_nothing() {
    let app = store().await;
    for row in table().into_iter().filter(|row| row.3 != "GET" && !takes(row, "Idempotency-Key")) {
        let id = row.0;
        assert!(reads(&row) || signs_in(id) || SECRET.contains(&id), "{id} takes no Idempotency-Key");
        // Some of these end the token they come with.
        let who = if signs_in(id) { app.moderator() } else { app.admin() };
        let answer = ask(&who.with(KEY, id), &row).await;
        assert!(answer.status == row.2 || answer.status == 401, "{id}: {}", answer.text);
        assert!(!replayed(&answer), "{id}");
    }
    assert_eq!(kept(&app).await, 0);
}

#[tokio::test]
async fn another_method_path_or_query_is_another_request() {
    let app = store().await;
    let agent = app.agent().with(KEY, "the key");
    let task = "/api/tasks/019ca000-0000-7000-8000-000000000001";
    agent.put(&format!("{task}/appeal"), json!({"appeal_id": 1})).await.is(200);
    refused("method", &agent.patch(&format!("{task}/appeal"), json!({"appeal_id": 1})).await);
    refused("path", &agent.put(&format!("{task}/status"), json!({"appeal_id": 1})).await);
    let agent = app.agent().with(KEY, "another");
    agent.post(&format!("{task}/reprocess"), Value::Null).await.is(200);
    refused("query", &agent.post(&format!("{task}/reprocess?stage=summary"), Value::Null).await);
}

#[tokio::test]
async fn a_token_in_the_query_is_no_part_of_the_request() {
    let app = store().await;
    let token = app.anonymous().post("/api/v1/auth", json!({"name": "agent@main", "password": PASSWORD})).await.is(200);
    let path = format!("/api/v1/ticket?token={}", token["access_token"].as_str().unwrap());
    let first = app.anonymous().with(KEY, "the key").post(&path, ticket()).await;
    let again = app.agent().with(KEY, "the key").post("/api/v1/ticket", ticket()).await;
    assert_eq!((first.status, replayed(&again), &again.text), (201, true, &first.text));
}

#[tokio::test]
async fn the_caller_is_the_person_or_the_machine() {
    let app = store().await;
    let key = app.key(&[Scope::TicketsWrite]).await;
    let first = app.agent().with(KEY, "the key").post("/api/v1/ticket", ticket()).await;
    let same = app.moderator().with(KEY, "the key").post("/api/v1/ticket", ticket()).await;
    assert!(replayed(&same) && same.text == first.text, "another token of the same person");
    let others = [app.supervisor(), app.bystander(), app.stranger(), key, app.key(&[Scope::TicketsWrite]).await];
    let before = tickets(&app).await;
    for other in &others {
        let own = other.with(KEY, "the key").post("/api/v1/ticket", ticket()).await;
        assert_eq!((own.status, replayed(&own)), (201, false), "{}", own.text);
    }
    assert_eq!(tickets(&app).await, before + 5);
}

#[tokio::test]
async fn who_may_no_longer_is_not_answered_again() {
    let app = store().await;
    let body = json!({"name": "n"});
    app.supervisor().with(KEY, "the key").post("/api/v1/sponsor", body.clone()).await.is(201);
    Employees::new(app.db().await).set_role(&system(1), "supervisor", Role::Agent).await.unwrap();
    let login = json!({"name": "supervisor@main", "password": PASSWORD});
    let token = app.anonymous().post("/api/v1/auth", login).await.is(200)["access_token"].as_str().unwrap().to_owned();
    app.bearer(&token).with(KEY, "the key").post("/api/v1/sponsor", body.clone()).await.is(403);
    // Nor is a token of the same person that carries less.
    app.admin().with(KEY, "the key").post("/api/v1/sponsor", body.clone()).await.is(201);
    let lesser = as_moderator(&app, "admin").await;
    app.bearer(&lesser).with(KEY, "the key").post("/api/v1/sponsor", body).await.is(403);
}

/// A token of an employee that carries the role of an agent.
async fn as_moderator(app: &App, employee_no: &str) -> String {
    let sign_in = SignIn::new(app.db().await, app.world.clone());
    let license = NewLicense { label: "l".into(), allow_admin: false, new_moderators: false };
    let license = sign_in.add_license(&system(1), license).await.unwrap().secret.reveal().to_owned();
    let new = NewCode { user_id: employee_no.into(), name: None, role: GrantRole::Moderator };
    let code = sign_in.code(&license, new, "test").await.unwrap().code;
    let exchange = CodeExchange { client_id: ClientId::Webapp, code, ..CodeExchange::default() };
    sign_in.exchange(exchange, "test").await.unwrap().access_token.reveal().to_owned()
}

#[tokio::test]
async fn who_is_no_longer_its_moderator_is_not_answered_again() {
    let app = store().await;
    let agent = app.agent().with(KEY, "the key");
    let finish = json!({"task_num": "202603010000001", "task_status": "finished"});
    agent.post("/api/task/status/do_update", finish.clone()).await.is(200);
    assert!(replayed(&agent.post("/api/task/status/do_update", finish.clone()).await));
    sql(&app.db().await, "DELETE FROM appointment_moderator").await;
    let answer = agent.post("/api/task/status/do_update", finish).await;
    assert_eq!((answer.status, replayed(&answer)), (403, false), "{}", answer.text);
}

#[tokio::test]
async fn the_answer_outlives_the_record() {
    let app = store().await;
    let admin = |key: &str| app.admin().with(KEY, key);
    let made = admin("create").post("/api/v1/ticket", ticket()).await;
    let path = format!("/api/v1/ticket/{}", made.body["data"]["id"]);
    let changed = admin("change").put(&path, json!({"subject": "other"})).await;
    assert_eq!(admin("delete").delete(&path).await.status, 204);
    app.admin().put(&path, json!({"subject": "third"})).await.is(404);
    for (first, again) in [
        (made, admin("create").post("/api/v1/ticket", ticket()).await),
        (changed, admin("change").put(&path, json!({"subject": "other"})).await),
    ] {
        assert!(replayed(&again), "{}", again.text);
        assert_eq!(whole(&again), whole(&first));
    }
    let again = admin("delete").delete(&path).await;
    assert_eq!((again.status, replayed(&again)), (204, true));
}

#[tokio::test]
async fn a_kept_answer_comes_before_the_version() {
    let app = store().await;
    let tag = app.agent().get("/api/v1/ticket/1").await.header("etag").to_owned();
    let agent = app.agent().with(KEY, "the key").with("if-match", &tag);
    let first = agent.put("/api/v1/ticket/1", json!({"subject": "other"})).await;
    let again = agent.put("/api/v1/ticket/1", json!({"subject": "other"})).await;
    assert_eq!((first.status, replayed(&again)), (200, true), "{}", again.text);
    assert_eq!(whole(&again), whole(&first));
}

fn on_each_surface() -> [(&'static str, &'static str, Value); 3] {
    let appointment = json!({"business_id": 1, "out_task_num": "I-1", "out_task_type": "demo", "task_type": "normal", "task_time": "1772420400",
        "branch_code": "1", "room_type": "normal", "video": true});
    [
        ("ticket", "/api/v1/ticket", ticket()),
        ("call_task", "/api/tasks", json!({"title": "t", "operator_id": 3})),
        ("appointment", "/api/task/do_add", appointment),
    ]
}

/// Sends one request so often at once to each of the servers; all answers must be the first one's.
async fn at_once(servers: &[&App], times: usize) {
    for (table, path, body) in on_each_surface() {
        let count = format!("SELECT count(*) AS n FROM {table}");
        let db = servers[0].db().await;
        let before = number(&db.read(), &count).await;
        let callers: Vec<Caller<'_>> = servers.iter().map(|app| app.agent().with(KEY, path)).collect();
        let sent = (0..times).flat_map(|_| &callers).map(|caller| caller.post(path, body.clone()));
        let answers = join_all(sent).await;
        let first: Vec<_> = answers.iter().filter(|answer| !replayed(answer)).collect();
        assert_eq!((first.len(), first[0].status < 300), (1, true), "{path}: {}", first[0].text);
        assert!(answers.iter().all(|answer| whole(answer) == whole(first[0])), "{path}");
        assert_eq!(number(&db.read(), &count).await, before + 1, "{path}");
    }
}

#[tokio::test]
async fn twenty_at_once_happen_once() {
    let app = store().await;
    at_once(&[&app], 20).await;
}

#[tokio::test]
async fn on_two_servers_they_happen_once() {
    let app = store().await;
    at_once(&[&app, &app.beside()], 10).await;
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let app = store().await;
    let send = async |app: &App| {
        let answers = on_each_surface().map(|(_, path, body)| async move { app.agent().with(KEY, path).post(path, body).await });
        join_all(answers).await
    };
    let before = send(&app).await;
    let again = app.beside();
    drop(app);
    for (before, after) in before.iter().zip(send(&again).await) {
        assert!(!replayed(before) && replayed(&after), "{}", after.text);
        assert_eq!(whole(&after), whole(before));
    }
}

#[tokio::test]
async fn an_answer_that_nobody_heard_is_given_again() {
    let app = store().await;
    let before = tickets(&app).await;
    let (body, token) = (ticket().to_string(), app.agent().token().to_owned());
    let address = app.url.strip_prefix("http://").unwrap();
    let mut line = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST /api/v1/ticket HTTP/1.1\r\nHost: {address}\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n\
         Idempotency-Key: the key\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    line.write_all(request.as_bytes()).await.unwrap();
    eventually("the write is committed", async || kept(&app).await == 1).await;
    drop(line);
    let again = app.beside();
    drop(app);
    let answer = again.agent().with(KEY, "the key").post("/api/v1/ticket", ticket()).await;
    assert_eq!((answer.status, replayed(&answer)), (201, true), "{}", answer.text);
    assert_eq!(tickets(&again).await, before + 1);
    let view = again.agent().get(&format!("/api/v1/ticket/{}", answer.body["data"]["id"])).await;
    assert_eq!(view.header("etag"), answer.header("etag"));
}

#[tokio::test]
async fn a_day_later_the_key_is_free() {
    let app = store().await;
    // A key, for tokens end sooner.
    let key = app.key(&[Scope::TicketsWrite]).await.with(KEY, "the key");
    let first = key.post("/api/v1/ticket", ticket()).await;
    app.world.advance(Duration::hours(24) - Duration::MILLISECOND);
    assert!(replayed(&key.post("/api/v1/ticket", ticket()).await));
    let db = app.db().await;
    assert_eq!((db.forget_answers(app.world.now()).await.unwrap(), kept(&app).await), (0, 1));
    app.world.advance(Duration::MILLISECOND);
    let second = key.post("/api/v1/ticket", json!({"subject": "s", "content": "another"})).await;
    assert_eq!((second.status, replayed(&second)), (201, false), "{}", second.text);
    assert_ne!(first.body["data"]["id"], second.body["data"]["id"]);
    app.world.advance(Duration::hours(24) + Duration::MILLISECOND);
    assert_eq!((db.forget_answers(app.world.now()).await.unwrap(), kept(&app).await), (1, 0));
}
