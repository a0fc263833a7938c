//! A server that says byte by byte what a test wants, and a resolver that answers as a test wants.

use std::collections::VecDeque;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontdesk_outbound::{Answering, Body, Client, Excess, Failure, Fetch, Fetched, Post, Reach, Resolve, Settings};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// What a server does after it has read a request.
#[derive(Clone)]
pub(crate) enum Step {
    /// Sends this.
    Say(Vec<u8>),
    /// Sends this without end.
    Forever(Vec<u8>),
    /// Says nothing more and keeps the connection.
    Hang,
    /// Closes the connection.
    Close,
}

pub(crate) fn say(text: impl Into<Vec<u8>>) -> Step {
    Step::Say(text.into())
}

/// A whole answer with these headers, each with its line end.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<Step> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    vec![say([head.as_bytes(), body].concat())]
}

/// What came in.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<(usize, Vec<String>)>>);

impl Seen {
    pub(crate) fn connections(&self) -> usize {
        self.0.lock().unwrap().0
    }

    /// The requests as they came, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.0.lock().unwrap().1.clone()
    }

    pub(crate) fn connected(&self) {
        self.0.lock().unwrap().0 += 1;
    }
}

/// A server at 127.0.0.1 that answers every request alike; its port.
pub(crate) async fn serve(steps: Vec<Step>) -> (u16, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (listener.local_addr().unwrap().port(), serve_at(listener, steps))
}

/// A server at 127.0.0.2 and another one on the same port of 127.0.0.1.
pub(crate) async fn serve_two(steps: Vec<Step>) -> (u16, Seen, Seen) {
    loop {
        let two = TcpListener::bind("127.0.0.2:0").await.unwrap();
        let port = two.local_addr().unwrap().port();
        // Another test may have it.
        if let Ok(one) = TcpListener::bind(("127.0.0.1", port)).await {
            return (port, serve_at(two, steps.clone()), serve_at(one, steps));
        }
    }
}

fn serve_at(listener: TcpListener, steps: Vec<Step>) -> Seen {
    let seen = Seen::default();
    let kept = seen.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            seen.connected();
            tokio::spawn(talk(stream, seen.clone(), steps.clone()));
        }
    });
    kept
}

/// Answers request after request on one connection.
pub(crate) async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, seen: Seen, steps: Vec<Step>) -> io::Result<()> {
    while let Some(request) = hear(&mut stream).await? {
        seen.0.lock().unwrap().1.push(request);
        for step in &steps {
            match step {
                Step::Say(bytes) => stream.write_all(bytes).await?,
                Step::Forever(bytes) => loop {
                    stream.write_all(bytes).await?;
                },
                Step::Hang => std::future::pending().await,
                Step::Close => return stream.shutdown().await,
            }
        }
    }
    Ok(())
}

/// One request, its body by its `content-length`.
async fn hear(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<String>> {
    let (mut got, mut buffer) = (vec![], vec![0; 65536]);
    loop {
        if let Some(end) = got.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&got[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |text| text.parse().unwrap());
            if got.len() >= end + 4 + length {
                return Ok(Some(String::from_utf8_lossy(&got).into_owned()));
            }
        }
        match stream.read(&mut buffer).await? {
            0 => return Ok(None),
            count => got.extend_from_slice(&buffer[..count]),
        }
    }
}

/// A resolver that gives each of its answers once, the last one for ever, whatever the name, and counts the questions.
#[derive(Clone)]
pub(crate) struct Script(Arc<Mutex<(usize, VecDeque<Vec<IpAddr>>)>>);

impl Script {
    pub(crate) fn new(answers: &[&[&str]]) -> Self {
        let answers = answers.iter().map(|answer| answer.iter().map(|address| address.parse().unwrap()).collect());
        Self(Arc::new(Mutex::new((0, answers.collect()))))
    }

    pub(crate) fn asked(&self) -> usize {
        self.0.lock().unwrap().0
    }
}

impl Resolve for Script {
    fn resolve<'a>(&'a self, _: &'a str) -> Answering<'a> {
        let mut script = self.0.lock().unwrap();
        script.0 += 1;
        let answer = if script.1.len() > 1 { script.1.pop_front() } else { script.1.front().cloned() };
        Box::pin(async { answer.ok_or_else(|| io::ErrorKind::NotFound.into()) })
    }
}

pub(crate) fn settings(allow: &[&str]) -> Settings {
    let reach = Reach::Public(allow.iter().map(|entry| entry.parse().unwrap()).collect());
    Settings { reach, connect_timeout: Duration::from_secs(10), more_roots: vec![] }
}

/// A client for which every name is at 127.0.0.1 and `allow` is allowed.
pub(crate) fn client(allow: &[&str]) -> Client {
    Client::with_resolver(settings(allow), Arc::new(Script::new(&[&["127.0.0.1"]])))
}

/// A client for which every name is at 127.0.0.1, where it may go.
pub(crate) fn local() -> Client {
    client(&["127.0.0.1"])
}

pub(crate) fn post_of(url: &str) -> Post<'_> {
    let (body, timeout) = (Body::from("{}"), Duration::from_secs(30));
    Post { url, headers: &[], body, timeout, max_answer: 1000, excess: Excess::Refuse }
}

pub(crate) fn fetch_of<'a>(url: &'a str, folder: &'a tempfile::TempDir) -> Fetch<'a> {
    let accept = &["audio/*", "application/octet-stream"];
    Fetch { url, accept, max_bytes: 1000, timeout: Duration::from_secs(30), redirects: 3, folder: folder.path() }
}

/// Fetches a file of 1,000 bytes at most.
pub(crate) async fn fetch(client: &Client, url: &str) -> Result<Fetched, Failure> {
    let folder = tempfile::tempdir().unwrap();
    let fetched = client.fetch(fetch_of(url, &folder)).await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a file is left over");
    fetched
}

#[track_caller]
pub(crate) fn permanent(failure: &Failure, reason: &str) {
    assert!(!failure.is_retryable() && failure.reason.contains(reason), "{failure:?}, not {reason}");
}

#[track_caller]
pub(crate) fn retryable(failure: &Failure, reason: &str) {
    assert!(failure.is_retryable() && failure.reason.contains(reason), "{failure:?}, not {reason}");
}
