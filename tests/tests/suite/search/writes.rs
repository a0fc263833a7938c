//! Found by the very next request after each write, and no more after it is gone.

use serde_json::{Value, json};

use super::found;
use crate::harness::app::App;

async fn first(app: &App, of: &str, search: &str) -> Option<Value> {
    let mut found = found(app, of, search).await;
    assert!(found.len() < 2, "{search}: {found:?}");
    found.pop()
}

#[tokio::test]
async fn call_tasks() {
    let app = App::new();
    let new = json!({"operator_id": 3, "title": "первая", "description": "небывалая"});
    let made = app.agent().post("/api/tasks", new).await.is(200);
    let (id, path) = (Some(made["id"].clone()), format!("/api/tasks/{}", made["id"].as_str().unwrap()));
    assert_eq!((first(&app, "title", "перв").await, first(&app, "task", "небыв").await), (id.clone(), id.clone()));
    app.agent().patch(&path, json!({"description": "третья"})).await.is(200);
    assert_eq!((first(&app, "task", "небывалая").await, first(&app, "task", "треть").await), (None, id.clone()));
    app.agent().patch(&path, json!({"title": "четвёртая"})).await.is(200);
    assert_eq!((first(&app, "title", "первая").await, first(&app, "task", "первая").await), (None, None));
    assert_eq!((first(&app, "title", "четверт").await, first(&app, "task", "третья четверт").await), (id.clone(), id));
}

#[tokio::test]
async fn contacts_and_their_phone_numbers() {
    let app = App::new();
    let contact = async |name: &str| app.agent().post("/api/v1/contact", json!({"first_name": name})).await.is(201)["data"]["id"].clone();
    let (one, other) = (contact("Первый").await, contact("Другой").await);
    let number = json!({"contact_id": one, "type": 2, "number": "+998 (71) 200-00-01"});
    let phone = app.agent().post("/api/v1/phone-number", number).await.is(201)["data"]["id"].clone();
    let path = format!("/api/v1/phone-number/{phone}");
    assert_eq!(first(&app, "contact", "712000001").await.as_ref(), Some(&one));
    app.agent().put(&format!("/api/v1/contact/{one}"), json!({"first_name": "Третий"})).await.is(200);
    assert_eq!(first(&app, "contact", "трет 2000001").await.as_ref(), Some(&one));
    app.agent().put(&path, json!({"number": "8 71 200 00 02"})).await.is(200);
    assert_eq!((first(&app, "contact", "2000001").await, first(&app, "contact", "+998712000002").await), (None, Some(one.clone())));
    app.agent().put(&path, json!({"contact_id": other})).await.is(200);
    assert_eq!(first(&app, "contact", "200-00-02").await.as_ref(), Some(&other));
    app.supervisor().delete(&path).await.is(204);
    assert_eq!(first(&app, "contact", "200-00-02").await, None);
    app.supervisor().delete(&format!("/api/v1/contact/{one}")).await.is(204);
    assert_eq!(first(&app, "contact", "третий").await, None);
}

#[tokio::test]
async fn an_anonymized_contact() {
    let app = App::new();
    assert_eq!(first(&app, "contact", "王").await, Some(json!(1)));
    assert_eq!(first(&app, "contact", "0223456789").await, Some(json!(1)));
    app.admin().post("/api/v1/contact/1/anonymize", Value::Null).await.is(200);
    for gone in ["王", "0223456789", "2345", "m001", "a123"] {
        assert_eq!(first(&app, "contact", gone).await, None, "{gone}");
    }
    assert_eq!(first(&app, "contact", "anonymized").await, Some(json!(1)));
}

#[tokio::test]
async fn employees() {
    let app = App::new();
    assert_eq!(first(&app, "employee", "912-345").await, Some(json!(3)));
    app.admin().put("/api/v1/employee/3", json!({"last_name": "Новая", "employee_no": "no-3"})).await.is(200);
    assert_eq!((first(&app, "employee", "anna gent").await, first(&app, "employee", "нов 0912").await), (None, Some(json!(3))));
}

#[tokio::test]
async fn refused_writes_leave_nothing_to_find() {
    let app = App::new();
    app.agent().post("/api/v1/ticket", json!({"subject": "небывалое", "content": "c", "handler_id": 999})).await.is(422);
    app.agent().put("/api/v1/ticket/1", json!({"subject": "небывалое", "handler_id": 999})).await.is(422);
    assert_eq!(first(&app, "ticket", "небывал").await, None);
}
