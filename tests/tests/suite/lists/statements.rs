//! A list takes one statement for each kind of record it shows, however long its pages are.

use sea_orm::DbBackend;
use serde_json::{Value, json};

use super::seed::fill;
use crate::harness::app::App;
use crate::harness::leaks::statements;
use crate::harness::sql;

/// Each list with the most statements it may take, the caller's token included: one for its rows, one for the total, one for each
/// kind of record that is nested in them.
const LISTS: [(&str, usize); 19] = [
    ("/api/v1/ticket?", 14),
    ("/api/v1/ticket?statuses=1,3&", 14),
    ("/api/v1/ticket?created_at__start=2020-01-01&", 14),
    ("/api/v1/interact-collection?", 10),
    ("/api/v1/contact?", 5),
    ("/api/v1/phone-number?", 4),
    ("/api/v1/employee?", 10),
    ("/api/v1/group?", 4),
    ("/api/v1/job-title?", 4),
    ("/api/v1/department?", 4),
    ("/api/v1/extension?", 4),
    ("/api/v1/cti-agent?", 5),
    ("/api/v1/sponsor?", 4),
    ("/api/v1/category?", 5),
    ("/api/v1/subcategory?", 5),
    ("/api/v1/ticket-termination-code?", 4),
    ("/api/v1/license?", 4),
    ("/api/v1/service-key?", 4),
    ("/api/tasks?", 5),
];

async fn taken(app: &App, id: &str, path: &str, body: &Value) -> Vec<String> {
    let caller = app.admin().with("x-request-id", id);
    caller.json(if body.is_null() { "GET" } else { "POST" }, path, body).await.is(200);
    let taken = statements(id);
    assert!(!taken.is_empty(), "no statement of {path} was seen");
    taken
}

#[tokio::test]
async fn none_for_each_row() {
    let app = App::new();
    fill(&app.db().await, 300).await;
    let mut asked: Vec<_> = vec![];
    for (path, most) in LISTS {
        for page in ["page=1", "page=2", "cursor="] {
            asked.push((format!("{path}{page}&per_page=ROWS"), Value::Null, most));
        }
    }
    for page in [json!({"page": 1}), json!({"page": 2}), json!({"cursor": ""}), json!({"emp_id": "E20007"})] {
        let mut body = json!({"per_page": "ROWS"});
        body.as_object_mut().unwrap().extend(page.as_object().unwrap().clone());
        asked.push(("/api/task/get_list".into(), body, 9));
    }
    for (place, (path, body, most)) in asked.iter().enumerate() {
        let mut counts = vec![];
        for rows in ["2", "100"] {
            let (path, body) = (path.replace("ROWS", rows), body.to_string().replace("\"ROWS\"", rows));
            let taken = taken(&app, &format!("sql-rows-{rows}-{place}"), &path, &serde_json::from_str(&body).unwrap()).await;
            assert!(taken.len() <= *most, "{path} {body} takes {}: {taken:#?}", taken.len());
            counts.push(taken.len());
        }
        // Fewer rows may name nothing of a kind; more never take more for each.
        assert!(counts[1] <= counts[0] + 3, "{path} {body} takes {counts:?}");
    }
}

#[tokio::test]
async fn a_ticket_takes_few() {
    let app = App::new();
    let body = json!({"subject": "s", "content": "c", "contact_id": 1, "handler_id": 3, "sponsor_id": 1, "sub_category_id": 1});
    let path = format!("/api/v1/ticket/{}", app.admin().post("/api/v1/ticket", body.clone()).await.is(201)["data"]["id"]);
    app.admin().get(&path).await.is(200);
    app.admin().with("x-request-id", "sql-ticket-get").get(&path).await.is(200);
    app.admin().with("x-request-id", "sql-ticket-post").post("/api/v1/ticket", body).await.is(201);
    // Its row, the contact, and whether what is remembered of the directory still holds; a new one's row, and all that is written beside it.
    let [of_get, of_post] = if app.db().await.backend() == DbBackend::Postgres { [2, 3] } else { [3, 5] };
    for (id, most) in [("sql-ticket-get", of_get), ("sql-ticket-post", of_post)] {
        let taken = statements(id);
        assert_eq!(taken.len(), most, "{id}: {taken:#?}");
    }
}

#[tokio::test]
async fn a_write_asks_no_more_for_what_one_before_it_has_read() {
    let app = App::new();
    let ticket = json!({"subject": "Again", "content": "and again", "handler_id": 3, "sponsor_id": 1, "sub_category_id": 1});
    let mut asked = vec![];
    for id in ["sql-write-first", "sql-write-second"] {
        let made = app.admin().with("x-request-id", id).post("/api/v1/ticket", ticket.clone()).await.is(201);
        assert_eq!(made["data"]["handler"]["id"], 3);
        let names = |sql: &String| ["employee", "sponsor", "subcategory"].iter().any(|table| sql.contains(&format!("FROM \"{table}\"")));
        asked.push(statements(id).iter().filter(|sql| names(sql)).count());
    }
    assert!(asked[0] >= 3 && asked[1] == 0, "{asked:?}");
    // What is remembered is no older than the next change.
    app.admin().put("/api/v1/sponsor/1", json!({"name": "Changed since"})).await.is(200);
    let made = app.admin().post("/api/v1/ticket", ticket.clone()).await.is(201);
    assert_eq!(made["data"]["sponsor"]["name"], "Changed since");
    // Nor than that of another process.
    let db = app.db().await;
    sql(&db, "UPDATE sponsor SET name = 'Changed elsewhere' WHERE id = 1").await;
    sql(&db, "UPDATE record_count SET value = value + 1 WHERE organization_id = 1 AND kind = 'directory'").await;
    let made = app.admin().post("/api/v1/ticket", ticket).await.is(201);
    assert_eq!(made["data"]["sponsor"]["name"], "Changed elsewhere");
}
