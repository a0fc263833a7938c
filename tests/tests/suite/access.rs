//! Who may do what: every operation of the document against everybody who may ask. A refusal leaves every row as it was.

use frontdesk_core::access::Scope;
use frontdesk_events::Webhooks;
use frontdesk_events::webhook::NewWebhook;
use serde_json::{Value, json};

use self::Need::{Administer, Close, Open, Own, Read, SignedIn, Staff, Supervise, Write};
use crate::harness::app::{Answer, App, Caller};
use crate::harness::contract::OPERATIONS;
use crate::harness::world::PASSWORD;
use crate::harness::{rows, sql};

/// What an operation asks of its caller (contract, the table of permissions).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Need {
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
    /// The role of an admin.
    Administer,
    /// To be the moderator, or the role of a supervisor.
    Close,
}

/// An operation, a request that succeeds, and the status it then has.
pub(crate) type Row = (&'static str, Need, u16, &'static str, &'static str, Value);

const T1: &str = "202603010000001";
const T2: &str = "202603010000002";

fn appointments() -> Vec<Row> {
    use Scope::{AppointmentsRead as R, AppointmentsWrite as W};
    let exchange = json!({"grant_type": "authorization_code", "client_id": "arctos-webapp", "code": "fdc_none"});
    let new = json!({"business_id": 1, "out_task_num": "N-1", "out_task_type": "demo", "task_type": "normal", "task_time": "1772420400",
        "branch_code": "1", "room_type": "normal", "video": true, "ticket_id": 1});
    let customers = json!({"task_num": T2, "customer": [{"customer_title": "Ms", "customer_name": "Li", "customer_id_num": "Z9",
        "customer_country_code": "886", "customer_phone": "0911", "customer_email": "li@example.com"}]});
    let leaving = json!({"task_num": T1, "customer": [{"customer_id_num": "A123456789"}]});
    vec![
        ("appointment_auth_code", Open, 200, "POST", "/api/auth/code", json!({"user_id": "agent", "role": "MODERATOR"})),
        ("appointment_auth_login", Open, 200, "POST", "/api/auth/login", exchange),
        ("appointment_auth_check", SignedIn, 200, "POST", "/api/auth/check", json!({})),
        ("appointment_create", Write(W), 200, "POST", "/api/task/do_add", new),
        ("appointment_add_moderator", Write(W), 200, "POST", "/api/task/service/do_add", json!({"task_num": T2, "emp_id": "other"})),
        ("appointment_add_publishers", Write(W), 200, "POST", "/api/task/customer/do_add", customers),
        ("appointment_reschedule", Write(W), 200, "POST", "/api/task/time/do_update", json!({"task_num": T2, "task_time": "1772510400"})),
        ("appointment_remove_moderator", Write(W), 200, "POST", "/api/task/service/do_del", json!({"task_num": T1, "emp_id": "agent"})),
        ("appointment_remove_publishers", Write(W), 200, "POST", "/api/task/customer/do_del", leaving),
        ("appointment_set_status", Close, 200, "POST", "/api/task/status/do_update", json!({"task_num": T1, "task_status": "finished"})),
        ("appointment_get", Own(R), 200, "POST", "/api/task/get_info", json!({"task_num": T1})),
        ("appointment_history", Read(R), 200, "POST", "/api/task/get_history", json!({"task_num": T1})),
        ("appointment_list", Own(R), 200, "POST", "/api/task/get_list", json!({})),
    ]
}

fn call_center() -> Vec<Row> {
    use Scope::{CallTasksRead as R, CallTasksWrite as W};
    let path = "/api/tasks/019ca000-0000-7000-8000-000000000001";
    let status = "/api/tasks/019ca000-0000-7000-8000-000000000001/status";
    let appeal = "/api/tasks/019ca000-0000-7000-8000-000000000001/appeal";
    let reprocess = "/api/tasks/019ca000-0000-7000-8000-000000000001/reprocess";
    let texts = "/api/tasks/019ca000-0000-7000-8000-000000000001/processing";
    let spoken = "/api/tasks/019ca000-0000-7000-8000-000000000002/processing";
    vec![
        ("call_task_create", Write(W), 200, "POST", "/api/tasks", json!({"title": "t", "operator_id": 3})),
        ("call_task_list", Read(R), 200, "GET", "/api/tasks", json!(null)),
        ("call_task_get", Read(R), 200, "GET", path, json!(null)),
        ("call_task_history", Read(R), 200, "GET", "/api/tasks/019ca000-0000-7000-8000-000000000001/history", json!(null)),
        ("call_task_update", Write(W), 200, "PATCH", path, json!({"title": "changed"})),
        ("call_task_set_status", Write(W), 200, "PUT", status, json!({"status": "completed"})),
        ("call_task_link_appeal", Write(W), 200, "PUT", appeal, json!({"appeal_id": 1})),
        ("call_task_patch_appeal", Write(W), 200, "PATCH", appeal, json!({"appeal_id": 1})),
        ("call_task_processing", Read(R), 200, "GET", texts, json!(null)),
        ("call_task_choose_text", Write(W), 200, "PUT", spoken, json!({"stage": "transcription", "version": 1})),
        ("call_task_reprocess", Write(W), 200, "POST", reprocess, json!(null)),
    ]
}

fn ticketing() -> Vec<Row> {
    use Scope::{TicketsDelete, TicketsRead as R, TicketsWrite as W};
    let login = json!({"name": "supervisor@main", "password": PASSWORD});
    let password = json!({"current_password": "not the present one", "password": "a new password"});
    vec![
        ("ticket_list", Read(R), 200, "GET", "/api/v1/ticket", json!(null)),
        ("ticket_create", Write(W), 201, "POST", "/api/v1/ticket", json!({"subject": "s", "content": "c", "contact_id": 1})),
        ("ticket_view", Read(R), 200, "GET", "/api/v1/ticket/1", json!(null)),
        ("ticket_update", Write(W), 200, "PUT", "/api/v1/ticket/1", json!({"subject": "changed"})),
        ("ticket_history", Read(R), 200, "GET", "/api/v1/ticket/1/history", json!(null)),
        ("ticket_related", Read(R), 200, "GET", "/api/v1/ticket/1/related", json!(null)),
        ("ticket_delete", Supervise(TicketsDelete), 204, "DELETE", "/api/v1/ticket/3", json!(null)),
        ("interaction_list", Read(R), 200, "GET", "/api/v1/interact-collection", json!(null)),
        ("interaction_create", Write(W), 201, "POST", "/api/v1/interact-collection", json!({"contact_id": 1, "ticket_ids": [1]})),
        ("interaction_view", Read(R), 200, "GET", "/api/v1/interact-collection/1", json!(null)),
        ("interaction_update", Write(W), 200, "PUT", "/api/v1/interact-collection/1", json!({"memo": "changed"})),
        ("interaction_delete", Supervise(TicketsDelete), 204, "DELETE", "/api/v1/interact-collection/1", json!(null)),
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

fn look_ups() -> Vec<Row> {
    use Scope::{DirectoryRead as R, DirectoryWrite as W};
    vec![
        ("sponsor_list", Read(R), 200, "GET", "/api/v1/sponsor", json!(null)),
        ("sponsor_create", Supervise(W), 201, "POST", "/api/v1/sponsor", json!({"name": "n"})),
        ("sponsor_view", Read(R), 200, "GET", "/api/v1/sponsor/1", json!(null)),
        ("sponsor_update", Supervise(W), 200, "PUT", "/api/v1/sponsor/1", json!({"name": "changed"})),
        ("sponsor_delete", Supervise(W), 204, "DELETE", "/api/v1/sponsor/3", json!(null)),
        ("termination_code_list", Read(R), 200, "GET", "/api/v1/ticket-termination-code", json!(null)),
        ("termination_code_create", Supervise(W), 201, "POST", "/api/v1/ticket-termination-code", json!({"name": "n", "status": 1})),
        ("termination_code_view", Read(R), 200, "GET", "/api/v1/ticket-termination-code/1", json!(null)),
        ("termination_code_update", Supervise(W), 200, "PUT", "/api/v1/ticket-termination-code/1", json!({"name": "changed"})),
        ("termination_code_delete", Supervise(W), 204, "DELETE", "/api/v1/ticket-termination-code/3", json!(null)),
        ("category_list", Read(R), 200, "GET", "/api/v1/category", json!(null)),
        ("category_create", Supervise(W), 201, "POST", "/api/v1/category", json!({"name": "n"})),
        ("category_view", Read(R), 200, "GET", "/api/v1/category/1", json!(null)),
        ("category_update", Supervise(W), 200, "PUT", "/api/v1/category/1", json!({"name": "changed"})),
        ("category_delete", Supervise(W), 204, "DELETE", "/api/v1/category/3", json!(null)),
        ("subcategory_list", Read(R), 200, "GET", "/api/v1/subcategory", json!(null)),
        ("subcategory_create", Supervise(W), 201, "POST", "/api/v1/subcategory", json!({"name": "n", "category_id": 1})),
        ("subcategory_view", Read(R), 200, "GET", "/api/v1/subcategory/1", json!(null)),
        ("subcategory_update", Supervise(W), 200, "PUT", "/api/v1/subcategory/1", json!({"name": "changed"})),
        ("subcategory_delete", Supervise(W), 204, "DELETE", "/api/v1/subcategory/3", json!(null)),
    ]
}

fn staff() -> Vec<Row> {
    use Scope::{DirectoryRead as R, DirectoryWrite as W};
    vec![
        ("employee_list", Read(R), 200, "GET", "/api/v1/employee", json!(null)),
        ("employee_create", Administer, 201, "POST", "/api/v1/employee", json!({"employee_no": "n", "first_name": "n", "group_id": 1})),
        ("employee_view", Read(R), 200, "GET", "/api/v1/employee/1", json!(null)),
        ("employee_update", Administer, 200, "PUT", "/api/v1/employee/1", json!({"first_name": "changed"})),
        ("employee_delete", Administer, 204, "DELETE", "/api/v1/employee/30", json!(null)),
        ("group_list", Read(R), 200, "GET", "/api/v1/group", json!(null)),
        ("group_create", Supervise(W), 201, "POST", "/api/v1/group", json!({"name": "n"})),
        ("group_view", Read(R), 200, "GET", "/api/v1/group/1", json!(null)),
        ("group_update", Supervise(W), 200, "PUT", "/api/v1/group/1", json!({"name": "changed"})),
        ("group_delete", Supervise(W), 204, "DELETE", "/api/v1/group/30", json!(null)),
        ("job_title_list", Read(R), 200, "GET", "/api/v1/job-title", json!(null)),
        ("job_title_create", Supervise(W), 201, "POST", "/api/v1/job-title", json!({"name": "n"})),
        ("job_title_view", Read(R), 200, "GET", "/api/v1/job-title/1", json!(null)),
        ("job_title_update", Supervise(W), 200, "PUT", "/api/v1/job-title/1", json!({"name": "changed"})),
        ("job_title_delete", Supervise(W), 204, "DELETE", "/api/v1/job-title/30", json!(null)),
        ("department_list", Read(R), 200, "GET", "/api/v1/department", json!(null)),
        ("department_create", Supervise(W), 201, "POST", "/api/v1/department", json!({"name": "n"})),
        ("department_view", Read(R), 200, "GET", "/api/v1/department/1", json!(null)),
        ("department_update", Supervise(W), 200, "PUT", "/api/v1/department/1", json!({"name": "changed"})),
        ("department_delete", Supervise(W), 204, "DELETE", "/api/v1/department/30", json!(null)),
        ("extension_list", Read(R), 200, "GET", "/api/v1/extension", json!(null)),
        ("extension_create", Supervise(W), 201, "POST", "/api/v1/extension", json!({"type": 1, "extension": "n"})),
        ("extension_view", Read(R), 200, "GET", "/api/v1/extension/1", json!(null)),
        ("extension_update", Supervise(W), 200, "PUT", "/api/v1/extension/1", json!({"extension": "changed"})),
        ("extension_delete", Supervise(W), 204, "DELETE", "/api/v1/extension/30", json!(null)),
        ("cti_agent_list", Read(R), 200, "GET", "/api/v1/cti-agent", json!(null)),
        ("cti_agent_create", Supervise(W), 201, "POST", "/api/v1/cti-agent", json!({"account": "n"})),
        ("cti_agent_view", Read(R), 200, "GET", "/api/v1/cti-agent/1", json!(null)),
        ("cti_agent_update", Supervise(W), 200, "PUT", "/api/v1/cti-agent/1", json!({"account": "changed"})),
        ("cti_agent_delete", Supervise(W), 204, "DELETE", "/api/v1/cti-agent/30", json!(null)),
    ]
}

fn people() -> Vec<Row> {
    use Scope::{ContactsRead as R, ContactsWrite as W};
    let number = json!({"contact_id": 1, "type": 2, "number": "0912-345-678"});
    let key = json!({"label": "l", "scopes": ["tickets:read"]});
    vec![
        ("contact_list", Read(R), 200, "GET", "/api/v1/contact", json!(null)),
        ("contact_create", Write(W), 201, "POST", "/api/v1/contact", json!({"first_name": "n"})),
        ("contact_view", Read(R), 200, "GET", "/api/v1/contact/1", json!(null)),
        ("contact_update", Write(W), 200, "PUT", "/api/v1/contact/1", json!({"first_name": "changed"})),
        ("contact_history", Read(R), 200, "GET", "/api/v1/contact/1/history", json!(null)),
        ("contact_anonymize", Supervise(W), 200, "POST", "/api/v1/contact/1/anonymize", json!(null)),
        ("contact_delete", Supervise(W), 204, "DELETE", "/api/v1/contact/3", json!(null)),
        ("phone_number_list", Read(R), 200, "GET", "/api/v1/phone-number", json!(null)),
        ("phone_number_create", Write(W), 201, "POST", "/api/v1/phone-number", number),
        ("phone_number_view", Read(R), 200, "GET", "/api/v1/phone-number/2", json!(null)),
        ("phone_number_update", Write(W), 200, "PUT", "/api/v1/phone-number/2", json!({"number": "changed"})),
        ("phone_number_delete", Write(W), 204, "DELETE", "/api/v1/phone-number/2", json!(null)),
        ("organization_view", Administer, 200, "GET", "/api/v1/organization", json!(null)),
        ("organization_update", Administer, 200, "PUT", "/api/v1/organization", json!({"name": "changed"})),
        ("license_list", Administer, 200, "GET", "/api/v1/license", json!(null)),
        ("license_create", Administer, 201, "POST", "/api/v1/license", json!({"label": "l"})),
        ("license_view", Administer, 200, "GET", "/api/v1/license/1", json!(null)),
        ("license_revoke", Administer, 204, "DELETE", "/api/v1/license/1", json!(null)),
        ("service_key_list", Administer, 200, "GET", "/api/v1/service-key", json!(null)),
        ("service_key_create", Administer, 201, "POST", "/api/v1/service-key", key),
        ("service_key_view", Administer, 200, "GET", "/api/v1/service-key/1", json!(null)),
        ("service_key_revoke", Administer, 204, "DELETE", "/api/v1/service-key/1", json!(null)),
    ]
}

fn events() -> Vec<Row> {
    use Scope::EventsRead as R;
    vec![
        ("event_list", Read(R), 200, "GET", "/api/v1/event", json!(null)),
        ("event_stream", Read(R), 200, "GET", "/api/v1/event/stream", json!(null)),
        ("webhook_list", Administer, 200, "GET", "/api/v1/webhook", json!(null)),
        ("webhook_create", Administer, 201, "POST", "/api/v1/webhook", json!({"url": "https://example.com/"})),
        ("webhook_view", Administer, 200, "GET", "/api/v1/webhook/1", json!(null)),
        ("webhook_update", Administer, 200, "PUT", "/api/v1/webhook/1", json!({"description": "changed"})),
        ("webhook_rotate", Administer, 200, "POST", "/api/v1/webhook/1/rotate", json!(null)),
        ("webhook_deliveries", Administer, 200, "GET", "/api/v1/webhook/1/delivery", json!(null)),
        ("webhook_resend", Administer, 200, "POST", "/api/v1/webhook/1/delivery/1/resend", json!(null)),
        ("webhook_replay", Administer, 200, "POST", "/api/v1/webhook/1/replay", json!({"after": 0})),
        ("webhook_delete", Administer, 204, "DELETE", "/api/v1/webhook/1", json!(null)),
    ]
}

/// Every operation of the document.
pub(crate) fn table() -> Vec<Row> {
    [appointments(), call_center(), ticketing(), staff(), look_ups(), people(), events()].concat()
}

#[test]
fn the_table_has_every_operation() {
    let table = table();
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

#[tokio::test]
async fn look_ups_by_role() {
    judge(look_ups()).await;
}

#[tokio::test]
async fn staff_by_role() {
    judge(staff()).await;
}

#[tokio::test]
async fn people_by_role() {
    judge(people()).await;
}

#[tokio::test]
async fn events_by_role() {
    judge(events()).await;
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

/// The world, with records that nothing names, so that each operation of the table can succeed.
pub(crate) async fn furnished() -> App {
    let app = App::new();
    app.seed(
        r#"{"record":"ticket","id":3,"subject":"s","content":"c"}
{"record":"employee","id":30,"employee_no":"n30","first_name":"n"}
{"record":"group","id":30,"name":"n"}
{"record":"job_title","id":30,"name":"n"}
{"record":"department","id":30,"name":"n"}
{"record":"extension","id":30,"type":0,"extension":"n"}
{"record":"cti_agent","id":30,"account":"n"}
{"record":"sponsor","id":3,"name":"n"}
{"record":"contact","id":3,"first_name":"n"}
{"record":"termination_code","id":3,"name":"n"}
{"record":"category","id":3,"name":"n"}
{"record":"subcategory","id":3,"name":"n"}"#,
    )
    .await;
    let webhooks = Webhooks::new(app.db().await, app.world.clone());
    webhooks.create(&app.context(), NewWebhook { url: "https://example.com/".into(), ..NewWebhook::default() }).await.unwrap();
    let delivery = "INSERT INTO webhook_delivery (organization_id, webhook_id, event_id, type, record, record_id, state, attempts, run_at,
         created_at, updated_at) VALUES (1, 1, 1, 'ticket.created', 'ticket', '1', 'delivered', 1, 0, 0, 0)";
    sql(&app.db().await, delivery).await;
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
        Administer => refused.extend([
            ("a publisher", app.publisher(), 403),
            ("an agent", app.agent(), 403),
            ("a moderator", app.moderator(), 403),
            ("a supervisor", app.supervisor(), 403),
        ]),
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
    let foreign = ["category_id", "contact_id", "operator_id", "ticket_id"].iter().any(|field| body.get(field).is_some());
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
        Administer => drop(may.drain(..3)),
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
        Open | SignedIn | Staff | Administer | Close => None,
    }
}

async fn ask(caller: &Caller<'_>, (_, _, _, method, path, body): &Row) -> Answer {
    caller.json(method, path, body).await
}

#[tokio::test]
async fn a_list_has_nothing_of_another_organization() {
    let app = App::new();
    for admin in [app.admin(), app.stranger()] {
        admin.post("/api/v1/license", json!({"label": "l"})).await.is(201);
        admin.post("/api/v1/service-key", json!({"label": "l", "scopes": ["tickets:read"]})).await.is(201);
        admin.post("/api/v1/webhook", json!({"url": "https://example.com/"})).await.is(201);
    }
    let lists = table().into_iter().filter(|(id, ..)| id.ends_with("_list"));
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
