//! Words in titles, and in all texts.

use serde_json::json;

use super::{path, places, task};
use crate::harness::app::App;

async fn found(app: &App, query: &str) -> Vec<String> {
    let list = app.agent().get(&format!("/api/tasks?{query}")).await.is(200);
    let mut titles: Vec<_> = list["items"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect();
    titles.sort_unstable();
    titles
}

#[tokio::test]
async fn search_looks_in_the_title_and_q_in_every_text() {
    let app = App::new();
    task(&app, json!({"title": "Ёлка 100%", "description": "описание", "call_transcription": "расшифровка", "call_summary": "итог", "call_response_summary": "ответ"})).await;
    task(&app, json!({"title": "Straße_1", "caller_name": "имя", "call_id": "номер"})).await;
    task(&app, json!({"title": "退款申請"})).await;
    let cases: [(&str, &[&str]); 21] = [
        ("search=ёлка", &["Ёлка 100%"]),
        ("search=ЕЛКА", &["Ёлка 100%"]),
        ("search=лк", &["Ёлка 100%"]),
        ("search=100+ёлка", &["Ёлка 100%"]),
        ("search=ёлка+нет", &[]),
        ("search=%25", &["Ёлка 100%"]),
        ("search=_", &["Straße_1"]),
        ("search=STRASSE", &["Straße_1"]),
        ("search=款", &["退款申請"]),
        ("search=%E3%80%80退款%E3%80%80申", &["退款申請"]),
        ("search=описание", &[]),
        ("search=итог", &[]),
        ("q=описание", &["Ёлка 100%"]),
        ("q=РАСШИФРОВКА", &["Ёлка 100%"]),
        ("q=итог+ответ", &["Ёлка 100%"]),
        ("q=елка", &["Ёлка 100%"]),
        ("q=имя", &[]),
        ("q=номер", &[]),
        ("q=%25&search=_", &[]),
        ("search=второй", &["Второй звонок"]),
        ("search=x", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&app, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn long_searches_are_refused_or_answered() {
    let app = App::new();
    for query in [format!("search={}", "x".repeat(501)), format!("q={}", "x+".repeat(300)), format!("search={}", "x".repeat(60_000))] {
        let name = query.split('=').next().unwrap();
        assert_eq!(places(app.agent().get(&format!("/api/tasks?{query}")).await), [format!("query.{name}")]);
    }
    assert!(found(&app, &format!("search={}", "x+".repeat(250))).await.is_empty());
}

#[tokio::test]
async fn a_status_change_keeps_a_task_findable() {
    let app = App::new();
    let made = task(&app, json!({"title": "findme", "description": "inner"})).await;
    app.agent().put(&format!("{}/status", path(&made)), json!({"status": "in_progress"})).await.is(200);
    assert_eq!(found(&app, "search=findme&status=in_progress").await, ["findme"]);
    assert_eq!(found(&app, "q=inner").await, ["findme"]);
}
