//! Licenses and service keys by API.

use serde_json::json;

use super::{ask, code, exchange, revoked, unauthorized};
use crate::harness::app::App;
use crate::harness::rows;

const LICENSE: &str = "/api/v1/license";
const KEY: &str = "/api/v1/service-key";

#[tokio::test]
async fn a_license_from_its_making_to_its_end() {
    let app = App::new();
    let made = app.admin().post(LICENSE, json!({"label": "Kiosk"})).await.is(201)["data"].clone();
    let secret = made["secret"].as_str().unwrap().to_owned();
    let shown = json!({
        "id": made["id"], "label": "Kiosk", "allow_admin": false, "new_moderators": true, "created_at": made["created_at"],
        "revoked_at": null,
    });
    let mut with = shown.clone();
    with["secret"] = secret.clone().into();
    assert_eq!(format!("{made:#}"), format!("{with:#}"));
    let at = format!("{LICENSE}/{}", made["id"]);
    app.admin().get(&at).await.equals(200, &shown);
    let list = app.admin().get(LICENSE).await.is(200);
    assert_eq!((&list["data"][1], list.to_string().contains(&secret)), (&shown, false));
    let license = app.anonymous().with("arc-license-key", &secret);
    let open = code(&license, "agent", "MODERATOR").await;
    unauthorized(ask(&license, "admin", "ADMIN").await);
    app.admin().delete(&at).await.is(204);
    unauthorized(ask(&license, "agent", "MODERATOR").await);
    unauthorized(exchange(&app, &open, "arctos-webapp").await);
    let revoked = app.admin().get(&at).await.is(200);
    assert!(revoked["revoked_at"].is_string(), "{revoked}");
    let before = rows(&app.db().await).await;
    app.admin().delete(&at).await.is(204);
    assert_eq!(rows(&app.db().await).await, before, "revoked once");
    app.admin().delete(&format!("{LICENSE}/999")).await.is(404);
}

#[tokio::test]
async fn a_license_has_the_rights_asked_for() {
    let app = App::new();
    let body = json!({"label": "l", "allow_admin": true, "new_moderators": false});
    let made = app.admin().post(LICENSE, body).await.is(201)["data"].clone();
    let license = app.anonymous().with("arc-license-key", made["secret"].as_str().unwrap());
    assert_eq!(ask(&license, "admin", "ADMIN").await.is(200)["status"], 1);
    unauthorized(ask(&license, "somebody-new", "MODERATOR").await);
}

#[tokio::test]
async fn a_key_from_its_making_to_its_end() {
    let app = App::new();
    let body = json!({"label": "Report", "scopes": ["call_tasks:read", "tickets:read", "tickets:read"], "expires_at": "2030-01-01"});
    let made = app.admin().post(KEY, body).await.is(201)["data"].clone();
    let secret = made["secret"].as_str().unwrap().to_owned();
    let shown = json!({
        "id": made["id"], "label": "Report", "scopes": ["tickets:read", "call_tasks:read"], "expires_at": "2030-01-01 00:00:00",
        "created_at": made["created_at"], "revoked_at": null,
    });
    let mut with = shown.clone();
    with["secret"] = secret.clone().into();
    assert_eq!(format!("{made:#}"), format!("{with:#}"));
    let at = format!("{KEY}/{}", made["id"]);
    app.admin().get(&at).await.equals(200, &shown);
    let list = app.admin().get(KEY).await.is(200);
    assert_eq!((&list["data"][0], list.to_string().contains(&secret)), (&shown, false));
    let key = app.bearer(&secret);
    key.get("/api/v1/ticket").await.is(200);
    key.get("/api/tasks").await.is(200);
    key.get("/api/v1/contact").await.is(403);
    app.admin().delete(&at).await.is(204);
    revoked(&app, &secret).await;
    assert!(app.admin().get(&at).await.is(200)["revoked_at"].is_string());
    app.admin().delete(&at).await.is(204);
    app.admin().delete(&format!("{KEY}/999")).await.is(404);
}

#[tokio::test]
async fn what_they_may_be() {
    let app = App::new();
    let long = "x".repeat(256);
    for (body, fields) in [
        (json!({}), vec!["label"]),
        (json!({"label": ""}), vec!["label"]),
        (json!({"label": long}), vec!["label"]),
        (json!({"label": "l", "allow_admin": "maybe", "new_moderators": 2}), vec!["allow_admin", "new_moderators"]),
    ] {
        assert_eq!(app.admin().post(LICENSE, body.clone()).await.offending(), fields, "{body}");
    }
    for (body, fields) in [
        (json!({}), vec!["label", "scopes"]),
        (json!({"label": "l", "scopes": []}), vec!["scopes"]),
        (json!({"label": "l", "scopes": ["tickets"]}), vec!["scopes"]),
        (json!({"label": "l", "scopes": ["tickets:read", 7]}), vec!["scopes"]),
        (json!({"label": "l", "scopes": ["events:read"], "expires_at": "2020-01-01"}), vec!["expires_at"]),
        (json!({"label": "l", "scopes": ["events:read"], "expires_at": "soon"}), vec!["expires_at"]),
    ] {
        assert_eq!(app.admin().post(KEY, body.clone()).await.offending(), fields, "{body}");
    }
}

#[tokio::test]
async fn a_secret_is_never_given_again() {
    let app = App::new();
    for (path, body) in [(LICENSE, json!({"label": "l"})), (KEY, json!({"label": "l", "scopes": ["tickets:read"]}))] {
        let admin = app.admin().with("idempotency-key", "k");
        let (first, second) = (admin.post(path, body.clone()).await.is(201), admin.post(path, body).await.is(201));
        assert_ne!(first["data"]["secret"], second["data"]["secret"], "{path}");
        let text = first["data"]["secret"].as_str().unwrap().to_owned();
        assert!(rows(&app.db().await).await.iter().all(|row| !row.contains(&text)), "{path}");
    }
}

#[tokio::test]
async fn who_knew_an_older_version_revokes_nothing() {
    let app = App::new();
    for (list, body) in [(LICENSE, json!({"label": "l"})), (KEY, json!({"label": "l", "scopes": ["tickets:read"]}))] {
        let made = app.admin().post(list, body).await.is(201)["data"].clone();
        let at = format!("{list}/{}", made["id"]);
        let tag = app.admin().get(&at).await.header("etag").to_owned();
        let refused = app.admin().with("if-match", "\"7-abc\"").delete(&at).await;
        assert_eq!((refused.status, refused.header("etag")), (412, tag.as_str()), "{list}");
        assert_eq!(app.admin().get(&at).await.header("etag"), tag, "{list}");
        app.admin().with("if-match", &tag).delete(&at).await.is(204);
    }
}
