//! What is known of a customer, taken out of everything.

mod meanwhile;

use std::collections::BTreeSet;

use frontdesk_core::access::Scope;
use serde_json::{Value, json};

use crate::appointments::make;
use crate::harness::app::{App, Caller};
use crate::harness::{number, rows};

const T1: &str = "202603010000001";

/// What is known of the customer, in each form in which the store has it.
const KNOWN: [&str; 14] = [
    "zacharias",
    "квельман",
    "quell",
    "zq-777-1",
    "zq-old-9",
    "idzq31",
    "1961-07-13",
    "+49 171 5550131",
    "491715550131",
    "5550199",
    "1715550132",
    "mobil privat",
    "zq@",
    "hofrat",
];

/// Whatever in the store still says one of these, also where it is kept as bytes.
async fn left(app: &App, words: &[&str]) -> Vec<String> {
    let hex = |word: &str| word.bytes().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let all = rows(&app.db().await).await.into_iter().map(|row| row.to_lowercase());
    let says = |row: &String, word: &str| row.contains(word) || (row.starts_with("kept_answer") && kept(row).contains(&hex(word)));
    all.filter(|row| words.iter().any(|word| says(row, word))).collect()
}

/// The row without what separates the halves of its bytes.
fn kept(row: &str) -> String {
    row.replace('\\', "")
}

/// A customer, with everything that may be known of one.
struct Customer {
    id: Value,
    path: String,
    publisher: String,
    tasks: [String; 3],
}

/// Makes the customer, under an idempotency key for each write.
async fn customer(app: &App) -> Customer {
    let agent = app.agent();
    let keyed = |key: &str| agent.with("idempotency-key", key);
    let tasks = [make(&agent, "Z-1", &json!({})).await, make(&agent, "Z-2", &json!({})).await, make(&agent, "Z-3", &json!({})).await];
    let publisher = |name: &str, number: &str| {
        json!({"customer_title": "Hofrat", "customer_name": name, "customer_id_num": number, "customer_country_code": "49",
            "customer_phone": "1715550132", "customer_email": "zq@quell.example"})
    };
    let add = |task: &str, all: Value| json!({"task_num": task, "customer": all});
    // Before there is a contact to link it to.
    let unlinked = add(&tasks[0], json!([publisher("Z. Quell", "ZQ-777-1")]));
    agent.post("/api/task/customer/do_add", unlinked).await.is(200);
    let new = json!({"first_name": "Zacharias", "membership_no": "ZQ-OLD-9", "identity_no": "IDZQ31", "birth_at": "1961-07-13", "gender": 1,
        "sponsor_id": 1});
    let id = keyed("k-1").post("/api/v1/contact", new).await.is(201)["data"]["id"].clone();
    let path = format!("/api/v1/contact/{id}");
    let old = add(&tasks[1], json!([publisher("Quell", "ZQ-OLD-9"), {"customer_name": "Ada", "customer_id_num": "N-1"}]));
    agent.post("/api/task/customer/do_add", old).await.is(200);
    keyed("k-2").put(&path, json!({"membership_no": "ZQ-777-1", "last_name": "Квельман"})).await.is(200);
    let linked = add(
        &tasks[2],
        json!([publisher("Quell", "ZQ-777-1"), {"customer_name": "Bob", "customer_id_num": "B-1", "customer_phone": "0911"}]),
    );
    agent.post("/api/task/customer/do_add", linked.clone()).await.is(200);
    keyed("k-3").post("/api/task/customer/do_add", linked).await.is(200);
    let leave = json!({"task_num": tasks[1], "customer": [{"customer_id_num": "ZQ-OLD-9"}]});
    agent.post("/api/task/customer/do_del", leave).await.is(200);
    let phone = json!({"contact_id": id, "type": 2, "number": "+49 171 5550131", "extension": "4242", "description": "Mobil privat"});
    let phone = keyed("k-4").post("/api/v1/phone-number", phone).await.is(201)["data"]["id"].clone();
    agent.put(&format!("/api/v1/phone-number/{phone}"), json!({"type": 4})).await.is(200);
    let gone = agent.post("/api/v1/phone-number", json!({"contact_id": id, "type": 0, "number": "5550199"})).await.is(201);
    agent.delete(&format!("/api/v1/phone-number/{}", gone["data"]["id"])).await.is(204);
    let ticket = json!({"subject": "s", "content": "c", "contact_id": id});
    keyed("k-5").post("/api/v1/ticket", ticket).await.is(201);
    Customer { id, path, publisher: sign_in(app).await, tasks }
}

/// Signs the customer in as a publisher.
async fn sign_in(app: &App) -> String {
    let body = json!({"user_id": "ZQ-777-1", "name": "Zacharias Quell", "role": "PUBLISHER"});
    let code = app.license().post("/api/auth/code", body).await.is(200)["info"]["code"].clone();
    let body = json!({"grant_type": "authorization_code", "client_id": "arctos-client", "code": code});
    let token = app.anonymous().post("/api/auth/login", body).await.is(200);
    token["info"]["access_token"].as_str().unwrap_or_else(|| panic!("{token}")).to_owned()
}

async fn anonymize(caller: &Caller<'_>, customer: &Customer) -> Value {
    caller.post(&format!("{}/anonymize", customer.path), json!(null)).await.is(200)["data"].clone()
}

/// What `frontdesk verify` finds.
async fn findings(app: &App) -> Vec<String> {
    let report = app.db().await.verify(|_, _| {}).await.unwrap();
    report.findings.iter().map(|finding| format!("{finding:?}")).collect()
}

#[tokio::test]
async fn nothing_is_left() {
    let app = App::new();
    let customer = customer(&app).await;
    let there = left(&app, &KNOWN).await;
    let tables: BTreeSet<_> = there.iter().filter_map(|row| row.split(' ').next()).collect();
    let expected = ["appointment_publisher", "contact", "external_user", "history", "kept_answer", "phone_number"];
    assert_eq!(tables, BTreeSet::from(expected));
    for word in KNOWN {
        assert!(!left(&app, &[word]).await.is_empty(), "{word} was never there");
    }
    let before = app.agent().get(&customer.path).await.is(200)["data"].clone();
    let after = anonymize(&app.supervisor(), &customer).await;
    let expected = json!({
        "id": customer.id, "name": "anonymized", "first_name": "anonymized", "last_name": null, "membership_no": null,
        "identity_no": null, "gender": null, "birth_at": null, "profile_id": before["profile_id"],
        "profile": {"id": before["profile_id"], "phones": []},
    });
    assert_eq!(after, expected);
    app.agent().get(&customer.path).await.equals(200, &json!({"data": expected}));
    let left = left(&app, &KNOWN).await;
    assert!(left.is_empty(), "{left:#?}");
    assert_eq!(findings(&app).await, [""; 0]);
}

#[tokio::test]
async fn again_it_changes_nothing() {
    let app = App::new();
    let customer = customer(&app).await;
    let first = anonymize(&app.supervisor(), &customer).await;
    let db = app.db().await;
    let before = rows(&db).await;
    assert_eq!(anonymize(&app.admin(), &customer).await, first);
    let changed: Vec<_> = rows(&db).await.symmetric_difference(&before).cloned().collect();
    assert!(changed.is_empty(), "{changed:#?}");
}

#[tokio::test]
async fn history_still_says_who_did_what_when() {
    let app = App::new();
    let customer = customer(&app).await;
    let told = async || app.agent().get(&format!("{}/history", customer.path)).await.is(200)["data"].as_array().unwrap().clone();
    let before = told().await;
    app.supervisor().with("x-request-id", "erasure").post(&format!("{}/anonymize", customer.path), json!(null)).await.is(200);
    let after = told().await;
    assert_eq!(after.len(), before.len() + 1);
    let erased = |entry: &Value| {
        let all = entry["changes"].as_array().unwrap().iter().filter(|change| change["erased"] == true);
        all.map(|change| change["field"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let everything = ["first_name", "last_name", "membership_no", "identity_no", "gender", "birth_at"];
    assert_eq!((&after[0]["action"], &after[0]["request_id"], &after[0]["version"]), (&json!("anonymized"), &json!("erasure"), &json!(3)));
    assert_eq!(erased(&after[0]), everything);
    assert_eq!(erased(&after[1]), ["last_name", "membership_no"]);
    assert_eq!(erased(&after[2]), ["first_name", "membership_no", "identity_no", "gender", "birth_at"]);
    for (entry, before) in after[1..].iter().zip(&before) {
        for field in ["version", "action", "at", "actor", "request_id"] {
            assert_eq!(entry[field], before[field]);
        }
        for (change, before) in entry["changes"].as_array().unwrap().iter().zip(before["changes"].as_array().unwrap()) {
            if change["erased"] == true {
                assert_eq!(*change, json!({"field": before["field"], "from": null, "to": null, "erased": true}));
            } else {
                assert_eq!(change, before);
            }
        }
    }
}

#[tokio::test]
async fn appointments_lose_the_customer_and_nobody_else() {
    let app = App::new();
    let customer = customer(&app).await;
    let info = async |task: &String| app.agent().post("/api/task/get_info", json!({"task_num": task})).await.is(200)["info"].clone();
    let bob = info(&customer.tasks[2]).await["publishers"][1].clone();
    anonymize(&app.supervisor(), &customer).await;
    let nobody = |id_num: &Value, contact: &Value, entry: &Value| {
        json!({"customer_title": null, "customer_name": "anonymized", "customer_id_num": id_num, "customer_country_code": null,
            "customer_phone": null, "customer_email": null, "contact_id": contact, "publisher_id": entry, "notification": null})
    };
    for (task, contact, version) in [(&customer.tasks[0], &Value::Null, 3), (&customer.tasks[2], &customer.id, 3)] {
        let shown = info(task).await;
        let first = &shown["publishers"][0];
        assert_eq!(*first, nobody(&first["customer_id_num"], contact, &first["publisher_id"]));
        assert!(first["customer_id_num"].as_str().unwrap().starts_with("anonymized-"), "{first}");
        let last = app.agent().post("/api/task/get_history", json!({"task_num": task})).await.is(200)["info"]["items"][0].clone();
        assert_eq!((&last["action"], &last["version"]), (&json!("publisher_anonymized"), &json!(version)));
        assert_eq!(last["changes"], json!([{"field": "publishers", "from": null, "to": null, "erased": true}]));
    }
    assert_eq!(info(&customer.tasks[2]).await["publishers"][1], bob);
    // It has left the second long ago, which is therefore not changed.
    let shown = info(&customer.tasks[1]).await;
    assert_eq!((&shown["publishers"][0]["customer_name"], shown["publishers"].as_array().unwrap().len()), (&json!("Ada"), 1));
    // What the customer had signed in with shows nothing any more.
    let list = app.bearer(&customer.publisher).post("/api/task/get_list", json!({})).await.is(200);
    assert_eq!(list["info"]["total"], 0);
}

#[tokio::test]
async fn kept_answers_are_given_again_without_the_customer() {
    let app = App::new();
    let customer = customer(&app).await;
    anonymize(&app.supervisor(), &customer).await;
    let db = app.db().await;
    let tickets = number(&db.read(), "SELECT count(*) AS n FROM ticket").await;
    let body = json!({"subject": "s", "content": "c", "contact_id": customer.id});
    let again = app.agent().with("idempotency-key", "k-5").post("/api/v1/ticket", body).await;
    assert_eq!(again.header("idempotent-replay"), "true");
    let again = again.is(201);
    assert_eq!((&again["data"]["contact"]["name"], &again["data"]["subject"]), (&json!("anonymized"), &json!("s")));
    assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM ticket").await, tickets);
    let key = app.supervisor().with("idempotency-key", "k-9");
    let path = format!("{}/anonymize", customer.path);
    let first = key.post(&path, json!(null)).await.is(200);
    let again = key.post(&path, json!(null)).await;
    assert_eq!((again.header("idempotent-replay").to_owned(), again.is(200)), ("true".to_owned(), first));
}

#[tokio::test]
async fn others_keep_what_they_share() {
    let app = App::new();
    app.seed(
        r#"{"record":"contact","id":20,"first_name":"Zara","membership_no":"S-1","profile":{"id":70,"phones":[{"id":40,"type":0,"number":"7770001"}]}}
{"record":"contact","id":21,"first_name":"Yves","profile_id":70}"#,
    )
    .await;
    // The number was the first one's, and is the other's now.
    app.agent().put("/api/v1/contact/20", json!({"membership_no": null})).await.is(200);
    app.agent().put("/api/v1/contact/21", json!({"membership_no": "S-1"})).await.is(200);
    let customer = json!([{"customer_name": "Yves", "customer_id_num": "S-1"}]);
    app.agent().post("/api/task/customer/do_add", json!({"task_num": T1, "customer": customer})).await.is(200);
    let gone = app.supervisor().post("/api/v1/contact/20/anonymize", json!(null)).await.is(200)["data"].clone();
    assert_eq!((&gone["profile"]["phones"], gone["profile_id"] == 70), (&json!([]), false));
    let other = app.agent().get("/api/v1/contact/21").await.is(200)["data"].clone();
    assert_eq!((&other["name"], &other["profile"]["phones"][0]["number"]), (&json!("Yves"), &json!("7770001")));
    let shown = app.agent().post("/api/task/get_info", json!({"task_num": T1})).await.is(200);
    assert_eq!(shown["info"]["publishers"][1]["customer_name"], "Yves");
    assert!(left(&app, &["zara"]).await.is_empty());
    // A number that moved on to somebody else stays that one's.
    let phone = app.agent().post("/api/v1/phone-number", json!({"contact_id": 1, "type": 0, "number": "7770002"})).await.is(201);
    let path = format!("/api/v1/phone-number/{}", phone["data"]["id"]);
    app.agent().put(&path, json!({"contact_id": 2})).await.is(200);
    app.supervisor().post("/api/v1/contact/1/anonymize", json!(null)).await.is(200);
    assert_eq!(app.agent().get(&path).await.is(200)["data"]["number"], "7770002");
    assert_eq!(app.agent().get("/api/v1/phone-number?contact_id=1").await.is(200)["data"], json!([]));
    assert_eq!(findings(&app).await, [""; 0]);
}

#[tokio::test]
async fn a_stale_version_and_the_wrong_people_change_nothing() {
    let app = App::new();
    let customer = customer(&app).await;
    let stale = app.agent().get(&customer.path).await.header("etag").to_owned();
    app.agent().put(&customer.path, json!({"gender": 0})).await.is(200);
    let present = app.agent().get(&customer.path).await.header("etag").to_owned();
    let path = format!("{}/anonymize", customer.path);
    let db = app.db().await;
    let before = rows(&db).await;
    let refused = app.supervisor().with("if-match", &stale).post(&path, json!(null)).await;
    assert_eq!((refused.status, refused.header("etag")), (412, present.as_str()));
    app.agent().post(&path, json!(null)).await.is(403);
    app.publisher().post(&path, json!(null)).await.is(403);
    app.key(&[Scope::ContactsRead]).await.post(&path, json!(null)).await.is(403);
    app.stranger().post(&path, json!(null)).await.is(404);
    app.supervisor().post("/api/v1/contact/999/anonymize", json!(null)).await.is(404);
    let changed: Vec<_> = rows(&db).await.symmetric_difference(&before).filter(|row| !row.contains("service_key")).cloned().collect();
    assert!(changed.is_empty(), "{changed:#?}");
    app.key(&[Scope::ContactsWrite]).await.with("if-match", &present).post(&path, json!(null)).await.is(200);
}
