//! The order of lists.

use std::collections::HashMap;

use super::Noun;
use super::nouns::NOUNS;
use crate::harness::app::App;
use crate::harness::texts;

/// A value of a key: nothing is less than anything, texts are compared by their code points.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    Nothing,
    Number(i64),
    Text(String),
}

/// What the records of the noun have in the column `key`, by id.
async fn column(noun: &Noun, app: &App, key: &str) -> HashMap<i64, Worth> {
    let value = format!("COALESCE(' ' || CAST({key} AS text), '')");
    let rows = texts(&app.db().await.read(), &format!("SELECT id || {value} AS t FROM {}", noun.table)).await;
    let numbers = rows.iter().filter_map(|row| row.split_once(' ')).all(|(_, text)| text.parse::<i64>().is_ok());
    let worth = |text: &str| if numbers { Worth::Number(text.parse().unwrap()) } else { Worth::Text(text.to_owned()) };
    let one = |row: &String| match row.split_once(' ') {
        Some((id, text)) => (id.parse().unwrap(), worth(text)),
        None => (row.parse().unwrap(), Worth::Nothing),
    };
    rows.iter().map(one).collect()
}

async fn ids(noun: &Noun, app: &App, sort: &str) -> Vec<i64> {
    let list = noun.reader(app).get(&format!("{}?per_page=200&sort={sort}", noun.list())).await.is(200);
    list["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn by_every_key_both_ways() {
    for noun in NOUNS {
        let app = App::new();
        noun.seed(&app).await;
        let own = ids(noun, &app, "").await;
        for key in noun.sort {
            let worth = column(noun, &app, key).await;
            assert!(own.iter().any(|id| worth[id] != worth[&own[0]]), "{}: {key} is alike everywhere", noun.path);
            let mut expected = own.clone();
            expected.sort_by(|a, b| worth[a].cmp(&worth[b]).then(a.cmp(b)));
            assert_eq!(ids(noun, &app, key).await, expected, "{}?sort={key}", noun.path);
            expected.reverse();
            assert_eq!(ids(noun, &app, &format!("-{key}")).await, expected, "{}?sort=-{key}", noun.path);
        }
        let (first, second) = (noun.sort[noun.sort.len() - 1], noun.sort[1]);
        let (one, other) = (column(noun, &app, first).await, column(noun, &app, second).await);
        let mut expected = own;
        expected.sort_by(|a, b| one[b].cmp(&one[a]).then(other[a].cmp(&other[b])).then(a.cmp(b)));
        assert_eq!(ids(noun, &app, &format!("-{first},{second}")).await, expected, "{}", noun.path);
    }
}

#[tokio::test]
async fn pages_of_an_order_make_the_whole() {
    for noun in NOUNS {
        let app = App::new();
        noun.seed(&app).await;
        let sort = format!("-{}", noun.sort[1]);
        let whole = ids(noun, &app, &sort).await;
        let mut pages = vec![];
        for page in 1..=whole.len() {
            let list = noun.reader(&app).get(&format!("{}?per_page=1&page={page}&sort={sort}", noun.list())).await.is(200);
            pages.push(list["data"][0]["id"].as_i64().unwrap());
        }
        assert_eq!(pages, whole, "{}", noun.path);
    }
}

#[tokio::test]
async fn keys_that_are_none() {
    for noun in NOUNS {
        let app = App::new();
        for wrong in ["none", "organization_id", "version", "ID", "id,none", "--id", "id,", ",", "id,-id"] {
            let refused = noun.reader(&app).get(&format!("{}?sort={wrong}", noun.list())).await;
            assert_eq!(refused.offending(), ["sort"], "{}?sort={wrong}", noun.path);
            let refusal = refused.is(422);
            let text = refusal["errors"]["sort"][0].as_str().unwrap();
            assert!(noun.sort.iter().all(|key| text.contains(key)), "{}: {text}", noun.path);
        }
    }
}
