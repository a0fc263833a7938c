//! What a walk meets.

use std::collections::BTreeSet;

use frontdesk_store::Db;
use serde_json::{Value, json};

use super::lists::LISTS;
use super::{Ask, Dice, List, link};
use crate::harness::app::App;

/// A walk from its beginning to its end, with pages of other lengths each time.
async fn walk(list: &List, app: &App, dice: &mut Dice, sort: &str) -> Vec<String> {
    let mut ids = vec![];
    let mut ask = Some(list.begin(sort, 1 + dice.roll(11)));
    while let Some(now) = ask {
        let page = list.page(app, &now).await;
        ids.extend(page.ids);
        ask = page.next.map(|next| next.with("per_page", &(1 + dice.roll(11)).to_string()));
    }
    ids
}

#[tokio::test]
async fn in_every_order_it_is_the_whole_list() {
    for list in LISTS {
        let (app, mut dice) = (App::new(), Dice(1));
        let ids = dice.ids(&mut vec![], 24);
        list.make(&app, &app.db().await, &mut dice, &ids).await;
        for sort in dice.orders(list) {
            let whole = list.whole(&app, &sort).await;
            assert!(whole.len() >= 24, "{}", list.path);
            assert_eq!(walk(list, &app, &mut dice, &sort).await, whole, "{}?sort={sort}", list.path);
        }
    }
}

/// A record comes or goes, or both, or nothing happens: often where the walk stands, in `passed`.
async fn meanwhile(list: &List, app: &App, db: &Db, dice: &mut Dice, known: &mut Vec<i64>, passed: &[String]) -> Vec<String> {
    let mut gone = vec![];
    if dice.roll(3) > 0 {
        let count = 1 + dice.roll(2);
        let ids = dice.ids(known, count);
        list.make(app, db, dice, &ids).await;
    }
    for _ in 0..dice.roll(3) {
        let here = passed.last().and_then(|last| known.iter().position(|id| (list.id)(*id) == *last));
        let place = here.filter(|_| dice.roll(2) == 0).unwrap_or_else(|| dice.roll(known.len()));
        let id = known.swap_remove(place);
        list.delete(db, id).await;
        gone.push((list.id)(id));
    }
    gone
}

#[tokio::test]
async fn each_row_that_stays_is_met_once_whatever_comes_and_goes() {
    for (seed, list) in (1..).zip(LISTS) {
        let (app, mut dice) = (App::new(), Dice(seed));
        let (db, mut known) = (app.db().await, vec![]);
        let ids = dice.ids(&mut known, 16);
        list.make(&app, &db, &mut dice, &ids).await;
        for sort in dice.orders(list) {
            let mut stayed: BTreeSet<String> = list.whole(&app, &sort).await.into_iter().collect();
            let mut met = vec![];
            let mut ask = Some(list.begin(&sort, 1 + dice.roll(9)));
            while let Some(now) = ask {
                let page = list.page(&app, &now).await;
                met.extend(page.ids);
                for gone in meanwhile(list, &app, &db, &mut dice, &mut known, &met).await {
                    stayed.remove(&gone);
                }
                ask = page.next.map(|next| next.with("per_page", &(1 + dice.roll(9)).to_string()));
            }
            let once: BTreeSet<String> = met.iter().cloned().collect();
            assert_eq!(once.len(), met.len(), "{}?sort={sort}: met twice among {met:?}", list.path);
            let missed: Vec<_> = stayed.difference(&once).collect();
            assert!(missed.is_empty(), "{}?sort={sort}: never met {missed:?}", list.path);
        }
        db.close().await;
    }
}

#[tokio::test]
async fn what_is_said_of_its_pages() {
    let (app, list, mut dice) = (App::new(), &LISTS[0], Dice(7));
    let ids = dice.ids(&mut vec![], 5);
    list.make(&app, &app.db().await, &mut dice, &ids).await;
    let mut ask = list.begin("", 3);
    for meta in [
        r#"{"current_page":1,"from":1,"last_page":3,"per_page":"3","to":3,"total":7}"#,
        r#"{"current_page":2,"from":4,"last_page":3,"per_page":"3","to":6,"total":7}"#,
        r#"{"current_page":3,"from":7,"last_page":3,"per_page":"3","to":7,"total":7}"#,
    ] {
        assert_eq!(ask.send(&app.agent()).await.is(200)["meta"].to_string(), meta);
        ask = list.page(&app, &ask).await.next.unwrap_or(ask);
    }
    let (tasks, appointments) = (&LISTS[LISTS.len() - 2], &LISTS[LISTS.len() - 1]);
    for (list, at) in [(tasks, ""), (appointments, "/info")] {
        let first = list.begin("", 1);
        let second = list.page(&app, &first).await.next.unwrap();
        for (ask, number) in [(&first, 1), (&second, 2)] {
            let answer = ask.send(&app.agent()).await.is(200);
            let said = answer.pointer(at).unwrap();
            assert_eq!([&said["page"], &said["per_page"], &said["pages"], &said["total"]], [number, 1, 2, 2], "{}", list.path);
        }
        assert!(list.page(&app, &second).await.next.is_none());
    }
}

#[tokio::test]
async fn of_a_history() {
    let (app, task) = (App::new(), "/api/tasks/019ca000-0000-7000-8000-000000000001");
    let agent = app.agent();
    for round in 0..5 {
        agent.put("/api/v1/ticket/1", json!({"subject": format!("s{round}")})).await.is(200);
        agent.put("/api/v1/contact/1", json!({"last_name": format!("n{round}")})).await.is(200);
        agent.patch(task, json!({"title": format!("t{round}")})).await.is(200);
        let task_time = (1_772_424_000 + round).to_string();
        let moved = json!({"task_num": "202603010000001", "task_time": task_time});
        assert_eq!(agent.post("/api/task/time/do_update", moved).await.is(200)["status"], 1);
    }
    let get = |path: &str| Ask { path: format!("{path}/history?per_page=2&cursor="), body: Value::Null };
    let body = json!({"task_num": "202603010000001", "per_page": 2, "cursor": ""});
    let post = Ask { path: "/api/task/get_history".into(), body };
    let mut cursors = vec![];
    for begin in [get("/api/v1/ticket/1"), get("/api/v1/contact/1"), get(task), post] {
        let mut versions = vec![];
        let mut ask = Some(begin.clone());
        while let Some(now) = ask {
            let answer = now.send(&agent).await;
            let next = answer.body["info"]["next_cursor"].as_str().map(|cursor| now.with("cursor", cursor));
            ask = link(&answer).map(|path| Ask { path, body: Value::Null }).or(next);
            cursors.extend(ask.as_ref().map(|ask| ask.value("cursor")));
            let body = answer.is(200);
            let rows = [&body["data"], &body["items"], &body["info"]["items"]].into_iter().find_map(Value::as_array).unwrap();
            versions.extend(rows.iter().map(|row| row["version"].as_i64().unwrap()));
        }
        assert_eq!(versions, [6, 5, 4, 3, 2, 1], "{}", begin.path);
        let foreign = begin.with("cursor", &cursors[0]).send(&agent).await;
        assert_eq!(
            foreign.text.contains("cursor is that of another") || foreign.text.contains("of another list"),
            cursors.len() > 2,
            "{}",
            begin.path
        );
    }
}
