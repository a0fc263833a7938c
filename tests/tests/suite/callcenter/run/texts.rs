//! Texts have versions: none is lost, none is replaced before its successor is whole, and what a person wrote stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::super::processing::reprocess;
use super::super::{path, places};
use super::{JSON, get, options, processor, recorded, texts, usual, work};
use crate::harness::app::App;
use crate::harness::stub::{Stub, reply};

/// Servers whose second transcription differs from the first, and that fail to summarize while the flag is set.
async fn changing(broken: &Arc<AtomicBool>) -> Stub {
    let (broken, count) = (broken.clone(), std::sync::atomic::AtomicUsize::new(0));
    Stub::start(move |asked| match asked.path.as_str() {
        "/v1/audio/transcriptions" => {
            let text = format!("Сказано {}", count.fetch_add(1, Ordering::SeqCst) + 1);
            reply(200, JSON, json!({"text": text}).to_string().as_bytes())
        }
        "/v1/chat/completions" if broken.load(Ordering::SeqCst) => reply(400, "", b""),
        "/v1/chat/completions" => {
            let said = if asked.text.contains("Сказано 1") { "1" } else { "2" };
            reply(200, JSON, json!({"choices": [{"message": {"content": format!("Кратко {said}")}}]}).to_string().as_bytes())
        }
        _ => usual(asked),
    })
    .await
}

fn shown(task: &Value) -> [Value; 3] {
    ["call_transcription", "call_summary", "call_response_summary"].map(|name| task[name].clone())
}

#[tokio::test]
async fn the_old_texts_stay_until_the_new_ones_are_whole() {
    let (app, broken) = (App::new(), Arc::new(AtomicBool::new(false)));
    let stub = changing(&broken).await;
    let processor = processor(&app, options(&stub, true)).await;
    let made = recorded(&app, &stub).await;
    work(&processor).await;
    let first = [json!("Сказано 1"), json!("Кратко 1"), json!("Кратко 1")];
    assert_eq!(shown(&get(&app, &made).await), first);

    broken.store(true, Ordering::SeqCst);
    reprocess(&app, &path(&made), "").await;
    work(&processor).await;
    let failed = get(&app, &made).await;
    assert_eq!(shown(&failed), first, "a run that failed replaces nothing");
    assert_eq!(failed["processing"], json!({"state": "failed", "stage": "call_summary", "attempt": 1, "version": 2}));
    assert!(failed["error_message"].as_str().unwrap().starts_with("call_summary: "), "{failed}");
    assert_eq!(texts(&app, &made).await[3], "transcription 2 2 endpoint - Сказано 2");
    assert!(texts(&app, &made).await[4].starts_with("call_summary null 2 endpoint - permanent "));

    broken.store(false, Ordering::SeqCst);
    reprocess(&app, &path(&made), "").await;
    work(&processor).await;
    let done = get(&app, &made).await;
    assert_eq!(shown(&done), [json!("Сказано 3"), json!("Кратко 2"), json!("Кратко 2")]);
    assert_eq!((&done["error_message"], &done["processing"]["version"]), (&Value::Null, &json!(3)));
    let all = texts(&app, &made).await;
    assert_eq!(all.iter().filter(|line| line.contains(" * ")).count(), 3, "{all:?}");
    assert_eq!(
        all[5..],
        ["transcription 3 3 endpoint * Сказано 3", "call_summary 2 3 endpoint * Кратко 2", "response_summary 2 3 endpoint * Кратко 2"]
    );
}

#[tokio::test]
async fn an_earlier_version_is_chosen() {
    let (app, broken) = (App::new(), Arc::default());
    let stub = changing(&broken).await;
    let processor = processor(&app, options(&stub, true)).await;
    let made = recorded(&app, &stub).await;
    work(&processor).await;
    reprocess(&app, &path(&made), "").await;
    work(&processor).await;
    let place = format!("{}/processing", path(&made));
    let choice = |version: Value| json!({"stage": "transcription", "version": version});
    let chosen = app.agent().put(&place, choice(json!(1))).await.is(200);
    assert_eq!(shown(&chosen), [json!("Сказано 1"), json!("Кратко 2"), json!("Кратко 2")]);
    let tag = app.agent().get(&path(&made)).await.header("etag").to_owned();
    let again = app.agent().put(&place, choice(json!(1))).await;
    assert_eq!((again.status, again.header("etag")), (200, tag.as_str()), "the same choice changes nothing");
    for (body, place_named) in [
        (choice(json!(9)), "body.version"),
        (json!({"stage": "summary", "version": 1}), "body.stage"),
        (json!({"stage": "transcription"}), "body.version"),
    ] {
        assert_eq!(places(app.agent().put(&place, body.clone()).await), [place_named], "{body}");
    }
    app.agent().put("/api/tasks/019ca000-0000-7000-8000-00000000ffff/processing", choice(json!(1))).await.is(404);
    let stale = app.agent().with("if-match", "\"1-0\"").put(&place, choice(json!(2))).await;
    assert_eq!(stale.status, 412);
}

#[tokio::test]
async fn what_a_person_edited_stays() {
    let (app, broken) = (App::new(), Arc::default());
    let stub = changing(&broken).await;
    let processor = processor(&app, options(&stub, true)).await;
    let made = recorded(&app, &stub).await;
    work(&processor).await;
    let edit = json!({"call_summary": "От руки"});
    app.agent().patch(&path(&made), edit).await.is(200);
    reprocess(&app, &path(&made), "").await;
    work(&processor).await;
    assert_eq!(shown(&get(&app, &made).await), [json!("Сказано 2"), json!("От руки"), json!("Кратко 2")]);
    let all = texts(&app, &made).await;
    assert_eq!(all[3], "call_summary 2 null person * От руки");
    assert_eq!(all.len(), 6, "nobody is asked for what would not be shown: {all:?}");

    reprocess(&app, &path(&made), "?stage=call_summary&overwrite=true").await;
    work(&processor).await;
    assert_eq!(shown(&get(&app, &made).await), [json!("Сказано 2"), json!("Кратко 2"), json!("Кратко 2")]);
    assert_eq!(texts(&app, &made).await[6], "call_summary 3 3 endpoint * Кратко 2");
    let refused = app.agent().post(&format!("{}/reprocess?overwrite=perhaps", path(&made)), Value::Null).await;
    assert_eq!(places(refused), ["query.overwrite"]);
}

#[tokio::test]
async fn what_the_client_gave_becomes_the_first_version() {
    let (app, broken) = (App::new(), Arc::default());
    let stub = changing(&broken).await;
    let processor = processor(&app, options(&stub, true)).await;
    let fields = json!({"recording_url": format!("{}/1.wav", stub.url), "call_transcription": "Прислано", "call_summary": "Их слова"});
    let made = super::super::task(&app, fields).await;
    assert_eq!((texts(&app, &made).await.len(), work(&processor).await), (0, 0));
    reprocess(&app, &path(&made), "?stage=transcription").await;
    work(&processor).await;
    assert_eq!(shown(&get(&app, &made).await), [json!("Сказано 1"), json!("Их слова"), Value::Null]);
    assert_eq!(texts(&app, &made).await, ["transcription 1 null given - Прислано", "transcription 2 1 endpoint * Сказано 1"]);
    // Cleared by a person, and read again.
    app.agent().patch(&path(&made), json!({"call_transcription": null})).await.is(200);
    assert!(texts(&app, &made).await.iter().all(|line| line.contains(" - ")));
    reprocess(&app, &path(&made), "?stage=transcription").await;
    work(&processor).await;
    assert_eq!(get(&app, &made).await["call_transcription"], "Сказано 2");
}
