//! `search`: every term somewhere in the subject or the content.

use serde_json::{Value, json};

use super::{fields, ids, path, ticket};
use crate::harness::app::App;

/// A ticket a line: its id, subject and content.
const TICKETS: &str = r#"{"record":"ticket","id":30,"subject":"Hauptstraße 5","content":"Der Schlüssel fehlt"}
{"record":"ticket","id":31,"subject":"Ёжик в тумане","content":"Не могу дозвониться"}
{"record":"ticket","id":32,"subject":"無法通話","content":"客戶來電,無法連線"}
{"record":"ticket","id":33,"subject":"Скидка 50%","content":"a_b"}
{"record":"ticket","id":34,"subject":"５０ ｐｅｒｃｅｎｔ ﾃｽﾄ","content":"axb 500"}
{"record":"ticket","id":35,"subject":"back\\slash 'quote' \"double\"","content":"line one\nline two"}
{"record":"ticket","id":36,"subject":"ΟΔΥΣΣΕΥΣ","content":"ﬁn"}
{"record":"ticket","id":37,"subject":"split","content":"ter"}"#;

#[tokio::test]
async fn found_in_any_script() {
    let app = App::new();
    app.seed(TICKETS).await;
    let cases: [(&str, &[i64]); 44] = [
        ("Hauptstraße", &[30]),
        ("HAUPTSTRASSE", &[30]),
        ("hauptstrasse", &[30]),
        ("ptstr", &[30]),
        ("schlüssel", &[30]),
        ("SCHLÜSSEL", &[30]),
        ("schlu\u{308}ssel", &[30]),
        ("5 haupt", &[30]),
        ("haupt fehlt", &[30]),
        ("haupt нет", &[]),
        ("ёжик", &[31]),
        ("ежик", &[31]),
        ("ЕЖИК", &[31]),
        ("ЁЖИК дозвон", &[31]),
        ("дозвониться ёжик", &[31]),
        ("話", &[32]),
        ("無", &[32]),
        ("無法 來電", &[32]),
        ("法通", &[32]),
        ("無法\u{3000}連線", &[32]),
        ("電無", &[]),
        ("%", &[33]),
        ("50%", &[33]),
        ("%50", &[]),
        ("_", &[33]),
        ("a_b", &[33]),
        ("a%b", &[]),
        ("axb", &[34]),
        ("50 percent", &[34]),
        ("ｐｅｒ", &[34]),
        ("テスト", &[34]),
        ("50", &[34, 33]),
        ("\\", &[35]),
        ("back\\slash", &[35]),
        ("'", &[35]),
        ("'quote' \"double\"", &[35]),
        ("one\nline", &[35]),
        ("ὀδυσσεύς", &[]),
        ("οδυσσευς", &[36]),
        ("fin", &[36]),
        ("splitter", &[]),
        ("split ter", &[37]),
        ("[a-z]", &[]),
        ("nothing of this", &[]),
    ];
    for (search, expected) in cases {
        assert_eq!(ids(&app, &format!("/api/v1/ticket?search={}", encoded(search))).await, expected, "{search}");
    }
    assert_eq!(ids(&app, "/api/v1/ticket?search=%20%20").await.len(), 10);
}

/// A text as a query parameter may hold it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[tokio::test]
async fn found_at_once_after_each_write() {
    let app = App::new();
    let made = ticket(&app, json!({"subject": "первая", "content": "вторая"})).await;
    let id = made["id"].as_i64().unwrap();
    let found = async |word: &str| ids(&app, &format!("/api/v1/ticket?search={}", encoded(word))).await;
    assert_eq!((found("первая").await, found("ВТОРАЯ").await), (vec![id], vec![id]));
    app.agent().put(&path(&made), json!({"content": "третья"})).await.is(200);
    assert_eq!((found("вторая").await, found("третья").await), (vec![], vec![id]));
    app.agent().put(&path(&made), json!({"status": 1})).await.is(200);
    assert_eq!(found("первая третья").await, [id]);
    app.supervisor().delete(&path(&made)).await.is(204);
    assert!(found("первая").await.is_empty());
}

#[tokio::test]
async fn the_end_of_a_long_content_is_found() {
    let app = App::new();
    let made = ticket(&app, json!({"content": format!("{}конец", "話".repeat(65_530))})).await;
    assert_eq!(ids(&app, &format!("/api/v1/ticket?search={}", encoded("話конец"))).await, [made["id"].as_i64().unwrap()]);
}

#[tokio::test]
async fn no_search_is_a_fault_of_the_server() {
    let app = App::new();
    for path in ["/api/v1/ticket", "/api/v1/employee", "/api/v1/ticket-termination-code"] {
        for search in ["x".repeat(60_000), "x+".repeat(2_000), "%25".repeat(20_000)] {
            assert_eq!(fields(app.agent().get(&format!("{path}?search={search}")).await), ["search"], "{path}");
        }
        assert_eq!(ids(&app, &format!("{path}?search={}", "zq+".repeat(166))).await, Vec::<i64>::new(), "{path}");
        for search in ["%00", "%FF", "%ED%A0%80", "%F4%8F%BF%BF"] {
            let answer = app.agent().get(&format!("{path}?search={search}")).await;
            assert!(matches!(answer.status, 200 | 422), "{path} {search}: {}", answer.text);
            assert!(answer.body.get("data").and_then(Value::as_array).is_none_or(Vec::is_empty), "{path} {search}");
        }
    }
}
