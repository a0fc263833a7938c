//! The organization's settings.

use serde_json::json;

use crate::harness::app::App;
use crate::harness::rows;

const AT: &str = "/api/v1/organization";

#[tokio::test]
async fn viewed_and_changed() {
    let app = App::new();
    let viewed = app.admin().get(AT).await;
    let tag = viewed.header("etag").to_owned();
    let before = viewed.is(200);
    let expected = json!({
        "id": 1, "slug": "main", "name": "Main", "time_zone": "Asia/Taipei", "language": "zh-Hant", "double_booking": "warn",
        "created_at": before["created_at"], "updated_at": before["updated_at"],
    });
    assert_eq!(format!("{before:#}"), format!("{expected:#}"));
    assert_eq!(app.admin().with("if-none-match", &tag).get(AT).await.status, 304);
    let change = json!({"name": "新名", "time_zone": "Europe/Moscow", "language": null, "double_booking": "reject"});
    let changed = app.admin().with("if-match", &tag).put(AT, change.clone()).await.is(200);
    for (field, value) in change.as_object().unwrap() {
        assert_eq!(&changed[field], value, "{field}");
    }
    assert_eq!((&changed["id"], &changed["slug"]), (&json!(1), &json!("main")));
    app.admin().get(AT).await.equals(200, &changed);
    assert_eq!(app.admin().with("if-match", &tag).put(AT, json!({"name": "n"})).await.status, 412);
    assert_eq!(app.stranger().get(AT).await.is(200)["slug"], "other");
}

#[tokio::test]
async fn another_zone_shows_the_same_moments_on_other_clocks() {
    let app = App::new();
    let created = |body: serde_json::Value| body["created_at"].clone();
    assert_eq!(created(app.agent().get("/api/v1/ticket/2").await.is(200)), "2026-03-01 10:00:00");
    app.admin().put(AT, json!({"time_zone": "UTC"})).await.is(200);
    assert_eq!(created(app.agent().get("/api/v1/ticket/2").await.is(200)), "2026-03-01 02:00:00");
}

#[tokio::test]
async fn double_booking_is_judged_by_the_new_setting() {
    let app = App::new();
    let task = |out: &str| {
        json!({"business_id": 1, "out_task_num": out, "out_task_type": "d", "task_type": "normal", "task_time": "1772420400",
            "branch_code": "1", "room_type": "normal", "video": true})
    };
    let num = app.agent().post("/api/task/do_add", task("O-1")).await.is(200)["info"]["task_num"].clone();
    app.admin().put(AT, json!({"double_booking": "reject"})).await.is(200);
    let joined = app.agent().post("/api/task/service/do_add", json!({"task_num": num})).await.is(200);
    assert_eq!(joined["status"], 0, "{joined}");
}

#[tokio::test]
async fn what_settings_may_be() {
    let app = App::new();
    let db = app.db().await;
    let before = rows(&db).await;
    for (body, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": null}), "name"),
        (json!({"name": "x".repeat(256)}), "name"),
        (json!({"time_zone": "Nowhere/Land"}), "time_zone"),
        (json!({"time_zone": "asia/taipei"}), "time_zone"),
        (json!({"time_zone": "Etc/Unknown"}), "time_zone"),
        (json!({"time_zone": null}), "time_zone"),
        (json!({"language": ""}), "language"),
        (json!({"language": "x".repeat(36)}), "language"),
        (json!({"double_booking": "maybe"}), "double_booking"),
        (json!({"double_booking": null}), "double_booking"),
    ] {
        assert_eq!(app.admin().put(AT, body.clone()).await.offending(), [field], "{body}");
    }
    for nothing in [json!({}), json!({"slug": "new"}), json!({"name": "Main", "double_booking": "warn"})] {
        app.admin().put(AT, nothing).await.is(200);
    }
    assert_eq!(rows(&db).await, before);
}
