//! A file of somebody else, brought here.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use tokio::io::AsyncWriteExt;

use crate::client::{Client, within};
use crate::failure::{self, Failure};
use crate::target::Target;

/// A GET of a file.
#[derive(Clone, Copy, Debug)]
pub struct Fetch<'a> {
    /// Where from.
    pub url: &'a str,
    /// The content types that are taken: `audio/wav`, or `audio/*`. A file of no type is `application/octet-stream`.
    pub accept: &'a [&'a str],
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// For all of it, from the name to the last byte.
    pub timeout: Duration,
    /// How many redirects are followed, each judged like the address itself.
    pub redirects: u8,
    /// Where the file is kept while it is open.
    pub folder: &'a Path,
}

/// A file that was fetched. It has no name on the disk and is gone when it is closed, also by a crash: recordings may be
/// hundreds of megabytes each, too much for the memory of a server that works on some at once.
#[derive(Debug)]
pub struct Fetched {
    /// Its content, to be read from the start: [`crate::Body::file`] does so.
    pub file: File,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its content type without parameters, in small letters.
    pub content_type: String,
    /// The last part of its path, in letters, digits, `.`, `-` and `_`.
    pub name: Option<String>,
}

impl Client {
    /// Fetches a file.
    ///
    /// # Errors
    /// Permanent: an address or port that may not be, too many redirects, a status of 4xx, another content type, a file
    /// that is too large or compressed. Retryable: no name, no connection, no TLS, no answer in time, 408, 425, 429, 5xx,
    /// half a file, no room on this disk.
    pub async fn fetch(&self, fetch: Fetch<'_>) -> Result<Fetched, Failure> {
        let target = Target::read(fetch.url)?;
        let host = target.host.clone();
        within(fetch.timeout, &host, async {
            let (target, response) = self.get(target, &fetch.accept.join(", "), fetch.redirects).await?;
            let (head, body) = response.into_parts();
            if head.status.as_u16() != 200 {
                return Err(failure::of_status(&target.host, head.status.as_u16(), &head.headers));
            }
            let content_type = content_type(&target.host, &head.headers, fetch.accept)?;
            let (file, bytes) = save(body, &target.host, &fetch).await?;
            Ok(Fetched { file, bytes, content_type, name: target.file_name() })
        })
        .await
    }
}

/// The content type, where it is one of `accept` and nothing is compressed, which was not asked for.
fn content_type(host: &str, headers: &HeaderMap, accept: &[&str]) -> Result<String, Failure> {
    let encoding = headers.get(CONTENT_ENCODING).map_or(&b"identity"[..], |encoding| encoding.as_bytes());
    if !encoding.eq_ignore_ascii_case(b"identity") {
        return Err(Failure::permanent(format!("the answer of {host} is compressed, which was not asked for")));
    }
    let sent = headers.get(CONTENT_TYPE).map_or(Ok("application/octet-stream"), |sent| sent.to_str()).unwrap_or_default();
    let sent = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let same = |taken: &&str| match taken.strip_suffix('*') {
        Some(family) => sent.starts_with(&family.to_ascii_lowercase()),
        None => taken.eq_ignore_ascii_case(&sent),
    };
    if accept.iter().any(same) {
        return Ok(sent);
    }
    let shown: String = sent.chars().take(60).collect();
    Err(Failure::permanent(format!("{host} answered with content type {shown:?}, which is none of {}", accept.join(", "))))
}

/// Writes the body to a file without a name.
async fn save(mut body: Incoming, host: &str, fetch: &Fetch<'_>) -> Result<(File, u64), Failure> {
    let large = || Failure::permanent(format!("the file is larger than {} bytes", fetch.max_bytes));
    let full = |_| Failure::retryable("this server has no room for the file");
    if body.size_hint().lower() > fetch.max_bytes {
        return Err(large());
    }
    let mut file = tokio::fs::File::from_std(tempfile::tempfile_in(fetch.folder).map_err(full)?);
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        let piece = frame.map_err(|_| failure::broken(host))?.into_data().unwrap_or_default();
        bytes += piece.len() as u64;
        if bytes > fetch.max_bytes {
            return Err(large());
        }
        file.write_all(&piece).await.map_err(full)?;
    }
    file.flush().await.map_err(full)?;
    Ok((file.into_std().await, bytes))
}
