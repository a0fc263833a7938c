//! What became of tickets, contacts, call tasks and appointments, as their surfaces tell it.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};
use time::Duration;

use crate::appointments::make;
use crate::harness::app::{App, Caller};
use crate::harness::number;

const TASK: &str = "019ca000-0000-7000-8000-000000000001";
const T1: &str = "202603010000001";

/// The entries of a history, the last one first.
async fn entries(caller: &Caller<'_>, path: &str) -> Vec<Value> {
    let page = caller.get(&format!("{path}/history")).await.is(200);
    let rows = if page["data"].is_array() { &page["data"] } else { &page["items"] };
    rows.as_array().unwrap().clone()
}

/// The entries of an appointment's history, the last one first.
async fn of_appointment(caller: &Caller<'_>, task_num: &str) -> Vec<Value> {
    let page = caller.post("/api/task/get_history", json!({"task_num": task_num})).await.is(200);
    assert_eq!((&page["status"], &page["message"]), (&json!(1), &json!("success")), "{page}");
    page["info"]["items"].as_array().unwrap().clone()
}

/// An entry in short: version, action, and what became of each field.
fn short(entry: &Value) -> Value {
    let changes = entry["changes"].as_array().unwrap().iter();
    let changes: serde_json::Map<_, _> =
        changes.map(|change| (change["field"].as_str().unwrap().to_owned(), json!([change["from"], change["to"]]))).collect();
    json!([entry["version"], entry["action"], changes])
}

/// The entries in short, the first one first.
fn told(entries: &[Value]) -> Vec<Value> {
    entries.iter().rev().map(short).collect()
}

#[tokio::test]
async fn the_life_of_a_ticket() {
    let app = App::new();
    let key = app.key(&[Scope::TicketsRead, Scope::TicketsWrite]).await;
    let new = json!({"subject": "s", "content": "c", "due_at": "2026-03-05 18:00:00", "contact_id": 1, "status": 1});
    let id = app.agent().with("x-request-id", "r-1").post("/api/v1/ticket", new).await.is(201)["data"]["id"].clone();
    let path = format!("/api/v1/ticket/{id}");
    app.world.advance(Duration::minutes(1));
    app.supervisor().with("x-request-id", "r-2").put(&path, json!({"status": 2, "handler_id": 3})).await.is(200);
    app.supervisor().put(&path, json!({"status": 2, "handler_id": 3})).await.is(200);
    app.world.advance(Duration::minutes(1));
    key.with("x-request-id", "r-3").put(&path, json!({"due_at": null, "subject": "t"})).await.is(200);
    let found = entries(&app.agent(), &path).await;
    let expected = [
        json!([1, "created", {"id": [null, id], "subject": [null, "s"], "content": [null, "c"],
            "due_at": [null, "2026-03-05 18:00:00"], "status": [null, 1], "priority": [null, 0], "contact_id": [null, 1],
            "creater_id": [null, 3], "created_at": [null, "2026-03-02 10:00:00"]}]),
        json!([2, "updated", {"status": [1, 2], "handler_id": [null, 3]}]),
        json!([3, "updated", {"subject": ["s", "t"], "due_at": ["2026-03-05 18:00:00", null]}]),
    ];
    assert_eq!(told(&found), expected);
    let whole = json!({
        "version": 2, "action": "updated", "at": "2026-03-02 10:01:00",
        "actor": {"kind": "employee", "id": 2, "name": "Susan Visor"}, "request_id": "r-2",
        "changes": [
            {"field": "status", "from": 1, "to": 2, "erased": false},
            {"field": "handler_id", "from": null, "to": 3, "erased": false},
        ],
    });
    assert_eq!(format!("{:#}", found[1]), format!("{whole:#}"));
    let machine = &found[0]["actor"];
    assert_eq!((&machine["kind"], machine["id"].is_i64(), &machine["name"]), (&json!("service_key"), true, &Value::Null));
}

#[tokio::test]
async fn a_deleted_ticket_tells_those_who_may_delete() {
    let app = App::new();
    let id = app.agent().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201)["data"]["id"].clone();
    let path = format!("/api/v1/ticket/{id}");
    app.supervisor().delete(&path).await.is(204);
    let last = entries(&app.supervisor(), &path).await[0].clone();
    assert_eq!((&last["action"], &last["actor"]["id"]), (&json!("deleted"), &json!(2)));
    assert_eq!(last["changes"][1], json!({"field": "subject", "from": "s", "to": null, "erased": false}));
    app.admin().get(&path).await.is(404);
    app.agent().get(&format!("{path}/history")).await.is(404);
    app.key(&[Scope::TicketsRead]).await.get(&format!("{path}/history")).await.is(404);
    app.stranger().get(&format!("{path}/history")).await.is(404);
    let contact = app.agent().post("/api/v1/contact", json!({"first_name": "n"})).await.is(201)["data"]["id"].clone();
    app.supervisor().delete(&format!("/api/v1/contact/{contact}")).await.is(204);
    app.admin().get(&format!("/api/v1/contact/{contact}/history")).await.is(404);
}

#[tokio::test]
async fn an_actor_who_is_gone_has_no_name() {
    let app = App::new();
    app.moderator().put("/api/v1/ticket/2", json!({"priority": 1})).await.is(200);
    let named = entries(&app.agent(), "/api/v1/ticket/2").await[0]["actor"].clone();
    assert_eq!(named, json!({"kind": "employee", "id": 3, "name": "Anna Gent"}));
    let new = json!({"employee_no": "brief", "first_name": "Brief", "group_id": 1, "role": "agent"});
    let id = app.admin().post("/api/v1/employee", new).await.is(201)["data"]["id"].clone();
    let password = json!({"employee_id": id, "password": "a good password"});
    app.admin().put("/api/v1/auth/password", password).await.is(200);
    let body = json!({"name": "brief@main", "password": "a good password"});
    let token = app.anonymous().post("/api/v1/auth", body).await.is(200)["access_token"].as_str().unwrap().to_owned();
    app.bearer(&token).put("/api/v1/ticket/2", json!({"priority": 2})).await.is(200);
    app.admin().delete(&format!("/api/v1/employee/{id}")).await.is(204);
    let gone = entries(&app.agent(), "/api/v1/ticket/2").await[0]["actor"].clone();
    assert_eq!(gone, json!({"kind": "employee", "id": id, "name": null}));
    let made = entries(&app.agent(), "/api/v1/ticket/2").await.pop().unwrap();
    assert_eq!(made["actor"], json!({"kind": "system", "id": null, "name": null}));
}

#[tokio::test]
async fn the_life_of_a_contact() {
    let app = App::new();
    let new = json!({"first_name": "Anna", "membership_no": "M-9", "birth_at": "1987-10-10", "gender": 0, "sponsor_id": 1});
    let made = app.agent().post("/api/v1/contact", new).await.is(201)["data"].clone();
    let (id, path) = (&made["id"], format!("/api/v1/contact/{}", made["id"]));
    app.agent().put(&path, json!({"last_name": "Li", "birth_at": null, "sponsor_id": 2})).await.is(200);
    app.agent().post("/api/v1/phone-number", json!({"contact_id": id, "type": 0, "number": "1"})).await.is(201);
    let expected = [
        json!([1, "created", {"id": [null, id], "first_name": [null, "Anna"], "membership_no": [null, "M-9"], "gender": [null, 0],
            "birth_at": [null, "1987-10-10"], "profile_id": [null, made["profile_id"]], "sponsor_id": [null, 1]}]),
        json!([2, "updated", {"last_name": [null, "Li"], "birth_at": ["1987-10-10", null], "sponsor_id": [1, 2]}]),
    ];
    assert_eq!(told(&entries(&app.agent(), &path).await), expected);
}

#[tokio::test]
async fn the_life_of_a_call_task() {
    let app = App::new();
    let new = json!({"operator_id": 3, "title": "t", "call_transcription": "words", "due_date": "2026-03-03T18:00:00+03:00"});
    let id = app.agent().post("/api/tasks", new).await.is(200)["id"].clone();
    let path = format!("/api/tasks/{}", id.as_str().unwrap());
    app.agent().patch(&path, json!({"priority": "high", "due_date": null})).await.is(200);
    app.agent().put(&format!("{path}/appeal"), json!({"appeal_id": 1})).await.is(200);
    for status in ["in_progress", "in_progress", "completed"] {
        app.world.advance(Duration::minutes(1));
        app.agent().put(&format!("{path}/status"), json!({"status": status})).await.is(200);
    }
    let found = entries(&app.agent(), &path).await;
    let expected = [
        json!([1, "created", {"id": [null, id], "assigned_user_id": [null, 3], "created_by_user_id": [null, 3],
            "task_type": [null, "call"], "status": [null, "new"], "priority": [null, "normal"], "title": [null, "t"],
            "call_transcription": [null, "words"], "due_date": [null, "2026-03-03T23:00:00+08:00"],
            "processing.state": [null, "queued"], "processing.stage": [null, "summary"], "processing.attempt": [null, 0],
            "processing.version": [null, 1], "created_at": [null, "2026-03-02T10:00:00+08:00"]}]),
        json!([2, "updated", {"priority": ["normal", "high"], "due_date": ["2026-03-03T23:00:00+08:00", null]}]),
        json!([3, found[2]["action"], {"appeal_id": [null, 1]}]),
        json!([4, found[1]["action"], {"status": ["new", "in_progress"]}]),
        json!([5, found[0]["action"], {"status": ["in_progress", "completed"], "completed_at": [null, "2026-03-02T10:03:00+08:00"]}]),
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(found[0]["at"], "2026-03-02T10:03:00+08:00");
}

#[tokio::test]
async fn the_life_of_an_appointment_and_its_people() {
    let app = App::new();
    let task = make(&app.agent(), "H-1", &json!({})).await;
    let join = json!({"task_num": task, "emp_id": "other", "business_code": "2"});
    app.agent().post("/api/task/service/do_add", join.clone()).await.is(200);
    app.agent().post("/api/task/service/do_add", join).await.is(200);
    let customer = json!({"customer_name": "Li", "customer_id_num": "M001"});
    app.agent().post("/api/task/customer/do_add", json!({"task_num": task, "customer": [customer]})).await.is(200);
    app.agent().post("/api/task/time/do_update", json!({"task_num": task, "task_time": 1_900_000_000})).await.is(200);
    app.agent().post("/api/task/service/do_del", json!({"task_num": task, "emp_id": "other"})).await.is(200);
    let close = json!({"task_num": task, "task_status": "canceled"});
    app.supervisor().post("/api/task/status/do_update", close).await.is(200);
    let moderator = json!({"emp_id": "other", "employee_id": 5, "name": "Otto Ther", "business_code": "2", "branch_code": null});
    let publisher = json!({"customer_title": null, "customer_name": "Li", "customer_id_num": "M001", "customer_country_code": null,
        "customer_phone": null, "customer_email": null, "contact_id": 1});
    let found = of_appointment(&app.agent(), &task).await;
    let expected = [
        json!([2, "moderator_added", {"moderators": [[], [moderator]]}]),
        json!([3, "publishers_added", {"publishers": [[], [publisher]]}]),
        json!([4, "rescheduled", {"task_time": ["1772420400", "1900000000"]}]),
        json!([5, "moderator_removed", {"moderators": [[moderator], []]}]),
        json!([6, "canceled", {"status": ["pending", "canceled"]}]),
    ];
    assert_eq!(told(&found)[1..], expected);
    let made = short(&found[5])[2].clone();
    assert_eq!((&made["task_num"][1], &made["created_at"][1], &made["status"][1]), (&json!(task), &json!("1772416800"), &json!("pending")));
    assert!(made.get("sequence").is_none() && made.get("task_time_defaulted").is_none(), "{made}");
    assert_eq!(found[0]["at"], "1772416800");
}

#[tokio::test]
async fn pages() {
    let app = App::new();
    for priority in [0, 1, 2, 0, 1] {
        app.agent().put("/api/v1/ticket/2", json!({"priority": priority})).await.is(200);
        app.agent().patch(&format!("/api/tasks/{TASK}"), json!({"title": format!("t{priority}")})).await.is(200);
    }
    let versions = |page: &Value| page.as_array().unwrap().iter().map(|entry| entry["version"].as_i64().unwrap()).collect::<Vec<_>>();
    let second = app.agent().get("/api/v1/ticket/2/history?per_page=2&page=2").await.is(200);
    assert_eq!((versions(&second["data"]), &second["meta"]["total"]), (vec![3, 2], &json!(5)));
    let second = app.agent().get(&format!("/api/tasks/{TASK}/history?per_page=4&page=2")).await.is(200);
    assert_eq!((versions(&second["items"]), &second["total"], &second["pages"]), (vec![2, 1], &json!(6), &json!(2)));
    let beyond = json!({"task_num": T1, "page": 2, "per_page": 1});
    let page = app.agent().post("/api/task/get_history", beyond).await.is(200)["info"].clone();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["total"], &page["page"]), (0, &json!(1), &json!(2)));
    let begun = app.agent().get("/api/v1/ticket/2/history?per_page=4&cursor=").await;
    let next = begun.header("link").split_once('?').unwrap().1.split_once('>').unwrap().0.to_owned();
    assert_eq!(versions(&begun.is(200)["data"]), [5, 4, 3, 2]);
    app.agent().put("/api/v1/ticket/2", json!({"priority": 0})).await.is(200);
    let rest = app.agent().get(&format!("/api/v1/ticket/2/history?{next}")).await;
    assert_eq!((rest.header("link").to_owned(), versions(&rest.is(200)["data"])), (String::new(), vec![1]));
    for (path, fields) in [("/api/v1/ticket/2", ["page", "per_page", "sort"]), ("/api/v1/contact/1", ["page", "per_page", "sort"])] {
        let refused = app.agent().get(&format!("{path}/history?page=0&per_page=201&sort=id")).await;
        assert_eq!((refused.status, refused.offending()), (422, fields.map(str::to_owned).to_vec()), "{path}");
        // Whether it is there is judged first.
        app.agent().get(&format!("{path}99999/history?page=0")).await.is(404);
    }
    let refused = app.agent().post("/api/task/get_history", json!({"task_num": T1, "per_page": 201})).await.is(200);
    assert!(refused["status"] == 0 && refused["message"].as_str().unwrap().contains("per_page"), "{refused}");
    app.agent().post("/api/task/get_history", json!({"task_num": "1", "per_page": 201})).await.is(404);
    let refused = app.agent().post("/api/task/get_history", json!({})).await.is(200);
    assert_eq!(refused, json!({"status": 0, "message": "task_num is required"}));
}

#[tokio::test]
async fn who_may_not_read_the_record_does_not_read_its_history() {
    let app = App::new();
    let paths = ["/api/v1/ticket/1/history", "/api/v1/contact/1/history", "/api/tasks/019ca000-0000-7000-8000-000000000001/history"];
    let asked = json!({"task_num": T1});
    for path in paths {
        app.publisher().get(path).await.is(403);
        app.anonymous().get(path).await.is(401);
        app.stranger().get(path).await.is(404);
        app.key(&[Scope::AppointmentsRead]).await.get(path).await.is(403);
    }
    app.publisher().post("/api/task/get_history", asked.clone()).await.is(403);
    app.stranger().post("/api/task/get_history", asked.clone()).await.is(404);
    app.key(&[Scope::TicketsRead]).await.post("/api/task/get_history", asked.clone()).await.is(403);
    app.key(&[Scope::AppointmentsRead]).await.post("/api/task/get_history", asked).await.is(200);
}

#[tokio::test]
async fn nothing_internal_is_shown() {
    let app = App::new();
    let new = json!({"operator_id": 3, "title": "Ёж", "caller_phone": "+7 495 000", "call_transcription": "Ёж"});
    let id = app.agent().post("/api/tasks", new).await.is(200)["id"].as_str().unwrap().to_owned();
    let mut seen = of_appointment(&app.agent(), T1).await;
    for path in ["/api/v1/ticket/1".to_owned(), "/api/v1/contact/1".to_owned(), format!("/api/tasks/{id}")] {
        seen.extend(entries(&app.agent(), &path).await);
    }
    assert_eq!(seen.len(), 4);
    let changes = seen.iter().flat_map(|entry| entry["changes"].as_array().unwrap());
    let names: Vec<_> = changes.map(|change| change["field"].as_str().unwrap()).collect();
    for banned in ["organization_id", "search", "digits", "hash", "version", "salt", "updated_at", "sequence", "defaulted"] {
        let shown = names.iter().find(|name| name.contains(banned) && **name != "processing.version");
        assert_eq!(shown, None, "{banned}");
    }
    // Moments have the form of their surface: no milliseconds anywhere.
    let text = json!(seen).to_string();
    assert!(!text.contains("177241680000") && !text.contains("еж"), "{text}");
    // Every row of the store is told, one entry each.
    let db = app.db().await;
    let kept = number(&db.read(), "SELECT count(*) AS n FROM history WHERE kind = 'ticket' AND record_id = '1'").await;
    assert_eq!(entries(&app.agent(), "/api/v1/ticket/1").await.len(), usize::try_from(kept).unwrap());
}
