//! Employees: who they are, what they may do, and what keeps them.

use serde_json::{Value, json};

use crate::harness::app::App;
use crate::harness::world::PASSWORD;
use crate::harness::{number, rows, texts};

const LIST: &str = "/api/v1/employee";

async fn employee(app: &App, fields: Value) -> Value {
    let mut body = json!({"employee_no": "new", "first_name": "New"});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    app.admin().post(LIST, body).await.is(201)["data"].clone()
}

fn at(employee: &Value) -> String {
    format!("{LIST}/{}", employee["id"])
}

async fn ids(app: &App, query: &str) -> Vec<i64> {
    let list = app.agent().get(&format!("{LIST}?{query}")).await.is(200);
    let ids: Vec<_> = list["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert_eq!(list["meta"]["total"], ids.len(), "{query}");
    ids
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let app = App::new();
    for (query, expected) in [
        ("role=agent", vec![6, 5, 3]),
        ("role=admin", vec![1]),
        ("role=", vec![6, 5, 4, 3, 2, 1]),
        ("is_active=false", vec![6]),
        ("is_active=1&role=agent", vec![5, 3]),
        ("group_id=1", vec![3, 2]),
        ("group_id=1001", vec![]),
        ("department_id=1", vec![3]),
        ("group_id=1&role=supervisor&search=visor", vec![2]),
    ] {
        assert_eq!(ids(&app, query).await, expected, "{query}");
    }
    for (query, field) in [("role=boss", "role"), ("is_active=maybe", "is_active"), ("group_id=x", "group_id"), ("name=x", "name")] {
        assert_eq!(app.agent().get(&format!("{LIST}?{query}")).await.offending(), [field]);
    }
}

#[tokio::test]
async fn a_change_is_found_at_once() {
    let app = App::new();
    let made = employee(&app, json!({"last_name": "Straße", "identity_no": "B-77"})).await;
    for search in ["new", "strasse", "b-77"] {
        assert_eq!(ids(&app, &format!("search={search}")).await, [made["id"].as_i64().unwrap()], "{search}");
    }
    app.admin().put(&at(&made), json!({"employee_no": "changed", "last_name": "Ёлкин", "identity_no": null})).await.is(200);
    assert_eq!(ids(&app, "search=strasse").await, [0; 0]);
    assert_eq!(ids(&app, "search=b-77").await, [0; 0]);
    assert_eq!(ids(&app, "search=елкин%20changed").await, [made["id"].as_i64().unwrap()]);
}

#[tokio::test]
async fn a_number_is_one_persons() {
    let app = App::new();
    let made = employee(&app, json!({})).await;
    let taken = json!({"employee_no": "agent", "first_name": "A", "group_id": 999});
    let mut named = app.admin().post(LIST, taken.clone()).await.offending();
    named.sort_unstable();
    assert_eq!(named, ["employee_no", "group_id"]);
    assert_eq!(app.admin().put(&at(&made), json!({"employee_no": "agent"})).await.offending(), ["employee_no"]);
    app.admin().put(&at(&made), json!({"employee_no": "new"})).await.is(200);
    // To the letter; and another organization has numbers of its own.
    app.admin().put(&at(&made), json!({"employee_no": "Agent"})).await.is(200);
    app.stranger().post(LIST, json!({"employee_no": "supervisor", "first_name": "A"})).await.is(201);
    let admin = app.admin();
    let body = json!({"employee_no": "same", "first_name": "A"});
    let answers = futures_util::future::join_all((0..8).map(|_| admin.post(LIST, body.clone()))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422, 422, 422, 422, 422, 422, 422]);
}

#[tokio::test]
async fn fields_with_a_form() {
    let app = App::new();
    let made = employee(&app, json!({})).await;
    let long = format!("https://example.com/{}", "x".repeat(2048));
    for (field, wrong) in [
        ("email", json!("no address")),
        ("email", json!("a@b@c")),
        ("photo_url", json!("agent.png")),
        ("photo_url", json!("javascript:alert(1)")),
        ("photo_url", json!("https://example.com/a b")),
        ("photo_url", json!(long)),
        ("role", json!("boss")),
        ("role", json!("ADMIN")),
        ("role", json!(3)),
        ("is_active", json!("maybe")),
        ("leave_at", json!("tomorrow")),
    ] {
        assert_eq!(app.admin().put(&at(&made), json!({field: wrong})).await.offending(), [field], "{wrong}");
        let new = json!({"employee_no": "another", "first_name": "A", field: wrong});
        assert_eq!(app.admin().post(LIST, new).await.offending(), [field], "{wrong}");
    }
    assert_eq!(app.admin().put(&at(&made), json!({"is_active": null})).await.offending(), ["is_active"]);
    assert_eq!((&made["role"], &made["is_active"], &made["is_immortal"]), (&json!(""), &json!(true), &json!(false)));
    assert_eq!((&made["job_title_id"], &made["group_id"], &made["profile"]["phones"]), (&json!(-1), &json!(null), &json!([])));
    let changed = app.admin().put(&at(&made), json!({"role": "agent", "cti_agent_id": 1})).await.is(200);
    assert_eq!(
        (&changed["role"], &changed["cti_agent_account"], &changed["cti_agent"]["id"]),
        (&json!("agent"), &json!("agent101"), &json!(1))
    );
    let cleared = app.admin().put(&at(&made), json!({"role": null, "cti_agent_id": -1})).await.is(200);
    assert_eq!((&cleared["role"], &cleared["cti_agent"]), (&json!(""), &json!(null)));
}

#[tokio::test]
async fn a_password_goes_its_own_way() {
    let app = App::new();
    let made = employee(&app, json!({"role": "supervisor", "password": PASSWORD, "password_hash": "x", "is_immortal": true})).await;
    assert!(!made.to_string().contains("password"), "{made}");
    assert_eq!(made["is_immortal"], false);
    let sign_in = json!({"name": "new@main", "password": PASSWORD});
    app.anonymous().post("/api/v1/auth", sign_in.clone()).await.is(401);
    app.admin().put("/api/v1/auth/password", json!({"employee_id": made["id"], "password": PASSWORD})).await.is(200);
    let token = app.anonymous().post("/api/v1/auth", sign_in).await.is(200)["access_token"].as_str().unwrap().to_owned();
    app.bearer(&token).post("/api/v1/group", json!({"name": "n"})).await.is(201);
    app.admin().put(&at(&made), json!({"leave_at": "2026-03-31"})).await.is(200);
    assert_eq!(app.bearer(&token).get("/api/v1/auth/me").await.is(200)["leave_at"], "2026-03-31 00:00:00");
}

#[tokio::test]
async fn another_role_and_the_end_of_work_revoke_tokens() {
    for (change, role_after) in
        [(json!({"role": "agent"}), "agent"), (json!({"role": null}), ""), (json!({"is_active": false}), "supervisor")]
    {
        let app = App::new();
        let supervisor = app.supervisor();
        for harmless in [json!({"first_name": "Suse"}), json!({"role": "supervisor", "is_active": true}), json!({"group_id": null})] {
            app.admin().put("/api/v1/employee/2", harmless).await.is(200);
            supervisor.get("/api/v1/auth/me").await.is(200);
        }
        let changed = app.admin().put("/api/v1/employee/2", change.clone()).await.is(200);
        assert_eq!(changed["role"], role_after);
        supervisor.get("/api/v1/auth/me").await.is(401);
        let back = app.admin().put("/api/v1/employee/2", json!({"role": "supervisor", "is_active": true})).await.is(200);
        assert_eq!(back["is_active"], true);
        supervisor.get("/api/v1/auth/me").await.is(401);
        app.agent().get("/api/v1/auth/me").await.is(200);
    }
}

#[tokio::test]
async fn the_last_admin_stays() {
    let app = App::new();
    // An admin without a password, one who is inactive, and one of another organization are none who could take over.
    let other = employee(&app, json!({"role": "admin"})).await;
    app.admin().put("/api/v1/employee/6", json!({"role": "admin"})).await.is(200);
    app.admin().put("/api/v1/auth/password", json!({"employee_id": 6, "password": PASSWORD})).await.is(200);
    let db = app.db().await;
    let before = rows(&db).await;
    for change in [json!({"role": "supervisor"}), json!({"role": null}), json!({"is_active": false})] {
        let refusal = app.admin().put("/api/v1/employee/1", change).await.is(409);
        assert_eq!(refusal["message"], "nobody else can sign in as an admin");
    }
    app.admin().delete("/api/v1/employee/1").await.is(409);
    assert_eq!(rows(&db).await, before);
    let renamed = app.admin().put("/api/v1/employee/1", json!({"first_name": "大"})).await.is(200);
    assert_eq!(renamed["role"], "admin");
    app.admin().put("/api/v1/auth/password", json!({"employee_id": other["id"], "password": PASSWORD})).await.is(200);
    app.admin().put("/api/v1/employee/1", json!({"role": "agent"})).await.is(200);
    app.admin().get("/api/v1/auth/me").await.is(401);
}

#[tokio::test]
async fn admins_who_take_leave_of_each_other_at_once() {
    let app = App::new();
    let other = employee(&app, json!({"role": "admin"})).await;
    app.admin().put("/api/v1/auth/password", json!({"employee_id": other["id"], "password": PASSWORD})).await.is(200);
    for round in 0..10 {
        let (one, two) = (app.admin(), app.admin());
        let (mine, theirs) = ("/api/v1/employee/1", at(&other));
        let down = json!({"is_active": false});
        // The first revokes the token of the second or not; what counts is that one admin is left.
        let _ = futures_util::future::join(two.put(&theirs, down.clone()), one.put(mine, down)).await;
        let db = app.db().await;
        let left =
            "SELECT COUNT(*) AS n FROM employee WHERE organization_id = 1 AND role = 'admin' AND is_active AND password_hash IS NOT NULL";
        assert_eq!(number(&db.read(), left).await, 1, "round {round}");
        crate::harness::sql(&db, "UPDATE employee SET is_active = TRUE WHERE organization_id = 1 AND role = 'admin'").await;
        crate::harness::sql(&db, "UPDATE token SET revoked_at = NULL WHERE employee_id = 1").await;
    }
}

#[tokio::test]
async fn what_is_an_employees_alone_goes_along() {
    let app = App::new();
    app.seed(
        r#"{"record":"employee","id":30,"employee_no":"e30","first_name":"E","role":"agent","profile":{"id":90,"phones":[{"id":60,"type":2,"number":"0912"}]}}
{"record":"employee","id":31,"employee_no":"e31","first_name":"E","profile_id":91}
{"record":"contact","id":30,"first_name":"C","profile":{"id":91,"phones":[{"id":61,"type":2,"number":"0913"}]}}"#,
    )
    .await;
    let code = app.license().post("/api/auth/code", json!({"user_id": "e30", "role": "MODERATOR"})).await.is(200);
    let exchange = json!({"grant_type": "authorization_code", "client_id": "arctos-webapp", "code": code["info"]["code"]});
    let token = app.anonymous().post("/api/auth/login", exchange).await.is(200)["info"]["access_token"].as_str().unwrap().to_owned();
    app.bearer(&token).get("/api/v1/auth/me").await.is(200);
    app.admin().delete("/api/v1/employee/30").await.is(204);
    app.admin().delete("/api/v1/employee/31").await.is(204);
    app.bearer(&token).get("/api/v1/auth/me").await.is(401);
    let db = app.db().await;
    let read = db.read();
    assert_eq!(
        texts(&read, "SELECT CAST(id AS text) AS t FROM profile WHERE id IN (90, 91)").await,
        ["91"],
        "a contact has the profile too"
    );
    assert_eq!(texts(&read, "SELECT number AS t FROM phone_number WHERE id IN (60, 61)").await, ["0913"]);
    assert_eq!(number(&read, "SELECT COUNT(*) AS n FROM token WHERE employee_id = 30").await, 0);
    assert_eq!(number(&read, "SELECT COUNT(*) AS n FROM auth_code WHERE employee_id = 30").await, 0);
    assert_eq!(
        texts(&read, "SELECT kind || ' ' || action AS t FROM history WHERE record_id IN ('30', '60') AND action = 'deleted' ORDER BY kind")
            .await,
        ["employee deleted", "phone_number deleted"]
    );
}

#[tokio::test]
async fn whoever_is_named_stays() {
    let lines = [
        (r#"{"record":"group","id":50,"name":"g","supervisor_id":30}"#, "group 50"),
        (r#"{"record":"termination_code","id":50,"name":"t","creater_id":30}"#, "termination code 50"),
        (r#"{"record":"ticket","id":50,"subject":"s","content":"c","handler_id":30}"#, "ticket 50"),
        (r#"{"record":"ticket","id":50,"subject":"s","content":"c","creater_id":30}"#, "ticket 50"),
        (r#"{"record":"interact_collection","id":50,"handler_id":30}"#, "interaction 50"),
        (
            r#"{"record":"call_task","id":"019ca000-0000-7000-8000-000000000050","title":"t","assigned_user_id":30}"#,
            "call task 019ca000-0000-7000-8000-000000000050",
        ),
        (
            r#"{"record":"call_task","id":"019ca000-0000-7000-8000-000000000050","title":"t","created_by_user_id":30}"#,
            "call task 019ca000-0000-7000-8000-000000000050",
        ),
        (
            r#"{"record":"appointment","id":50,"task_num":"202603010000050","business_id":1,"out_task_num":"A-50","task_type":"normal","task_time":1772506800,"branch_code":"1","room_type":"normal","video":true,"creater_id":30}"#,
            "appointment 202603010000050",
        ),
        (
            r#"{"record":"appointment","id":50,"task_num":"202603010000050","business_id":1,"out_task_num":"A-50","task_type":"normal","task_time":1772506800,"branch_code":"1","room_type":"normal","video":true,"moderators":[{"employee_id":30}]}"#,
            "appointment 202603010000050",
        ),
    ];
    for (line, by) in lines {
        let app = App::new();
        app.seed(&format!("{{\"record\":\"employee\",\"id\":30,\"employee_no\":\"e30\",\"first_name\":\"E\"}}\n{line}")).await;
        let refusal = app.admin().delete("/api/v1/employee/30").await.is(409);
        assert_eq!(refusal["message"], format!("employee 30 is still named by {by}"));
    }
}

#[tokio::test]
async fn an_employee_and_what_it_names_at_once() {
    let app = App::new();
    let (admin, supervisor) = (app.admin(), app.supervisor());
    for _ in 0..10 {
        let group = supervisor.post("/api/v1/group", json!({"name": "g"})).await.is(201)["data"]["id"].clone();
        let gone = format!("/api/v1/group/{group}");
        let named = admin.put("/api/v1/employee/5", json!({"group_id": group}));
        let (deleted, named) = futures_util::future::join(supervisor.delete(&gone), named).await;
        assert!(matches!((deleted.status, named.status), (204, 422) | (409, 200)), "{} {}", deleted.text, named.text);
    }
}

#[tokio::test]
async fn the_tag_knows_what_is_nested() {
    let app = App::new();
    let before = app.agent().get("/api/v1/employee/3").await;
    let tag = before.header("etag").to_owned();
    app.supervisor().put("/api/v1/group/1", json!({"name": "夜班"})).await.is(200);
    let after = app.agent().with("if-none-match", &tag).get("/api/v1/employee/3").await;
    assert_ne!(after.header("etag"), tag);
    assert_eq!(after.is(200)["group"]["name"], "夜班");
    // Its own version is the same.
    app.admin().with("if-match", &tag).put("/api/v1/employee/3", json!({"last_name": "G"})).await.is(200);
}
