//! The lists that tickets refer to.

use frontdesk_core::access::Scope;
use serde_json::json;

use super::ids;
use crate::harness::app::App;

const RECORDS: &str = r#"{"record":"employee","id":20,"employee_no":"E-100%","first_name":"Ёлка","last_name":"Straße","role":"","identity_no":"B200000001"}
{"record":"employee","id":21,"employee_no":"e_200","first_name":"退款","role":""}
{"record":"termination_code","id":10,"name":"Жалоба 50%","description":"Straße","status":3}
{"record":"termination_code","id":11,"name":"ЖАЛОБА","status":1,"creater_id":3}
{"record":"subcategory","id":10,"name":"無分類"}
{"record":"subcategory","id":11,"name":"發票","category_id":1}
{"record":"category","id":10,"name":"空"}"#;

async fn app() -> App {
    let app = App::new();
    app.seed(RECORDS).await;
    app
}

#[tokio::test]
async fn their_orders() {
    let app = app().await;
    for (list, expected) in [
        ("employee", vec![21, 20, 6, 5, 4, 3, 2, 1]),
        ("sponsor", vec![1, 2]),
        ("ticket-termination-code", vec![1, 2, 10, 11]),
        ("category", vec![1, 2, 10]),
        ("subcategory", vec![1, 2, 10, 11]),
    ] {
        assert_eq!(ids(&app, &format!("/api/v1/{list}")).await, expected, "{list}");
    }
}

#[tokio::test]
async fn employees_by_name_number_and_identity() {
    let app = app().await;
    let cases: [(&str, &[i64]); 14] = [
        ("елка", &[20]),
        ("ЁЛКА strasse", &[20]),
        ("ка%20ст", &[]),
        ("e-100", &[20]),
        ("%25", &[20]),
        ("_", &[21]),
        ("b2000", &[20]),
        ("A987654321", &[3]),
        ("款", &[21]),
        ("閎", &[1]),
        ("小%20閎", &[1]),
        ("gone", &[6]),
        ("agent@example.com", &[]),
        ("nobody%20admin", &[]),
    ];
    for (search, expected) in cases {
        assert_eq!(ids(&app, &format!("/api/v1/employee?search={search}")).await, expected, "{search}");
    }
}

#[tokio::test]
async fn codes_by_name_and_description() {
    let app = app().await;
    let cases: [(&str, &[i64]); 9] = [
        ("жалоба", &[10, 11]),
        ("жалоба%20strasse", &[10]),
        ("STRASSE", &[10]),
        ("%25", &[10]),
        ("_", &[]),
        ("覆", &[1]),
        ("客戶", &[1]),
        ("", &[1, 2, 10, 11]),
        ("none", &[]),
    ];
    for (search, expected) in cases {
        assert_eq!(ids(&app, &format!("/api/v1/ticket-termination-code?search={search}")).await, expected, "{search}");
    }
}

#[tokio::test]
async fn sub_categories_of_a_category() {
    let app = app().await;
    for (query, expected) in [
        ("category_id=1", vec![1, 11]),
        ("category_id=2", vec![2]),
        ("category_id=10", vec![]),
        ("category_id=999", vec![]),
        ("category_id=1001", vec![]),
    ] {
        assert_eq!(ids(&app, &format!("/api/v1/subcategory?{query}")).await, expected, "{query}");
    }
    assert_eq!(super::fields(app.agent().get("/api/v1/subcategory?category_id=x").await), ["category_id"]);
    let list = app.agent().get("/api/v1/subcategory").await.is(200);
    assert_eq!(list["data"][2], json!({"id": 10, "name": "無分類", "description": null, "category": null, "category_id": null}));
    let category = json!({"id": 1, "name": "帳務", "description": "帳務問題"});
    assert_eq!(list["data"][3], json!({"id": 11, "name": "發票", "description": null, "category": category, "category_id": 1}));
}

#[tokio::test]
async fn categories_with_their_children() {
    let app = app().await;
    let list = app.agent().get("/api/v1/category").await.is(200);
    let children = json!([{"id": 1, "name": "退款", "description": "退款問題"}, {"id": 11, "name": "發票", "description": null}]);
    assert_eq!(list["data"][0], json!({"id": 1, "name": "帳務", "description": "帳務問題", "children": children}));
    assert_eq!(list["data"][2], json!({"id": 10, "name": "空", "description": null, "children": []}));
}

#[tokio::test]
async fn an_employee_in_full_and_in_brief() {
    let app = App::new();
    let extension = json!({"id": 1, "type": 0, "extension": "101", "description": "桌機", "media_cluster_id": 1});
    let group = json!({"id": 1, "name": "客服", "description": "客服組", "supervisor_id": 2});
    let agent = json!({"id": 1, "account": "agent101", "group_id": 1});
    let full = json!({"id": 3, "name": "Anna Gent", "first_name": "Anna", "last_name": "Gent", "employee_no": "agent",
        "photo_url": "https://example.com/agent.png", "identity_no": "A987654321", "job_title_id": 1,
        "job_title": {"id": 1, "abbrev": "CS", "name": "客服專員", "description": "客服專員"}, "department_id": 1,
        "department": {"id": 1, "name": "客服部", "abbrev": "CSD", "number": "D01", "description": "客服部"}, "extension_id": 1, "extension": extension,
        "profile": {"id": 3, "phones": [{"id": 1, "type": 2, "extension": null, "number": "0912-345-678", "description": null, "profile_id": 3}]},
        "is_active": true, "role": "agent", "email": "agent@example.com", "group_id": 1, "group": group, "is_immortal": false,
        "cti_agent_account": "agent101", "cti_agent": agent, "created_at": "2026-03-02 10:00:00", "updated_at": "2026-03-02 10:00:00"});
    let list = app.agent().get("/api/v1/employee?search=anna").await.is(200);
    let shown = &list["data"][0];
    let mut expected = full.clone();
    for stamp in ["created_at", "updated_at"] {
        expected[stamp] = shown[stamp].clone();
    }
    assert_eq!(format!("{shown:#}"), format!("{expected:#}"));
    let handler = app.agent().get("/api/v1/ticket/1").await.is(200)["handler"].clone();
    let mut brief = expected;
    for name in ["job_title", "department", "profile", "is_active", "role", "email", "is_immortal"] {
        brief.as_object_mut().unwrap().shift_remove(name);
    }
    assert_eq!(format!("{handler:#}"), format!("{brief:#}"));
}

#[tokio::test]
async fn a_code_has_its_creater_and_is_found_at_once() {
    let app = App::new();
    let list = "/api/v1/ticket-termination-code";
    let made = app.supervisor().post(list, json!({"name": "Ждём", "description": "Straße", "status": "3"})).await.is(201)["data"].clone();
    assert_eq!(made, json!({"id": made["id"], "name": "Ждём", "description": "Straße", "status": 3, "creater_id": 2}));
    let (id, at) = (made["id"].as_i64().unwrap(), format!("{list}/{}", made["id"]));
    let found = async |word: &str| ids(&app, &format!("{list}?search={word}")).await;
    assert_eq!((found("ждем").await, found("STRASSE").await), (vec![id], vec![id]));
    let changed = app.admin().put(&at, json!({"description": "weg", "creater_id": 1})).await.is(200);
    assert_eq!(changed["creater_id"], 2);
    assert_eq!((found("strasse").await, found("ждем%20weg").await), (vec![], vec![id]));
    let by_key = app.key(&[Scope::DirectoryWrite]).await.post(list, json!({"name": "n", "status": 0})).await.is(201);
    assert_eq!(by_key["data"]["creater_id"], json!(null));
    for status in [json!(4), json!(-1), json!("x"), json!(null)] {
        assert_eq!(super::fields(app.supervisor().post(list, json!({"name": "n", "status": status})).await), ["status"]);
        assert_eq!(super::fields(app.supervisor().put(&at, json!({"status": status})).await), ["status"]);
    }
    // A ticket shows it as it is now, whatever the ticket's own status.
    let ticket = super::ticket(&app, json!({"termination_code_id": id, "status": 0})).await;
    assert_eq!((&ticket["status"], &ticket["termination_code"]), (&json!(0), &changed));
    app.supervisor().put(&at, json!({"name": "Готово"})).await.is(200);
    assert_eq!(app.agent().get(&super::path(&ticket)).await.is(200)["termination_code"]["name"], "Готово");
    let refusal = app.supervisor().delete(&at).await.is(409);
    assert_eq!(refusal["message"], format!("termination code {id} is still named by ticket {}", ticket["id"]));
}

#[tokio::test]
async fn a_sub_category_moves_between_categories() {
    let app = App::new();
    let category = app.supervisor().post("/api/v1/category", json!({"name": "配送"})).await.is(201)["data"].clone();
    assert_eq!(category, json!({"id": category["id"], "name": "配送", "description": null, "children": []}));
    let at = format!("/api/v1/category/{}", category["id"]);
    let tag = app.agent().get(&at).await.header("etag").to_owned();
    let moved = app.supervisor().put("/api/v1/subcategory/1", json!({"category_id": category["id"]})).await.is(200);
    assert_eq!(moved["category"], json!({"id": category["id"], "name": "配送", "description": null}));
    let whole = app.agent().with("if-none-match", &tag).get(&at).await;
    assert_eq!(whole.header("etag")[..3], tag[..3], "the category itself is as it was");
    assert_eq!(whole.is(200)["children"], json!([{"id": 1, "name": "退款", "description": "退款問題"}]));
    assert_eq!(app.agent().get("/api/v1/category/1").await.is(200)["children"], json!([]));
    let ticket = app.agent().get("/api/v1/ticket/1").await.is(200);
    assert_eq!((&ticket["category_id"], &ticket["category"]["name"]), (&category["id"], &json!("配送")));
    let refusal = app.supervisor().delete(&at).await.is(409);
    assert_eq!(refusal["message"], format!("category {} is still named by sub-category 1", category["id"]));
    app.supervisor().put("/api/v1/subcategory/1", json!({"category_id": null})).await.is(200);
    app.supervisor().delete(&at).await.is(204);
    assert_eq!(app.agent().get("/api/v1/ticket/1").await.is(200)["category"], json!(null));
}

#[tokio::test]
async fn a_name_given_and_a_deletion_at_once() {
    let app = App::new();
    let (admin, agent) = (app.admin(), app.agent());
    for _ in 0..10 {
        let category = admin.post("/api/v1/category", json!({"name": "n"})).await.is(201)["data"]["id"].clone();
        let code = admin.post("/api/v1/ticket-termination-code", json!({"name": "n", "status": 0})).await.is(201)["data"]["id"].clone();
        let (of_category, of_code) = (format!("/api/v1/category/{category}"), format!("/api/v1/ticket-termination-code/{code}"));
        let (gone, named) =
            tokio::join!(admin.delete(&of_category), admin.post("/api/v1/subcategory", json!({"name": "n", "category_id": category})),);
        assert!(matches!((gone.status, named.status), (204, 422) | (409, 201)), "{} {}", gone.text, named.text);
        let (gone, named) = tokio::join!(admin.delete(&of_code), agent.put("/api/v1/ticket/2", json!({"termination_code_id": code})));
        assert!(matches!((gone.status, named.status), (204, 422) | (409, 200)), "{} {}", gone.text, named.text);
    }
}
