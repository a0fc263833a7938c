//! `get_info` and `get_list`: what is shown, to whom, and the tag that guards writes.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use super::{ELEVEN, close, done, join, make, show, unchanging};
use crate::harness::app::{App, Caller};

const DAY: i64 = 86_400;
const FIRST: &str = "202603010000001";

async fn info(caller: &Caller<'_>, filter: Value) -> Value {
    let answer = caller.post("/api/task/get_list", filter).await.is(200);
    assert_eq!((&answer["status"], &answer["message"]), (&json!(1), &json!("success")), "{answer}");
    answer["info"].clone()
}

/// The client's numbers that a list shows.
async fn found(caller: &Caller<'_>, filter: Value) -> Vec<String> {
    let info = info(caller, filter).await;
    let numbers: Vec<_> = info["items"].as_array().unwrap().iter().map(|task| task["out_task_num"].as_str().unwrap().to_owned()).collect();
    assert_eq!(info["total"], numbers.len());
    numbers
}

#[tokio::test]
async fn an_appointment_is_shown_with_its_people() {
    let app = App::new();
    let expected = json!({
        "id": 1, "task_num": FIRST, "business_id": 1, "out_task_num": "A-1", "out_task_type": "demo", "task_type": "normal",
        "task_notify": false, "task_time": "1772420400", "task_remark": "備註", "branch_code": "001", "business_code": "B1",
        "room_type": "normal", "video": true, "status": "pending", "ticket_id": 1, "duration_minutes": 30, "creater_id": 1,
        "created_at": "1772416800", "updated_at": "1772416800",
        "moderators": [{"emp_id": "agent", "employee_id": 3, "name": "Anna Gent", "business_code": null, "branch_code": null, "notification": null}],
        "publishers": [{"customer_title": "先生", "customer_name": "王大明", "customer_id_num": "A123456789", "customer_country_code": "886",
            "customer_phone": "0912345678", "customer_email": "ming@example.com", "contact_id": 1, "publisher_id": 1, "notification": null}],
    });
    for caller in [app.agent(), app.bystander(), app.admin(), app.publisher(), app.key(&[Scope::AppointmentsRead]).await] {
        assert_eq!(show(&caller, FIRST).await.to_string(), expected.to_string());
    }
}

#[tokio::test]
async fn filters_meet() {
    let app = App::new();
    for (n, fields) in [
        json!({}),
        json!({"branch_code": 85}),
        json!({"branch_code": "85", "task_time": ELEVEN + DAY}),
        json!({"task_time": ELEVEN + 2 * DAY}),
    ]
    .into_iter()
    .enumerate()
    {
        let task = make(&app.agent(), &format!("F-{n}"), &fields).await;
        if n % 2 == 0 {
            done(join(&app.agent(), &task, "other").await, "service member success");
        } else {
            let customer = json!({"customer_name": "a", "customer_id_num": "c1"});
            app.agent().post("/api/task/customer/do_add", json!({"task_num": task, "customer": [customer]})).await.is(200);
        }
        if n == 3 {
            done(close(&app.admin(), &task, "canceled").await, "success");
        }
    }
    let cases = [
        (json!({}), vec!["F-3", "F-2", "F-1", "F-0", "A-2", "A-1"]),
        (json!({"status": "canceled"}), vec!["F-3"]),
        (json!({"status": "finished"}), vec![]),
        (json!({"branch_code": 85}), vec!["F-2", "F-1"]),
        (json!({"branch_code": "85"}), vec!["F-2", "F-1"]),
        (json!({"emp_id": "other"}), vec!["F-2", "F-0"]),
        (json!({"emp_id": "unheard-of"}), vec![]),
        (json!({"customer_id_num": "c1"}), vec!["F-3", "F-1"]),
        (json!({"customer_id_num": "c1", "status": "pending"}), vec!["F-1"]),
        (json!({"customer_id_num": "c1", "emp_id": "other"}), vec![]),
        (json!({"out_task_num": "F-2"}), vec!["F-2"]),
        (json!({"ticket_id": 1}), vec!["A-1"]),
        (json!({"ticket_id": "1", "status": "finished"}), vec![]),
        (json!({"ticket_id": 1001}), vec![]),
        (json!({"task_time__start": ELEVEN + DAY}), vec!["F-3", "F-2", "A-2"]),
        (json!({"task_time__end": ELEVEN.to_string()}), vec!["F-1", "F-0", "A-1"]),
        (json!({"task_time__start": ELEVEN + 1, "task_time__end": ELEVEN + DAY - 1}), vec![]),
        (json!({"task_time__start": "2026-03-03", "task_time__end": "2026-03-03"}), vec!["F-2", "A-2"]),
        (json!({"task_time__start": "2026-03-04 11:00:00"}), vec!["F-3"]),
        (json!({"status": null, "not_a_field": 1}), vec!["F-3", "F-2", "F-1", "F-0", "A-2", "A-1"]),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&app.agent(), filter.clone()).await, expected, "{filter}");
    }
    assert_eq!(found(&app.stranger(), json!({})).await, ["A-2", "A-1"]);
    assert_eq!(info(&app.stranger(), json!({"out_task_num": "A-1"})).await["items"][0]["id"], 1001);
}

#[tokio::test]
async fn pages() {
    let app = App::new();
    for n in 0..23 {
        make(&app.agent(), &format!("P-{n}"), &json!({})).await;
    }
    let page = async |filter: Value| {
        let mut info = info(&app.agent(), filter).await;
        let items = info["items"].as_array().unwrap().len();
        info["items"] = items.into();
        info.to_string()
    };
    let shape = |items: u8, page: u8, per_page: u8, pages: u8| {
        json!({"items": items, "total": 25, "page": page, "per_page": per_page, "pages": pages, "next_cursor": null}).to_string()
    };
    assert_eq!(page(json!({})).await, shape(20, 1, 20, 2));
    assert_eq!(page(json!({"page": 2})).await, shape(5, 2, 20, 2));
    assert_eq!(page(json!({"per_page": "10", "page": "3"})).await, shape(5, 3, 10, 3));
    assert_eq!(page(json!({"page": 9})).await, shape(0, 9, 20, 2));
    assert_eq!(page(json!({"per_page": 200})).await, shape(25, 1, 200, 1));
    assert_eq!(
        info(&app.agent(), json!({"status": "finished"})).await,
        json!({"items": [], "total": 0, "page": 1, "per_page": 20, "pages": 0, "next_cursor": null})
    );
    for (field, value) in [
        ("page", json!(0)),
        ("per_page", json!(0)),
        ("per_page", json!(201)),
        ("page", json!("x")),
        ("status", json!("open")),
        ("ticket_id", json!("x")),
        ("task_time__start", json!("soon")),
    ] {
        let refused = app.agent().post("/api/task/get_list", json!({ field: value })).await;
        assert!(super::refusal(refused).contains(field), "{field}");
    }
}

#[tokio::test]
async fn a_customer_sees_its_own_and_itself() {
    let app = App::new();
    let body = json!({"task_num": FIRST, "customer": [{"customer_name": "b", "customer_id_num": "c2"}]});
    app.agent().post("/api/task/customer/do_add", body).await.is(200);
    let other = json!({"task_num": "202603010000002", "customer": [{"customer_name": "b", "customer_id_num": "c2"}]});
    app.agent().post("/api/task/customer/do_add", other).await.is(200);
    let customer = app.publisher();
    let shown = show(&customer, FIRST).await;
    let numbers: Vec<_> = shown["publishers"].as_array().unwrap().iter().map(|one| one["customer_id_num"].clone()).collect();
    assert_eq!(numbers, ["A123456789"], "other customers are none of its business");
    let hidden = customer.post("/api/task/get_info", json!({"task_num": "202603010000002"})).await;
    hidden.equals(404, &json!({"status": 0, "message": "Resource Not Found"}));
    assert_eq!(found(&customer, json!({})).await, ["A-1"]);
    assert_eq!(info(&customer, json!({})).await["items"][0], shown);
    assert!(found(&customer, json!({"out_task_num": "A-2"})).await.is_empty());
    assert!(found(&customer, json!({"customer_id_num": "c2"})).await.is_empty());
}

#[tokio::test]
async fn the_tag_grows_with_each_change_and_guards_writes() {
    let app = App::new();
    let task = make(&app.admin(), "T-1", &json!({})).await;
    let get = async || app.admin().post("/api/task/get_info", json!({"task_num": task})).await.header("etag").to_owned();
    let customer = |name: &str| json!({"task_num": task, "customer": [{"customer_name": name, "customer_id_num": "c1"}]});
    let writes = [
        ("/api/task/service/do_add", json!({"task_num": task, "emp_id": "other"})),
        ("/api/task/customer/do_add", customer("a")),
        ("/api/task/customer/do_add", customer("b")),
        ("/api/task/time/do_update", json!({"task_num": task, "task_time": 1_900_000_000})),
        ("/api/task/customer/do_del", json!({"task_num": task, "customer": [{"customer_id_num": "c1"}]})),
        ("/api/task/service/do_del", json!({"task_num": task, "emp_id": "other"})),
        ("/api/task/status/do_update", json!({"task_num": task, "task_status": "finished"})),
    ];
    for (n, (path, body)) in writes.into_iter().enumerate() {
        let tag = get().await;
        assert!(tag.starts_with(&format!("\"{}-", n + 1)), "{tag}");
        let stale = unchanging(&app, app.admin().with("if-match", "\"99-0\"").post(path, body.clone())).await;
        assert!(stale.header("etag").starts_with(&format!("\"{}-", n + 1)), "{:?}", stale.headers);
        assert_eq!(stale.is(412)["status"], 0);
        let answer = app.admin().with("if-match", &tag).post(path, body.clone()).await;
        assert!(answer.header("etag").starts_with(&format!("\"{}-", n + 2)), "{path}");
        assert_ne!(answer.is(200)["status"], 0, "{path}");
        unchanging(&app, app.admin().with("if-match", "*").post(path, body)).await.is(200);
        assert!(get().await.starts_with(&format!("\"{}-", n + 2)), "{path}: what changes nothing keeps the version");
    }
}
