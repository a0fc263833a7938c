//! What is sent, what comes back, and what it amounts to.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use frontdesk_outbound::{Body, Class, Client, Fetch, Form, Post};

use crate::server::{Script, answer, fetch, fetch_of, local, permanent, post_of, retryable, serve, settings};

#[tokio::test]
async fn a_post_and_its_answer() {
    let (port, seen) = serve(answer("201 Created", "x-request-id: 7\r\n", b"done")).await;
    let url = format!("http://hooks.example:{port}/in?key=1#part");
    let headers = [("content-type", "application/json"), ("webhook-id", "msg_1"), ("user-agent", "Other/2")];
    let client = local();
    let answer = client.post(Post { headers: &headers, body: Body::from("{\"a\":1}"), ..post_of(&url) }).await.unwrap();
    assert_eq!((answer.status, &answer.body[..], answer.cut), (201, &b"done"[..], false));
    assert_eq!(answer.headers["x-request-id"], "7");
    assert_eq!(answer.accepted().unwrap().host, "hooks.example");
    let request = &seen.requests()[0];
    assert!(request.starts_with("POST /in?key=1 HTTP/1.1\r\n"), "{request}");
    for line in ["content-type: application/json", "webhook-id: msg_1", "user-agent: Other/2", "content-length: 7"] {
        assert!(request.contains(&format!("\r\n{line}\r\n")), "{line}: {request}");
    }
    assert!(request.contains(&format!("\r\nhost: hooks.example:{port}\r\n")) && request.ends_with("\r\n\r\n{\"a\":1}"), "{request}");

    client.post(post_of(&url)).await.unwrap();
    assert!(seen.requests()[1].contains("\r\nuser-agent: Frontdesk/"));
    assert_eq!(seen.connections(), 1, "the connection is used again");
}

#[tokio::test]
async fn headers_that_cannot_be_sent() {
    for (name, value) in
        [("a b", "1"), ("x-a", "1\r\nx-b: s3cret"), ("content-length", "5"), ("host", "b.example"), ("transfer-encoding", "chunked")]
    {
        let headers = [(name, value)];
        let failure = local().post(Post { headers: &headers, ..post_of("http://a.example/") }).await.unwrap_err();
        permanent(&failure, "the header");
        assert!(!failure.reason.contains("s3cret"));
    }
}

#[tokio::test]
async fn statuses_and_their_classes() {
    let date = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 08:51:07 GMT\r\n";
    for (status, headers, after) in [
        ("429 Too Many Requests", "retry-after: 17\r\n", Some(17)),
        ("429 Too Many Requests", date, Some(90)),
        ("503 Service Unavailable", "retry-after: 17\r\n", Some(17)),
        ("503 Service Unavailable", "retry-after: soon\r\n", None),
        ("500 Internal Server Error", "", None),
        ("599 Whatever", "", None),
        ("408 Request Timeout", "", None),
    ] {
        let url = format!("http://a.example:{}/", serve(answer(status, headers, b"details")).await.0);
        let posted = local().post(post_of(&url)).await.unwrap();
        assert_eq!(&posted.body[..], b"details");
        for failure in [posted.accepted().unwrap_err(), fetch(&local(), &url).await.unwrap_err()] {
            retryable(&failure, &format!("a.example answered with status {}", &status[..3]));
            assert_eq!(failure.class, Class::Retryable { after: after.map(Duration::from_secs) }, "{status} {headers}");
        }
    }
    for status in
        ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone", "304 Not Modified", "300 Multiple Choices"]
    {
        let url = format!("http://a.example:{}/", serve(answer(status, "", b"")).await.0);
        let posted = local().post(post_of(&url)).await.unwrap();
        for failure in [posted.accepted().unwrap_err(), fetch(&local(), &url).await.unwrap_err()] {
            permanent(&failure, &format!("status {}", &status[..3]));
        }
    }
    let url = format!("http://a.example:{}/", serve(answer("206 Partial Content", "content-type: audio/wav\r\n", b"part")).await.0);
    permanent(&fetch(&local(), &url).await.unwrap_err(), "status 206");
}

#[tokio::test]
async fn nobody_there() {
    // An address that no other test listens at.
    let listener = std::net::TcpListener::bind("127.0.0.9:0").unwrap();
    let url = format!("http://a.example:{}/", listener.local_addr().unwrap().port());
    drop(listener);
    let client = Client::with_resolver(settings(&["127.0.0.9"]), Arc::new(Script::new(&[&["127.0.0.9"]])));
    retryable(&client.post(post_of(&url)).await.unwrap_err(), "a.example refused the connection");
    retryable(&fetch(&client, &url).await.unwrap_err(), "a.example refused the connection");
}

#[tokio::test]
async fn content_types_that_are_taken_and_not() {
    for (header, taken) in [
        ("content-type: audio/wav\r\n", Some("audio/wav")),
        ("content-type: Audio/MPEG; rate=8000\r\n", Some("audio/mpeg")),
        ("content-type: application/octet-stream\r\n", Some("application/octet-stream")),
        ("", Some("application/octet-stream")),
        ("content-type: text/html; charset=utf-8\r\n", None),
        ("content-type: audiox/wav\r\n", None),
        ("content-type: \r\n", None),
        ("content-type: text/\u{fc}\r\n", None),
    ] {
        let url = format!("http://a.example:{}/x/call-7.wav?sig=s3cret", serve(answer("200 OK", header, b"RIFF")).await.0);
        match (fetch(&local(), &url).await, taken) {
            (Ok(mut fetched), Some(taken)) => {
                let mut text = String::new();
                std::io::Seek::rewind(&mut fetched.file).unwrap();
                fetched.file.read_to_string(&mut text).unwrap();
                assert_eq!((&*text, fetched.bytes, &*fetched.content_type), ("RIFF", 4, taken));
                assert_eq!(fetched.name.as_deref(), Some("call-7.wav"));
            }
            (Err(failure), None) => permanent(&failure, "which is none of audio/*, application/octet-stream"),
            (other, _) => panic!("{header}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_large_file_goes_from_server_to_server_through_the_disk() {
    let content: Vec<u8> = (0..5_000_000_u32).map(|number| b'a' + u8::try_from(number % 23).unwrap()).collect();
    let (from, _) = serve(answer("200 OK", "content-type: audio/ogg\r\n", &content)).await;
    let (to, seen) = serve(answer("200 OK", "", b"{}")).await;
    let (url, folder) = (format!("http://a.example:{from}/call.ogg"), tempfile::tempdir().unwrap());
    let fetched = local().fetch(Fetch { max_bytes: 5_000_000, ..fetch_of(&url, &folder) }).await.unwrap();
    assert_eq!(fetched.bytes, 5_000_000);
    let form = || {
        let form = Form::new([7; 16]).text("model", "whisper-1").text("prompt", "日本語");
        form.file("file", "call \"1\".ogg", &fetched.content_type, fetched.file.try_clone().unwrap(), fetched.bytes).finish()
    };
    for _ in 0..2 {
        let ((content_type, body), url) = (form(), format!("http://speech.example:{to}/v1/audio/transcriptions"));
        let headers = [("content-type", &*content_type), ("authorization", "Bearer key")];
        local().post(Post { headers: &headers, body, ..post_of(&url) }).await.unwrap();
    }
    let boundary = "--frontdesk-07070707070707070707070707070707";
    let parts = [
        format!("{boundary}\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n"),
        format!("{boundary}\r\ncontent-disposition: form-data; name=\"prompt\"\r\n\r\n日本語\r\n"),
        format!(
            "{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"call %221%22.ogg\"\r\ncontent-type: audio/ogg\r\n\r\n"
        ),
        String::from_utf8(content).unwrap(),
        format!("\r\n{boundary}--\r\n"),
    ];
    for request in seen.requests() {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("multipart/form-data; boundary=frontdesk-0707"), "{head}");
        assert!(body == parts.concat(), "the form is another: {}", &body[..500]);
    }
    assert_eq!(seen.requests().len(), 2, "a file can be sent again");
}

#[tokio::test]
async fn a_file_that_shrinks_under_the_request() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"short").unwrap();
    let (port, seen) = serve(answer("200 OK", "", b"")).await;
    let url = format!("http://a.example:{port}/");
    let failure = local().post(Post { body: Body::default().bytes("head").file(file, 100), ..post_of(&url) }).await.unwrap_err();
    assert!(failure.is_retryable(), "{failure:?}");
    assert!(seen.requests().is_empty());
}
