//! The pages of a list, and its order.

use serde_json::{Value, json};

use super::{fields, ticket};
use crate::harness::app::App;

/// Seventeen tickets beside the two of the world: 3 to 19.
async fn app() -> App {
    let app = App::new();
    let line = |id: i64| {
        format!(
            "{{\"record\":\"ticket\",\"id\":{id},\"subject\":\"s\",\"content\":\"c\",\"created_at\":\"2026-02-{:02} 09:00:00\"}}\n",
            28 - id
        )
    };
    app.seed(&(3..20).map(line).collect::<String>()).await;
    app
}

#[tokio::test]
async fn what_meta_says() {
    let app = app().await;
    let cases = [
        ("", json!({"current_page": 1, "from": 1, "last_page": 2, "per_page": 15, "to": 15, "total": 19})),
        ("?page=1", json!({"current_page": 1, "from": 1, "last_page": 2, "per_page": 15, "to": 15, "total": 19})),
        ("?page=2", json!({"current_page": 2, "from": 16, "last_page": 2, "per_page": 15, "to": 19, "total": 19})),
        ("?page=2&per_page=15", json!({"current_page": 2, "from": 16, "last_page": 2, "per_page": "15", "to": 19, "total": 19})),
        ("?page=3", json!({"current_page": 3, "from": null, "last_page": 2, "per_page": 15, "to": null, "total": 19})),
        ("?per_page=", json!({"current_page": 1, "from": 1, "last_page": 2, "per_page": 15, "to": 15, "total": 19})),
        ("?per_page=19", json!({"current_page": 1, "from": 1, "last_page": 1, "per_page": "19", "to": 19, "total": 19})),
        ("?per_page=1&page=19", json!({"current_page": 19, "from": 19, "last_page": 19, "per_page": "1", "to": 19, "total": 19})),
        ("?per_page=200", json!({"current_page": 1, "from": 1, "last_page": 1, "per_page": "200", "to": 19, "total": 19})),
        ("?search=none", json!({"current_page": 1, "from": null, "last_page": 1, "per_page": 15, "to": null, "total": 0})),
        (
            "?search=none&page=2&per_page=3",
            json!({"current_page": 2, "from": null, "last_page": 1, "per_page": "3", "to": null, "total": 0}),
        ),
        (
            "?page=9223372036854775807&per_page=200",
            json!({"current_page": i64::MAX, "from": null, "last_page": 1, "per_page": "200", "to": null, "total": 19}),
        ),
    ];
    for (query, meta) in cases {
        let list = app.agent().get(&format!("/api/v1/ticket{query}")).await.is(200);
        assert_eq!(list["meta"].to_string(), meta.to_string(), "{query}");
        assert_eq!(list.as_object().unwrap().keys().collect::<Vec<_>>(), ["data", "meta"]);
        let rows = meta["to"].as_i64().map_or(0, |to| to - meta["from"].as_i64().unwrap() + 1);
        assert_eq!(list["data"].as_array().unwrap().len(), usize::try_from(rows).unwrap(), "{query}");
    }
}

#[tokio::test]
async fn every_list_has_the_same_bounds() {
    let app = App::new();
    for list in ["ticket", "employee", "sponsor", "ticket-termination-code", "category", "subcategory", "interact-collection"] {
        let path = format!("/api/v1/{list}");
        for (query, names) in [
            ("page=0&per_page=0", vec!["page", "per_page"]),
            ("page=-1&per_page=-1", vec!["page", "per_page"]),
            ("page=x&per_page=201", vec!["page", "per_page"]),
            ("page=1.0&per_page=all", vec!["page", "per_page"]),
            ("page=9223372036854775808&per_page=99999999999999999999", vec!["page", "per_page"]),
            ("nonsense=1&page=", vec!["nonsense"]),
        ] {
            assert_eq!(fields(app.agent().get(&format!("{path}?{query}")).await), names, "{path}?{query}");
        }
        let far = app.agent().get(&format!("{path}?page=9223372036854775807")).await.is(200);
        assert_eq!(far["data"], json!([]));
        let named = app.agent().get(&format!("{path}?per_page=1")).await.is(200);
        assert_eq!((&named["meta"]["per_page"], named["data"].as_array().unwrap().len()), (&json!("1"), 1), "{path}");
        assert_eq!(app.agent().get(&path).await.is(200)["meta"]["per_page"], 15, "{path}");
    }
}

#[tokio::test]
async fn newest_first_by_id() {
    let app = app().await;
    let made = ticket(&app, json!({})).await["id"].as_i64().unwrap();
    app.agent().put("/api/v1/ticket/5", json!({"subject": "changed"})).await.is(200);
    let mut pages = vec![];
    for page in 1..=3 {
        let list = app.agent().get(&format!("/api/v1/ticket?per_page=7&page={page}")).await.is(200);
        pages.extend(list["data"].as_array().unwrap().iter().map(|ticket| ticket["id"].as_i64().unwrap()));
    }
    let expected: Vec<_> = [made].into_iter().chain((1..20).rev()).collect();
    assert_eq!(pages, expected);
}

#[tokio::test]
async fn a_full_page_is_whole() {
    let app = App::new();
    let line = |id: i64| {
        let nested = "\"contact_id\":1,\"sub_category_id\":1,\"handler_id\":3,\"creater_id\":2,\"sponsor_id\":1,\"termination_code_id\":1";
        format!("{{\"record\":\"ticket\",\"id\":{id},\"subject\":\"s\",\"content\":\"c\",{nested}}}\n")
    };
    let links =
        format!("{{\"record\":\"interact_collection\",\"id\":7,\"handler_id\":5,\"ticket_ids\":{:?}}}\n", (100..350).collect::<Vec<_>>());
    app.seed(&((100..350).map(line).collect::<String>() + &links)).await;
    let list = app.agent().get("/api/v1/ticket?per_page=200").await.is(200);
    let rows = list["data"].as_array().unwrap();
    assert_eq!((rows.len(), &list["meta"]["total"], &rows[199]["id"]), (200, &json!(252), &json!(150)));
    let bare = |row: &Value| {
        let mut row = row.clone();
        row["id"] = Value::Null;
        row.to_string()
    };
    assert!(rows.iter().all(|row| bare(row) == bare(&rows[0])));
    let first = &rows[0];
    let named = ["contact", "sub_category", "handler", "creater", "sponsor", "termination_code", "category"];
    assert!(named.iter().all(|name| first[*name]["id"].is_i64()));
    assert_eq!((&first["interact_collections"][0]["id"], &first["interact_collections"][0]["handler"]["id"]), (&json!(7), &json!(5)));
}
