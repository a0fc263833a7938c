//! Random texts and searches: the index finds what the plain way finds, also after changes and deletions.

use frontdesk_core::text::{normalize, terms};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::found;
use super::plain::Record;
use crate::harness::app::App;

/// The same draws on both databases.
fn runner(seed: u8) -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

fn draw<T>(runner: &mut TestRunner, strategy: &impl Strategy<Value = T>) -> T {
    strategy.new_tree(runner).unwrap().current()
}

/// Few different characters of many scripts, so that texts have much in common, and now and then any at all.
fn character() -> impl Strategy<Value = char> {
    let scripts = [
        "客戶服務系統",
        "のログイン",
        "배송문의",
        "недом ё",
        "қоңыр",
        "abc AB",
        "１２ab ",
        "  \n",
        "-_%'\"\\*",
        "😀👍🏽\u{200d}",
        "ßﬁé\u{301}\u{308}",
    ];
    let c = |script: &str| prop::sample::select(script.chars().collect::<Vec<_>>());
    let all: Vec<_> = scripts.iter().map(|script| c(script).boxed()).collect();
    prop_oneof![9 => prop::strategy::Union::new(all), 1 => any::<char>().prop_filter("not to be stored", |c| *c != '\0')]
}

/// Characters, and now and then a number, of which five digits are a piece.
fn text(most: usize) -> impl Strategy<Value = String> {
    let number = prop::string::string_regex("[01１]{3,9}").unwrap();
    let part = prop_oneof![9 => character().prop_map(String::from), 1 => number];
    prop::collection::vec(part, 1..most).prop_map(|parts| parts.concat())
}

fn record(ticket: &Value, subject: &str, content: &str) -> Record {
    Record { id: ticket["id"].clone(), texts: vec![normalize(subject), normalize(content)], phones: None }
}

/// A piece of a text, or anything.
fn search(runner: &mut TestRunner, records: &[Record]) -> String {
    let words = draw(runner, &(1..3_usize));
    let word = |runner: &mut TestRunner| {
        let texts: Vec<char> = records[draw(runner, &(0..records.len()))].texts.concat().chars().collect();
        if texts.is_empty() || draw(runner, &(0..4)) == 0 {
            return draw(runner, &text(5));
        }
        let from = draw(runner, &(0..texts.len()));
        texts[from..].iter().take(draw(runner, &(1..7_usize))).collect()
    };
    (0..words).map(|_| word(runner)).collect::<Vec<_>>().join(" ")
}

async fn agree(app: &App, runner: &mut TestRunner, records: &[Record], searches: usize) {
    for _ in 0..searches {
        let search = search(runner, records);
        if terms(&search).is_empty() || terms(&search).len() > 50 {
            continue;
        }
        let hits = records.iter().rev().filter(|record| record.has(&search));
        let plain: Vec<_> = hits.map(|record| record.id.clone()).collect();
        assert_eq!(found(app, "ticket", &search).await, plain, "{search:?} ({:?})", terms(&search));
    }
}

async fn holds(app: App) {
    let mut runner = runner(7);
    let mut records = vec![];
    for id in [1, 2] {
        let old = app.agent().get(&format!("/api/v1/ticket/{id}")).await.is(200);
        records.push(record(&old, old["subject"].as_str().unwrap(), old["content"].as_str().unwrap()));
    }
    let some = prop_oneof![3 => text(40), 1 => text(200)];
    for place in 0..60 {
        // Some are in the index then, and the others are not.
        if place == 30 {
            app.db().await.merge_searches().await.unwrap();
        }
        let (subject, content) = (format!("s{}", draw(&mut runner, &text(20))), format!("c{}", draw(&mut runner, &some)));
        let made = app.agent().post("/api/v1/ticket", json!({"subject": subject, "content": content})).await.is(201);
        records.push(record(&made["data"], &subject, &content));
    }
    agree(&app, &mut runner, &records, 150).await;
    for place in (2..records.len()).rev().step_by(3) {
        let content = format!("c{}", draw(&mut runner, &some));
        let changed = app.agent().put(&format!("/api/v1/ticket/{}", records[place].id), json!({"content": content})).await.is(200);
        records[place] = record(&changed, changed["subject"].as_str().unwrap(), &content);
    }
    for place in (3..records.len()).rev().step_by(4) {
        app.supervisor().delete(&format!("/api/v1/ticket/{}", records.remove(place).id)).await.is(204);
    }
    agree(&app, &mut runner, &records, 150).await;
}

#[tokio::test]
async fn the_index_finds_what_every_text_has() {
    holds(App::new()).await;
}
