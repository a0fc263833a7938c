//! Which tickets a list has.

use serde_json::json;

use super::{fields, ids};
use crate::harness::app::App;

/// Tickets that differ in everything a filter asks for, beside 1 and 2 of the world.
const TICKETS: &str = r#"{"record":"ticket","id":10,"subject":"a","content":"a","status":0,"handler_id":3,"creater_id":1,"sponsor_id":1,"termination_code_id":1,"contact_id":1}
{"record":"ticket","id":11,"subject":"b","content":"b","status":1,"handler_id":5,"creater_id":2,"sponsor_id":2,"termination_code_id":2,"contact_id":2}
{"record":"ticket","id":12,"subject":"c","content":"c","status":2,"handler_id":6,"creater_id":3,"termination_code_id":2}
{"record":"ticket","id":13,"subject":"d","content":"d","status":3}"#;

async fn app() -> App {
    let app = App::new();
    app.seed(TICKETS).await;
    app
}

/// A filter, two values, the tickets that meet either, and those that meet the first.
type Case<'a> = (&'a str, [i64; 2], &'a [i64], &'a [i64]);

#[tokio::test]
async fn arrays_in_every_form() {
    let app = app().await;
    let filters: [Case<'_>; 4] = [
        ("statuses", [0, 1], &[11, 10, 2, 1], &[10, 2]),
        ("termination_code_ids", [2, 1], &[12, 11, 10, 1], &[12, 11]),
        ("handler_ids", [3, 5], &[11, 10, 1], &[10, 1]),
        ("creater_ids", [1, 2], &[11, 10, 1], &[10, 1]),
    ];
    for (name, [a, b], both, first) in filters {
        let forms = [
            format!("{name}={a},{b}"),
            format!("{name}={a}%2C{b}"),
            format!("{name}={a},+{b}"),
            format!("{name}[]={a}&{name}[]={b}"),
            format!("{name}%5B%5D={a}&{name}%5B%5D={b}"),
            format!("{name}[0]={a}&{name}[1]={b}"),
            format!("{name}[7]={b}&{name}[3]={a}"),
            format!("{name}=[{a},{b}]"),
            format!("{name}=%5B{a}%2C%20{b}%5D"),
            format!("{name}=[\"{a}\",\"{b}\"]"),
            format!("{name}={a}&{name}={b}"),
            format!("{name}={a},{b},{a}"),
            format!("{name}={a},{b},"),
        ];
        for query in forms {
            assert_eq!(ids(&app, &format!("/api/v1/ticket?{query}")).await, both, "{query}");
        }
        for query in
            [format!("{name}={a}"), format!("{name}[]={a}"), format!("{name}[0]={a}"), format!("{name}=[{a}]"), format!("{name}={a},{a}")]
        {
            assert_eq!(ids(&app, &format!("/api/v1/ticket?{query}")).await, first, "{query}");
        }
        for query in [format!("{name}="), format!("{name}[]="), format!("{name}=[]")] {
            assert_eq!(ids(&app, &format!("/api/v1/ticket?{query}")).await, [13, 12, 11, 10, 2, 1], "{query}");
        }
        for query in [
            format!("{name}=x"),
            format!("{name}={a},x"),
            format!("{name}[]={a}&{name}[]=x"),
            format!("{name}={{}}"),
            format!("{name}=1.5"),
        ] {
            assert_eq!(fields(app.agent().get(&format!("/api/v1/ticket?{query}")).await), [name], "{query}");
        }
    }
}

#[tokio::test]
async fn filters_alone_and_together() {
    let app = app().await;
    let cases: [(&str, &[i64]); 17] = [
        ("", &[13, 12, 11, 10, 2, 1]),
        ("contact_id=1", &[10, 1]),
        ("contact_id=2", &[11]),
        ("contact_id=999", &[]),
        ("contact_id=1001", &[]),
        ("sponsor_id=1", &[10, 1]),
        ("sponsor_id=2", &[11]),
        ("statuses=2,3", &[13, 12]),
        ("statuses=0,1,2,3", &[13, 12, 11, 10, 2, 1]),
        ("handler_ids=1003", &[]),
        ("creater_ids=3&termination_code_ids=2", &[12]),
        ("statuses=0,1&handler_ids=3,5&creater_ids=2", &[11]),
        ("contact_id=1&statuses=1", &[1]),
        ("contact_id=1&sponsor_id=2", &[]),
        ("search=a&statuses=0", &[10]),
        ("search=a&statuses=1", &[]),
        (
            "search=&contact_id=&sponsor_id=&statuses=&due_at__start=&due_at__end=&created_at__start=&created_at__end=&page=&per_page=",
            &[13, 12, 11, 10, 2, 1],
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(ids(&app, &format!("/api/v1/ticket?{query}")).await, expected, "{query}");
    }
    let strange = app.stranger().get("/api/v1/ticket").await.is(200);
    assert_eq!(json!([strange["data"][0]["id"], strange["meta"]["total"]]), json!([1002, 2]));
}

#[tokio::test]
async fn what_is_not_understood_is_named() {
    let app = App::new();
    let wrong = "contact_id=x&statuses=4&due_at__start=x&due_at__end=2026-13-01&created_at__start=1555044694&created_at__end=x&sponsor_id=1.5\
        &termination_code_ids=x&handler_ids=x&creater_ids=x&page=0&per_page=0&status=1&due_at_start=2026-03-02";
    let every = [
        "contact_id",
        "created_at__end",
        "created_at__start",
        "creater_ids",
        "due_at__end",
        "due_at__start",
        "due_at_start",
        "handler_ids",
        "page",
        "per_page",
        "sponsor_id",
        "status",
        "statuses",
        "termination_code_ids",
    ];
    assert_eq!(fields(app.agent().get(&format!("/api/v1/ticket?{wrong}")).await), every);
    for query in ["contact_id=1&contact_id=2", "contact_id[]=1", "page=1&page=2", "contact_id=9223372036854775808", "contact_id=1e3"] {
        let name = query.split(['=', '[']).next().unwrap();
        assert_eq!(fields(app.agent().get(&format!("/api/v1/ticket?{query}")).await), [name], "{query}");
    }
    for path in ["/api/v1/sponsor?search=x", "/api/v1/category?category_id=1", "/api/v1/subcategory?nonsense", "/api/v1/ticket/1?page=1"] {
        let name = path.split(['?', '=']).nth(1).unwrap();
        assert_eq!(fields(app.agent().get(path).await), [name], "{path}");
    }
    assert_eq!(fields(app.agent().post("/api/v1/ticket?dry_run=1", super::with(&json!({}))).await), ["dry_run"]);
    assert_eq!(fields(app.agent().put("/api/v1/ticket/1?dry_run=1", json!({})).await), ["dry_run"]);
}

#[tokio::test]
async fn thousands_of_values_are_no_fault() {
    let app = app().await;
    let many = (1000..7000).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(ids(&app, &format!("/api/v1/ticket?handler_ids={many},3&creater_ids=1,{many}")).await, [10, 1]);
}
