//! Contacts and their phone numbers.

use serde_json::{Value, json};

use crate::harness::app::{Answer, App};
use crate::harness::{number, texts};

/// Contacts that differ in everything a filter asks for, beside 1 and 2 of the world.
const CONTACTS: &str = r#"{"record":"contact","id":10,"first_name":"Ёлка","last_name":"Straße","membership_no":"VIP-7","gender":0,"birth_at":"1999-12-31","created_at":"2026-02-01 00:00:00","updated_at":"2026-02-05 12:00:00","profile":{"id":60,"phones":[{"id":30,"type":2,"number":"+886 912-345-678"},{"id":31,"type":3,"number":"(02) 8765.4321","extension":"9","description":"夜間"}]}}
{"record":"contact","id":11,"first_name":"美玲","last_name":"陳","identity_no":"F220011223","gender":1,"birth_at":"2000-01-01","sponsor_id":2,"created_at":"2026-02-02 00:00:00","profile":{"id":61,"phones":[{"id":32,"type":4,"number":"anonymous"}]}}
{"record":"contact","id":12,"first_name":"Nemo","birth_at":"2000-10-10","created_at":"2026-02-03 00:00:00","profile_id":62}"#;

async fn app() -> App {
    let app = App::new();
    app.seed(CONTACTS).await;
    app
}

/// The ids that a list has, in its order; the total must agree.
async fn ids(app: &App, path: &str) -> Vec<i64> {
    let list = app.agent().get(&format!("/api/v1/{path}")).await.is(200);
    let ids: Vec<_> = list["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert_eq!(list["meta"]["total"], ids.len(), "{path}");
    ids
}

/// The contact of an answer.
#[track_caller]
fn contact(answer: Answer, status: u16) -> Value {
    answer.is(status)["data"].clone()
}

#[tokio::test]
async fn the_form_of_the_page() {
    let app = App::new();
    let phone = json!({"id": 2, "type": 0, "extension": "12", "number": "02-2345-6789", "description": "家", "profile_id": 7});
    let first = json!({
        "id": 1, "name": "大明 王", "first_name": "大明", "last_name": "王", "membership_no": "M001", "identity_no": "A123456789",
        "gender": 1, "birth_at": "1987-10-10", "profile_id": 7, "profile": {"id": 7, "phones": [phone]},
    });
    let second = json!({
        "id": 2, "name": "Иван Петров", "first_name": "Иван", "last_name": "Петров", "membership_no": null, "identity_no": null,
        "gender": null, "birth_at": null, "profile_id": 8, "profile": {"id": 8, "phones": []},
    });
    let meta = json!({"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 2, "total": 2});
    app.agent().get("/api/v1/contact").await.equals(200, &json!({"data": [second, first], "meta": meta}));
    app.agent().get("/api/v1/contact/1").await.equals(200, &json!({"data": first}));
    app.agent().get("/api/v1/phone-number/2").await.equals(200, &json!({"data": phone}));
    let page = json!({"current_page": 1, "from": 1, "last_page": 1, "per_page": "5", "to": 1, "total": 1});
    app.agent().get("/api/v1/phone-number?per_page=5").await.equals(200, &json!({"data": [phone], "meta": page}));
}

#[tokio::test]
async fn every_filter() {
    let app = app().await;
    let cases: [(&str, &[i64]); 47] = [
        ("id=10", &[10]),
        ("id=10,2", &[10, 2]),
        ("id[]=10&id[]=1001", &[10]),
        ("search=елка", &[10]),
        ("search=STRASSE%20ЁЛ", &[10]),
        ("search=vip", &[10]),
        ("search=f2200", &[11]),
        ("search=王", &[1]),
        ("search=ка%20ст", &[]),
        ("search=0912345", &[]),
        ("search=912345", &[10]),
        ("search=912%20345%20678", &[10]),
        ("search=%2B886-912-345-678", &[10]),
        ("search=(02)", &[10, 1]),
        ("search=23-456", &[10, 1]),
        ("search=ёлка%208765-43", &[10]),
        ("search=елка%2099999", &[]),
        ("search=VIP-7", &[10]),
        ("search=-", &[10]),
        ("search=anonymous", &[]),
        ("gender=0", &[10]),
        ("gender=1", &[11, 1]),
        ("birth_at__start=2000-01-01", &[12, 11]),
        ("birth_at__end=1999-12-31", &[10, 1]),
        ("birth_at__start=1999-12-31&birth_at__end=2000-01-01", &[11, 10]),
        ("birth_months=10", &[12, 1]),
        ("birth_months=1,12", &[11, 10]),
        ("birth_months[]=1&birth_months[]=2", &[11]),
        ("birth_months=3", &[]),
        ("created_at__end=2026-02-02", &[11, 10]),
        ("created_at__start=2026-02-02%2000:00:00&created_at__end=2026-02-02%2023:59:59", &[11]),
        ("updated_at__start=2026-02-05&updated_at__end=2026-02-05", &[10]),
        ("phone_number=912345678", &[10]),
        ("phone_number=0987-654-321", &[]),
        ("phone_number=02%2087654321", &[10]),
        ("phone_number=０２２３", &[1]),
        ("phone_number=anonymous", &[11]),
        ("phone_number=anonym", &[]),
        ("email=someone@example.com", &[]),
        ("identity_no=F220011223", &[11]),
        ("identity_no=F22001122", &[]),
        ("membership_no=VIP-7", &[10]),
        ("membership_no=vip-7", &[]),
        ("sponsor_id=1", &[1]),
        ("sponsor_id=1002", &[]),
        ("gender=1&sponsor_id=2&search=陳", &[11]),
        ("search=&gender=&id=&birth_months=", &[12, 11, 10, 2, 1]),
    ];
    for (query, expected) in cases {
        assert_eq!(ids(&app, &format!("contact?{query}")).await, expected, "{query}");
    }
    let phones: [(&str, &[i64]); 12] = [
        ("", &[2, 30, 31, 32]),
        ("contact_id=10", &[30, 31]),
        ("contact_id=1001", &[]),
        ("type=3", &[31]),
        ("number=912-345", &[30]),
        ("number=2345", &[2, 30]),
        ("number=anonymous", &[32]),
        ("extension=9", &[31]),
        ("extension=12", &[2]),
        ("description=夜間", &[31]),
        ("description=夜", &[]),
        ("contact_id=10&type=2", &[30]),
    ];
    for (query, expected) in phones {
        assert_eq!(ids(&app, &format!("phone-number?{query}")).await, expected, "{query}");
    }
}

#[tokio::test]
async fn filters_that_are_none() {
    let app = App::new();
    for (query, field) in [
        ("id=x", "id"),
        ("gender=2", "gender"),
        ("birth_months=0", "birth_months"),
        ("birth_months=13", "birth_months"),
        ("birth_months=x", "birth_months"),
        ("birth_at__start=yesterday", "birth_at__start"),
        ("created_at__end=x", "created_at__end"),
        ("sponsor_id=x", "sponsor_id"),
        ("name=x", "name"),
    ] {
        let refused = app.agent().get(&format!("/api/v1/contact?{query}")).await;
        assert_eq!((refused.status, refused.offending()), (422, vec![field.to_owned()]), "{query}");
    }
    for (query, field) in [("type=5", "type"), ("contact_id=x", "contact_id"), ("profile_id=1", "profile_id")] {
        let refused = app.agent().get(&format!("/api/v1/phone-number?{query}")).await;
        assert_eq!((refused.status, refused.offending()), (422, vec![field.to_owned()]), "{query}");
    }
}

#[tokio::test]
async fn what_a_contact_and_a_number_may_be() {
    let app = App::new();
    for (field, wrong) in [
        ("gender", json!(2)),
        ("gender", json!("m")),
        ("birth_at", json!("10/10/1987")),
        ("birth_at", json!("2026-02-30")),
        ("birth_at", json!("-0001-01-01")),
    ] {
        let mut body = json!({"first_name": "n"});
        body[field] = wrong.clone();
        assert_eq!(app.agent().post("/api/v1/contact", body).await.offending(), [field], "{wrong}");
        assert_eq!(app.agent().put("/api/v1/contact/1", json!({field: wrong})).await.offending(), [field], "{wrong}");
    }
    for wrong in [json!(5), json!(-1), json!("home"), json!(1.5)] {
        let body = json!({"contact_id": 1, "type": wrong, "number": "1"});
        assert_eq!(app.agent().post("/api/v1/phone-number", body).await.offending(), ["type"], "{wrong}");
        assert_eq!(app.agent().put("/api/v1/phone-number/2", json!({"type": wrong})).await.offending(), ["type"], "{wrong}");
    }
    let least = contact(app.agent().post("/api/v1/contact", json!({"first_name": "n"})).await, 201);
    let profile = &least["profile_id"];
    let expected = json!({
        "id": least["id"], "name": "n", "first_name": "n", "last_name": null, "membership_no": null, "identity_no": null,
        "gender": null, "birth_at": null, "profile_id": profile, "profile": {"id": profile, "phones": []},
    });
    assert_eq!(least, expected);
}

#[tokio::test]
async fn a_contact_is_found_by_what_it_has_now() {
    let app = App::new();
    let made = contact(app.agent().post("/api/v1/contact", json!({"first_name": "Anna", "sponsor_id": 1})).await, 201);
    let id = made["id"].as_i64().unwrap();
    assert_eq!(ids(&app, "contact?search=anna&sponsor_id=1").await, [id]);
    let body = json!({"contact_id": id, "type": 2, "number": "+7 (495) 123-45-67"});
    let phone = contact(app.agent().post("/api/v1/phone-number", body).await, 201);
    assert_eq!(ids(&app, "contact?search=anna%204951234567").await, [id]);
    assert_eq!(ids(&app, "contact?phone_number=495%20123").await, [id]);
    let shown = contact(app.agent().get(&format!("/api/v1/contact/{id}")).await, 200);
    assert_eq!(shown["profile"]["phones"], json!([phone]));
    let at = format!("/api/v1/phone-number/{}", phone["id"]);
    app.agent().put(&at, json!({"number": "812 999"})).await.is(200);
    assert_eq!(ids(&app, "contact?search=4951234567").await, [0; 0]);
    assert_eq!(ids(&app, "contact?phone_number=812999").await, [id]);
    app.agent().put(&at, json!({"contact_id": 2})).await.is(200);
    assert_eq!(ids(&app, "contact?phone_number=812999").await, [2]);
    app.agent().delete(&at).await.is(204);
    assert_eq!(ids(&app, "contact?phone_number=812999").await, [0; 0]);
    app.agent().put(&format!("/api/v1/contact/{id}"), json!({"first_name": "Berta", "membership_no": "B-9"})).await.is(200);
    assert_eq!(ids(&app, "contact?search=anna").await, [0; 0]);
    assert_eq!(ids(&app, "contact?search=berta%20b-9").await, [id]);
}

#[tokio::test]
async fn its_numbers_go_with_a_contact() {
    let app = app().await;
    app.supervisor().delete("/api/v1/contact/10").await.is(204);
    let db = app.db().await;
    for (table, left) in [("phone_number WHERE profile_id = 60", 0), ("profile WHERE id = 60", 0), ("profile WHERE id = 61", 1)] {
        assert_eq!(number(&db.read(), &format!("SELECT count(*) AS n FROM {table}")).await, left, "{table}");
    }
    let history = "SELECT kind || ' ' || record_id || ' ' || action AS t FROM history WHERE action = 'deleted' ORDER BY id";
    assert_eq!(texts(&db.read(), history).await, ["contact 10 deleted", "phone_number 30 deleted", "phone_number 31 deleted"]);
    app.agent().get("/api/v1/phone-number/30").await.is(404);
    assert_eq!(
        app.agent().post("/api/v1/phone-number", json!({"contact_id": 10, "type": 0, "number": "1"})).await.offending(),
        ["contact_id"]
    );
}

#[tokio::test]
async fn a_profile_stays_while_somebody_has_it() {
    let app = App::new();
    app.seed(
        r#"{"record":"contact","id":20,"first_name":"a","profile":{"id":70,"phones":[{"id":40,"type":0,"number":"1"}]}}
{"record":"contact","id":21,"first_name":"b","profile_id":70}"#,
    )
    .await;
    app.supervisor().delete("/api/v1/contact/20").await.is(204);
    let left = contact(app.agent().get("/api/v1/contact/21").await, 200);
    assert_eq!(left["profile"]["phones"][0]["id"], 40);
    app.supervisor().delete("/api/v1/contact/21").await.is(204);
    app.agent().get("/api/v1/phone-number/40").await.is(404);
    assert_eq!(number(&app.db().await.read(), "SELECT count(*) AS n FROM profile WHERE id = 70").await, 0);
}

#[tokio::test]
async fn the_numbers_of_employees_are_none_of_these() {
    let app = App::new();
    app.admin().get("/api/v1/phone-number/1").await.is(404);
    app.admin().put("/api/v1/phone-number/1", json!({"number": "1"})).await.is(404);
    app.admin().delete("/api/v1/phone-number/1").await.is(404);
}

#[tokio::test]
async fn what_names_a_contact_holds_it() {
    let app = app().await;
    for (line, by) in [
        (r#"{"record":"ticket","id":50,"subject":"s","content":"c","contact_id":10}"#, "ticket 50"),
        (r#"{"record":"interact_collection","id":50,"contact_id":11}"#, "interaction 50"),
    ] {
        app.seed(line).await;
        let id = if by.starts_with("ticket") { 10 } else { 11 };
        let refused = app.supervisor().delete(&format!("/api/v1/contact/{id}")).await;
        refused.equals(409, &json!({"message": format!("contact {id} is still named by {by}")}));
    }
    let customer = json!([{"customer_name": "n", "customer_id_num": "N-12"}]);
    app.agent().put("/api/v1/contact/12", json!({"membership_no": "N-12"})).await.is(200);
    app.agent().post("/api/task/customer/do_add", json!({"task_num": "202603010000002", "customer": customer})).await.is(200);
    let refused = app.supervisor().delete("/api/v1/contact/12").await;
    refused.equals(409, &json!({"message": "contact 12 is still named by appointment 202603010000002"}));
}

#[tokio::test]
async fn a_number_on_its_way_to_another_contact_is_not_lost() {
    let app = App::new();
    let (admin, agent) = (app.admin(), app.agent());
    let made = async |path: &str, body: Value| agent.post(path, body).await.is(201)["data"]["id"].clone();
    for _ in 0..25 {
        let (from, to) =
            (made("/api/v1/contact", json!({"first_name": "a"})).await, made("/api/v1/contact", json!({"first_name": "b"})).await);
        let number = made("/api/v1/phone-number", json!({"contact_id": from, "type": 0, "number": "1"})).await;
        let (number, contact) = (format!("/api/v1/phone-number/{number}"), format!("/api/v1/contact/{from}"));
        let (moved, deleted) = futures_util::future::join(agent.put(&number, json!({"contact_id": to})), admin.delete(&contact)).await;
        let left = agent.get(&number).await.status;
        assert!(
            matches!((moved.status, deleted.status, left), (200, 204, 200) | (404, 204, 404)),
            "{} {} {left}",
            moved.text,
            deleted.text
        );
    }
}
