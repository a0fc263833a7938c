//! Totals that are not kept are counted to 10,000.

use serde_json::{Value, json};

use super::seed::fill;
use crate::harness::app::App;

/// What a list of the ticketing surface says of itself, and whether there is more.
async fn said(app: &App, query: &str) -> (Value, String) {
    let answer = app.admin().get(&format!("/api/v1/{query}")).await;
    let capped = answer.header("x-total-capped").to_owned();
    let meta = &answer.is(200)["meta"];
    (json!([meta["total"], meta["last_page"], meta["from"], meta["to"]]), capped)
}

const SINCE: &str = "created_at__start=2020-01-01";

#[tokio::test]
async fn ten_thousand_rows_are_counted_and_no_more() {
    let app = App::new();
    let whole = |rows: i64, from: i64| json!([rows, (rows + 99) / 100, from, from + 99]);
    let more = || "true".to_owned();
    let db = app.db().await;
    fill(&db, 9_999).await;
    // Two more are there from the beginning.
    let all = crate::harness::number(&db.read(), "SELECT COUNT(*) AS n FROM ticket WHERE organization_id = 1").await;
    assert_eq!(all, 10_001);
    let rows = "per_page=100";
    assert_eq!(said(&app, &format!("ticket?{rows}&{SINCE}")).await, (whole(10_000, 1), more()));
    assert_eq!(said(&app, &format!("ticket?{rows}&{SINCE}&cursor=")).await, (whole(10_000, 1), more()));
    for exact in [format!("ticket?{rows}&{SINCE}&total=exact"), format!("ticket?{rows}"), format!("ticket?{rows}&total=exact")] {
        assert_eq!(said(&app, &exact).await, (whole(10_001, 1), String::new()), "{exact}");
    }
    // The page after the last that is told of is there all the same.
    let beyond = said(&app, &format!("ticket?{rows}&page=101&{SINCE}")).await;
    assert_eq!(beyond, (json!([10_000, 100, 10_001, 10_001]), more()));
    let beyond = said(&app, &format!("ticket?{rows}&page=101&{SINCE}&total=exact")).await;
    assert_eq!(beyond, (json!([10_001, 101, 10_001, 10_001]), String::new()));
}

#[tokio::test]
async fn every_surface_says_so() {
    let app = App::new();
    fill(&app.db().await, 10_001).await;
    let tasks = async |query: &str| {
        let answer = app.admin().get(&format!("/api/tasks?include_cancelled=true&per_page=1&{query}")).await;
        (answer.header("x-total-capped").to_owned(), answer.body["total"].as_i64().unwrap(), answer.body["pages"].as_i64().unwrap())
    };
    let (header, total, pages) = tasks(SINCE).await;
    assert_eq!((header.as_str(), total, pages), ("true", 10_000, 10_000));
    let (header, total, _) = tasks(&format!("{SINCE}&total=exact")).await;
    assert!(header.is_empty() && total > 10_000);
    let (header, total, _) = tasks("").await;
    assert!(header.is_empty() && total > 10_000);
    let appointments = async |body: Value| {
        let answer = app.admin().post("/api/task/get_list", body).await;
        (answer.header("x-total-capped").to_owned(), answer.body["info"]["total"].as_i64().unwrap())
    };
    assert_eq!(appointments(json!({"task_time__start": "2020-01-01"})).await, ("true".into(), 10_000));
    assert_eq!(appointments(json!({"task_time__start": "2020-01-01", "total": "exact"})).await.0, "");
    assert_eq!(appointments(json!({"status": "finished"})).await.0, "");
    assert_eq!(said(&app, "phone-number?per_page=1").await.1, "true");
}

#[tokio::test]
async fn it_is_exact_or_nothing() {
    let app = App::new();
    for path in ["/api/v1/ticket", "/api/v1/sponsor", "/api/v1/ticket/1/history", "/api/v1/ticket/1/related", "/api/tasks"] {
        app.admin().get(&format!("{path}?total=exact")).await.is(200);
        app.admin().get(&format!("{path}?total=")).await.is(200);
        assert_eq!(app.admin().get(&format!("{path}?total=all")).await.offending(), ["total"], "{path}");
    }
    let refused = app.admin().post("/api/task/get_list", json!({"total": "all"})).await.is(200);
    assert_eq!(refused, json!({"status": 0, "message": "total must be one of exact"}));
}
