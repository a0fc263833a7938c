//! What answers say to browsers.

use std::sync::Arc;

use frontdesk_api::ServeOptions;
use reqwest::header::HeaderMap;
use serde_json::json;

use crate::harness::app::{App, options};
use crate::harness::database::MIGRATED;

fn guarded(what: &str, headers: &HeaderMap) {
    let value = |name: &str| headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
    assert_eq!(value("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(value("x-frame-options"), "DENY", "{what}");
    assert_eq!(value("referrer-policy"), "no-referrer", "{what}");
    assert!(value("content-security-policy").contains("frame-ancestors 'none'"), "{what}");
    assert_eq!(value("strict-transport-security"), "", "{what}: the connection is not encrypted");
    assert_eq!(value("access-control-allow-origin"), "", "{what}");
    assert!(!value("x-request-id").is_empty(), "{what}");
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let app = App::new();
    let anonymous = app.anonymous().with("origin", "https://evil.example");
    let agent = app.agent().with("origin", "https://evil.example");
    app.seed(r#"{"record":"sponsor","id":30,"name":"n"}"#).await;
    let tag = agent.get("/api/v1/ticket/1").await.header("etag").to_owned();
    let answers = [
        (200, agent.get("/api/v1/ticket/1").await),
        (201, agent.post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await),
        (204, app.supervisor().with("origin", "https://evil.example").delete("/api/v1/sponsor/30").await),
        (304, agent.with("if-none-match", &tag).get("/api/v1/ticket/1").await),
        (400, agent.send("POST", "/api/v1/ticket", "application/json", b"{".to_vec()).await),
        (401, anonymous.get("/api/tasks").await),
        (403, agent.get("/api/v1/license").await),
        (404, anonymous.get("/none").await),
        (405, anonymous.json("OPTIONS", "/api/tasks", &json!(null)).await),
        (413, anonymous.send("POST", "/api/v1/auth", "application/json", vec![b' '; 3 * 1024 * 1024]).await),
        (415, anonymous.send("POST", "/api/v1/auth", "text/plain", b"x".to_vec()).await),
        (422, agent.get("/api/v1/ticket?none=1").await),
        (200, anonymous.get("/healthz").await),
        (200, anonymous.get("/metrics").await),
        (200, anonymous.get("/openapi.json").await),
    ];
    for (status, answer) in answers {
        assert_eq!(answer.status, status, "{}", answer.text);
        guarded(&status.to_string(), &answer.headers);
        assert_eq!(answer.header("cache-control"), "no-store", "{status}");
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'", "{status}");
        let kind = answer.header("content-type");
        let told = kind == "application/json" || (kind.starts_with("text/plain") && kind.ends_with("; charset=utf-8"));
        assert!(answer.text.is_empty() || told, "{status}: {kind:?}");
    }
    for (path, kind) in [("/docs/", "html"), ("/docs/swagger-ui-bundle.js", "javascript"), ("/docs/swagger-ui.css", "css")] {
        let page = anonymous.get(path).await;
        assert_eq!(page.header("content-type"), format!("text/{kind}; charset=utf-8"));
        guarded(path, &page.headers);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self';") && !policy.contains("http"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn an_answer_after_a_panic_is_guarded() {
    let app = App::start_with(&MIGRATED, Arc::new(|_| panic!("on purpose")));
    let answer = reqwest::get(format!("{}/readyz", app.url)).await.unwrap();
    assert_eq!(answer.status(), 500);
    guarded("a panic", answer.headers());
}

const ORIGIN: &str = "https://desk.example";

fn open() -> App {
    App::with(ServeOptions { origins: vec![ORIGIN.into(), "http://localhost:3000".into()], ..options() })
}

async fn preflight(app: &App, origin: &str, method: &str, headers: &str) -> reqwest::Response {
    let request = reqwest::Client::new().request(reqwest::Method::OPTIONS, format!("{}/api/v1/ticket/1", app.url));
    let request = request.header("origin", origin).header("access-control-request-method", method);
    request.header("access-control-request-headers", headers).send().await.unwrap()
}

#[tokio::test]
async fn pages_of_other_origins_may_not_ask_by_default() {
    let app = App::new();
    let refused = preflight(&app, ORIGIN, "PUT", "authorization").await;
    assert_eq!(refused.status(), 405);
    guarded("a preflight", refused.headers());
}

#[tokio::test]
async fn pages_of_named_origins_may_ask() {
    let app = open();
    let asked = "authorization,content-type,idempotency-key,if-match,if-none-match,x-request-id,arc-license-key";
    for origin in [ORIGIN, "http://localhost:3000"] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let allowed = preflight(&app, origin, method, asked).await;
            let value = |name: &str| allowed.headers().get(name).map(|value| value.to_str().unwrap().to_lowercase()).unwrap_or_default();
            assert_eq!((allowed.status().as_u16(), value("access-control-allow-origin").as_str()), (200, origin), "{method}");
            for header in asked.split(',') {
                assert!(value("access-control-allow-headers").contains(header), "{header}");
            }
            assert!(value("access-control-allow-methods").contains(&method.to_lowercase()));
            assert_eq!(value("access-control-allow-credentials"), "", "a page sends its token itself");
            assert_eq!(value("x-content-type-options"), "nosniff");
        }
        let caller = app.agent().with("origin", origin);
        for (status, answer) in [
            (200, caller.get("/api/v1/ticket/1").await),
            (404, caller.get("/api/v1/ticket/999").await),
            (401, app.anonymous().with("origin", origin).get("/api/tasks").await),
            (412, caller.with("if-match", "\"9-x\"").put("/api/v1/ticket/1", json!({"subject": "s"})).await),
            (415, caller.send("POST", "/api/v1/ticket", "text/plain", b"x".to_vec()).await),
        ] {
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, origin));
            let told = answer.header("access-control-expose-headers").to_lowercase();
            for name in ["etag", "link", "idempotent-replay", "ratelimit-remaining", "retry-after", "x-request-id", "x-total-capped"] {
                assert!(told.split(',').any(|one| one.trim() == name), "{name} in {told}");
            }
            assert!(answer.header("vary").to_lowercase().contains("origin"));
        }
    }
}

#[tokio::test]
async fn pages_of_no_other_origin_may_ask() {
    let app = open();
    for origin in ["https://evil.example", "http://desk.example", "https://desk.example:444", "https://desk.example.evil", "null"] {
        let refused = preflight(&app, origin, "PUT", "authorization").await;
        assert!(refused.status().is_client_error() && refused.headers().get("access-control-allow-origin").is_none(), "{origin}");
        let answer = app.agent().with("origin", origin).get("/api/v1/ticket/1").await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, ""), "{origin}");
    }
    for (method, header) in [("TRACE", "authorization"), ("PUT", "x-other")] {
        let refused = preflight(&app, ORIGIN, method, header).await;
        assert!(refused.status().is_client_error(), "{method} {header}");
    }
}
