//! A request as it came in, before it is known who sent it.

use std::net::IpAddr;

use actix_web::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use frontdesk_core::error::TokenFault;
use frontdesk_core::input::{Fields, In, Input, Rule, Segment, Violations};
use frontdesk_core::page::Cursor;
use frontdesk_core::pairs::fold;
use frontdesk_core::time::Zone;
use frontdesk_core::{Error, Result};
use serde_json::{Map, Value};

use crate::failure::Surface;
use crate::operations::Operations;
use crate::peer::Peer;

/// The id of a request: the client's `X-Request-Id`, or one made for it.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub String);

/// The whole body of a request, read within the limit of its surface.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body(pub Bytes);

/// A request as it came in.
#[derive(Debug)]
pub(crate) struct Incoming {
    /// The surface its path belongs to.
    pub(crate) surface: Surface,
    /// The client's `X-Request-Id`, or one made for it.
    pub(crate) request_id: String,
    /// The address it came from, where it is known.
    pub(crate) peer: Option<IpAddr>,
    method: String,
    path: String,
    raw_query: String,
    query: Map<String, Value>,
    query_token: Option<String>,
    stray: Violations,
    id: Option<String>,
    inner_id: Option<String>,
    headers: Vec<(HeaderName, Option<String>)>,
    body: Bytes,
}

impl Incoming {
    pub(crate) fn of(request: &HttpRequest, operations: &Operations) -> Self {
        let surface = Surface::of(request.path());
        let raw_query = request.query_string().to_owned();
        let mut query = fold(serde_urlencoded::from_str(&raw_query).unwrap_or_default());
        let query_token = match surface {
            Surface::Ticketing => query.shift_remove("token").and_then(|token| token.as_str().map(str::to_owned)),
            _ => None,
        };
        let (known, takes_body) = operations.takes(request.method().as_str(), request.match_pattern().as_deref());
        let mut stray = Violations::default();
        for name in query.keys().filter(|_| known.is_empty()) {
            stray.add(In::Query, vec![Segment::Name(name.clone().into())], Rule::UnknownParameter);
        }
        let headers = request.headers().iter().map(|(name, value)| (name.clone(), value.to_str().ok().map(str::to_owned))).collect();
        Self {
            surface,
            request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
            peer: request.extensions().get::<Peer>().and_then(|peer| peer.0),
            method: request.method().to_string(),
            path: request.path().to_owned(),
            raw_query,
            query,
            query_token,
            stray,
            id: request.match_info().iter().next().map(|(_, id)| id.to_owned()),
            inner_id: request.match_info().iter().nth(1).map(|(_, id)| id.to_owned()),
            headers,
            body: request.extensions().get::<Body>().filter(|_| takes_body).map(|body| body.0.clone()).unwrap_or_default(),
        }
    }

    /// A header's text, where it has one.
    #[must_use]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.as_str().eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_deref())
    }

    /// The text of a header that is a list, whose parts may stand on several lines.
    pub(crate) fn list(&self, name: &str) -> Option<String> {
        let lines = self.headers.iter().filter(|(known, _)| known.as_str().eq_ignore_ascii_case(name));
        let lines: Vec<_> = lines.map(|(_, value)| value.as_deref().unwrap_or_default()).collect();
        (!lines.is_empty()).then(|| lines.join(","))
    }

    pub(crate) fn is_get(&self) -> bool {
        self.method == "GET"
    }

    /// Whether the request has the header at all, readable or not.
    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known.as_str().eq_ignore_ascii_case(name))
    }

    /// [`Error::WrongContentType`] where there is a body of a type the surface does not take, [`Error::Encoded`] where it is
    /// encoded. A body that the operation has no use for is ignored.
    pub(crate) fn judge_content_type(&self) -> Result<()> {
        let encoding = self.header(CONTENT_ENCODING.as_str()).unwrap_or("identity");
        if !self.body.is_empty() && !encoding.trim().eq_ignore_ascii_case("identity") {
            return Err(Error::Encoded);
        }
        if self.body.is_empty() || self.is_json() || (self.surface == Surface::Ticketing && self.is_form()) {
            return Ok(());
        }
        Err(Error::WrongContentType)
    }

    fn content_type(&self) -> String {
        let full = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        full.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    fn is_json(&self) -> bool {
        let kind = self.content_type();
        kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
    }

    fn is_form(&self) -> bool {
        self.content_type() == "application/x-www-form-urlencoded"
    }

    /// The bearer token of the request.
    pub(crate) fn token(&self) -> Result<String, TokenFault> {
        match self.header(AUTHORIZATION.as_str()) {
            Some(value) => {
                let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
                let token = token.trim();
                if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() { Ok(token.to_owned()) } else { Err(TokenFault::NotBearer) }
            }
            None if self.has_header(AUTHORIZATION.as_str()) => Err(TokenFault::NotBearer),
            None => self.query_token.clone().filter(|token| !token.is_empty()).ok_or(TokenFault::Missing),
        }
    }

    /// The error that names the query parameters of an operation that has none. One that has some tells of unknown ones when it
    /// reads them.
    pub(crate) fn judge_query(&self) -> Result<()> {
        self.stray.clone().or(())
    }

    /// The id in the path; [`Error::NotFound`] where it is none.
    pub(crate) fn id<T: From<i64>>(&self) -> Result<T> {
        self.id.as_deref().and_then(|id| id.parse::<i64>().ok()).map(T::from).ok_or(Error::NotFound)
    }

    /// The second id in the path; [`Error::NotFound`] where it is none.
    pub(crate) fn inner_id<T: From<i64>>(&self) -> Result<T> {
        self.inner_id.as_deref().and_then(|id| id.parse::<i64>().ok()).map(T::from).ok_or(Error::NotFound)
    }

    /// The id in the path as it stands there.
    #[must_use]
    pub(crate) fn raw_id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    /// Reads the query parameters with `read`.
    pub(crate) fn query_in<T>(&self, zone: &Zone, read: impl FnOnce(&mut Fields<'_>) -> T) -> Input<T> {
        Input::query(&self.query, zone, read)
    }

    /// Reads the body with `read`; a body that is not what its content type says is [`Error::Unreadable`]. None at all reads
    /// as an empty object. Query parameters that the operation does not have are violations too.
    pub(crate) fn body_in<T>(&self, zone: &Zone, read: impl FnOnce(&mut Fields<'_>) -> T) -> Result<Input<T>> {
        let mut input = Input::body(&self.value()?, zone, read);
        input.violations.append(self.stray.clone());
        Ok(input)
    }

    fn value(&self) -> Result<Value> {
        if self.body.is_empty() {
            Ok(Value::Object(Map::new()))
        } else if self.is_form() {
            form(&self.body)
        } else {
            let place = |error: serde_json::Error| format!("the body is not valid JSON (line {}, column {})", error.line(), error.column());
            serde_json::from_slice(&self.body).map_err(|error| Error::Unreadable(place(error)))
        }
    }

    /// The address of the next page of a walk: this request's, with another cursor. A token never stands in it.
    pub(crate) fn next_page(&self, cursor: &Cursor) -> String {
        let asked: Vec<(String, String)> = serde_urlencoded::from_str(&self.raw_query).unwrap_or_default();
        let kept = |(name, value): &(String, String)| {
            let base = name.split('[').next().unwrap_or_default();
            !value.is_empty() && !matches!(base, "token" | "cursor")
        };
        let cursor = ("cursor".to_owned(), cursor.encode());
        let query: Vec<_> = asked.into_iter().filter(kept).chain([cursor]).collect();
        format!("{}?{}", self.path, serde_urlencoded::to_string(query).unwrap_or_default())
    }

    /// A hash of what was asked: method, path, query and body. A token in the query is not part of it.
    pub(crate) fn fingerprint(&self) -> String {
        let asked = |pair: &&str| self.surface != Surface::Ticketing || !pair.starts_with("token=");
        let query = self.raw_query.split('&').filter(asked).collect::<Vec<_>>().join("&");
        crate::respond::hash([self.method.as_bytes(), self.path.as_bytes(), query.as_bytes(), &self.body])
    }
}

fn form(body: &[u8]) -> Result<Value> {
    let pairs = serde_urlencoded::from_bytes(body).map_err(|_| Error::Unreadable("the body is not a valid form".into()))?;
    let mut fields = fold(pairs);
    for (_, value) in fields.iter_mut().filter(|(_, value)| value.as_str() == Some("")) {
        // A form has no other way to write null.
        *value = Value::Null;
    }
    Ok(Value::Object(fields))
}

/// The `_method` that a body of the ticketing surface asks for instead of `POST`.
pub(crate) fn method_override(content_type: &str, body: &[u8]) -> Option<actix_web::http::Method> {
    let value = if content_type.starts_with("application/x-www-form-urlencoded") {
        form(body).ok()?
    } else if says_method(body) {
        serde_json::from_slice(body).ok()?
    } else {
        return None;
    };
    match value.get("_method")?.as_str()?.to_ascii_lowercase().as_str() {
        "put" => Some(actix_web::http::Method::PUT),
        "delete" => Some(actix_web::http::Method::DELETE),
        _ => None,
    }
}

/// Whether a field of a body of JSON may be called `_method`, in whatever escapes: hardly any is, and to read all of it takes long.
fn says_method(body: &[u8]) -> bool {
    body.contains(&b'\\') || body.windows(b"_method".len()).any(|word| word == b"_method")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arrays_in_any_form() {
        let read = |query: &str| Value::Object(fold(serde_urlencoded::from_str(query).unwrap()));
        for query in ["s=0&s=1", "s[]=0&s[]=1", "s%5B0%5D=0&s%5B1%5D=1"] {
            assert_eq!(read(query), json!({"s": ["0", "1"]}), "{query}");
        }
        assert_eq!(read("s=0,1&t="), json!({"s": "0,1", "t": ""}));
    }

    #[test]
    fn methods_in_bodies() {
        assert_eq!(method_override("application/json", br#"{"_method":"PUT"}"#), Some(actix_web::http::Method::PUT));
        assert_eq!(method_override("application/x-www-form-urlencoded", b"_method=delete"), Some(actix_web::http::Method::DELETE));
        assert_eq!(method_override("application/json", br#"{"\u005Fmeth\u006fd":"delete"}"#), Some(actix_web::http::Method::DELETE));
        for other in [r#"{"_method":"patch"}"#, r#"{"a":{"_method":"put"}}"#, r#"{"method":"put"}"#, "{}", ""] {
            assert_eq!(method_override("application/json", other.as_bytes()), None, "{other}");
        }
    }
}
