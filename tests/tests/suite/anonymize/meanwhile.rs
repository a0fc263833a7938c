//! What others do in the meantime, and by the numbers they think of.

use futures_util::future::join4;
use serde_json::{Value, json};

use super::{T1, anonymize, customer, findings, left};
use crate::harness::app::App;
use crate::harness::number;

#[tokio::test]
async fn writes_at_the_same_time_fail_nothing_and_break_no_chain() {
    let app = App::new();
    let customer = customer(&app).await;
    let (agent, path) = (app.agent(), &customer.path);
    let people = json!([{"customer_name": "Zacharias", "customer_id_num": "ZQ-777-1"}]);
    for round in 0..10 {
        let number = json!({"contact_id": customer.id, "type": 0, "number": "5550199"});
        agent.put(path, json!({"membership_no": "ZQ-777-1", "first_name": "Zacharias"})).await.is(200);
        let (erased, named, called, joined) = join4(
            app.supervisor().post(&format!("{path}/anonymize"), json!(null)),
            agent.put(path, json!({"last_name": format!("Quell{round}")})),
            agent.post("/api/v1/phone-number", number),
            agent.post("/api/task/customer/do_add", json!({"task_num": customer.tasks[round % 3], "customer": people})),
        )
        .await;
        for (answer, status) in [(erased, 200), (named, 200), (called, 201), (joined, 200)] {
            answer.is(status);
        }
    }
    assert_eq!(findings(&app).await, [""; 0]);
    // What came after one is taken out by the next; an entry of the last round is linked, whatever number the contact had then.
    agent.put(path, json!({"membership_no": "ZQ-777-1"})).await.is(200);
    anonymize(&app.supervisor(), &customer).await;
    assert_eq!(left(&app, &["zacharias", "quell", "zq-777-1", "5550199"]).await, [""; 0]);
    assert_eq!(findings(&app).await, [""; 0]);
}

#[tokio::test]
async fn a_number_that_looks_like_one_of_ours_is_in_nobodys_way() {
    let app = App::new();
    let add = async |customer: Value| {
        let body = json!({"task_num": T1, "customer": [customer]});
        app.agent().post("/api/task/customer/do_add", body).await.is(200);
    };
    let id = number(&app.db().await.read(), "SELECT id AS n FROM appointment_publisher WHERE appointment_id = 1").await;
    add(json!({"customer_name": "Ada", "customer_id_num": format!("anonymized-{id}")})).await;
    for _ in 0..2 {
        app.supervisor().post("/api/v1/contact/1/anonymize", json!(null)).await.is(200);
        let shown = app.agent().post("/api/task/get_info", json!({"task_num": T1})).await.is(200)["info"]["publishers"].clone();
        assert_eq!((&shown[0]["customer_name"], &shown[1]["customer_name"]), (&json!("anonymized"), &json!("Ada")));
        assert_eq!(shown[0]["customer_id_num"], format!("anonymized-{id}-"));
    }
}
