//! Adding and changing webhooks, and the log of their deliveries.

use serde_json::json;

use super::receiver::Receiver;
use super::{add, change, deliveries, end, settle, told};
use crate::harness::app::App;
use crate::journal::{changes, events, history};

#[tokio::test]
async fn the_secret_is_shown_once() {
    let app = App::new();
    let made = app.admin().post("/api/v1/webhook", json!({"url": "https://example.com/", "description": "d"})).await;
    let tag = made.header("etag").to_owned();
    let mut expected = json!({
        "id": 1, "url": "https://example.com/", "events": [], "description": "d", "is_active": true, "paused_at": null,
        "paused_reason": null, "created_at": "2026-03-02 10:00:00", "updated_at": "2026-03-02 10:00:00"
    });
    let view = app.admin().get("/api/v1/webhook/1").await;
    assert_eq!(view.header("etag"), tag);
    view.equals(200, &expected);
    expected["secret"] = made.body["data"]["secret"].clone();
    assert!(expected["secret"].as_str().unwrap().starts_with("whsec_"));
    made.equals(201, &json!({"data": expected}));
    let rotated = app.admin().post("/api/v1/webhook/1/rotate", json!(null)).await.is(200);
    assert_ne!(rotated["secret"], expected["secret"]);
    let told = changes(&app, "webhook", "1").await;
    assert!(!told.iter().any(|change| change.to_string().contains("whsec")), "{told:?}");
    assert_eq!(history(&app, "webhook", "1").await, ["created 1 employee 1", "rotated 2 employee 1"]);
    assert_eq!(events(&app, "webhook", "1").await, ["webhook.created 1 employee 1", "webhook.rotated 2 employee 1"]);
    app.admin().delete("/api/v1/webhook/1").await.is(204);
    app.admin().get("/api/v1/webhook/1").await.is(404);
}

#[tokio::test]
async fn what_is_refused() {
    let app = App::new();
    for (body, fields) in [
        (json!({}), &["url"][..]),
        (json!({"url": ""}), &["url"]),
        (json!({"url": "ftp://example.com/", "events": ["ticket"]}), &["events", "url"]),
        (json!({"url": "https://user:password@example.com/", "events": "ticket.*,contact.*"}), &["url"]),
        (json!({"url": "https://example.com/", "events": vec!["ticket.*"; 51]}), &["events"]),
        (json!({"url": "https://example.com/", "description": 7}), &["description"]),
    ] {
        let refused = app.admin().post("/api/v1/webhook", body.clone()).await;
        let mut offending = refused.offending();
        offending.sort_unstable();
        assert_eq!((refused.status, &offending[..]), (422, &fields.iter().map(ToString::to_string).collect::<Vec<_>>()[..]), "{body}");
    }
    add(&app, "https://example.com/", json!(["ticket.*"])).await;
    for (body, fields) in [
        (json!({"url": null, "events": null, "is_active": null}), 3),
        (json!({"url": "nowhere"}), 1),
        (json!({"events": ["ticket.*", "x.y"]}), 1),
    ] {
        let refused = app.admin().put("/api/v1/webhook/1", body.clone()).await;
        assert_eq!((refused.status, refused.offending().len()), (422, fields), "{body}");
    }
    for (body, field) in [(json!({}), "after"), (json!({"after": -1}), "after"), (json!({"after": 5, "until": 5}), "until")] {
        let refused = app.admin().post("/api/v1/webhook/1/replay", body.clone()).await;
        assert_eq!((refused.status, refused.offending()), (422, vec![field.to_owned()]), "{body}");
    }
    app.admin().post("/api/v1/webhook/1/delivery/1/resend", json!(null)).await.is(404);
    app.admin().put("/api/v1/webhook/1", json!({"is_active": false})).await.is(200);
    app.admin().post("/api/v1/webhook/1/replay", json!({"after": 0})).await.is(409);
}

#[tokio::test]
async fn a_delivery_is_sent_again_and_a_range_anew() {
    let app = App::new();
    let receiver = Receiver::start(|_| (200, vec![])).await;
    for subject in ["a", "b"] {
        change(&app, 1, subject).await;
    }
    let (id, _) = add(&app, &receiver.url, json!(["ticket.*"])).await;
    let begin = end(&app.admin()).await;
    change(&app, 1, "c").await;
    change(&app, 2, "d").await;
    let deliveries = deliveries(&app, app.world.clone()).await;
    settle(&app, &deliveries).await;
    let page = app.admin().get(&format!("/api/v1/webhook/{id}/delivery?per_page=1")).await.is(200);
    assert_eq!((&page["meta"]["total"], &page["data"][0]["record_id"]), (&json!(2), &json!("2")));
    let delivery = page["data"][0]["id"].as_i64().unwrap();
    let again = app.admin().post(&format!("/api/v1/webhook/{id}/delivery/{delivery}/resend"), json!(null)).await.is(200);
    assert_eq!((&again["state"], &again["attempts"]), (&json!("waiting"), &json!(0)));
    settle(&app, &deliveries).await;
    let sent = receiver.sent();
    assert_eq!(sent[2].header("webhook-id"), sent.iter().find(|sent| sent.body["data"]["record_id"] == "2").unwrap().header("webhook-id"));
    // From the beginning, also what was before there was a webhook.
    let replayed = app.admin().post(&format!("/api/v1/webhook/{id}/replay"), json!({"after": 0, "until": begin + 1})).await.is(200);
    assert_eq!(replayed, json!({"after": 0, "until": begin + 1}));
    app.admin().post(&format!("/api/v1/webhook/{id}/replay"), json!({"after": 0})).await.is(409);
    settle(&app, &deliveries).await;
    assert_eq!(told(&receiver.sent()[3..]), ["ticket.updated 1"; 3]);
    let versions: Vec<_> = receiver.sent()[3..].iter().map(|sent| sent.body["data"]["version"].clone()).collect();
    assert_eq!(versions, [json!(2), json!(3), json!(4)]);
    app.admin().post(&format!("/api/v1/webhook/{id}/replay"), json!({"after": begin})).await.is(200);
    let gone = app.world.now() + time::Duration::days(2);
    app.db().await.forget_events(gone, time::Duration::days(1)).await.unwrap();
    app.admin().post(&format!("/api/v1/webhook/{id}/replay"), json!({"after": 0})).await.is(410);
}
