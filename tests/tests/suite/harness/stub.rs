//! A server beside ours that says byte by byte what a test wants.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What a request is answered with.
pub(crate) enum Reply {
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
    /// The same once it is told to go on. Who waits in what `answer` does holds up others: it runs on the test's own threads.
    Held(Arc<Notify>, Vec<u8>),
    /// Nothing at all while the test lasts.
    Silence,
}

/// An answer of this status.
pub(crate) fn reply(status: u16, headers: &str, body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 {status} Said\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    Reply::Bytes([head.as_bytes(), body].concat())
}

/// A request as it came, head and body.
pub(crate) struct Asked {
    /// The path with its query.
    pub(crate) path: String,
    /// All of it; what is no UTF-8 is replaced.
    pub(crate) text: String,
}

/// A running server.
#[derive(Clone)]
pub(crate) struct Stub {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    /// Starts a server that answers as `answer` says.
    pub(crate) async fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stub = Self { url: format!("http://{}", listener.local_addr().unwrap()), seen: Arc::default() };
        let (seen, answer) = (stub.seen.clone(), Arc::new(answer));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (seen, answer) = (seen.clone(), answer.clone());
                tokio::spawn(async move { converse(stream, &seen, &*answer).await });
            }
        });
        stub
    }

    /// How many requests came whose path begins so.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|seen| seen.starts_with(path)).count()
    }
}

async fn converse(mut stream: TcpStream, seen: &Mutex<Vec<String>>, answer: &(impl Fn(&Asked) -> Reply + Send + Sync)) {
    let Some(asked) = read(&mut stream).await else { return };
    seen.lock().unwrap().push(asked.path.clone());
    let bytes = match answer(&asked) {
        Reply::Bytes(bytes) => bytes,
        Reply::Held(go, bytes) => {
            go.notified().await;
            bytes
        }
        Reply::Silence => return tokio::time::sleep(Duration::from_mins(10)).await,
    };
    let _ = stream.write_all(&bytes).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let (mut bytes, mut piece) = (vec![], vec![0; 16 * 1024]);
    loop {
        let got = stream.read(&mut piece).await.ok().filter(|got| *got > 0)?;
        bytes.extend_from_slice(&piece[..got]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let begins = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
        if bytes.len() >= begins + length.unwrap_or(0) {
            let path = head.split(' ').nth(1)?.to_owned();
            return Some(Asked { path, text });
        }
    }
}
