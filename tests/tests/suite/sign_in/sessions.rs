//! `/api/v1/auth`: login, refresh, logout, me.

use futures_util::future::join_all;
use serde_json::{Value, json};
use time::Duration;

use super::{fault, login, revoked, secret, token};
use crate::harness::app::App;
use crate::harness::database::Template;
use crate::harness::sql;
use crate::harness::world::{PASSWORD, import};

/// One organization, whose employee `ann` has a password; `a@b` has too.
static ALONE: Template = Template::new(|db| {
    Box::pin(async move {
        frontdesk_migration::migrate(db.schema()).await.unwrap();
        let records = r#"{"record":"organization","id":1,"slug":"alone","name":"Alone","time_zone":"Asia/Taipei"}
{"record":"employee","id":1,"employee_no":"ann","first_name":"Ann","role":"agent","profile_id":1}
{"record":"employee","id":2,"employee_no":"a@b","first_name":"At","role":"agent","profile_id":2}
"#;
        let world = frontdesk_core::world::World::fixed(crate::harness::NOW);
        let report = import(&db, &world, records).await;
        assert!(report.bad.is_empty(), "{:#?}", report.bad);
        let employees = frontdesk_directory::employee::Employees::new(db);
        for employee_no in ["ann", "a@b"] {
            employees.set_password(&crate::harness::system(1), employee_no, PASSWORD.into()).await.unwrap();
        }
    })
});

#[tokio::test]
async fn a_name_needs_its_organization_where_there_are_several() {
    let app = App::new();
    for name in ["agent@main", "admin@main", "admin@other"] {
        login(&app, name, PASSWORD).await.is(200);
    }
    for name in ["agent", "admin", "agent@", "@main", "agent@none", "agent@other", "agent@main@main"] {
        login(&app, name, PASSWORD).await.equals(401, &json!({"error": "Unauthorized"}));
    }
    let me = app.bearer(&token(&app, "admin@other").await).get("/api/v1/auth/me").await.is(200);
    assert_eq!(me["id"], 1001);
}

#[tokio::test]
async fn a_name_is_enough_where_there_is_one() {
    let app = App::start(&ALONE);
    for name in ["ann", "ann@alone", "a@b", "a@b@alone"] {
        login(&app, name, PASSWORD).await.is(200);
    }
    login(&app, "ann@b", PASSWORD).await.is(401);
}

#[tokio::test]
async fn the_answer_has_the_pages_form() {
    let app = App::new();
    let answer = login(&app, "agent@main", PASSWORD).await;
    let token = secret(&answer.body);
    assert_eq!(answer.text, format!(r#"{{"access_token":"{token}","token_type":"bearer","expires_in":3600}}"#));
    assert!(token.len() >= 43, "256 bits do not fit into {token}");
    let form = format!("name=agent%40main&password={}&ttl=5", PASSWORD.replace(' ', "+"));
    let answer = app.anonymous().send("POST", "/api/v1/auth", "application/x-www-form-urlencoded", form.into()).await;
    assert_eq!(answer.is(200)["expires_in"], 300);
}

#[tokio::test]
async fn a_token_lives_as_long_as_asked() {
    let app = App::new();
    let ask =
        async |ttl: Value| app.anonymous().post("/api/v1/auth", json!({"name": "agent@main", "password": PASSWORD, "ttl": ttl})).await;
    for (ttl, seconds) in [(json!(1), 60), (json!(1440), 86_400), (json!("5"), 300), (json!(null), 3600)] {
        assert_eq!(ask(ttl.clone()).await.is(200)["expires_in"], seconds, "{ttl}");
    }
    for bad in [json!(0), json!(-1), json!(1441), json!(1.5), json!("soon"), json!([])] {
        let refused = ask(bad.clone()).await;
        assert_eq!(refused.offending(), ["ttl"], "{bad}");
        refused.is(422);
    }
    let token = secret(&ask(json!(1)).await.is(200));
    app.world.advance(Duration::seconds(60) - Duration::milliseconds(1));
    app.bearer(&token).get("/api/v1/ticket").await.is(200);
    app.world.advance(Duration::milliseconds(1));
    fault(&app, &token, 1404, "token has expired").await;
}

#[tokio::test]
async fn bad_fields_are_named() {
    let app = App::new();
    let refused = app.anonymous().post("/api/v1/auth", json!({})).await;
    assert_eq!(refused.offending(), ["name", "password"]);
    assert_eq!(refused.is(422)["message"], "The given data was invalid.");
    assert_eq!(
        app.anonymous().post("/api/v1/auth", json!({"name": 7, "password": [], "ttl": 0})).await.offending(),
        ["name", "password", "ttl"]
    );
}

#[tokio::test]
async fn who_may_not_sign_in_is_told_nothing() {
    let app = App::new();
    super::employees(&app).await.set_password(&app.context(), "gone", PASSWORD.into()).await.unwrap();
    super::employees(&app).await.set_password(&app.context(), "nobody", PASSWORD.into()).await.unwrap();
    // Wrong, unknown, without a password, inactive, without a role.
    for (name, password) in
        [("agent@main", "wrong"), ("who@main", PASSWORD), ("other@main", PASSWORD), ("gone@main", PASSWORD), ("nobody@main", PASSWORD)]
    {
        login(&app, name, password).await.equals(401, &json!({"error": "Unauthorized"}));
    }
}

#[tokio::test]
async fn a_refresh_ends_the_old_token() {
    let app = App::new();
    let old = token(&app, "agent@main").await;
    app.world.advance(Duration::minutes(59));
    let answer = app.bearer(&old).put("/api/v1/auth", json!(null)).await.is(200);
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("bearer"), &json!(3600)));
    revoked(&app, &old).await;
    app.world.advance(Duration::minutes(59));
    let new = secret(&answer);
    let newer = secret(&app.bearer(&new).post("/api/v1/auth", json!({"_method": "put"})).await.is(200));
    app.bearer(&newer).post("/api/task/get_list", json!({})).await.is(200);
    revoked(&app, &new).await;
    let answers = join_all((0..8).map(async |_| app.bearer(&newer).put("/api/v1/auth", json!(null)).await)).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401, 401, 401, 401, 401, 401, 401], "of several refreshes one succeeds");
}

#[tokio::test]
async fn a_refreshed_token_is_of_the_same_kind() {
    let app = App::new();
    let old = super::granted(&app, &app.license(), "admin", "MODERATOR").await;
    let answer = app.bearer(&old).put("/api/v1/auth", json!(null)).await.is(200);
    assert_eq!(answer["expires_in"], 8 * 3600);
    let new = secret(&answer);
    let info = json!({"client_id": "arctos-webapp", "user_id": 1, "role": "MODERATOR"});
    assert_eq!(app.bearer(&new).post("/api/auth/check", json!({})).await.is(200)["info"], info);
    app.bearer(&new).delete("/api/v1/ticket/2").await.is(403);
}

#[tokio::test]
async fn a_logout_ends_this_token_alone() {
    let app = App::new();
    let (one, two) = (token(&app, "agent@main").await, token(&app, "agent@main").await);
    let answer = app.bearer(&one).post("/api/v1/auth/logout", json!(null)).await;
    assert_eq!(answer.text, r#"{"message":"Successfully logged out"}"#);
    revoked(&app, &one).await;
    app.bearer(&one).post("/api/v1/auth/logout", json!(null)).await.equals(401, &json!({"message": "Unauthenticated."}));
    app.bearer(&two).get("/api/v1/auth/me").await.is(200);
}

#[tokio::test]
async fn me_is_the_employee_of_the_token() {
    let app = App::new();
    app.world.advance(Duration::minutes(1));
    let me = app.bearer(&token(&app, "agent@main").await).get("/api/v1/auth/me").await.is(200);
    let expected = json!({
        "id": 3, "name": "Anna Gent", "email": "agent@example.com", "created_at": "2026-03-02 10:00:00", "updated_at": "2026-03-02 10:00:00",
        "login_at": "2026-03-02 10:01:00", "is_active": true, "instance_id": 3, "instance_type": "App\\Employee", "is_immortal": false,
        "leave_at": null,
    });
    assert_eq!(me.to_string(), expected.to_string());
}

#[tokio::test]
async fn an_expired_token_is_known_for_seven_days() {
    let app = App::new();
    let old = token(&app, "agent@main").await;
    app.world.advance(Duration::days(7));
    super::services(&app).await.clean_up().await.unwrap();
    fault(&app, &old, 1404, "token has expired").await;
    app.world.advance(Duration::hours(1) + Duration::milliseconds(1));
    super::services(&app).await.clean_up().await.unwrap();
    fault(&app, &old, 1403, "unauthorized").await;
    sql(&app.db().await, "DELETE FROM token").await;
    fault(&app, &old, 1403, "unauthorized").await;
}
