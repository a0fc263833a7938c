//! A request with a body, whose answer is kept in memory.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use hyper::{Method, Request};

use crate::body::Body;
use crate::client::{Client, within};
use crate::failure::{self, Failure};
use crate::target::Target;

/// What becomes of an answer's body that is larger than wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// What is beyond is never read: for a receiver of webhooks, whose status is what counts.
    Cut,
    /// The request has failed for good: where half an answer is none.
    Refuse,
}

/// A POST. Redirects are not followed: their status is the answer.
#[derive(Debug)]
pub struct Post<'a> {
    /// Where to.
    pub url: &'a str,
    /// Names and values besides those of the transport. None of them is ever logged or in a message.
    pub headers: &'a [(&'a str, &'a str)],
    /// What is sent.
    pub body: Body,
    /// For all of it, from the name to the last byte of the answer.
    pub timeout: Duration,
    /// The largest body of an answer, in bytes.
    pub max_answer: usize,
    /// What becomes of a larger one.
    pub excess: Excess,
}

/// An answer, of whatever status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Who answered, for messages.
    pub host: String,
    /// The status: 200 to 999.
    pub status: u16,
    /// The head.
    pub headers: HeaderMap,
    /// The body, or its beginning.
    pub body: Bytes,
    /// Whether the body is only its beginning.
    pub cut: bool,
}

impl Answer {
    /// The answer where its status is a 2xx.
    ///
    /// # Errors
    /// 408, 425, 429 and 5xx are retryable, with the server's `Retry-After`; the others permanent.
    pub fn accepted(self) -> Result<Self, Failure> {
        match self.status {
            200..300 => Ok(self),
            status => Err(failure::of_status(&self.host, status, &self.headers)),
        }
    }
}

impl Client {
    /// Sends a POST and reads its answer. An answer of any status is one; [`Answer::accepted`] judges it.
    ///
    /// # Errors
    /// Permanent: an address, port or header that may not be, an answer that is too large. Retryable: no name, no
    /// connection, no TLS, no answer in time, half an answer.
    pub async fn post(&self, post: Post<'_>) -> Result<Answer, Failure> {
        let target = Target::read(post.url)?;
        let mut request = Request::new(post.body);
        *request.method_mut() = Method::POST;
        *request.headers_mut() = headers(post.headers)?;
        within(post.timeout, &target.host, async {
            let (head, body) = self.send(&target, request).await?.into_parts();
            let (body, cut) = read(body, &target.host, post.max_answer, post.excess).await?;
            Ok(Answer { host: target.host.clone(), status: head.status.as_u16(), headers: head.headers, body, cut })
        })
        .await
    }
}

/// The headers to send; those that frame the message are not the caller's.
fn headers(pairs: &[(&str, &str)]) -> Result<HeaderMap, Failure> {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let parsed = (name.parse::<HeaderName>(), value.parse::<HeaderValue>());
        let (Ok(key), Ok(mut value)) = parsed else {
            return Err(Failure::permanent(format!("the header {name:?} cannot be sent: a control character in it or in its value")));
        };
        if [CONTENT_LENGTH, HOST, TRANSFER_ENCODING].contains(&key) {
            return Err(Failure::permanent(format!("the header {name:?} is not one that can be set")));
        }
        value.set_sensitive(true);
        map.append(key, value);
    }
    Ok(map)
}

/// The body up to `most` bytes, and whether there was more.
async fn read(mut body: Incoming, host: &str, most: usize, excess: Excess) -> Result<(Bytes, bool), Failure> {
    let large = || Failure::permanent(format!("the answer of {host} is larger than {most} bytes"));
    if excess == Excess::Refuse && body.size_hint().lower() > most as u64 {
        return Err(large());
    }
    let mut got = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| failure::broken(host))?;
        let piece = frame.into_data().unwrap_or_default();
        let room = most - got.len();
        got.extend_from_slice(&piece[..piece.len().min(room)]);
        match excess {
            Excess::Refuse if piece.len() > room => return Err(large()),
            Excess::Cut if piece.len() > room => return Ok((got.freeze(), true)),
            _ => {}
        }
    }
    Ok((got.freeze(), false))
}
