//! Versions and idempotency keys.

use serde_json::json;

use super::nouns::NOUNS;
use crate::harness::app::App;
use crate::harness::rows;

#[tokio::test]
async fn a_stale_write_changes_nothing() {
    for noun in NOUNS {
        let app = App::new();
        let writer = (noun.writer)(&app);
        let (_, at) = noun.create(&app).await;
        let tag = noun.reader(&app).get(&at).await.header("etag").to_owned();
        assert!(tag.starts_with("\"1-"), "{at}: {tag}");
        assert_eq!(noun.reader(&app).with("if-none-match", &tag).get(&at).await.status, 304, "{at}");
        let changed = writer.with("if-match", &tag).put(&at, noun.change()).await;
        let present = noun.reader(&app).get(&at).await;
        assert_eq!((changed.status, changed.header("etag")), (200, present.header("etag")), "{at}: {}", changed.text);
        assert!(present.header("etag").starts_with("\"2-"), "{at}");
        let stale = writer.with("if-match", &tag);
        for refused in [stale.put(&at, noun.whole()).await, stale.delete(&at).await] {
            assert_eq!((refused.status, refused.header("etag")), (412, present.header("etag")), "{at}: {}", refused.text);
        }
        assert_eq!(noun.reader(&app).get(&at).await.text, present.text, "{at}");
        writer.with("if-match", present.header("etag")).delete(&at).await.is(204);
    }
}

#[tokio::test]
async fn an_update_that_changes_nothing_leaves_no_trace() {
    for noun in NOUNS {
        let app = App::new();
        let (_, at) = noun.create(&app).await;
        let db = app.db().await;
        let before = rows(&db).await;
        let tag = noun.reader(&app).get(&at).await.header("etag").to_owned();
        for same in [json!({}), noun.whole(), json!({"nonsense": 1})] {
            let answer = (noun.writer)(&app).put(&at, same).await;
            assert_eq!((answer.status, answer.header("etag")), (200, tag.as_str()), "{at}: {}", answer.text);
        }
        assert_eq!(rows(&db).await, before, "{}", noun.path);
    }
}

#[tokio::test]
async fn a_key_gives_the_first_answer_again() {
    for noun in NOUNS {
        let app = App::new();
        let keyed = |key: &str| (noun.writer)(&app).with("idempotency-key", key);
        let first = keyed("create").post(&noun.list(), noun.whole()).await;
        let at = noun.at(&first.body["data"]["id"]);
        assert_eq!(first.status, 201, "{at}");
        // An answer with a secret is kept nowhere.
        if !noun.has_secret() {
            let again = keyed("create").post(&noun.list(), noun.whole()).await;
            assert_eq!((again.header("idempotent-replay"), again.header("etag")), ("true", first.header("etag")), "{}", noun.path);
            assert_eq!(again.text, first.text, "{}", noun.path);
            assert_eq!(keyed("create").post(&noun.list(), noun.change()).await.offending(), ["Idempotency-Key"]);
        }
        let first = keyed("change").put(&at, noun.change()).await;
        let again = keyed("change").put(&at, noun.change()).await;
        assert_eq!((again.status, &again.text, again.header("idempotent-replay")), (200, &first.text, "true"), "{at}");
        keyed("delete").delete(&at).await.is(204);
        let again = keyed("delete").delete(&at).await;
        assert_eq!((again.status, again.header("idempotent-replay")), (204, "true"), "{at}");
    }
}

#[tokio::test]
async fn of_many_with_one_version_one_writes() {
    for noun in NOUNS {
        let app = App::new();
        let (made, at) = noun.create(&app).await;
        let tag = noun.reader(&app).get(&at).await.header("etag").to_owned();
        let writer = (noun.writer)(&app).with("if-match", &tag);
        let answers = futures_util::future::join_all((0..8).map(|_| writer.put(&at, noun.change()))).await;
        let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412], "{at}");
        assert_eq!(noun.history(&app, &made["id"]).await, ["1 created", "2 updated"], "{at}");
    }
}
