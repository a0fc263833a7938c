//! Service keys: scopes, expiry, revocation.

use frontdesk_core::access::Scope;
use frontdesk_directory::sign_in::NewServiceKey;
use serde_json::json;
use time::Duration;

use super::{fault, revoked};
use crate::harness::NOW;
use crate::harness::app::App;

/// A read and a write of each surface, and the scope that each needs.
const READS: [(Scope, &str); 3] =
    [(Scope::TicketsRead, "/api/v1/ticket"), (Scope::CallTasksRead, "/api/tasks"), (Scope::DirectoryRead, "/api/v1/employee")];

#[tokio::test]
async fn a_scope_opens_its_own_door_alone() {
    let app = App::new();
    for scope in Scope::ALL {
        let key = app.key(&[scope]).await;
        for (needed, path) in READS {
            key.get(path).await.is(if scope == needed { 200 } else { 403 });
        }
        let list = key.post("/api/task/get_list", json!({})).await;
        list.is(if scope == Scope::AppointmentsRead { 200 } else { 403 });
        let add = key.post("/api/task/service/do_add", json!({"task_num": "202603010000002", "emp_id": "gone"})).await;
        add.is(if scope == Scope::AppointmentsWrite { 200 } else { 403 });
        key.post("/api/v1/ticket", json!({})).await.is(if scope == Scope::TicketsWrite { 422 } else { 403 });
        key.post("/api/tasks", json!({})).await.is(if scope == Scope::CallTasksWrite { 422 } else { 403 });
        key.delete("/api/v1/ticket/999").await.is(if scope == Scope::TicketsDelete { 404 } else { 403 });
    }
}

#[tokio::test]
async fn a_key_is_no_person() {
    let app = App::new();
    let key = app.key(&Scope::ALL).await;
    let forbidden = json!({"status": 0, "message": "Access to the requested resource is not allowed"});
    key.post("/api/auth/check", json!({})).await.equals(403, &forbidden);
    let closing = json!({"task_num": "202603010000001", "task_status": "finished"});
    key.post("/api/task/status/do_update", closing).await.equals(403, &forbidden);
    key.get("/api/v1/auth/me").await.is(403);
    key.put("/api/v1/auth", json!(null)).await.is(403);
    key.post("/api/v1/auth/logout", json!(null)).await.is(403);
    let ticket = key.post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201)["data"]["id"].clone();
    let listed = key.get("/api/v1/ticket").await.is(200)["data"][0].clone();
    assert_eq!((&listed["id"], &listed["creater"]), (&ticket, &json!(null)));
    let task = key.post("/api/tasks", json!({"title": "t", "operator_id": 3})).await.is(200);
    assert_eq!(task["created_by_user_id"], json!(null));
}

#[tokio::test]
async fn a_key_ends_when_it_is_to_end() {
    let app = App::new();
    let sign_in = super::services(&app).await;
    let new = |expires_at| NewServiceKey { label: "machine".into(), scopes: vec![Scope::TicketsRead], expires_at };
    let issued = sign_in.add_service_key(&app.context(), new(Some(NOW + Duration::days(1)))).await.unwrap();
    let key = issued.secret.reveal();
    app.world.advance(Duration::days(1) - Duration::milliseconds(1));
    app.bearer(key).get("/api/v1/ticket").await.is(200);
    app.world.advance(Duration::milliseconds(1));
    fault(&app, key, 1404, "token has expired").await;
    let issued = sign_in.add_service_key(&app.context(), new(None)).await.unwrap();
    let key = issued.secret.reveal();
    app.world.advance(Duration::days(3650));
    app.bearer(key).get("/api/v1/ticket").await.is(200);
    sign_in.revoke_service_key(&app.context(), issued.id).await.unwrap();
    revoked(&app, key).await;
}
