//! A write under an idempotency key happens once.

use frontdesk_core::access::{Actor, Scope};
use frontdesk_core::id::ServiceKeyId;
use frontdesk_core::input::Violation;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Db, Keep, Kept, Render, WriteContext, Written, next_number};
use time::Duration;

use super::{parallel, store};
use crate::harness::{number, system};

pub(super) fn keyed(key: &str, fingerprint: &str) -> WriteContext {
    let render =
        Render::of(|number: &i64| Kept { status: 201, headers: vec![("etag".into(), "\"1\"".into())], body: number.to_string().into() });
    WriteContext { keep: Some(Keep { key: key.into(), fingerprint: fingerprint.into(), render }), ..system(1) }
}

pub(super) async fn next(db: &Db, context: &WriteContext) -> Result<Written<i64>> {
    db.write(context, |tx| Box::pin(next_number(tx, tx.caller().organization, "a"))).await
}

fn replayed(written: Written<i64>) -> Option<String> {
    match written {
        Written::Replayed(Kept { status: 201, headers, body }) if headers == [("etag".into(), "\"1\"".into())] => {
            String::from_utf8(body).ok()
        }
        _ => None,
    }
}

#[tokio::test]
async fn the_first_answer_is_given_again() {
    let (_database, db) = store().await;
    assert_eq!(next(&db, &keyed("k", "f")).await.unwrap().fresh(), Some(1));
    assert_eq!(replayed(next(&db, &keyed("k", "f")).await.unwrap()).as_deref(), Some("1"));
    assert_eq!(next(&db, &keyed("other", "f")).await.unwrap().fresh(), Some(2));
    assert_eq!(number(&db.read(), "SELECT value AS n FROM counter").await, 2);
}

#[tokio::test]
async fn the_key_of_another_request_is_refused() {
    let (_database, db) = store().await;
    next(&db, &keyed("k", "f")).await.unwrap();
    let Err(Error::Invalid(violations)) = next(&db, &keyed("k", "g")).await else { panic!("taken") };
    assert_eq!(violations.all().iter().map(Violation::field).collect::<Vec<_>>(), ["Idempotency-Key"]);
    assert_eq!(number(&db.read(), "SELECT value AS n FROM counter").await, 1);
}

#[tokio::test]
async fn each_caller_has_keys_of_its_own() {
    let (_database, db) = store().await;
    let mut other = keyed("k", "f");
    other.caller.actor = Actor::Key { id: ServiceKeyId(1), scopes: vec![Scope::TicketsWrite] };
    assert_eq!(next(&db, &keyed("k", "f")).await.unwrap().fresh(), Some(1));
    assert_eq!(next(&db, &other).await.unwrap().fresh(), Some(2));
}

#[tokio::test]
async fn a_day_later_the_key_is_free() {
    let (_database, db) = store().await;
    let at = |after: Duration| {
        let mut context = keyed("k", "f");
        context.at += after;
        context
    };
    assert_eq!(next(&db, &at(Duration::ZERO)).await.unwrap().fresh(), Some(1));
    assert!(replayed(next(&db, &at(Duration::hours(24) - Duration::MILLISECOND)).await.unwrap()).is_some());
    assert_eq!(next(&db, &at(Duration::hours(24))).await.unwrap().fresh(), Some(2));
    assert_eq!(replayed(next(&db, &at(Duration::hours(25))).await.unwrap()).as_deref(), Some("2"));
}

#[tokio::test]
async fn a_refusal_frees_the_key() {
    let (_database, db) = store().await;
    let refused = db.write::<i64, _>(&keyed("k", "f"), |_| Box::pin(async { Err(Error::Forbidden) })).await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    assert_eq!(next(&db, &keyed("k", "g")).await.unwrap().fresh(), Some(1));
}

#[tokio::test]
async fn an_answer_of_another_type_is_an_error_and_nothing_is_written() {
    let (_database, db) = store().await;
    let written = db
        .write(&keyed("k", "f"), |tx| Box::pin(async move { Ok(next_number(tx, tx.caller().organization, "a").await?.to_string()) }))
        .await;
    assert!(matches!(written, Err(Error::Internal(_))));
    assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM counter").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_at_once_happen_once() {
    let (_database, db) = store().await;
    let handle = db.clone();
    let answers = parallel(16, move || {
        let db = handle.clone();
        async move { next(&db, &keyed("k", "f")).await.unwrap() }
    });
    let (fresh, kept): (Vec<_>, Vec<_>) = answers.await.into_iter().partition(|answer| matches!(answer, Written::Fresh(_)));
    assert_eq!((fresh.len(), kept.len()), (1, 15));
    assert!(kept.into_iter().all(|answer| replayed(answer).as_deref() == Some("1")));
    assert_eq!(number(&db.read(), "SELECT value AS n FROM counter").await, 1);
}
