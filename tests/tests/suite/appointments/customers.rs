//! createTaskPublisher: customers come together or not at all.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use super::{close, done, make, publishers, refusal, remark, show, unchanging};
use crate::harness::app::{Answer, App, Caller};

const SUCCESS: &str = "customer member success";

async fn add(caller: &Caller<'_>, task_num: &str, customer: Value) -> Answer {
    caller.post("/api/task/customer/do_add", json!({"task_num": task_num, "customer": customer})).await
}

/// An entry as it is shown, with a title, phone, address and contact, or without.
fn shown_as(name: &str, number: &str, rest: [Value; 4]) -> Value {
    let [title, phone, email, contact] = rest;
    json!({"customer_title": title, "customer_name": name, "customer_id_num": number, "customer_country_code": null,
        "customer_phone": phone, "customer_email": email, "contact_id": contact, "notification": null})
}

#[tokio::test]
async fn several_are_added_and_linked_to_their_contacts() {
    let app = App::new();
    let task = make(&app.agent(), "C-1", &json!({})).await;
    let customers = json!([
        {"customer_title": "Mr.", "customer_name": "a", "customer_id_num": "M001", "customer_phone": "0911", "customer_email": "a@example.com"},
        {"customer_name": "b", "customer_id_num": "A123456789"},
    ]);
    done(add(&app.key(&[Scope::AppointmentsWrite]).await, &task, customers).await, SUCCESS);
    let null = || Value::Null;
    let expected = json!([
        shown_as("a", "M001", [json!("Mr."), json!("0911"), json!("a@example.com"), json!(1)]),
        shown_as("b", "A123456789", [null(), null(), null(), null()]),
    ]);
    assert_eq!(publishers(&app.agent(), &task).await.to_string(), expected.to_string());
    let foreign = make(&app.stranger(), "C-1", &json!({})).await;
    done(add(&app.stranger(), &foreign, json!([{"customer_name": "a", "customer_id_num": "M001"}])).await, SUCCESS);
    assert_eq!(show(&app.stranger(), &foreign).await["publishers"][0]["contact_id"], 1001);
}

#[tokio::test]
async fn one_bad_entry_keeps_all_out() {
    let app = App::new();
    let task = make(&app.agent(), "C-1", &json!({})).await;
    let good = json!({"customer_name": "a", "customer_id_num": "c1"});
    let cases = [
        ("customer_name", json!({"customer_id_num": "c2"})),
        ("customer_name", json!({"customer_id_num": "c2", "customer_name": ""})),
        ("customer_id_num", json!({"customer_name": "b"})),
        ("customer_id_num", json!({"customer_name": "b", "customer_id_num": 7})),
        ("customer_email", json!({"customer_name": "b", "customer_id_num": "c2", "customer_email": "nobody"})),
        ("customer_email", json!({"customer_name": "b", "customer_id_num": "c2", "customer_email": "[email protected]"})),
        ("customer_phone", json!({"customer_name": "b", "customer_id_num": "c2", "customer_phone": {}})),
        ("customer.1", json!("c2")),
    ];
    unchanging(&app, async {
        for (field, bad) in cases {
            let message = refusal(add(&app.agent(), &task, json!([good, bad])).await);
            assert!(message.contains(field), "{bad}: {message}");
        }
        let message = refusal(add(&app.agent(), &task, json!([{"customer_email": "x"}, {"customer_name": "b"}])).await);
        for field in ["customer.0.customer_name", "customer.0.customer_id_num", "customer.0.customer_email", "customer.1.customer_id_num"] {
            assert!(message.contains(field), "{field}: {message}");
        }
        for none in [json!([]), json!(null), json!("c1"), good.clone()] {
            assert!(refusal(add(&app.agent(), &task, none.clone()).await).contains("customer"), "{none}");
        }
        assert!(refusal(app.agent().post("/api/task/customer/do_add", json!({"task_num": task})).await).contains("customer"));
    })
    .await;
}

#[tokio::test]
async fn who_is_there_already_is_updated() {
    let app = App::new();
    let task = make(&app.agent(), "C-1", &json!({})).await;
    let first =
        json!([{"customer_name": "a", "customer_id_num": "c1"}, {"customer_name": "b", "customer_id_num": "c2", "customer_phone": "0922"}]);
    done(add(&app.agent(), &task, first.clone()).await, SUCCESS);
    let again = unchanging(&app, add(&app.agent(), &task, first)).await;
    remark(again);
    let mixed = json!([{"customer_name": "A", "customer_id_num": "c1", "customer_email": "a@example.com"}, {"customer_name": "c", "customer_id_num": "c3"}]);
    let message = remark(add(&app.agent(), &task, mixed).await);
    assert!(message.contains("c1") && !message.contains("c3"), "{message}");
    let null = || Value::Null;
    let expected = json!([
        shown_as("A", "c1", [null(), null(), json!("a@example.com"), null()]),
        shown_as("b", "c2", [null(), json!("0922"), null(), null()]),
        shown_as("c", "c3", [null(), null(), null(), null()]),
    ]);
    assert_eq!(publishers(&app.agent(), &task).await.to_string(), expected.to_string());
    let bad = json!([{"customer_name": "B", "customer_id_num": "c2"}, {"customer_name": "", "customer_id_num": "c4"}]);
    refusal(unchanging(&app, add(&app.agent(), &task, bad)).await);
}

#[tokio::test]
async fn the_same_customer_is_apart_on_each_appointment() {
    let app = App::new();
    let (one, two) = (make(&app.agent(), "C-1", &json!({})).await, make(&app.agent(), "C-2", &json!({})).await);
    done(add(&app.agent(), &one, json!([{"customer_name": "a", "customer_id_num": "c1"}])).await, SUCCESS);
    done(add(&app.agent(), &two, json!([{"customer_name": "b", "customer_id_num": "c1"}])).await, SUCCESS);
    assert_eq!(show(&app.agent(), &one).await["publishers"][0]["customer_name"], "a");
}

#[tokio::test]
async fn nobody_is_added_to_what_is_over() {
    let app = App::new();
    for (number, status) in [("C-1", "finished"), ("C-2", "canceled")] {
        let task = make(&app.agent(), number, &json!({})).await;
        done(add(&app.agent(), &task, json!([{"customer_name": "a", "customer_id_num": "c1"}])).await, SUCCESS);
        done(close(&app.supervisor(), &task, status).await, "success");
        for customer in ["c1", "c2"] {
            let refused = unchanging(&app, add(&app.admin(), &task, json!([{"customer_name": "x", "customer_id_num": customer}]))).await;
            let message = refusal(refused);
            assert!(message.contains("task_num") && message.contains(status), "{message}");
        }
    }
}
