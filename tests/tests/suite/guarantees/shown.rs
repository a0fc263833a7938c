//! What is remembered of the directory is never older than what any server has written.

use serde_json::{Value, json};

use crate::harness::app::App;

const TICKET: &str = "/api/v1/ticket/1";
const EMPLOYEE: &str = "/api/v1/employee/3";

/// A record that others show: where it is changed, the field, and where it shows.
const SHOWN: [(&str, &str, &str, &str); 10] = [
    ("/api/v1/employee/3", "first_name", TICKET, "/handler/first_name"),
    ("/api/v1/sponsor/1", "name", TICKET, "/sponsor/name"),
    ("/api/v1/subcategory/1", "name", TICKET, "/sub_category/name"),
    ("/api/v1/category/1", "name", TICKET, "/category/name"),
    ("/api/v1/ticket-termination-code/1", "name", TICKET, "/termination_code/name"),
    ("/api/v1/extension/1", "description", EMPLOYEE, "/extension/description"),
    ("/api/v1/group/1", "description", EMPLOYEE, "/group/description"),
    ("/api/v1/cti-agent/1", "account", EMPLOYEE, "/cti_agent/account"),
    ("/api/v1/job-title/1", "description", EMPLOYEE, "/job_title/description"),
    ("/api/v1/department/1", "name", EMPLOYEE, "/department/name"),
];

async fn at(app: &App, path: &str, place: &str) -> Value {
    app.admin().get(path).await.is(200).pointer(place).cloned().unwrap_or_default()
}

#[tokio::test]
async fn what_another_server_changed_shows_in_the_next_answer() {
    let here = App::new();
    let there = here.beside();
    let around = json!({"extension_id": 1, "group_id": 1, "cti_agent_id": 1, "job_title_id": 1, "department_id": 1});
    here.admin().put(EMPLOYEE, around).await.is(200);
    for (record, field, shower, place) in SHOWN {
        for (round, (changes, shows)) in [(&there, &here), (&here, &there), (&here, &here)].into_iter().enumerate() {
            // Twice: the second answer comes from memory.
            let before = at(shows, shower, place).await;
            assert!(before.is_string(), "{shower} has no {place}");
            assert_eq!(at(shows, shower, place).await, before);
            let text = format!("{field} {round}");
            changes.admin().put(record, json!({field: text})).await.is(200);
            assert_eq!(at(shows, shower, place).await, text, "{record}, round {round}");
        }
    }
}

#[tokio::test]
async fn a_write_shows_what_it_wrote_itself() {
    let app = App::new();
    at(&app, EMPLOYEE, "/group").await;
    let changed = app.admin().put(EMPLOYEE, json!({"first_name": "Новая", "group_id": 1})).await.is(200);
    assert_eq!(changed["first_name"], "Новая");
    assert_eq!(changed["group"]["id"], 1);
    assert_eq!(at(&app, TICKET, "/handler/first_name").await, "Новая");
    // What a refused write had changed is nowhere.
    app.admin().put(EMPLOYEE, json!({"first_name": "Nie", "group_id": 99})).await.is(422);
    assert_eq!(at(&app, TICKET, "/handler/first_name").await, "Новая");
}
