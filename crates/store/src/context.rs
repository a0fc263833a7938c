//! What every write carries, and what it gives back.

use std::any::Any;
use std::sync::Arc;

use frontdesk_core::access::Caller;
use time::OffsetDateTime;

/// What every write carries, so that no service threads it by hand.
#[derive(Clone, Debug)]
pub struct WriteContext {
    /// Who asks.
    pub caller: Caller,
    /// The request's id, for history and logs.
    pub request_id: String,
    /// The moment of the request, whole milliseconds.
    pub at: OffsetDateTime,
    /// The versions of which the client believes the record has one (`If-Match`).
    pub expected: Option<Vec<i64>>,
    /// The idempotency key the answer is to be kept under.
    pub keep: Option<Keep>,
    /// Whether changes are announced as events. An import's are not.
    pub announce: bool,
}

impl WriteContext {
    /// A write without version or idempotency key.
    #[must_use]
    pub fn new(caller: Caller, request_id: impl Into<String>, at: OffsetDateTime) -> Self {
        Self { caller, request_id: request_id.into(), at, expected: None, keep: None, announce: true }
    }
}

/// An idempotency key, and what is kept under it.
#[derive(Clone, Debug)]
pub struct Keep {
    /// The key as the client chose it, 1 to 255 printable characters.
    pub key: String,
    /// A hash of method, path, query and body: the same key with another one is refused.
    pub fingerprint: String,
    /// How the write's result becomes the answer that is kept.
    pub render: Render,
}

/// Turns a write's result into the answer that is kept.
#[derive(Clone)]
pub struct Render(Arc<Rendering>);

type Rendering = dyn Fn(&dyn Any) -> Option<Kept> + Send + Sync;

impl Render {
    /// Renders results of type `T`. A write with another result under this key is an internal error.
    pub fn of<T: 'static>(render: impl Fn(&T) -> Kept + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |value| value.downcast_ref::<T>().map(&render)))
    }

    pub(crate) fn call(&self, value: &dyn Any) -> Option<Kept> {
        (self.0)(value)
    }
}

impl std::fmt::Debug for Render {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Render")
    }
}

/// An answer as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The HTTP status.
    pub status: u16,
    /// The headers that belong to it.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a write gives back.
#[derive(Clone, Debug)]
pub enum Written<T> {
    /// It was done just now.
    Fresh(T),
    /// It was done before under the same idempotency key; this was the answer.
    Replayed(Kept),
}

impl<T> Written<T> {
    /// The result of a write that carried no idempotency key; none for a replay.
    pub fn fresh(self) -> Option<T> {
        match self {
            Self::Fresh(value) => Some(value),
            Self::Replayed(_) => None,
        }
    }
}
