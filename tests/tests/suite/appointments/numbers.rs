//! `task_num`, and the client's own numbers.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};
use time::Duration;

use super::{close, make, refusal, remark, request, show, unchanging, with};
use crate::harness::app::{App, Caller};

#[tokio::test]
async fn a_number_is_the_day_of_the_organization_and_a_counter() {
    let app = App::new();
    let (agent, stranger) = (app.agent(), app.stranger());
    let none = json!({});
    assert_eq!(make(&agent, "N-1", &none).await, "202603020000001");
    assert_eq!(make(&agent, "N-2", &json!({"task_time": "1703141398"})).await, "202603020000002");
    assert_eq!(make(&stranger, "N-1", &none).await, "202603020000001");
    app.world.advance(Duration::hours(14) - Duration::milliseconds(1));
    assert_eq!(make(&agent, "N-3", &none).await, "202603020000003");
    app.world.advance(Duration::milliseconds(1));
    assert_eq!(make(&agent, "N-4", &none).await, "202603030000001", "midnight in Taipei");
    assert_eq!(make(&stranger, "N-2", &none).await, "202603020000002", "7 in the evening in Moscow");
    app.world.advance(Duration::hours(5));
    assert_eq!(make(&agent, "N-5", &none).await, "202603030000002");
    assert_eq!(make(&stranger, "N-3", &none).await, "202603030000001", "midnight in Moscow");
}

#[tokio::test]
async fn a_refusal_uses_no_number_up() {
    let app = App::new();
    make(&app.agent(), "N-1", &json!({})).await;
    refusal(app.agent().post("/api/task/do_add", with(request("N-2"), &json!({"video": "perhaps"}))).await);
    refusal(app.agent().post("/api/task/do_add", with(request("N-1"), &json!({"video": false}))).await);
    assert_eq!(make(&app.agent(), "N-3", &json!({})).await, "202603020000002");
}

/// Sends a request again that was answered with `first`.
async fn again(app: &App, caller: Caller<'_>, body: Value, first: &str) {
    let answer = unchanging(app, caller.post("/api/task/do_add", body)).await;
    assert_eq!(answer.body["info"], json!({"task_num": first}), "{}", answer.text);
    assert!(remark(answer.clone()).contains(first), "{}", answer.text);
    let keys: Vec<_> = answer.body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["status", "message", "info"]);
}

#[tokio::test]
async fn an_equal_request_gets_the_first_number_whoever_asks() {
    let app = App::new();
    let fields = json!({"out_task_type": "crm", "branch_code": 943, "business_code": 2, "task_remark": "r", "task_notify": false});
    let body = with(request("E-1"), &fields);
    let first = make(&app.agent(), "E-1", &fields).await;
    let key = app.key(&[Scope::AppointmentsWrite]).await;
    for caller in [app.agent(), app.admin(), app.moderator(), key] {
        again(&app, caller, body.clone(), &first).await;
    }
    for same in [
        json!({"branch_code": "943"}),
        json!({"business_code": "2"}),
        json!({"video": "true"}),
        json!({"task_time": super::ELEVEN}),
        json!({"task_remark": null, "task_remarks": "r"}),
        json!({"task_notify": null}),
        json!({"duration_minutes": 30}),
        json!({"business_id": "15"}),
        json!({"not_a_field": 1}),
    ] {
        again(&app, app.agent(), with(body.clone(), &same), &first).await;
    }
    app.world.advance(Duration::days(1) - Duration::hours(1));
    again(&app, app.agent(), body.clone(), &first).await;
    close(&app.admin(), &first, "canceled").await.is(200);
    again(&app, app.agent(), body, &first).await;
}

#[tokio::test]
async fn a_defaulted_time_is_left_out_of_the_comparison() {
    let app = App::new();
    let timeless = with(request("D-1"), &json!({"room_type": "realtime", "task_time": null}));
    let first = make(&app.agent(), "D-1", &json!({"room_type": "realtime", "task_time": null})).await;
    app.world.advance(Duration::minutes(5));
    again(&app, app.agent(), timeless.clone(), &first).await;
    assert_eq!(show(&app.agent(), &first).await["task_time"], "1772416800");
    let timed = json!({"room_type": "realtime", "task_time": "1703141398"});
    let second = make(&app.agent(), "D-2", &timed).await;
    again(&app, app.agent(), with(timeless, &json!({"out_task_num": "D-2"})), &second).await;
}

#[tokio::test]
async fn the_same_number_with_other_fields_is_refused() {
    let app = App::new();
    make(&app.agent(), "O-1", &json!({"task_remark": "r", "business_code": 2})).await;
    let body = with(request("O-1"), &json!({"task_remark": "r", "business_code": 2}));
    unchanging(&app, async {
        for other in [
            json!({"business_id": 16}),
            json!({"task_type": "custom"}),
            json!({"task_notify": true}),
            json!({"task_time": "1772420401"}),
            json!({"task_remark": "R"}),
            json!({"task_remark": null}),
            json!({"branch_code": "0943"}),
            json!({"business_code": null}),
            json!({"room_type": "realtime"}),
            json!({"video": false}),
            json!({"ticket_id": 1}),
            json!({"duration_minutes": 31}),
        ] {
            let message = refusal(app.agent().post("/api/task/do_add", with(body.clone(), &other)).await);
            assert!(message.contains("out_task_num"), "{other}: {message}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_kind_of_the_number_is_part_of_it() {
    let app = App::new();
    let none = json!({});
    let untyped = make(&app.agent(), "A-1", &none).await;
    again(&app, app.agent(), request("A-1"), &untyped).await;
    again(&app, app.agent(), with(request("A-1"), &json!({"out_task_type": ""})), &untyped).await;
    let typed = make(&app.agent(), "A-1", &json!({"out_task_type": "crm"})).await;
    assert_ne!(typed, untyped);
    let foreign = make(&app.stranger(), "A-1", &json!({"business_id": 99})).await;
    assert_eq!(show(&app.stranger(), &foreign).await["business_id"], 99);
    assert_eq!(show(&app.agent(), &untyped).await["business_id"], 15);
}
