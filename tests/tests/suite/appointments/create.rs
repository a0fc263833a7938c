//! createBlankTask: what it takes, what it fills in, and what it refuses.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use super::{make, refusal, request, show, unchanging, with};
use crate::harness::app::App;

#[tokio::test]
async fn a_new_appointment_has_the_defaults_and_no_people() {
    let app = App::new();
    let body = json!({"business_id": 15, "out_task_num": "N-1", "task_type": "custom", "branch_code": 943, "room_type": "realtime", "video": false});
    let answer = app.agent().post("/api/task/do_add", body).await;
    answer.equals(200, &json!({"status": 1, "message": "success", "info": {"task_num": "202603020000001"}}));
    let shown = show(&app.admin(), "202603020000001").await;
    let expected = json!({
        "id": shown["id"], "task_num": "202603020000001", "business_id": 15, "out_task_num": "N-1", "out_task_type": "", "task_type": "custom",
        "task_notify": false, "task_time": "1772416800", "task_remark": null, "branch_code": "943", "business_code": null,
        "room_type": "realtime", "video": false, "status": "pending", "ticket_id": null, "duration_minutes": 30, "creater_id": 3,
        "created_at": "1772416800", "updated_at": "1772416800", "moderators": [], "publishers": [],
    });
    assert_eq!(shown.to_string(), expected.to_string());
}

#[tokio::test]
async fn each_leniency_comes_to_the_same() {
    let app = App::new();
    let cases = [
        ("task_remark", json!("r"), "task_remark", json!("r")),
        ("task_remarks", json!("r"), "task_remark", json!("r")),
        ("branch_code", json!(943), "branch_code", json!("943")),
        ("branch_code", json!("007"), "branch_code", json!("007")),
        ("business_code", json!(2), "business_code", json!("2")),
        ("business_code", json!("2"), "business_code", json!("2")),
        ("video", json!("true"), "video", json!(true)),
        ("video", json!("false"), "video", json!(false)),
        ("video", json!(false), "video", json!(false)),
        ("task_time", json!("1703141398"), "task_time", json!("1703141398")),
        ("task_time", json!(1_703_141_398), "task_time", json!("1703141398")),
        ("task_notify", json!(true), "task_notify", json!(true)),
        ("duration_minutes", json!(90), "duration_minutes", json!(90)),
        ("ticket_id", json!(2), "ticket_id", json!(2)),
        ("not_a_field", json!({"a": []}), "status", json!("pending")),
    ];
    for (n, (field, value, shown_in, expected)) in cases.into_iter().enumerate() {
        let number = make(&app.agent(), &format!("L-{n}"), &json!({ field: value })).await;
        assert_eq!(show(&app.agent(), &number).await[shown_in], expected, "{field}");
    }
}

#[tokio::test]
async fn a_time_is_needed_in_a_scheduled_room_and_is_now_in_the_other() {
    let app = App::new();
    let send = async |fields: Value| app.agent().post("/api/task/do_add", with(request("T-1"), &fields)).await;
    let refused = unchanging(&app, send(json!({"task_time": null}))).await;
    assert!(refusal(refused).contains("task_time"));
    app.world.advance(time::Duration::seconds(90));
    assert_eq!(send(json!({"task_time": null, "room_type": "realtime"})).await.is(200)["status"], 1);
    assert_eq!(show(&app.agent(), "202603020000001").await["task_time"], "1772416890");
    let number = make(&app.agent(), "T-2", &json!({"room_type": "realtime", "task_time": "1703141398"})).await;
    assert_eq!(show(&app.agent(), &number).await["task_time"], "1703141398");
}

#[tokio::test]
async fn each_bad_field_is_named_and_nothing_is_made() {
    let app = App::new();
    let long = "x".repeat(256);
    let cases = [
        ("business_id", vec![json!(null), json!("fifteen"), json!(1.5), json!(true)]),
        ("out_task_num", vec![json!(null), json!(""), json!(long), json!("a\u{0}b"), json!([])]),
        ("out_task_type", vec![json!(long), json!({})]),
        ("task_type", vec![json!(null), json!("odd"), json!(1)]),
        ("task_notify", vec![json!("perhaps"), json!(2)]),
        ("task_time", vec![json!("soon"), json!(1.5), json!(true), json!("-1"), json!("2026-03-02")]),
        ("task_remark", vec![json!(7), json!("x".repeat(65_536))]),
        ("task_remarks", vec![json!(7)]),
        ("branch_code", vec![json!(null), json!(true), json!("")]),
        ("business_code", vec![json!([]), json!(long)]),
        ("room_type", vec![json!(null), json!("virtual")]),
        ("video", vec![json!(null), json!("yes"), json!(2)]),
        ("ticket_id", vec![json!(999), json!(1001), json!("one")]),
        ("duration_minutes", vec![json!(0), json!(-30), json!(1441), json!("half an hour")]),
    ];
    unchanging(&app, async {
        for (field, values) in cases {
            for value in values {
                let refused = app.agent().post("/api/task/do_add", with(request("B-1"), &json!({ field: value }))).await;
                let message = refusal(refused);
                assert!(message.starts_with(&format!("{field} ")), "{field} {value}: {message}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn all_offending_fields_are_named_together() {
    let app = App::new();
    let bad = json!({"business_id": "x", "out_task_num": "", "task_type": "odd", "task_time": "soon", "branch_code": true, "room_type": "odd",
        "video": "perhaps", "ticket_id": 999});
    let message = refusal(unchanging(&app, app.agent().post("/api/task/do_add", bad.clone())).await);
    for field in bad.as_object().unwrap().keys() {
        assert!(message.contains(field), "{field}: {message}");
    }
    let message = refusal(app.agent().post("/api/task/do_add", json!({})).await);
    for field in ["business_id", "out_task_num", "task_type", "branch_code", "room_type", "video"] {
        assert!(message.contains(field), "{field}: {message}");
    }
}

#[tokio::test]
async fn a_key_makes_what_nobody_made() {
    let app = App::new();
    let number = make(&app.key(&[Scope::AppointmentsWrite]).await, "K-1", &json!({})).await;
    assert_eq!(show(&app.agent(), &number).await["creater_id"], json!(null));
}
