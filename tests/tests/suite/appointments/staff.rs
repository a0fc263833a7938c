//! createTaskModerator: who may join, and who joins.

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use super::{close, done, join, make, refusal, remark, show, unchanging};
use crate::harness::app::App;

const SUCCESS: &str = "service member success";

#[tokio::test]
async fn the_token_joins_where_no_one_is_named() {
    let app = App::new();
    let task = make(&app.admin(), "S-1", &json!({})).await;
    let own = async |caller: crate::harness::app::Caller<'_>, codes: Value| {
        let mut body = codes;
        body["task_num"] = json!(task);
        caller.post("/api/task/service/do_add", body).await
    };
    done(own(app.bystander(), json!({"business_code": 2, "branch_code": "85"})).await, SUCCESS);
    done(own(app.supervisor(), json!({"emp_id": null})).await, SUCCESS);
    let expected = json!([
        {"emp_id": "other", "employee_id": 5, "name": "Otto Ther", "business_code": "2", "branch_code": "85", "notification": null},
        {"emp_id": "supervisor", "employee_id": 2, "name": "Susan Visor", "business_code": null, "branch_code": null, "notification": null},
    ]);
    assert_eq!(show(&app.admin(), &task).await["moderators"].to_string(), expected.to_string());
}

#[tokio::test]
async fn a_colleague_may_be_named() {
    let app = App::new();
    let task = make(&app.agent(), "S-1", &json!({})).await;
    done(join(&app.agent(), &task, "other").await, SUCCESS);
    // An employee without a role cannot sign in, and is assignable all the same.
    done(join(&app.moderator(), &task, "nobody").await, SUCCESS);
    let shown = show(&app.agent(), &task).await;
    assert_eq!((&shown["moderators"][0]["emp_id"], &shown["moderators"][1]["emp_id"]), (&json!("other"), &json!("nobody")));
}

#[tokio::test]
async fn a_key_must_name_somebody() {
    let app = App::new();
    let task = make(&app.agent(), "S-1", &json!({})).await;
    let key = app.key(&[Scope::AppointmentsWrite]).await;
    let refused = unchanging(&app, key.post("/api/task/service/do_add", json!({"task_num": task}))).await;
    assert!(refusal(refused).contains("emp_id"));
    done(join(&key, &task, "other").await, SUCCESS);
}

#[tokio::test]
async fn who_is_no_active_employee_is_refused() {
    let app = App::new();
    app.seed(r#"{"record":"employee","id":31,"employee_no":"here","first_name":"H","role":"agent","profile_id":31}"#).await;
    let task = make(&app.agent(), "S-1", &json!({})).await;
    let foreign = make(&app.stranger(), "S-1", &json!({})).await;
    unchanging(&app, async {
        for emp_id in [json!("gone"), json!("unheard-of"), json!(""), json!(5), json!(true)] {
            let message = refusal(app.agent().post("/api/task/service/do_add", json!({"task_num": task, "emp_id": emp_id})).await);
            assert!(message.contains("emp_id"), "{emp_id}: {message}");
        }
        assert!(refusal(join(&app.stranger(), &foreign, "here").await).contains("emp_id"), "an employee of another organization");
    })
    .await;
}

#[tokio::test]
async fn bad_fields_are_named_together() {
    let app = App::new();
    let task = make(&app.agent(), "S-1", &json!({})).await;
    let long = "x".repeat(256);
    let body = json!({"task_num": task, "emp_id": "gone", "business_code": long, "branch_code": []});
    let message = refusal(unchanging(&app, app.agent().post("/api/task/service/do_add", body)).await);
    for field in ["emp_id", "business_code", "branch_code"] {
        assert!(message.contains(field), "{field}: {message}");
    }
    for bad in [json!({}), json!({"task_num": null}), json!({"task_num": 5})] {
        assert!(refusal(app.agent().post("/api/task/service/do_add", bad).await).contains("task_num"));
    }
}

#[tokio::test]
async fn who_is_there_already_stays_as_before() {
    let app = App::new();
    let task = make(&app.agent(), "S-1", &json!({})).await;
    app.agent().post("/api/task/service/do_add", json!({"task_num": task, "business_code": "2"})).await.is(200);
    super::double_booking(&app, "reject").await;
    for body in [json!({"task_num": task}), json!({"task_num": task, "emp_id": "agent", "business_code": "3", "branch_code": "4"})] {
        let answer = unchanging(&app, app.agent().post("/api/task/service/do_add", body)).await;
        assert!(remark(answer).contains("agent"));
    }
}

#[tokio::test]
async fn nobody_joins_what_is_over() {
    let app = App::new();
    for (number, status) in [("S-1", "finished"), ("S-2", "canceled")] {
        let task = make(&app.agent(), number, &json!({})).await;
        done(join(&app.agent(), &task, "other").await, SUCCESS);
        done(close(&app.supervisor(), &task, status).await, "success");
        for emp_id in ["supervisor", "other"] {
            let message = refusal(unchanging(&app, join(&app.admin(), &task, emp_id)).await);
            assert!(message.contains("task_num") && message.contains(status), "{message}");
        }
    }
}
