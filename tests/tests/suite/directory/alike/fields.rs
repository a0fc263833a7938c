//! The rules of single fields.

use serde_json::{Map, Value, json};

use super::FOREIGN;
use super::nouns::NOUNS;
use crate::harness::app::App;
use crate::harness::rows;

fn sorted<T: Ord>(mut names: Vec<T>) -> Vec<T> {
    names.sort_unstable();
    names
}

#[tokio::test]
async fn what_is_required_is_enough_and_never_null() {
    for noun in NOUNS.iter().filter(|noun| !noun.required.is_empty()) {
        let app = App::new();
        let whole = noun.whole();
        let least: Map<String, Value> = noun.required.iter().map(|field| ((*field).to_owned(), whole[field].clone())).collect();
        let made = (noun.writer)(&app).post(&noun.list(), least.into()).await.is(201)["data"].clone();
        let at = noun.at(&made["id"]);
        let db = app.db().await;
        let before = rows(&db).await;
        let named = (noun.writer)(&app).post(&noun.list(), json!({})).await.offending();
        assert_eq!(sorted(named), sorted(noun.required.to_vec()), "{}", noun.path);
        for field in noun.required {
            for (method, body) in noun.with(field, &Value::Null) {
                assert_eq!(noun.write(&app, method, &at, &body).await.offending(), [*field], "{method} {at}");
            }
        }
        assert_eq!(rows(&db).await, before, "{}", noun.path);
    }
}

#[tokio::test]
async fn texts_have_a_length() {
    for noun in NOUNS {
        let app = App::new();
        let (_, at) = noun.create(&app).await;
        let db = app.db().await;
        for (field, most) in noun.texts {
            let before = rows(&db).await;
            let mut wrong = vec![json!("x".repeat(most + 1)), json!("a\0b"), json!(7), json!(["a"])];
            if noun.required.contains(field) {
                wrong.push(json!(""));
            }
            for value in wrong {
                for (method, body) in noun.with(field, &value) {
                    assert_eq!(noun.write(&app, method, &at, &body).await.offending(), [*field], "{method} {at}");
                }
            }
            assert_eq!(rows(&db).await, before, "{}: {field}", noun.path);
            let longest = "界".repeat(*most);
            for (method, body) in noun.with(field, &json!(longest)) {
                let answer = noun.write(&app, method, &at, &body).await;
                assert!(answer.status < 300 && answer.text.contains(&longest), "{method} {at}: {field}");
                // So that a text which no two records may share is free again.
                if method == "POST" {
                    (noun.writer)(&app).delete(&noun.at(&answer.body["data"]["id"])).await.is(204);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_reference_names_a_record_of_the_organization() {
    for noun in NOUNS {
        let app = App::new();
        let (_, at) = noun.create(&app).await;
        let db = app.db().await;
        let before = rows(&db).await;
        for field in noun.references {
            for wrong in [json!(999), json!(FOREIGN), json!(0), json!("x"), json!(1.5), json!(true)] {
                for (method, body) in noun.with(field, &wrong) {
                    assert_eq!(noun.write(&app, method, &at, &body).await.offending(), [*field], "{method} {at}: {field} {wrong}");
                }
            }
        }
        assert_eq!(rows(&db).await, before, "{}", noun.path);
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    for noun in NOUNS {
        let app = App::new();
        let (_, at) = noun.create(&app).await;
        let mut body = json!({});
        for (field, most) in noun.texts {
            body[field] = "x".repeat(most + 1).into();
        }
        for field in noun.references {
            body[field] = FOREIGN.into();
        }
        let expected: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
        let named = (noun.writer)(&app).put(&at, body).await.offending();
        assert_eq!(sorted(named), sorted(expected), "{at}");
    }
}
