//! Requests that take too long, are too large in their head, or come in a form that few send.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_api::ServeOptions;
use serde_json::json;

use crate::harness::app::{App, options};
use crate::harness::database::MIGRATED;

fn impatient() -> App {
    App::held_to(&MIGRATED, ServeOptions { deadline: Duration::from_secs(1), ..options() })
}

/// Sends bytes and reads until the server ends the connection.
fn raw(app: &App, bytes: &[u8]) -> String {
    let mut connection = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).unwrap();
    connection.write_all(bytes).unwrap();
    let mut answer = vec![];
    // What is still unread when the server closes makes the end a broken one.
    let _ = connection.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn whoever_dribbles_is_cut_off() {
    let app = impatient();
    let head = raw(&app, b"GET /api/v1/ticket HTTP/1.1\r\nHost: here\r\nX-Slow: ");
    assert!(head.starts_with("HTTP/1.1 408"), "{head}");
    let start = "HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"";
    for (path, body) in [
        ("/api/v1/auth", r#"{"message":"the body did not arrive in time"}"#),
        ("/api/tasks", r#"{"detail":"the body did not arrive in time"}"#),
        ("/api/auth/login", r#"{"status":0,"message":"the body did not arrive in time"}"#),
    ] {
        let slow = raw(&app, format!("POST {path} {start}").as_bytes());
        assert!(slow.starts_with("HTTP/1.1 408") && slow.ends_with(body), "{slow}");
    }
    app.anonymous().get("/healthz").await.is(200);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let app = App::slow_to_be_ready();
    for _ in 0..3 {
        let given_up = app.anonymous().with("x-request-id", "mine").get("/readyz").await;
        assert_eq!((given_up.header("retry-after"), given_up.header("x-request-id")), ("1", "mine"));
        assert_eq!(given_up.header("x-content-type-options"), "nosniff");
        given_up.equals(503, &json!({"message": "the service is busy; try again"}));
    }
    let counts = app.anonymous().get("/metrics").await.text;
    let counted = r#"frontdesk_http_requests_total{method="GET",path="/readyz",status="503",surface="ticketing"} 3"#;
    assert!(counts.lines().any(|line| line == counted), "{counts}");
    app.anonymous().get("/healthz").await.is(200);
}

impl App {
    fn slow_to_be_ready() -> Self {
        let never = Arc::new(|_| Box::pin(std::future::pending()) as frontdesk_store::BoxFuture<'static, bool>);
        Self::start_held_to(&MIGRATED, never, ServeOptions { deadline: Duration::from_secs(1), ..options() })
    }
}

#[tokio::test]
async fn a_head_has_a_limit() {
    let app = App::new();
    let line = |n: usize| format!("X-Header-{n}: x\r\n");
    let many: String = (0..200).map(line).collect();
    let long = format!("X-Long: {}\r\n", "x".repeat(200_000));
    let path = format!("/{}", "x".repeat(200_000));
    for (path, headers) in [("/healthz", &many), ("/healthz", &long), (path.as_str(), &line(1))] {
        let refused = raw(&app, format!("GET {path} HTTP/1.1\r\nHost: here\r\n{headers}\r\n").as_bytes());
        assert!(!refused.contains(" 200 ") && refused.is_empty() | refused.starts_with("HTTP/1.1 4"), "{refused}");
    }
    app.anonymous().get("/healthz").await.is(200);
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let app = App::new();
    let client = reqwest::Client::new();
    for path in ["/api/v1/ticket/1", "/api/v1/ticket", "/api/tasks", "/healthz", "/openapi.json", "/docs/", "/api/v1/ticket/999"] {
        let got = app.agent().get(path).await;
        let head = client.head(format!("{}{path}", app.url)).header("authorization", app.agent().token()).send().await.unwrap();
        assert_eq!(head.status().as_u16(), got.status, "{path}");
        for name in ["etag", "content-type", "content-length", "x-content-type-options"] {
            let value = head.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
            assert_eq!(value, got.header(name), "{path}: {name}");
        }
        assert!(head.bytes().await.unwrap().is_empty(), "{path}");
    }
    let none = client.head(format!("{}/api/task/do_add", app.url)).send().await.unwrap();
    assert_eq!((none.status().as_u16(), none.headers()["allow"].to_str().unwrap()), (405, "POST"));
    // Nothing of the body comes after the head, where the next answer begins.
    let two = raw(&app, b"HEAD /healthz HTTP/1.1\r\nHost: here\r\n\r\nGET /none HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    assert!(two.starts_with("HTTP/1.1 200 OK") && two.contains("\r\n\r\nHTTP/1.1 404"), "{two}");
}

#[tokio::test]
async fn an_encoded_body_is_refused() {
    let app = App::new();
    let text = "a body with a Content-Encoding is not supported";
    for encoding in ["gzip", "br", "gzip, identity"] {
        let caller = app.admin().with("content-encoding", encoding);
        let send = async |path: &str| caller.send("POST", path, "application/json", b"{}".to_vec()).await;
        let refused = send("/api/v1/ticket").await;
        assert_eq!(refused.header("accept-encoding"), "identity");
        refused.equals(415, &json!({"message": text}));
        send("/api/tasks").await.equals(415, &json!({"detail": text}));
        send("/api/task/do_add").await.equals(415, &json!({"status": 0, "message": text}));
    }
    let plain = app.admin().with("content-encoding", "identity");
    plain.post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    app.admin().with("content-encoding", "gzip").get("/api/v1/ticket").await.is(200);
}
