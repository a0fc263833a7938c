//! The order a client asks for.

use serde_json::json;

use super::{fields, ids, path, ticket};
use crate::harness::app::App;

/// Beside 1 (subject 退款申請, status 1, priority 2, due on 5 March) and 2 (Connection lost, status and priority 0) of the world.
const TICKETS: &str = r#"{"record":"ticket","id":10,"subject":"b","content":"c","status":3,"priority":2,"due_at":"2026-03-05 18:00:00","created_at":"2026-03-01 09:00:00","updated_at":"2026-03-04 09:00:00"}
{"record":"ticket","id":11,"subject":"B","content":"c","status":1,"priority":3,"due_at":"2026-03-04 18:00:00","created_at":"2026-02-01 09:00:00","updated_at":"2026-03-03 09:00:00"}
{"record":"ticket","id":12,"subject":"ä","content":"c","status":3,"created_at":"2026-02-01 09:00:00","updated_at":"2026-03-04 09:00:00"}
{"record":"ticket","id":13,"subject":"𝒳","content":"c","created_at":"2026-04-01 09:00:00","updated_at":"2026-04-01 09:00:00"}
{"record":"ticket","id":14,"subject":"ﬁ","content":"c","created_at":"2026-03-01 10:00:00","updated_at":"2026-04-01 09:00:00"}"#;

async fn app() -> App {
    let app = App::new();
    app.seed(TICKETS).await;
    app
}

#[tokio::test]
async fn by_any_key_nulls_least_and_ties_by_id() {
    let app = app().await;
    let cases: [(&str, [i64; 7]); 12] = [
        ("id", [1, 2, 10, 11, 12, 13, 14]),
        ("-id", [14, 13, 12, 11, 10, 2, 1]),
        ("subject", [11, 2, 10, 12, 1, 14, 13]),
        ("-subject", [13, 14, 1, 12, 10, 2, 11]),
        ("due_at", [2, 12, 13, 14, 11, 1, 10]),
        ("-due_at", [10, 1, 11, 14, 13, 12, 2]),
        ("status", [2, 13, 14, 1, 11, 10, 12]),
        ("-priority", [11, 10, 1, 14, 13, 12, 2]),
        ("created_at", [11, 12, 1, 10, 2, 14, 13]),
        ("-status,due_at", [12, 10, 11, 1, 2, 13, 14]),
        ("-status,-priority,due_at,id", [10, 12, 11, 1, 2, 13, 14]),
        (" status , -id ", [14, 13, 2, 11, 1, 12, 10]),
    ];
    for (sort, expected) in cases {
        let sort = sort.replace(' ', "%20");
        assert_eq!(ids(&app, &format!("/api/v1/ticket?sort={sort}")).await, expected, "{sort}");
    }
}

#[tokio::test]
async fn within_a_filter_and_over_pages() {
    let app = app().await;
    assert_eq!(ids(&app, "/api/v1/ticket?statuses=1,3&sort=due_at").await, [12, 11, 1, 10]);
    let mut pages = vec![];
    for page in 1..=4 {
        let list = app.agent().get(&format!("/api/v1/ticket?sort=-status&per_page=2&page={page}")).await.is(200);
        assert_eq!(list["meta"]["total"], 7);
        pages.extend(list["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()));
    }
    assert_eq!(pages, [12, 10, 11, 1, 14, 13, 2]);
}

#[tokio::test]
async fn what_was_changed_last_comes_first() {
    let app = App::new();
    let made = ticket(&app, json!({})).await;
    app.world.advance(time::Duration::seconds(1));
    app.agent().put("/api/v1/ticket/2", json!({"subject": "changed"})).await.is(200);
    app.world.advance(time::Duration::seconds(1));
    app.agent().put(&path(&made), json!({"subject": "changed"})).await.is(200);
    assert_eq!(ids(&app, "/api/v1/ticket?sort=-updated_at,id").await[..2], [made["id"].as_i64().unwrap(), 2]);
}

#[tokio::test]
async fn keys_that_are_none() {
    let app = App::new();
    for wrong in
        ["content", "search", "organization_id", "-", "id,,status", "ID", "status,-status", "id,status,priority,due_at,subject", "1"]
    {
        assert_eq!(fields(app.agent().get(&format!("/api/v1/ticket?sort={wrong}")).await), ["sort"], "{wrong}");
    }
    for twice in ["sort=id&sort=status", "sort[]=id"] {
        assert_eq!(fields(app.agent().get(&format!("/api/v1/ticket?{twice}")).await), ["sort"], "{twice}");
    }
    assert_eq!(ids(&app, "/api/v1/ticket?sort=").await, [2, 1]);
}
