//! A receiver: a server that keeps what it is sent, and answers as it is told to.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    headers: Vec<(String, String)>,
    pub(super) bytes: Vec<u8>,
    pub(super) body: Value,
}

impl Sent {
    pub(super) fn header(&self, name: &str) -> String {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The event's id.
    pub(super) fn event(&self) -> i64 {
        self.body["data"]["id"].as_i64().unwrap()
    }
}

/// A status, 0 for no answer at all, and headers.
pub(super) type Answer = (u16, Vec<(&'static str, String)>);

type Judge = Arc<dyn Fn(&Sent) -> Answer + Send + Sync>;

/// A server on a port of its own.
pub(super) struct Receiver {
    pub(super) url: String,
    sent: Arc<Mutex<Vec<Sent>>>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// Answers each request as `judge` says.
    pub(super) async fn start(judge: impl Fn(&Sent) -> Answer + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0", judge).await
    }

    pub(super) async fn at(address: &str, judge: impl Fn(&Sent) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let sent = Arc::<Mutex<Vec<Sent>>>::default();
        let (kept, judge): (_, Judge) = (sent.clone(), Arc::new(judge));
        let serving = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, kept.clone(), judge.clone()));
            }
        });
        Self { url, sent, serving }
    }

    /// What it was sent until now.
    pub(super) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(mut stream: TcpStream, kept: Arc<Mutex<Vec<Sent>>>, judge: Judge) {
    let mut buffer = vec![];
    while let Some(sent) = request(&mut stream, &mut buffer).await {
        let (status, headers) = judge(&sent);
        kept.lock().unwrap().push(sent);
        if status == 0 {
            // Silence, until the other side has had enough.
            let _ = stream.read(&mut [0]).await;
            return;
        }
        let headers: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
        let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: 0\r\n{headers}\r\n");
        if stream.write_all(head.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Sent> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        more(stream, buffer).await?;
    };
    let head = String::from_utf8(buffer.drain(..end + 4).collect()).unwrap();
    let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    let headers: Vec<_> = head.lines().skip(1).filter_map(pair).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, length)| length.parse().unwrap());
    while buffer.len() < length {
        more(stream, buffer).await?;
    }
    let bytes: Vec<u8> = buffer.drain(..length).collect();
    Some(Sent { headers, body: serde_json::from_slice(&bytes).unwrap(), bytes })
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let read = stream.read_buf(buffer).await.ok()?;
    (read > 0).then_some(())
}
