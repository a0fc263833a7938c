//! SQLite's indexes of searched texts, merged while nobody writes.

use sea_orm::DbBackend;
use serde_json::json;

use super::found;
use crate::harness::app::App;
use crate::harness::number;

const PARTS: &str = "SELECT count(DISTINCT segid) AS n FROM ticket_search_idx";

#[tokio::test]
async fn in_quiet_they_become_few_parts() {
    let app = App::new();
    let db = app.db().await;
    if db.backend() != DbBackend::Sqlite {
        return;
    }
    let new = async |content: &str| {
        let body = json!({"subject": "многое", "content": content});
        app.agent().post("/api/v1/ticket", body).await.is(201)["data"]["id"].clone()
    };
    // So few that writes do not merge them yet.
    let mut made = vec![];
    for _ in 0..10 {
        made.insert(0, new("новая").await);
    }
    // New texts would wait for others.
    db.merge_searches().await.unwrap();
    for id in &made {
        app.agent().put(&format!("/api/v1/ticket/{id}"), json!({"content": format!("другая часть {id}")})).await.is(200);
    }
    made.insert(0, new("новая часть").await);
    let parts = number(&db.read(), PARTS).await;
    assert!(parts > 8, "{parts}");
    // The first time it is not known yet whether somebody writes.
    db.merge_searches_in_quiet().await.unwrap();
    assert_eq!(number(&db.read(), PARTS).await, parts);
    db.merge_searches_in_quiet().await.unwrap();
    let left = number(&db.read(), PARTS).await;
    assert!(left < 5, "{left}");
    assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM search_tail").await, 0);
    assert_eq!(found(&app, "ticket", "много часть").await, made);
    let last = new("последняя часть").await;
    made.insert(0, last);
    db.merge_searches().await.unwrap();
    assert_eq!(found(&app, "ticket", "много часть").await, made);
}

#[tokio::test]
async fn writes_merge_some_of_them() {
    let app = App::new();
    let db = app.db().await;
    if db.backend() != DbBackend::Sqlite {
        return;
    }
    let mut most = 0;
    for place in 0..60 {
        app.agent().put("/api/v1/ticket/1", json!({"content": format!("изменение {place}")})).await.is(200);
        most = most.max(number(&db.read(), PARTS).await);
    }
    // Each change makes a part.
    assert!((16..40).contains(&most), "{most}");
    assert_eq!(found(&app, "ticket", "изменение 59").await, [json!(1)]);
    assert_eq!(found(&app, "ticket", "изменение 58").await, [json!(null); 0]);
}
