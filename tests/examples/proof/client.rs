//! Requests, and dice.

use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};
use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// A client with a token.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    address: String,
    token: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The record's tag, where it has one.
    pub(crate) tag: Option<String>,
    /// Whether it is the kept answer of an earlier request with the same key.
    pub(crate) replayed: bool,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body; null where it is no JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Whether what was asked was done, in the words of whatever surface.
    pub(crate) fn done(&self) -> bool {
        let body = self.json();
        (200..300).contains(&self.status) && !(body["status"] == json!(0) && body["message"].is_string())
    }

    /// Status and body, for people.
    pub(crate) fn text(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body))
    }

    /// Whether both say the same, one of them perhaps from what is kept.
    pub(crate) fn says(&self, other: &Self) -> bool {
        (self.status, &self.body, &self.tag) == (other.status, &other.body, &other.tag)
    }
}

impl Client {
    /// Somebody without a token.
    pub(crate) fn anonymous(address: &str) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_mins(1)).build()?;
        Ok(Self { http, address: address.into(), token: String::new() })
    }

    /// The same client with a token.
    pub(crate) fn with(mut self, token: &str) -> Self {
        self.token = token.into();
        self
    }

    /// Signs the demo administrator in for a day; the token.
    pub(crate) async fn sign_in(address: &str) -> Result<String> {
        let client = Self::anonymous(address)?;
        let answer = client.send("POST", "/api/v1/auth", &json!({"name": "admin", "password": "frontdesk-demo", "ttl": 1440}), &[]).await?;
        ensure!(answer.status == 200, "no sign-in: {}", answer.text());
        Ok(answer.json()["access_token"].as_str().context("no token")?.to_owned())
    }

    /// Sends a request with a JSON body; null stands for none.
    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Answer> {
        let response = self.request(method, path, body, headers)?.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (tag, replayed) = (header(ETAG.as_str()), header("idempotent-replay").is_some());
        Ok(Answer { status, tag, replayed, body: response.bytes().await?.to_vec() })
    }

    fn request(&self, method: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<RequestBuilder> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(reqwest::header::HeaderName::from_bytes(name.as_bytes())?, value.parse()?);
        }
        let mut request = self.http.request(Method::from_bytes(method.as_bytes())?, format!("{}{path}", self.address)).headers(map);
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        Ok(if body.is_null() { request } else { request.header(CONTENT_TYPE, "application/json").body(body.to_string()) })
    }

    /// Sends a request by hand, on a line of its own whose answer is left unread.
    pub(crate) fn unheard(&self, method: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<TcpStream> {
        let host = self.address.trim_start_matches("http://");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\n", self.token);
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n")?;
        }
        let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let mut line = TcpStream::connect(host)?;
        line.write_all(format!("{head}{kind}content-length: {}\r\n\r\n{body}", body.len()).as_bytes())?;
        Ok(line)
    }

    /// A read.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, &Value::Null, &[]).await
    }
}

/// Random numbers, for choices.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(RandomState::new().hash_one(0) | 1)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    /// One of them.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let sides = u64::try_from(of.len()).ok().filter(|len| *len > 0)?;
        of.get(usize::try_from(self.roll(sides)).ok()?)
    }
}
