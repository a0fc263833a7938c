//! Seed 003: the store that its samples show, and its sample requests.

use frontdesk_core::world::World;
use frontdesk_directory::employee::Employees;
use frontdesk_store::Db;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use super::{compact, keys};
use crate::harness::app::{App, Caller};
use crate::harness::database::Template;
use crate::harness::world::{PASSWORD, import};
use crate::harness::{NOW, system};

/// The records that the samples of the lists show.
static LISTS: Template = Template::new(|db| Box::pin(furnish(db, include_str!("../../../fixtures/seed003.ndjson"))));

/// The records that the samples of a single ticket name.
static SINGLE: Template = Template::new(|db| Box::pin(furnish(db, RECORDS)));

const RECORDS: &str = r#"{"record":"organization","id":1,"slug":"page","name":"Page","time_zone":"Asia/Taipei","language":"zh-Hant"}
{"record":"employee","id":1,"employee_no":"admin","first_name":"Admin","role":"admin"}
{"record":"sponsor","id":1,"name":"default","is_immortal":true}
{"record":"contact","id":1,"first_name":"艾","last_name":"魁爾","identity_no":"A123456789","gender":0,"birth_at":"1987-10-10","profile_id":3,"sponsor_id":1}
{"record":"category","id":1,"name":"理賠相關"}
{"record":"subcategory","id":1,"name":"時效","category_id":1}
{"record":"termination_code","id":5,"name":"確認可否處理","status":0}"#;

const CREATED_AT: OffsetDateTime = datetime!(2019-04-16 14:22:13 +8);
const UPDATED_AT: OffsetDateTime = datetime!(2019-04-17 12:39:53 +8);

async fn furnish(db: Db, records: &str) {
    frontdesk_migration::migrate(db.schema()).await.unwrap();
    let report = import(&db, &World::fixed(NOW), &compact(records)).await;
    assert!(report.bad.is_empty(), "{:#?}", report.bad);
    Employees::new(db).set_password(&system(1), "admin", PASSWORD.into()).await.unwrap();
}

async fn sign_in(app: &App) -> Caller<'_> {
    let session = app.anonymous().post("/api/v1/auth", json!({"name": "admin", "password": PASSWORD, "ttl": 1440})).await.is(200);
    app.bearer(session["access_token"].as_str().unwrap())
}

#[tokio::test]
async fn the_lists_are_those_of_the_page() {
    let app = App::start(&LISTS);
    let admin = sign_in(&app).await;
    let samples = [
        ("/api/v1/ticket?per_page=2", include_str!("../../../fixtures/seed003/ticket.json")),
        ("/api/v1/employee?per_page=3", include_str!("../../../fixtures/seed003/employee.json")),
        ("/api/v1/sponsor", include_str!("../../../fixtures/seed003/sponsor.json")),
        ("/api/v1/ticket-termination-code", include_str!("../../../fixtures/seed003/ticket-termination-code.json")),
        ("/api/v1/category", include_str!("../../../fixtures/seed003/category.json")),
        ("/api/v1/subcategory", include_str!("../../../fixtures/seed003/subcategory.json")),
    ];
    for (path, sample) in samples {
        let sample: Value = serde_json::from_str(sample).unwrap();
        admin.get(path).await.equals(200, &sample);
        let literal = admin.send("GET", path, "application/json", vec![]).await;
        assert_eq!(literal.text, sample.to_string(), "{path}");
    }
}

#[tokio::test]
async fn the_sample_query_of_the_list() {
    let app = App::start(&LISTS);
    let list = sign_in(&app).await.send("GET", "/api/v1/ticket?per_page=15&page=1", "application/json", vec![]).await.is(200);
    let meta = json!({"current_page": 1, "from": 1, "last_page": 2, "per_page": "15", "to": 15, "total": 16});
    assert_eq!(list["meta"].to_string(), meta.to_string());
    let sample: Value = serde_json::from_str(include_str!("../../../fixtures/seed003/ticket.json")).unwrap();
    let tickets = list["data"].as_array().unwrap();
    assert_eq!(tickets.len(), 15);
    for ticket in tickets {
        assert_eq!(keys(ticket), keys(&sample["data"][0]));
    }
}

#[tokio::test]
async fn a_ticket_from_its_creation_to_its_end() {
    let app = App::start(&SINGLE);
    app.world.advance(CREATED_AT - NOW);
    let admin = sign_in(&app).await;
    let body = r#"{"subject":"標題","content":"內容","status":2,"contact_id":1,"sub_category_id":1,"termination_code":5}"#;
    let created = admin.send("POST", "/api/v1/ticket", "application/json", body.into()).await;
    // The page's sample shows a change after the creation.
    let mut sample: Value = serde_json::from_str(include_str!("../../../fixtures/seed003/ticket-created.json")).unwrap();
    sample["data"]["updated_at"] = json!("2019-04-16 14:22:13");
    created.equals(201, &sample);
    admin.send("GET", "/api/v1/ticket/1", "application/json", vec![]).await.equals(200, &sample["data"]);

    app.world.advance(UPDATED_AT - CREATED_AT);
    let admin = sign_in(&app).await;
    let updated = admin.send("PUT", "/api/v1/ticket/1", "application/json", r#"{"subject":"修改後的標題"}"#.into()).await;
    sample["data"]["subject"] = json!("修改後的標題");
    sample["data"]["updated_at"] = json!("2019-04-17 12:39:53");
    updated.equals(200, &sample["data"]);
    admin.get("/api/v1/ticket/1").await.equals(200, &sample["data"]);

    let deleted = admin.delete("/api/v1/ticket/1").await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    admin.get("/api/v1/ticket/1").await.equals(404, &json!({"message": "Not Found"}));
}
