//! New texts that SQLite's indexes do not have yet are found as all others are.

use frontdesk_store::Db;
use sea_orm::DbBackend;
use serde_json::{Value, json};

use super::found;
use crate::cursor::link;
use crate::harness::app::App;
use crate::harness::{number, sql};

const WAITING: &str = "SELECT count(*) AS n FROM search_tail";
const INDEXED: &str = "SELECT count(*) AS n FROM ticket_search_docsize";

/// Takes every record whose place is a multiple of `nth` out of its index, as if it was new.
pub(crate) async fn put_back(db: &Db, nth: u8) {
    for index in ["ticket_search", "contact_search", "employee_search", "call_task_title_search", "call_task_search"] {
        let some = format!("FROM {index}_docsize WHERE id % {nth} = 0");
        sql(db, &format!("INSERT INTO search_tail (list, place) SELECT '{index}', id {some}")).await;
        sql(db, &format!("DELETE FROM {index} WHERE rowid IN (SELECT place FROM search_tail WHERE list = '{index}')")).await;
    }
}

async fn ticket(app: &App, content: &str) -> Value {
    let body = json!({"subject": "Очередь", "content": content, "status": 1});
    app.agent().post("/api/v1/ticket", body).await.is(201)["data"]["id"].clone()
}

async fn call(app: &App, title: &str) -> Value {
    app.agent().post("/api/tasks", json!({"operator_id": 3, "title": title})).await.is(200)["id"].clone()
}

/// The ids of all pages, and the total that each tells.
async fn pages(app: &App, path: &str, [rows, total]: [&str; 2]) -> (Vec<Value>, Vec<Value>) {
    let (mut ids, mut totals, mut next) = (vec![], vec![], Some(path.to_owned()));
    while let Some(path) = next {
        let answer = app.agent().get(&path).await;
        next = link(&answer);
        let page = answer.is(200);
        ids.extend(page[rows].as_array().unwrap().iter().map(|row| row["id"].clone()));
        totals.push(page.pointer(total).unwrap().clone());
    }
    (ids, totals)
}

#[tokio::test]
async fn they_are_one_list_with_those_of_the_index() {
    let app = App::new();
    let db = app.db().await;
    let (mut tickets, mut calls) = (vec![], vec![]);
    for place in 0..13 {
        if place == 7 {
            db.merge_searches().await.unwrap();
        }
        tickets.insert(0, ticket(&app, "новое и старое").await);
        calls.insert(0, call(&app, "новое и старое").await);
    }
    for way in ["", "&statuses=1"] {
        for per_page in [1, 3, 5] {
            let path = format!("/api/v1/ticket?search=%D1%81%D1%82%D0%B0%D1%80&per_page={per_page}{way}&cursor=");
            let (ids, totals) = pages(&app, &path, ["data", "/meta/total"]).await;
            assert_eq!(ids, tickets, "{path}");
            assert!(totals.iter().all(|total| *total == 13), "{path}: {totals:?}");
        }
    }
    // In another order, and only some of them.
    let path = "/api/v1/ticket?search=%D1%81%D1%82%D0%B0%D1%80&sort=id&per_page=4&page=2";
    let page = app.agent().get(path).await.is(200);
    let ids: Vec<_> = page["data"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, tickets.iter().rev().skip(4).take(4).cloned().collect::<Vec<_>>());
    let mut newest = app.agent().get("/api/tasks?per_page=200").await.is(200)["items"].as_array().unwrap().clone();
    newest.retain(|row| calls.contains(&row["id"]));
    let newest: Vec<_> = newest.into_iter().map(|row| row["id"].clone()).collect();
    assert_eq!(newest.len(), 13);
    for search in ["search=", "q="] {
        for per_page in [1, 3, 5] {
            let path = format!("/api/tasks?{search}%D1%81%D1%82%D0%B0%D1%80&per_page={per_page}");
            let (ids, totals) = pages(&app, &format!("{path}&cursor="), ["items", "/total"]).await;
            assert_eq!(ids, newest, "{path}");
            assert!(totals.iter().all(|total| *total == 13), "{path}: {totals:?}");
            let third = app.agent().get(&format!("{path}&page=3")).await.is(200);
            let ids: Vec<_> = third["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
            assert_eq!(ids, newest.iter().skip(2 * per_page).take(per_page).cloned().collect::<Vec<_>>(), "{path}&page=3");
        }
    }
}

#[tokio::test]
async fn many_are_brought_into_the_index_together() {
    let app = App::new();
    let db = app.db().await;
    if db.backend() != DbBackend::Sqlite {
        return;
    }
    db.merge_searches().await.unwrap();
    let before = number(&db.read(), INDEXED).await;
    let mut made = vec![];
    for place in 0..134 {
        made.insert(0, ticket(&app, &format!("часть {place}")).await);
        // Read at once: they are brought there after the write that is answered, and before the next.
        let seen = number(&db.read(), &format!("SELECT ({INDEXED}) * 1000 + ({WAITING}) AS n")).await;
        let (indexed, waiting) = (seen / 1000 - before, seen % 1000);
        assert_eq!(waiting + indexed, place + 1);
        let expected = if place < 127 { [0, 0] } else { [if place == 127 { 0 } else { 128 }, 128] };
        assert!(expected.contains(&indexed), "{place}: {waiting} and {indexed}");
    }
    assert_eq!(found(&app, "ticket", "очередь часть").await, made);
    // What a search would have to look into for long is cut at once.
    let long = ticket(&app, &"долгая история ".repeat(400)).await;
    assert_eq!(number(&db.read(), WAITING).await, 6);
    assert_eq!(found(&app, "ticket", "очередь история").await, [long]);
    db.merge_searches().await.unwrap();
    assert_eq!((number(&db.read(), WAITING).await, number(&db.read(), INDEXED).await - before), (0, 135));
    assert_eq!(found(&app, "ticket", "очередь часть").await, made);
}

#[tokio::test]
async fn a_change_or_an_end_before_the_index_has_them() {
    let app = App::new();
    let db = app.db().await;
    let (changed, gone, call) = (ticket(&app, "прежнее").await, ticket(&app, "прежнее").await, call(&app, "прежнее").await);
    app.agent().put(&format!("/api/v1/ticket/{changed}"), json!({"content": "нынешнее"})).await.is(200);
    app.supervisor().delete(&format!("/api/v1/ticket/{gone}")).await.is(204);
    app.agent().patch(&format!("/api/tasks/{}", call.as_str().unwrap()), json!({"title": "нынешнее"})).await.is(200);
    for _ in 0..2 {
        for (of, id) in [("ticket", &changed), ("title", &call), ("task", &call)] {
            assert_eq!(found(&app, of, "прежн").await, [Value::Null; 0], "{of}");
            assert_eq!(found(&app, of, "нынешн").await, std::slice::from_ref(id), "{of}");
        }
        assert_eq!(db.verify(|_, _| {}).await.unwrap().findings, []);
        db.merge_searches().await.unwrap();
    }
}
