//! What a token from a code may do: never more than the role asked for, nor more than the employee has.

use serde_json::json;
use time::Duration;

use super::{fault, granted, login, revoked, token};
use crate::harness::app::App;
use crate::harness::world::PASSWORD;

const TASK: &str = "202603010000001";

#[tokio::test]
async fn the_lesser_role_counts() {
    let app = App::new();
    // The person, the role asked for; whether a sponsor's appointment may be closed and a ticket deleted.
    let table = [
        ("admin", "ADMIN", 204),
        ("supervisor", "ADMIN", 204),
        ("agent", "ADMIN", 403),
        ("admin", "MODERATOR", 403),
        ("supervisor", "SWITCH", 403),
        ("other", "MODERATOR", 403),
    ];
    for (user_id, role, delete) in table {
        let token = granted(&app, &app.license(), user_id, role).await;
        let ticket = app.admin().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
        app.bearer(&token).delete(&format!("/api/v1/ticket/{}", ticket["data"]["id"])).await.is(delete);
        let closing = app.bearer(&token).post("/api/task/status/do_update", json!({"task_num": TASK, "task_status": "pending"})).await;
        // A field is judged after ownership: who may close it hears of the field.
        let may = delete == 204 || user_id == "agent";
        closing.is(if may { 200 } else { 403 });
        let checked = app.bearer(&token).post("/api/auth/check", json!({})).await.is(200);
        assert_eq!(checked["info"]["role"], role);
    }
}

#[tokio::test]
async fn a_password_token_answers_check() {
    let app = App::new();
    for (caller, user_id, role) in [(app.admin(), 1, "ADMIN"), (app.supervisor(), 2, "MODERATOR"), (app.agent(), 3, "MODERATOR")] {
        let info = json!({"client_id": "arctos-webapp", "user_id": user_id, "role": role});
        caller.post("/api/auth/check", json!({})).await.equals(200, &json!({"status": 1, "message": "", "info": info}));
        // No body is an empty object.
        caller.post("/api/auth/check", json!(null)).await.is(200);
    }
}

#[tokio::test]
async fn a_token_from_a_code_lives_eight_hours() {
    let app = App::new();
    let token = granted(&app, &app.license(), "agent", "MODERATOR").await;
    app.world.advance(Duration::hours(8) - Duration::milliseconds(1));
    app.bearer(&token).get("/api/v1/ticket").await.is(200);
    app.world.advance(Duration::milliseconds(1));
    fault(&app, &token, 1404, "token has expired").await;
}

#[tokio::test]
async fn a_change_of_role_ends_tokens() {
    let app = App::new();
    let (own, by_code) = (token(&app, "supervisor@main").await, granted(&app, &app.license(), "supervisor", "ADMIN").await);
    let untouched = token(&app, "agent@main").await;
    let employees = super::employees(&app).await;
    let role = frontdesk_core::status::Role::Supervisor;
    employees.set_role(&app.context(), "supervisor", role).await.unwrap();
    app.bearer(&own).get("/api/v1/auth/me").await.is(200);
    employees.set_role(&app.context(), "supervisor", frontdesk_core::status::Role::Agent).await.unwrap();
    revoked(&app, &own).await;
    revoked(&app, &by_code).await;
    app.bearer(&untouched).get("/api/v1/auth/me").await.is(200);
    let lesser = token(&app, "supervisor@main").await;
    app.bearer(&lesser).delete("/api/v1/ticket/2").await.is(403);
}

#[tokio::test]
async fn the_inactive_are_out_at_once() {
    let app = App::new();
    let (own, by_code) = (token(&app, "agent@main").await, granted(&app, &app.license(), "agent", "MODERATOR").await);
    let set = async |active: &str| {
        let sql = format!("UPDATE employee SET is_active = {active} WHERE organization_id = 1 AND employee_no = 'agent'");
        crate::harness::sql(&app.db().await, &sql).await;
    };
    set("FALSE").await;
    revoked(&app, &own).await;
    revoked(&app, &by_code).await;
    login(&app, "agent@main", PASSWORD).await.equals(401, &json!({"error": "Unauthorized"}));
}
