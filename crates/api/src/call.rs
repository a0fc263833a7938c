//! A judged request: content type and size, then the token, then the role; the handler asks for the rest.

use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::input::{Fields, In, Input, Rule};
use frontdesk_core::time::Zone;
use frontdesk_core::{Error, Result};
use frontdesk_directory::sign_in::TokenInfo;
use frontdesk_store::{Keep, Kept, Render, WriteContext, Written};
use futures_util::future::{LocalBoxFuture, Ready, ready};

use crate::Services;
use crate::edge::Edge;
use crate::failure::Failure;
use crate::incoming::Incoming;
use crate::operations::Operations;
use crate::rate::Who;
use crate::respond;

/// What a handler answers.
pub(crate) type Answer = Result<HttpResponse, Failure>;

/// A request of somebody who is known.
#[derive(Debug)]
pub(crate) struct Call {
    /// The services to answer it with.
    pub(crate) services: web::Data<Services>,
    /// Who asks.
    pub(crate) caller: Caller,
    /// The token it was asked with.
    pub(crate) token: TokenInfo,
    incoming: Incoming,
}

impl Deref for Call {
    type Target = Incoming;

    fn deref(&self) -> &Incoming {
        &self.incoming
    }
}

impl FromRequest for Call {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (open, request) = (Open::of(request), request.clone());
        Box::pin(async move {
            let Open { services, incoming, edge } = open?;
            let now = services.world.now();
            let known = match incoming.token() {
                Ok(bearer) => services.sign_in.authenticate(&bearer).await,
                Err(fault) => Err(Error::Unauthenticated(fault)),
            };
            let (caller, token) = match known {
                Ok(known) => known,
                Err(error) => {
                    // Whoever guesses tokens is counted by the address.
                    edge.count(&request, Who::at(incoming.peer), now)?;
                    return Err(error.into());
                }
            };
            let (kind, id) = caller.actor.label();
            tracing::Span::current().record("caller", tracing::field::display(format_args!("{kind} {}", id.unwrap_or_default())));
            edge.count(&request, Who::of(&caller.actor), now)?;
            Ok(Self { services, caller, token, incoming })
        })
    }
}

impl Call {
    /// [`Error::Forbidden`] unless the caller may.
    pub(crate) fn require(&self, permission: Permission) -> Result<()> {
        self.caller.require(permission)
    }

    /// Reads the query parameters of a write with `read`.
    pub(crate) fn asked<T>(&self, read: impl FnOnce(&mut Fields<'_>) -> T) -> Input<T> {
        self.query_in(&self.caller.zone, read)
    }

    /// Reads the query parameters of a list with `read`, or refuses them.
    pub(crate) fn query<T>(&self, read: impl FnOnce(&mut Fields<'_>) -> T) -> Result<T> {
        self.asked(read).checked()
    }

    /// Reads the body with `read`.
    pub(crate) fn body<T>(&self, read: impl FnOnce(&mut Fields<'_>) -> T) -> Result<Input<T>> {
        self.body_in(&self.caller.zone, read)
    }

    /// What a write of this request carries; its answer is not kept.
    pub(crate) fn context(&self) -> WriteContext {
        let mut context = WriteContext::new(self.caller.clone(), &*self.request_id, self.services.world.now());
        context.expected = self.list("if-match").and_then(|tags| expected_versions(&tags));
        context
    }

    /// Does a write and answers with `render` of its result, which is kept where the request has an `Idempotency-Key`.
    pub(crate) async fn write<T, F>(&self, render: fn(&T) -> Kept, work: impl FnOnce(WriteContext) -> F) -> Answer
    where
        T: 'static,
        F: Future<Output = Result<Written<T>>>,
    {
        let mut context = self.context();
        if self.has_header("idempotency-key") {
            let key = self.header("idempotency-key").unwrap_or_default();
            if key.is_empty() || key.len() > 255 || !key.bytes().all(|b| (b' '..=b'~').contains(&b)) {
                return Err(Error::field(In::Header, "Idempotency-Key", Rule::other("must have 1 to 255 printable characters")).into());
            }
            context.keep = Some(Keep { key: key.to_owned(), fingerprint: self.fingerprint(), render: Render::of(render) });
        }
        Ok(match work(context).await? {
            Written::Fresh(value) => respond::send(render(&value), false),
            Written::Replayed(kept) => respond::send(kept, true),
        })
    }

    /// Does a write on a record that is there. Where the client knew an older version, the refusal has the `ETag` of `present`.
    pub(crate) async fn change<T, F, P>(&self, render: fn(&T) -> Kept, work: impl FnOnce(WriteContext) -> F, present: P) -> Answer
    where
        T: 'static,
        F: Future<Output = Result<Written<T>>>,
        P: Future<Output = Result<Kept>>,
    {
        told(self.write(render, work).await, present).await
    }

    /// Answers a read of a single record; 304 to a GET of what the client has already. Refuses query parameters.
    pub(crate) fn read(&self, kept: Kept) -> Answer {
        self.judge_query()?;
        let known = self.list("if-none-match").unwrap_or_default();
        let unchanged = self.is_get()
            && respond::tag(&kept)
                .is_some_and(|tag| known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag));
        let answer = if unchanged { Kept { status: 304, body: vec![], ..kept } } else { kept };
        Ok(respond::send(answer, false))
    }
}

/// The result of a write; where the client knew an older version, the refusal has the `ETag` of `present`.
pub(crate) async fn told<T>(done: Result<T, Failure>, present: impl Future<Output = Result<Kept>>) -> Result<T, Failure> {
    match done {
        Err(Failure { error: Error::Stale(version), .. }) => {
            let tag = present.await.ok().and_then(|kept| respond::tag(&kept).map(str::to_owned));
            Err(Failure { error: Error::Stale(version), tag })
        }
        done => done,
    }
}

/// The versions that an `If-Match` names; none for `*`. A tag that is not ours, or weak, matches no version.
fn expected_versions(tags: &str) -> Option<Vec<i64>> {
    let version = |tag: &str| tag.trim().strip_prefix('"')?.split_once('-')?.0.parse().ok();
    (tags.trim() != "*").then(|| tags.split(',').filter_map(version).collect())
}

/// A request that needs no token.
#[derive(Debug)]
pub(crate) struct Open {
    /// The services to answer it with.
    pub(crate) services: web::Data<Services>,
    incoming: Incoming,
    edge: web::Data<Edge>,
}

impl Deref for Open {
    type Target = Incoming;

    fn deref(&self) -> &Incoming {
        &self.incoming
    }
}

impl FromRequest for Open {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::counted(request).map_err(Failure::from))
    }
}

impl Open {
    fn of(request: &HttpRequest) -> Result<Self> {
        let services = request.app_data::<web::Data<Services>>().ok_or_else(|| Error::internal("the app has no services"))?.clone();
        let operations = request.app_data::<web::Data<Operations>>().ok_or_else(|| Error::internal("the app has no operations"))?;
        let edge = request.app_data::<web::Data<Edge>>().ok_or_else(|| Error::internal("the app has no edge"))?.clone();
        let incoming = Incoming::of(request, operations);
        incoming.judge_content_type()?;
        Ok(Self { services, incoming, edge })
    }

    /// A request of somebody at an address.
    fn counted(request: &HttpRequest) -> Result<Self> {
        let open = Self::of(request)?;
        open.edge.count(request, Who::at(open.peer), open.services.world.now())?;
        Ok(open)
    }

    /// Reads the body with `read`; moments without an offset are UTC.
    pub(crate) fn body<T>(&self, read: impl FnOnce(&mut Fields<'_>) -> T) -> Result<Input<T>> {
        self.body_in(&Zone::utc(), read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_tags() {
        assert_eq!(expected_versions(" * "), None);
        for (tags, versions) in
            [("\"3-abc\"", vec![3]), ("W/\"3-abc\"", vec![]), ("", vec![]), ("\"x\", W/\"1-a\",\"3-abc\" , \"4-d\"", vec![3, 4])]
        {
            assert_eq!(expected_versions(tags), Some(versions), "{tags}");
        }
    }
}
