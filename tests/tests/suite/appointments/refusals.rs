//! The shapes of a refusal, operation by operation.

use serde_json::{Value, json};

use super::{make, refusal, unchanging};
use crate::harness::app::App;

const PATHS: [&str; 9] = [
    "/api/task/do_add",
    "/api/task/service/do_add",
    "/api/task/customer/do_add",
    "/api/task/status/do_update",
    "/api/task/time/do_update",
    "/api/task/service/do_del",
    "/api/task/customer/do_del",
    "/api/task/get_info",
    "/api/task/get_list",
];

#[tokio::test]
async fn a_body_that_cannot_be_read_is_a_failure() {
    let app = App::new();
    unchanging(&app, async {
        for path in PATHS {
            for body in ["{\"task_num\": ", "task_num=1", "[]", "7", "null", "\"text\""] {
                let refused = app.admin().send("POST", path, "application/json", body.as_bytes().to_vec()).await;
                assert!(!refusal(refused).is_empty(), "{path} {body}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_number_is_not_found() {
    let app = App::new();
    let foreign = make(&app.stranger(), "R-1", &json!({})).await;
    assert_eq!(foreign, "202603020000001");
    let body = |task_num: &str| json!({"task_num": task_num, "emp_id": "other", "task_status": "finished", "task_time": 1, "customer": [{"customer_name": "a", "customer_id_num": "c"}]});
    unchanging(&app, async {
        for path in &PATHS[1..8] {
            for task_num in ["202603029999999", "", "x", foreign.as_str(), "202603010000101"] {
                let refused = app.admin().post(path, body(task_num)).await;
                refused.equals(404, &json!({"status": 0, "message": "Resource Not Found"}));
            }
            for unreadable in [json!({}), json!({"task_num": null}), json!({"task_num": 202_603_010_000_001_i64}), json!({"task_num": []})]
            {
                assert!(refusal(app.admin().post(path, unreadable.clone()).await).contains("task_num"), "{path} {unreadable}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_customer_writes_nothing() {
    let app = App::new();
    let forbidden = json!({"status": 0, "message": "Access to the requested resource is not allowed"});
    unchanging(&app, async {
        for path in &PATHS[..7] {
            app.publisher().post(path, json!({"task_num": "202603010000001"})).await.equals(403, &forbidden);
        }
    })
    .await;
}

#[tokio::test]
async fn a_bad_token_is_told_by_its_code() {
    let app = App::new();
    for path in PATHS {
        let told = async |caller: crate::harness::app::Caller<'_>, code: u16, message: &str| {
            caller.post(path, Value::Null).await.equals(401, &json!({"status": 0, "code": code, "message": message}));
        };
        told(app.anonymous(), 1401, "authorization is null").await;
        told(app.anonymous().with("authorization", "Basic YTpi"), 1402, "authorization type is incorrect").await;
        told(app.bearer("fd_unknown"), 1403, "unauthorized").await;
    }
}
