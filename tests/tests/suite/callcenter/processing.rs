//! How a recording is asked to be processed.

use serde_json::{Value, json};
use time::Duration;

use super::{id, path, places, task};
use crate::harness::app::App;
use crate::journal::{changes, history};

const RECORDING: &str = "https://pbx.example.com/1.mp3";
const DONE: &str = "/api/tasks/019ca000-0000-7000-8000-000000000011";
const FAILED: &str = "/api/tasks/019ca000-0000-7000-8000-000000000012";
const TEXT_ONLY: &str = "/api/tasks/019ca000-0000-7000-8000-000000000013";

/// Tasks whose processing has ended.
const ENDED: &str = r#"{"record":"call_task","id":"019ca000-0000-7000-8000-000000000011","title":"done","assigned_user_id":3,"recording_url":"https://pbx.example.com/1.mp3","call_transcription":"Алло","call_summary":"О счёте","call_response_summary":"Перезвоним","processing":{"state":"succeeded","stage":"summary","attempt":2,"version":1}}
{"record":"call_task","id":"019ca000-0000-7000-8000-000000000012","title":"failed","assigned_user_id":3,"recording_url":"https://pbx.example.com/2.mp3","call_summary":"earlier","error_message":"no sound","processing":{"state":"failed","stage":"transcription","attempt":5,"version":3}}
{"record":"call_task","id":"019ca000-0000-7000-8000-000000000013","title":"text","assigned_user_id":3,"call_transcription":"Алло","processing":{"state":"succeeded","stage":"summary","attempt":1,"version":1}}"#;

fn queued(stage: &str, version: i64) -> Value {
    json!({"state": "queued", "stage": stage, "attempt": 0, "version": version})
}

fn none() -> Value {
    json!({"state": "none", "stage": null, "attempt": 0, "version": 0})
}

pub(super) async fn reprocess(app: &App, path: &str, query: &str) -> Value {
    app.agent().post(&format!("{path}/reprocess{query}"), json!(null)).await.is(200)
}

#[tokio::test]
async fn a_new_task_is_queued_for_what_it_lacks() {
    let app = App::new();
    let cases = [
        (json!({}), none()),
        (json!({"call_summary": "s"}), none()),
        (json!({"recording_url": RECORDING}), queued("transcription", 1)),
        (json!({"recording_url": RECORDING, "call_summary": "s"}), queued("transcription", 1)),
        (json!({"recording_url": RECORDING, "call_transcription": "t"}), queued("summary", 1)),
        (json!({"call_transcription": "t"}), queued("summary", 1)),
        (json!({"call_transcription": "t", "call_response_summary": "r"}), queued("summary", 1)),
        (json!({"call_transcription": "t", "call_summary": "s"}), none()),
        (json!({"recording_url": RECORDING, "call_transcription": "t", "call_summary": "s"}), none()),
    ];
    for (fields, processing) in cases {
        assert_eq!(task(&app, fields.clone()).await["processing"], processing, "{fields}");
    }
}

#[tokio::test]
async fn all_stages_again() {
    let app = App::new();
    app.seed(ENDED).await;
    for (path, stage, version) in [(DONE, "transcription", 2), (FAILED, "transcription", 4), (TEXT_ONLY, "summary", 2)] {
        let before = app.agent().get(path).await.is(200);
        app.world.advance(Duration::minutes(1));
        let after = reprocess(&app, path, "").await;
        assert_eq!((&after["processing"], &after["error_message"]), (&queued(stage, version), &Value::Null), "{path}");
        for text in ["call_transcription", "call_summary", "call_response_summary", "status"] {
            assert_eq!(after[text], before[text], "{path} {text}");
        }
        assert_ne!(after["updated_at"], before["updated_at"]);
        app.agent().get(path).await.equals(200, &after);
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(history(&app, "call_task", id).await.last().unwrap(), "reprocess_requested 2 employee 3");
        assert_eq!(changes(&app, "call_task", id).await[1]["processing_state"][1], "queued");
    }
}

#[tokio::test]
async fn one_stage_again() {
    let app = App::new();
    app.seed(ENDED).await;
    assert_eq!(reprocess(&app, DONE, "?stage=summary").await["processing"], queued("summary", 2));
    assert_eq!(reprocess(&app, FAILED, "?stage=transcription").await["processing"], queued("transcription", 4));
    assert_eq!(reprocess(&app, TEXT_ONLY, "?stage=").await["processing"], queued("summary", 2));
    let made = task(&app, json!({})).await;
    for (query, place) in [("?stage=x", "query.stage"), ("?stage=Summary", "query.stage"), ("?steps=summary", "query.steps")] {
        let refused = app.agent().post(&format!("{}/reprocess{query}", path(&made)), json!(null)).await;
        assert_eq!(places(refused), [place], "{query}");
    }
}

#[tokio::test]
async fn nothing_changes_while_it_waits() {
    let app = App::new();
    let made = task(&app, json!({"recording_url": RECORDING})).await;
    let tag = app.agent().get(&path(&made)).await.header("etag").to_owned();
    app.world.advance(Duration::minutes(1));
    for query in ["", "?stage=summary", "?stage=transcription"] {
        let answer = app.agent().post(&format!("{}/reprocess{query}", path(&made)), json!({})).await;
        assert_eq!(answer.header("etag"), tag);
        answer.equals(200, &made);
    }
    assert_eq!(history(&app, "call_task", id(&made)).await.len(), 1);
}

#[tokio::test]
async fn nothing_changes_where_there_is_nothing_to_work_on() {
    let app = App::new();
    app.seed(ENDED).await;
    let made = task(&app, json!({})).await;
    app.agent().post(&format!("{}/reprocess", path(&made)), json!(null)).await.equals(200, &made);
    let before = app.agent().get(TEXT_ONLY).await.is(200);
    app.agent().post(&format!("{TEXT_ONLY}/reprocess?stage=transcription"), json!(null)).await.equals(200, &before);
}

#[tokio::test]
async fn a_cancelled_task_is_not_processed() {
    let app = App::new();
    let made = task(&app, json!({"recording_url": RECORDING})).await;
    let cancelled = app.agent().put(&format!("{}/status", path(&made)), json!({"status": "cancelled"})).await.is(200);
    for query in ["", "?stage=summary"] {
        let refusal = app.agent().post(&format!("{}/reprocess{query}", path(&made)), json!(null)).await.is(409);
        assert!(refusal["detail"].is_string());
    }
    app.agent().get(&path(&made)).await.equals(200, &cancelled);
}
