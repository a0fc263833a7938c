//! Who may do what: every operation of the document against everybody who may ask. A refusal leaves every row as it was.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use self::Need::{Close, Open, Own, Read, SignedIn, Staff, Supervise, Write};
use crate::harness::app::{Answer, App, Caller};
use crate::harness::contract::OPERATIONS;
use crate::harness::rows;
use crate::harness::world::PASSWORD;

/// What an operation asks of its caller (contract, the table of permissions).
#[derive(Clone, Copy, Debug, PartialEq)]
enum Need {
    /// Nothing.
    Open,
    /// A token of a person.
    SignedIn,
    /// A token of an employee.
    Staff,
    /// A role, or the scope.
    Read(Scope),
    /// A role, or the scope, or to be the publisher.
    Own(Scope),
    /// A role, or the scope.
    Write(Scope),
    /// The role of a supervisor, or the scope.
    Supervise(Scope),
    /// To be the moderator, or the role of a supervisor.
    Close,
}

/// An operation, a request that succeeds, and the status it then has.
type Row = (&'static str, Need, u16, &'static str, &'static str, Value);

const T1: &str = "202603010000001";
const T2: &str = "202603010000002";

fn appointments() -> Vec<Row> {
    use Scope::{AppointmentsRead as R, AppointmentsWrite as W};
    let exchange = json!({"grant_type": "authorization_code", "client_id": "arctos-webapp", "code": "fdc_none"});
    let new = json!({"business_id": 1, "out_task_num": "N-1", "out_task_type": "demo", "task_type": "normal", "task_time": "1772420400",
        "branch_code": "1", "room_type": "normal", "video": true, "ticket_id": 1});
    let customers = json!({"task_num": T2, "customer": [{"customer_title": "Ms", "customer_name": "Li", "customer_id_num": "Z9",
        "customer_country_code": "886", "customer_phone": "0911", "customer_email": "li@example.com"}]});
    vec![
        ("appointment_auth_code", Open, 200, "POST", "/api/auth/code", json!({"user_id": "agent", "role": "MODERATOR"})),
        ("appointment_auth_login", Open, 200, "POST", "/api/auth/login", exchange),
        ("appointment_auth_check", SignedIn, 200, "POST", "/api/auth/check", json!({})),
        ("appointment_create", Write(W), 200, "POST", "/api/task/do_add", new),
        ("appointment_add_moderator", Write(W), 200, "POST", "/api/task/service/do_add", json!({"task_num": T2, "emp_id": "other"})),
        ("appointment_add_publishers", Write(W), 200, "POST", "/api/task/customer/do_add", customers),
        ("appointment_set_status", Close, 200, "POST", "/api/task/status/do_update", json!({"task_num": T1, "task_status": "finished"})),
        ("appointment_get", Own(R), 200, "POST", "/api/task/get_info", json!({"task_num": T1})),
        ("appointment_list", Own(R), 200, "POST", "/api/task/get_list", json!({})),
    ]
}

fn call_center() -> Vec<Row> {
    use Scope::{CallTasksRead as R, CallTasksWrite as W};
    let path = "/api/tasks/019ca000-0000-7000-8000-000000000001";
    let status = "/api/tasks/019ca000-0000-7000-8000-000000000001/status";
    let appeal = "/api/tasks/019ca000-0000-7000-8000-000000000001/appeal";
    let reprocess = "/api/tasks/019ca000-0000-7000-8000-000000000001/reprocess";
    vec![
        ("call_task_create", Write(W), 200, "POST", "/api/tasks", json!({"title": "t", "operator_id": 3})),
        ("call_task_list", Read(R), 200, "GET", "/api/tasks", json!(null)),
        ("call_task_get", Read(R), 200, "GET", path, json!(null)),
        ("call_task_set_status", Write(W), 200, "PUT", status, json!({"status": "completed"})),
        ("call_task_link_appeal", Write(W), 200, "PUT", appeal, json!({"appeal_id": 1})),
        ("call_task_patch_appeal", Write(W), 200, "PATCH", appeal, json!({"appeal_id": 1})),
        ("call_task_reprocess", Write(W), 200, "POST", reprocess, json!(null)),
    ]
}

fn ticketing() -> Vec<Row> {
    use Scope::{DirectoryRead as D, TicketsDelete, TicketsRead as R, TicketsWrite as W};
    let login = json!({"name": "supervisor@main", "password": PASSWORD});
    let password = json!({"current_password": "not the present one", "password": "a new password"});
    vec![
        ("ticket_list", Read(R), 200, "GET", "/api/v1/ticket", json!(null)),
        ("ticket_create", Write(W), 201, "POST", "/api/v1/ticket", json!({"subject": "s", "content": "c", "contact_id": 1})),
        ("ticket_view", Read(R), 200, "GET", "/api/v1/ticket/1", json!(null)),
        ("ticket_update", Write(W), 200, "PUT", "/api/v1/ticket/1", json!({"subject": "changed"})),
        ("ticket_delete", Supervise(TicketsDelete), 204, "DELETE", "/api/v1/ticket/3", json!(null)),
        ("sponsor_list", Read(D), 200, "GET", "/api/v1/sponsor", json!(null)),
        ("termination_code_list", Read(D), 200, "GET", "/api/v1/ticket-termination-code", json!(null)),
        ("category_list", Read(D), 200, "GET", "/api/v1/category", json!(null)),
        ("subcategory_list", Read(D), 200, "GET", "/api/v1/subcategory", json!(null)),
        ("employee_list", Read(D), 200, "GET", "/api/v1/employee", json!(null)),
        ("auth_login", Open, 200, "POST", "/api/v1/auth", login),
        ("auth_refresh", SignedIn, 200, "PUT", "/api/v1/auth", json!(null)),
        ("auth_logout", SignedIn, 200, "POST", "/api/v1/auth/logout", json!(null)),
        ("auth_me", Staff, 200, "GET", "/api/v1/auth/me", json!(null)),
        ("auth_password", Staff, 422, "PUT", "/api/v1/auth/password", password),
        ("healthz", Open, 200, "GET", "/healthz", json!(null)),
        ("readyz", Open, 200, "GET", "/readyz", json!(null)),
        ("metrics", Open, 200, "GET", "/metrics", json!(null)),
    ]
}

#[test]
fn the_table_has_every_operation() {
    let table: Vec<_> = [appointments(), call_center(), ticketing()].concat();
    let mut ids: Vec<_> = table.iter().map(|row| row.0).collect();
    let mut served: Vec<_> = OPERATIONS.iter().map(|operation| operation.id.as_str()).collect();
    ids.sort_unstable();
    served.sort_unstable();
    assert_eq!(ids, served);
    for (id, need, _, method, path, _) in table {
        let operation = crate::harness::contract::operation(method, path).unwrap();
        assert_eq!(operation.id, id, "{method} {path}");
        let open = operation.body["security"].as_array().unwrap().iter().all(|one| one.get("bearer").is_none());
        assert_eq!(open, need == Open, "what the document says of {id}");
    }
}

#[tokio::test]
async fn appointments_by_role() {
    judge(appointments()).await;
}

#[tokio::test]
async fn call_center_by_role() {
    judge(call_center()).await;
}

#[tokio::test]
async fn ticketing_by_role() {
    judge(ticketing()).await;
}

async fn judge(table: Vec<Row>) {
    let shared = furnished().await;
    for row in table {
        let (id, need, .., method, _, _) = &row;
        // What changes nothing leaves the server to the next.
        let reads = *method == "GET" || matches!(need, Own(_)) || id.ends_with("_check");
        let own = if reads { None } else { Some(furnished().await) };
        let app = own.as_ref().unwrap_or(&shared);
        refusals(app, &row).await;
        successes(app, &row).await;
    }
}

async fn furnished() -> App {
    let app = App::new();
    // A ticket that nothing is linked to, so that it can go.
    app.seed(r#"{"record":"ticket","id":3,"subject":"s","content":"c"}"#).await;
    app
}

/// Those the operation refuses, each with its status.
async fn refusals(app: &App, row: &Row) {
    let (id, need, ..) = row;
    let others: Vec<_> = Scope::ALL.into_iter().filter(|scope| Some(*scope) != scope_of(*need)).collect();
    let mut refused = vec![];
    if *need != Open {
        refused.extend([
            ("nobody known", app.anonymous(), 401),
            ("a bad token", app.bearer("fd_bad"), 401),
            ("no role", app.nobody(), 401),
        ]);
        refused.push(("a key without the scope", app.key(&others).await, 403));
    }
    match need {
        Open | SignedIn | Own(_) => {}
        Staff | Read(_) | Write(_) => refused.push(("a publisher", app.publisher(), 403)),
        Supervise(_) => {
            refused.extend([("a publisher", app.publisher(), 403), ("an agent", app.agent(), 403), ("a moderator", app.moderator(), 403)]);
        }
        Close => refused.extend([("a publisher", app.publisher(), 403), ("another agent", app.bystander(), 403)]),
    }
    let db = app.db().await;
    let before = rows(&db).await;
    for (who, caller, status) in refused {
        let answer = ask(&caller, row).await;
        assert_eq!(answer.status, status, "{id} by {who}: {}", answer.text);
    }
    if let Some(status) = strange(row) {
        let answer = ask(&app.stranger(), row).await;
        let failed = answer.status == status && (status != 200 || answer.body["status"] == 0);
        assert!(failed, "{id} by another organization: {} {}", answer.status, answer.text);
    }
    let after = rows(&db).await;
    let changed: Vec<_> = before.symmetric_difference(&after).collect();
    assert!(changed.is_empty(), "{id} was refused and changed {changed:#?}");
}

/// The status that another organization gets where it names a record that is not its own.
fn strange((_, _, _, _, path, body): &Row) -> Option<u16> {
    let record = path.split('/').any(|part| part.starts_with(|c: char| c.is_ascii_digit())) || body.get("task_num").is_some();
    let foreign = ["contact_id", "operator_id", "ticket_id"].iter().any(|field| body.get(field).is_some());
    match (record, foreign) {
        (true, _) => Some(404),
        (false, true) if path.starts_with("/api/task/") => Some(200),
        (false, true) => Some(422),
        (false, false) => None,
    }
}

/// Those who may; the first of them gets what the operation is for.
async fn successes(app: &App, row: &Row) {
    let (id, need, status, ..) = row;
    let mut first = true;
    let mut may =
        vec![("an agent", app.agent()), ("a moderator", app.moderator()), ("a supervisor", app.supervisor()), ("an admin", app.admin())];
    match need {
        Open => may.extend([("nobody known", app.anonymous()), ("a bad token", app.bearer("fd_bad")), ("a publisher", app.publisher())]),
        SignedIn | Own(_) => may.push(("a publisher", app.publisher())),
        Supervise(_) => drop(may.drain(..2)),
        Staff | Read(_) | Write(_) | Close => {}
    }
    if let Some(scope) = scope_of(*need) {
        may.push(("a key with the scope", app.key(&[scope]).await));
    }
    for (who, caller) in may {
        let answer = ask(&caller, row).await;
        assert!(!matches!(answer.status, 401 | 403), "{id} by {who}: {} {}", answer.status, answer.text);
        if std::mem::take(&mut first) {
            assert_eq!(answer.status, *status, "{id} by {who}: {}", answer.text);
        }
    }
}

fn scope_of(need: Need) -> Option<Scope> {
    match need {
        Read(scope) | Own(scope) | Write(scope) | Supervise(scope) => Some(scope),
        Open | SignedIn | Staff | Close => None,
    }
}

async fn ask(caller: &Caller<'_>, (_, _, _, method, path, body): &Row) -> Answer {
    caller.json(method, path, body).await
}

#[tokio::test]
async fn a_list_has_nothing_of_another_organization() {
    let app = App::new();
    let lists = [appointments(), call_center(), ticketing()].concat().into_iter().filter(|(id, ..)| id.ends_with("_list"));
    let mut count = 0;
    for row in lists {
        let (ours, theirs) = (ask(&app.admin(), &row).await, ask(&app.stranger(), &row).await);
        let (ours, theirs) = (ids(&ours.is(200)), ids(&theirs.is(200)));
        assert!(!ours.is_empty() && !theirs.is_empty(), "{} is empty", row.0);
        assert!(ours.iter().all(|id| !theirs.contains(id)), "{}: {ours:?} and {theirs:?}", row.0);
        count += 1;
    }
    assert!(count > 6);
}

/// The ids, task numbers included, of everything in a body.
fn ids(body: &Value) -> Vec<String> {
    match body {
        Value::Object(map) => {
            let own = map.iter().filter(|(name, id)| matches!(name.as_str(), "id" | "task_num" | "contact_id") && !id.is_null());
            own.map(|(_, id)| id.to_string()).chain(map.values().flat_map(ids)).collect()
        }
        Value::Array(items) => items.iter().flat_map(ids).collect(),
        _ => vec![],
    }
}

#[tokio::test]
async fn a_publisher_sees_its_own_appointments_alone() {
    let app = App::new();
    let list = app.publisher().post("/api/task/get_list", json!({})).await.is(200);
    assert!(list.to_string().contains(T1) && !list.to_string().contains(T2), "{list}");
    let refused = app.publisher().post("/api/task/get_info", json!({"task_num": T2})).await;
    assert!(matches!(refused.status, 403 | 404), "{}", refused.text);
}
