//! The live stream.

mod client;
mod many;

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use self::client::{Client, Open};
use super::{end, ids, read_all};
use crate::harness::app::{App, options};
use crate::harness::{eventually, sql};

async fn write(app: &App, subject: &str) {
    app.agent().post("/api/v1/ticket", json!({"subject": subject, "content": "c"})).await.is(201);
}

#[tokio::test]
async fn it_tells_what_the_feed_tells() {
    let app = App::new();
    let begin = end(&app.agent()).await;
    let mut stream = Client::of(&app.agent(), &app.url).open("", None).await;
    assert_eq!(stream.next().await.unwrap().id, begin);
    for subject in ["a", "b", "c"] {
        write(&app, subject).await;
    }
    let (feed, _) = read_all(&app.agent(), begin).await;
    for expected in feed {
        let told = stream.event().await.unwrap();
        assert_eq!((told.id, told.what.as_str(), &told.data), (expected["id"].as_i64().unwrap(), "ticket.created", &expected));
    }
}

#[tokio::test]
async fn it_goes_on_where_the_last_one_ended() {
    let app = App::new();
    let begin = end(&app.agent()).await;
    for subject in ["a", "b", "c"] {
        write(&app, subject).await;
    }
    let all = ids(&read_all(&app.agent(), begin).await.0);
    let client = Client::of(&app.agent(), &app.url);
    let first = async |query: &str, last: Option<i64>| client.open(query, last).await.event().await.unwrap().id;
    assert_eq!(first(&format!("?after={begin}"), None).await, all[0]);
    assert_eq!(first(&format!("?after={begin}"), Some(all[0])).await, all[1]);
    assert_eq!(first("", Some(all[1])).await, all[2]);
    assert_eq!(first(&format!("?after={begin}&type=contact.*,ticket.created"), None).await, all[0]);
    app.agent().with("last-event-id", "x").get("/api/v1/event/stream").await.is(422);
    app.agent().get("/api/v1/event/stream?after=x").await.is(422);
}

#[tokio::test]
async fn a_silent_stream_says_that_it_lives_and_how_far_it_is() {
    let app = App::new();
    let mut stream = Client::of(&app.agent(), &app.url).open("?type=call_task.*", None).await;
    stream.next().await.unwrap();
    write(&app, "a").await;
    let begin = end(&app.agent()).await;
    let said = stream.next().await.unwrap();
    assert_eq!((said.id, said.what.as_str(), said.comment.as_str()), (begin, "", "still here"));
}

#[tokio::test]
async fn it_ends_with_the_token() {
    let app = App::new();
    let beside = app.beside();
    let mut stream = Client::of(&app.agent(), &app.url).open("", None).await;
    assert!(stream.next().await.is_some());
    beside.agent().post("/api/v1/auth/logout", json!(null)).await.is(200);
    assert!(stream.next().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_hold_no_server_up_that_stops() {
    let app = App::with(frontdesk_api::ServeOptions { shutdown_seconds: 3600, ..options() });
    let client = Client::of(&app.agent(), &app.url);
    let mut streams: Vec<Open> = vec![];
    for _ in 0..10 {
        streams.push(client.open("", None).await);
        streams.last_mut().unwrap().next().await.unwrap();
    }
    app.stop().await;
    for mut stream in streams {
        assert!(stream.next().await.is_none());
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn who_does_not_read_is_dropped() {
    let app = App::with(frontdesk_api::ServeOptions { untaken: Duration::from_secs(1), ..options() });
    let begin = end(&app.agent()).await;
    let many = "INSERT INTO event (organization_id, type, record_id, version, actor_kind, request_id, at, data)
         WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 99999)
         SELECT 1, 'ticket.created', '1', 1, 'system', 'r', n, 'null' FROM n";
    sql(&app.db().await, many).await;
    let open = async || app.anonymous().get("/metrics").await.text.contains("frontdesk_event_streams 1\n");
    let mut deaf = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
    let token = app.agent().token().to_owned();
    let request = format!("GET /api/v1/event/stream?after={begin} HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\n\r\n");
    deaf.write_all(request.as_bytes()).await.unwrap();
    eventually("the stream is open", open).await;
    eventually("the stream is dropped", async || !open().await).await;
}
