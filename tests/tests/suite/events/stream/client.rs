//! A client of server-sent events.

use serde_json::Value;

use crate::harness::app::Caller;

/// Somebody who opens streams at a server.
pub(super) struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Client {
    pub(super) fn of(caller: &Caller<'_>, url: &str) -> Self {
        Self::with(caller.token(), url)
    }

    pub(super) fn with(token: &str, url: &str) -> Self {
        Self { http: reqwest::Client::builder().no_proxy().build().unwrap(), url: url.to_owned(), token: token.to_owned() }
    }

    /// Opens a stream; fails where there is none.
    pub(super) async fn open(&self, query: &str, last: Option<i64>) -> Open {
        self.try_open(query, last).await.expect("a stream")
    }

    /// Opens a stream at a server that may be gone.
    pub(super) async fn try_open(&self, query: &str, last: Option<i64>) -> Option<Open> {
        let mut request = self.http.get(format!("{}/api/v1/event/stream{query}", self.url)).header("authorization", &self.token);
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = request.send().await.ok()?;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        Some(Open { response, text: String::new() })
    }
}

/// An open stream.
pub(super) struct Open {
    response: reqwest::Response,
    text: String,
}

/// What a stream says at once.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) id: i64,
    pub(super) what: String,
    pub(super) data: Value,
    pub(super) comment: String,
}

impl Open {
    /// What it says next; none at its end.
    pub(super) async fn next(&mut self) -> Option<Said> {
        loop {
            if let Some((said, rest)) = self.text.split_once("\n\n") {
                let (said, rest) = (Said::of(said), rest.to_owned());
                self.text = rest;
                return Some(said);
            }
            let chunk = self.response.chunk().await.ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event; none at the end of the stream.
    pub(super) async fn event(&mut self) -> Option<Said> {
        loop {
            let said = self.next().await?;
            if !said.what.is_empty() {
                return Some(said);
            }
        }
    }
}

impl Said {
    fn of(text: &str) -> Self {
        let mut said = Self::default();
        for line in text.lines() {
            match line.split_once(':').map(|(name, value)| (name, value.strip_prefix(' ').unwrap_or(value))) {
                Some(("", comment)) => comment.clone_into(&mut said.comment),
                Some(("id", id)) => said.id = id.parse().unwrap(),
                Some(("event", what)) => what.clone_into(&mut said.what),
                Some(("data", data)) => said.data = serde_json::from_str(data).unwrap(),
                Some(("retry", _)) => {}
                _ => panic!("a stream says {line:?}"),
            }
        }
        said
    }
}
