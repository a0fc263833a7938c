//! removeTaskModerator and removeTaskPublisher.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use super::{close, done, double_booking, join, make, refusal, remark, show, unchanging};
use crate::harness::app::{Answer, App, Caller};

const STAFF: &str = "/api/task/service/do_del";
const CUSTOMERS: &str = "/api/task/customer/do_del";

async fn remove(caller: &Caller<'_>, task_num: &str, customers: &[&str]) -> Answer {
    let customer: Vec<_> = customers.iter().map(|number| json!({"customer_id_num": number})).collect();
    caller.post(CUSTOMERS, json!({"task_num": task_num, "customer": customer})).await
}

/// An appointment with the moderators `other` and `agent` and the customers `c1`, `c2`, `c3`.
async fn full(app: &App, out_task_num: &str) -> String {
    let task = make(&app.agent(), out_task_num, &json!({"task_time": 1_900_000_000})).await;
    for emp_id in ["other", "agent"] {
        done(join(&app.agent(), &task, emp_id).await, "service member success");
    }
    let customer = |number: &str| json!({"customer_name": "n", "customer_id_num": number});
    let body = json!({"task_num": task, "customer": [customer("c1"), customer("c2"), customer("c3")]});
    done(app.agent().post("/api/task/customer/do_add", body).await, "customer member success");
    task
}

async fn people(app: &App, task: &str, group: &str, field: &str) -> Vec<Value> {
    show(&app.admin(), task).await[group].as_array().unwrap().iter().map(|one| one[field].clone()).collect()
}

#[tokio::test]
async fn a_moderator_leaves_or_is_removed() {
    let app = App::new();
    double_booking(&app, "allow").await;
    let (task, untouched) = (full(&app, "L-1").await, full(&app, "L-2").await);
    done(app.supervisor().post(STAFF, json!({"task_num": task, "emp_id": "other"})).await, "success");
    assert_eq!(people(&app, &task, "moderators", "emp_id").await, ["agent"]);
    done(app.agent().post(STAFF, json!({"task_num": task})).await, "success");
    assert!(people(&app, &task, "moderators", "emp_id").await.is_empty());
    assert_eq!(people(&app, &task, "publishers", "customer_id_num").await, ["c1", "c2", "c3"]);
    assert_eq!(people(&app, &untouched, "moderators", "emp_id").await, ["other", "agent"]);
    // Who left may join again, and is free for others meanwhile.
    double_booking(&app, "reject").await;
    done(app.agent().post(STAFF, json!({"task_num": untouched})).await, "success");
    done(join(&app.agent(), &task, "agent").await, "service member success");
    refusal(join(&app.agent(), &untouched, "agent").await);
}

#[tokio::test]
async fn an_agent_who_left_can_no_longer_finish_it() {
    let app = App::new();
    let task = full(&app, "L-1").await;
    done(app.bystander().post(STAFF, json!({"task_num": task})).await, "success");
    close(&app.bystander(), &task, "finished").await.is(403);
    done(close(&app.agent(), &task, "finished").await, "success");
}

#[tokio::test]
async fn who_is_no_moderator_is_a_remark_and_who_is_nobody_a_refusal() {
    let app = App::new();
    let task = full(&app, "L-1").await;
    unchanging(&app, async {
        for (caller, body) in [
            (app.supervisor(), json!({"task_num": task})),
            (app.agent(), json!({"task_num": task, "emp_id": "supervisor"})),
            (app.agent(), json!({"task_num": task, "emp_id": "gone"})),
        ] {
            assert!(remark(caller.post(STAFF, body).await).contains("no service member"));
        }
        for emp_id in [json!("unheard-of"), json!(""), json!(7), json!([])] {
            let message = refusal(app.agent().post(STAFF, json!({"task_num": task, "emp_id": emp_id})).await);
            assert!(message.contains("emp_id"), "{emp_id}: {message}");
        }
        assert!(refusal(app.agent().post(STAFF, json!({"emp_id": 7})).await).contains("task_num is required; emp_id"));
    })
    .await;
    let key = app.key(&[Scope::AppointmentsWrite]).await;
    assert!(refusal(unchanging(&app, key.post(STAFF, json!({"task_num": task}))).await).contains("emp_id is required"));
    done(key.post(STAFF, json!({"task_num": task, "emp_id": "other"})).await, "success");
}

#[tokio::test]
async fn customers_are_removed_together() {
    let app = App::new();
    double_booking(&app, "allow").await;
    let (task, untouched) = (full(&app, "C-1").await, full(&app, "C-2").await);
    done(remove(&app.key(&[Scope::AppointmentsWrite]).await, &task, &["c3", "c1"]).await, "success");
    assert_eq!(people(&app, &task, "publishers", "customer_id_num").await, ["c2"]);
    let message = remark(remove(&app.agent(), &task, &["c1", "c2", "c9"]).await);
    assert_eq!(message, "success; not there: c1, c9");
    assert!(people(&app, &task, "publishers", "customer_id_num").await.is_empty());
    remark(unchanging(&app, remove(&app.agent(), &task, &["c2"])).await);
    assert_eq!(people(&app, &untouched, "publishers", "customer_id_num").await, ["c1", "c2", "c3"]);
    // The entries that added them remove them.
    let body = json!({"task_num": untouched, "customer": [{"customer_name": "n", "customer_id_num": "c2", "customer_email": "x"}]});
    done(app.agent().post(CUSTOMERS, body).await, "success");
}

#[tokio::test]
async fn one_bad_entry_keeps_all_in() {
    let app = App::new();
    let task = full(&app, "C-1").await;
    let long = "c".repeat(129);
    unchanging(&app, async {
        for (field, bad) in [
            ("customer.1.customer_id_num", json!({})),
            ("customer.1.customer_id_num", json!({"customer_id_num": ""})),
            ("customer.1.customer_id_num", json!({"customer_id_num": 7})),
            ("customer.1.customer_id_num", json!({"customer_id_num": long})),
            ("customer.1.customer_id_num", json!({"customer_id_num": "c1"})),
            ("customer.1", json!("c2")),
        ] {
            let body = json!({"task_num": task, "customer": [{"customer_id_num": "c1"}, bad]});
            let message = refusal(app.agent().post(CUSTOMERS, body).await);
            assert!(message.contains(field), "{bad}: {message}");
        }
        for none in [json!([]), json!(null), json!("c1"), json!({"customer_id_num": "c1"})] {
            let message = refusal(app.agent().post(CUSTOMERS, json!({"task_num": task, "customer": none})).await);
            assert!(message.contains("customer"), "{none}: {message}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_customer_who_was_removed_sees_it_no_more() {
    let app = App::new();
    let task = "202603010000001";
    show(&app.publisher(), task).await;
    done(remove(&app.agent(), task, &["A123456789"]).await, "success");
    app.publisher().post("/api/task/get_info", json!({"task_num": task})).await.is(404);
}

#[tokio::test]
async fn nobody_is_removed_from_what_is_over() {
    let app = App::new();
    double_booking(&app, "allow").await;
    for (number, status) in [("O-1", "finished"), ("O-2", "canceled")] {
        let task = full(&app, number).await;
        done(close(&app.supervisor(), &task, status).await, "success");
        for emp_id in ["other", "supervisor"] {
            let message = refusal(unchanging(&app, app.admin().post(STAFF, json!({"task_num": task, "emp_id": emp_id}))).await);
            assert!(message.contains("task_num") && message.contains(status), "{message}");
        }
        for number in ["c1", "c9"] {
            let message = refusal(unchanging(&app, remove(&app.admin(), &task, &[number])).await);
            assert!(message.contains("task_num") && message.contains(status), "{message}");
        }
    }
}
