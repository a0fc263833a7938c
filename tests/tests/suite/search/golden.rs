//! What each search finds among known records, as people who read the scripts say.

use std::collections::BTreeSet;

use sea_orm::DbBackend;
use serde_json::Value;

use super::found;
use super::plain::Record;
use crate::harness::app::App;

const WORLD: &str = include_str!("../world/main.ndjson");
const RECORDS: &str = include_str!("golden.ndjson");
const CASES: &str = include_str!("cases.ndjson");

fn lines(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap())
}

#[tokio::test]
async fn each_search_finds_what_it_should() {
    let app = App::new();
    app.seed(RECORDS).await;
    let db = app.db().await;
    finds_all(&app).await;
    if db.backend() == DbBackend::Sqlite {
        // The same where no text is in its index yet, and where every other is.
        super::tail::put_back(&db, 1).await;
        finds_all(&app).await;
        db.merge_searches().await.unwrap();
        super::tail::put_back(&db, 2).await;
        finds_all(&app).await;
    }
}

async fn finds_all(app: &App) {
    let records: Vec<Value> = lines(WORLD).chain(lines(RECORDS)).collect();
    let (mut wrong, mut cases) = (vec![], 0);
    for case in lines(CASES) {
        let (of, search) = (case["in"].as_str().unwrap(), case["search"].as_str().unwrap());
        let expected = case["found"].as_array().unwrap();
        let answered = found(app, of, search).await;
        if answered != *expected {
            wrong.push(format!("{of} {search:?}: {answered:?}, not {expected:?}"));
        }
        let texts = records.iter().filter_map(|line| Record::of(line, of));
        let plain: BTreeSet<_> = texts.filter(|record| record.has(search)).map(|record| record.id.to_string()).collect();
        let expected: BTreeSet<_> = expected.iter().map(Value::to_string).collect();
        assert_eq!(plain, expected, "{of} {search:?} in each text");
        cases += 1;
    }
    assert!(cases >= 300, "{cases} cases");
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
}
