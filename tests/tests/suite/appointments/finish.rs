//! updateTaskStatus: who may, and that it is final.

use frontdesk_core::access::Scope;
use serde_json::json;

use super::{close, done, join, make, refusal, remark, show, unchanging};
use crate::harness::app::App;

#[tokio::test]
async fn its_moderator_a_supervisor_and_an_admin_may() {
    let app = App::new();
    let key = app.key(&[Scope::AppointmentsRead, Scope::AppointmentsWrite]).await;
    for (number, caller) in [("U-1", app.agent()), ("U-2", app.moderator()), ("U-3", app.supervisor()), ("U-4", app.admin())] {
        let task = make(&app.agent(), number, &json!({})).await;
        join(&app.admin(), &task, "supervisor").await.is(200);
        for other in [app.agent(), app.moderator(), app.bystander(), app.publisher(), key.clone()] {
            let refused = unchanging(&app, close(&other, &task, "finished")).await;
            refused.equals(403, &json!({"status": 0, "message": "Access to the requested resource is not allowed"}));
        }
        unchanging(&app, close(&app.stranger(), &task, "finished")).await.is(404);
        join(&app.agent(), &task, "agent").await.is(200);
        done(close(&caller, &task, "finished").await, "success");
        assert_eq!(show(&app.agent(), &task).await["status"], "finished");
    }
}

#[tokio::test]
async fn both_are_final() {
    let app = App::new();
    for (first, other) in [("finished", "canceled"), ("canceled", "finished")] {
        let task = make(&app.agent(), first, &json!({})).await;
        assert_eq!(show(&app.agent(), &task).await["status"], "pending");
        done(close(&app.admin(), &task, first).await, "success");
        assert!(remark(unchanging(&app, close(&app.admin(), &task, first)).await).contains(first));
        assert!(refusal(unchanging(&app, close(&app.admin(), &task, other)).await).contains("task_status"));
        assert_eq!(show(&app.agent(), &task).await["status"], first);
    }
}

#[tokio::test]
async fn no_other_status_can_be_asked_for() {
    let app = App::new();
    let task = make(&app.agent(), "U-1", &json!({})).await;
    unchanging(&app, async {
        for status in [json!("pending"), json!("cancelled"), json!("Finished"), json!(""), json!(1), json!(null)] {
            let body = json!({"task_num": task, "task_status": status});
            assert!(refusal(app.admin().post("/api/task/status/do_update", body).await).contains("task_status"), "{status}");
        }
        assert!(refusal(app.admin().post("/api/task/status/do_update", json!({"task_num": task})).await).contains("task_status"));
        let message = refusal(app.admin().post("/api/task/status/do_update", json!({})).await);
        assert!(message.contains("task_num") && message.contains("task_status"), "{message}");
        // Whether it exists and is one's own is judged before the fields.
        close(&app.bystander(), "202603029999999", "pending").await.is(404);
        close(&app.bystander(), &task, "pending").await.is(403);
    })
    .await;
}
