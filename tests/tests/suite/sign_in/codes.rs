//! getAuthCode, getAuthTokenUseCode, checkAuthToken.

use futures_util::future::join_all;
use serde_json::{Value, json};
use time::Duration;

use super::{ask, code, exchange, granted, license, unauthorized};
use crate::harness::app::App;
use crate::harness::{number, sql, texts};

#[tokio::test]
async fn each_role_for_each_person() {
    let app = App::new();
    let (wide, narrow) = (license(&app, true, true).await, license(&app, false, false).await);
    // The person, the role, whether a license with and without rights gives a code.
    let table = [
        ("agent", "MODERATOR", true, true),
        ("agent", "SWITCH", true, true),
        ("agent", "ADMIN", true, false),
        ("admin", "MODERATOR", true, true),
        ("admin", "ADMIN", true, false),
        ("nobody", "MODERATOR", false, false),
        ("nobody", "SWITCH", false, false),
        ("nobody", "ADMIN", false, false),
        ("gone", "MODERATOR", false, false),
        ("new-1", "SWITCH", false, false),
        ("new-1", "ADMIN", false, false),
        ("agent", "PUBLISHER", true, true),
        ("new-2", "PUBLISHER", true, true),
        ("new-3", "CLIENT", true, true),
    ];
    for (user_id, role, by_wide, by_narrow) in table {
        for (caller, given) in [(&wide, by_wide), (&narrow, by_narrow)] {
            let answer = ask(caller, user_id, role).await;
            if given {
                assert_eq!(answer.is(200)["status"], 1, "{user_id} {role}");
            } else {
                unauthorized(answer);
            }
        }
    }
    unauthorized(ask(&narrow, "new-4", "MODERATOR").await);
    ask(&wide, "new-4", "MODERATOR").await.is(200);
    assert_eq!(ask(&narrow, "new-4", "MODERATOR").await.is(200)["status"], 1, "it is known now");
}

#[tokio::test]
async fn a_new_moderator_becomes_an_agent_without_a_password() {
    let app = App::new();
    let named = json!({"user_id": "E77", "name": "Tommy Hsu", "role": "MODERATOR"});
    for _ in 0..2 {
        assert_eq!(app.license().post("/api/auth/code", named.clone()).await.is(200)["status"], 1);
    }
    code(&app.license(), "E78", "MODERATOR").await;
    let db = app.db().await;
    let known = texts(&db.read(), "SELECT employee_no || ' ' || role || ' ' || first_name AS t FROM employee WHERE employee_no LIKE 'E7%' AND password_hash IS NULL ORDER BY id").await;
    assert_eq!(known[0], "E77 agent Tommy Hsu");
    let digits = known[1].strip_prefix("E78 agent USER-").unwrap_or_else(|| panic!("{known:?}"));
    assert!(digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{known:?}");
    assert_eq!(known.len(), 2);
    assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM event WHERE type = 'employee.created'").await, 2);
    let token = granted(&app, &app.license(), "E77", "MODERATOR").await;
    let me = app.bearer(&token).get("/api/v1/auth/me").await.is(200);
    assert_eq!(me["name"], "Tommy Hsu");
    super::login(&app, "E77@main", "").await.is(401);
    let task = crate::appointments::make(&app.bearer(&token), "X-1", &json!({})).await;
    crate::appointments::done(
        app.bearer(&token).post("/api/task/service/do_add", json!({"task_num": task})).await,
        "service member success",
    );
}

#[tokio::test]
async fn a_customer_gets_a_number_of_its_own() {
    let app = App::new();
    let login = async |user_id: &str| {
        let body = exchange(&app, &code(&app.license(), user_id, "PUBLISHER").await, "arctos-client").await.is(200);
        (body["info"]["user_id"].as_i64().unwrap(), body["info"]["access_token"].as_str().unwrap().to_owned())
    };
    let ((one, token), (again, _), (other, _)) = (login("c1").await, login("c1").await, login("c2").await);
    assert_eq!(one, again);
    assert_ne!(one, other);
    let checked = app.bearer(&token).post("/api/auth/check", json!({})).await;
    let info = json!({"client_id": "arctos-client", "user_id": one, "role": "PUBLISHER"});
    checked.equals(200, &json!({"status": 1, "message": "", "info": info}));
    app.bearer(&token).get("/api/v1/ticket").await.is(403);
    app.bearer(&token).get("/api/tasks").await.is(403);
    app.bearer(&token).get("/api/v1/auth/me").await.is(403);
    assert_eq!(app.bearer(&token).post("/api/task/get_list", json!({})).await.is(200)["info"]["total"], 0);
}

#[tokio::test]
async fn the_answers_have_the_pages_form() {
    let app = App::new();
    let answer = ask(&app.license(), "agent", "MODERATOR").await;
    let code = answer.body["info"]["code"].as_str().unwrap().to_owned();
    assert_eq!(answer.text, format!(r#"{{"status":1,"message":"","info":{{"code":"{code}"}}}}"#));
    let answer = exchange(&app, &code, "arctos-switch").await;
    let token = answer.body["info"]["access_token"].as_str().unwrap().to_owned();
    assert_eq!(answer.text, format!(r#"{{"status":1,"message":"","info":{{"user_id":3,"access_token":"{token}"}}}}"#));
    let answer = app.bearer(&token).post("/api/auth/check", json!({})).await;
    assert_eq!(answer.text, r#"{"status":1,"message":"","info":{"client_id":"arctos-switch","user_id":3,"role":"MODERATOR"}}"#);
}

#[tokio::test]
async fn a_code_lives_ten_minutes() {
    let app = App::new();
    let (soon, late) = (code(&app.license(), "agent", "MODERATOR").await, code(&app.license(), "agent", "MODERATOR").await);
    app.world.advance(Duration::minutes(10) - Duration::milliseconds(1));
    assert_eq!(exchange(&app, &soon, "arctos-webapp").await.is(200)["status"], 1);
    app.world.advance(Duration::milliseconds(1));
    unauthorized(exchange(&app, &late, "arctos-webapp").await);
}

#[tokio::test]
async fn a_code_is_good_once_however_many_ask() {
    let app = App::new();
    for _ in 0..5 {
        let code = code(&app.license(), "agent", "MODERATOR").await;
        app.world.advance(Duration::minutes(1));
        let answers = join_all((0..16).map(async |_| exchange(&app, &code, "arctos-webapp").await)).await;
        let (given, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.body["status"] == 1);
        assert_eq!((given.len(), refused.len()), (1, 15));
        refused.into_iter().for_each(unauthorized);
        app.bearer(given[0].body["info"]["access_token"].as_str().unwrap()).get("/api/tasks").await.is(200);
    }
    let tokens = "SELECT count(*) AS n FROM token WHERE created_at > 1772416800000";
    assert_eq!(number(&app.db().await.read(), tokens).await, 5);
}

#[tokio::test]
async fn a_license_that_does_not_hold_gives_nothing() {
    let app = App::new();
    unauthorized(ask(&app.anonymous(), "agent", "MODERATOR").await);
    for bad in ["fdl_none", "", "demo-license"] {
        unauthorized(ask(&app.anonymous().with("arc-license-key", bad), "agent", "MODERATOR").await);
    }
    let another = license(&app, true, true).await;
    let early = code(&another, "agent", "MODERATOR").await;
    sql(&app.db().await, "UPDATE license SET revoked_at = 0 WHERE label = 'another'").await;
    unauthorized(ask(&another, "agent", "MODERATOR").await);
    unauthorized(exchange(&app, &early, "arctos-webapp").await);
}

#[tokio::test]
async fn a_code_does_not_outlive_the_right_to_sign_in() {
    let app = App::new();
    let early = code(&app.license(), "other", "MODERATOR").await;
    sql(&app.db().await, "UPDATE employee SET is_active = FALSE WHERE employee_no = 'other' AND organization_id = 1").await;
    unauthorized(exchange(&app, &early, "arctos-webapp").await);
}

#[tokio::test]
async fn bad_fields_are_named() {
    let app = App::new();
    let long = "x".repeat(129);
    let cases = [
        (json!({}), vec!["user_id", "role"]),
        (json!({"user_id": "", "role": "MODERATOR"}), vec!["user_id"]),
        (json!({"user_id": long, "role": "MODERATOR"}), vec!["user_id"]),
        (json!({"user_id": 7, "role": "moderator", "name": []}), vec!["user_id", "role", "name"]),
    ];
    for (body, fields) in cases {
        let answer = app.license().post("/api/auth/code", body).await.is(200);
        assert_eq!(answer["status"], 0);
        assert!(fields.iter().all(|field| answer["message"].as_str().unwrap().contains(field)), "{answer}");
    }
    let good = json!({"grant_type": "authorization_code", "client_id": "arctos-webapp", "code": "fdc_x"});
    for (field, value) in
        [("grant_type", json!("password")), ("client_id", json!("another")), ("code", Value::Null), ("redirect_uri", json!(7))]
    {
        let mut body = good.clone();
        body[field] = value;
        let answer = app.anonymous().post("/api/auth/login", body).await.is(200);
        assert_eq!(answer["status"], 0);
        assert!(answer["message"].as_str().unwrap().contains(field), "{answer}");
    }
    unauthorized(app.anonymous().post("/api/auth/login", good).await);
}
