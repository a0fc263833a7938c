//! From create to delete.

use serde_json::{Value, json};

use super::Noun;
use super::nouns::NOUNS;
use crate::harness::app::App;
use crate::harness::rows;

const FORM: &str = "application/x-www-form-urlencoded";

/// Fails unless the record has every field of `body` as it was sent.
#[track_caller]
fn shows(noun: &Noun, record: &Value, body: &Value) {
    for (field, sent) in body.as_object().unwrap().iter().filter(|(field, _)| !noun.hides(field)) {
        let none = sent.is_null() && record[field] == -1;
        assert!(record[field] == *sent || none, "{}: {field} of {record}", noun.path);
    }
}

#[tokio::test]
async fn created_viewed_changed_deleted() {
    for noun in NOUNS {
        let app = App::new();
        let (made, at) = noun.create(&app).await;
        shows(noun, &made, &noun.whole());
        let viewed = noun.record(noun.reader(&app).get(&at).await);
        assert_eq!(format!("{viewed:#}"), format!("{made:#}"), "{at}");
        let list = noun.reader(&app).get(&format!("{}?per_page=200", noun.list())).await.is(200);
        let listed: Vec<_> = list["data"].as_array().unwrap().iter().filter(|row| row["id"] == made["id"]).collect();
        assert_eq!(listed.len(), 1, "{at}");
        // A list may show more of a record, and less.
        let shared = made.as_object().unwrap().iter().filter(|(field, _)| listed[0].get(field).is_some());
        shared.for_each(|(field, value)| assert_eq!(&listed[0][field], value, "{at}: {field}"));
        let changed = noun.record((noun.writer)(&app).put(&at, noun.change()).await);
        shows(noun, &changed, &noun.change());
        assert_eq!(noun.record(noun.reader(&app).get(&at).await), changed, "{at}");
        let gone = (noun.writer)(&app).delete(&at).await;
        assert_eq!((gone.status, gone.text.as_str()), (204, ""), "{at}");
        noun.reader(&app).get(&at).await.is(404);
        (noun.writer)(&app).put(&at, json!({})).await.is(404);
        (noun.writer)(&app).delete(&at).await.is(404);
        assert_eq!(noun.history(&app, &made["id"]).await, ["1 created", "2 updated", "2 deleted"], "{at}");
        assert_ne!(noun.create(&app).await.0["id"], made["id"], "{at}: an id is not given again");
    }
}

#[tokio::test]
async fn nobody_of_another_organization_reaches_it() {
    for noun in NOUNS {
        let app = App::new();
        let (made, at) = noun.create(&app).await;
        let foreign = noun.foreign(&app).await;
        let db = app.db().await;
        let before = rows(&db).await;
        for id in [foreign.to_string(), "999".into(), "0".into(), "-1".into(), "x".into(), "9223372036854775808".into()] {
            let there = noun.at(id);
            noun.reader(&app).get(&there).await.equals(404, &json!({"message": "Not Found"}));
            (noun.writer)(&app).put(&there, noun.change()).await.is(404);
            (noun.writer)(&app).delete(&there).await.is(404);
        }
        app.stranger().get(&at).await.is(404);
        app.stranger().put(&at, noun.change()).await.is(404);
        app.stranger().delete(&at).await.is(404);
        assert_eq!(rows(&db).await, before, "{}", noun.path);
        assert_eq!(noun.record(app.stranger().get(&noun.at(foreign)).await)["id"], foreign);
        assert_eq!(noun.record(noun.reader(&app).get(&at).await), made);
    }
}

#[tokio::test]
async fn what_others_name_stays() {
    for noun in NOUNS {
        let Some((id, by)) = noun.held else { continue };
        let app = App::new();
        let db = app.db().await;
        let before = rows(&db).await;
        let refusal = (noun.writer)(&app).delete(&noun.at(id)).await.is(409);
        let text = refusal["message"].as_str().unwrap();
        assert!(text.ends_with(&format!(" is still named by {by}")), "{text}");
        assert_eq!(rows(&db).await, before, "{}", noun.path);
    }
}

#[tokio::test]
async fn the_immortal() {
    for noun in NOUNS {
        let Some(id) = noun.immortal else { continue };
        let app = App::new();
        noun.seed(&app).await;
        let db = app.db().await;
        let before = rows(&db).await;
        (noun.writer)(&app).put(&noun.at(id), noun.change()).await.is(409);
        (noun.writer)(&app).delete(&noun.at(id)).await.is(409);
        assert_eq!(rows(&db).await, before, "{}", noun.path);
    }
}

/// The body as a form; null is an empty field.
fn form(body: &Value) -> Vec<u8> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let fields: Vec<_> = body.as_object().unwrap().iter().map(|(name, value)| (name.clone(), text(value))).collect();
    let url = reqwest::Url::parse_with_params("http://localhost/", fields).unwrap();
    url.query().unwrap().into()
}

#[tokio::test]
async fn a_form_is_a_body_and_may_name_the_method() {
    for noun in NOUNS {
        let app = App::new();
        let writer = (noun.writer)(&app);
        let made = writer.send("POST", &noun.list(), FORM, form(&noun.whole())).await.is(201)["data"].clone();
        shows(noun, &made, &noun.whole());
        let at = noun.at(&made["id"]);
        let changed = noun.record(writer.send("PUT", &at, FORM, form(&noun.change())).await);
        shows(noun, &changed, &noun.change());
        let mut back = noun.whole();
        back["_method"] = "put".into();
        let changed = noun.record(writer.send("POST", &at, FORM, form(&back)).await);
        shows(noun, &changed, &noun.whole());
        writer.send("POST", &at, FORM, b"_method=delete".to_vec()).await.is(204);
        noun.reader(&app).get(&at).await.is(404);
    }
}
