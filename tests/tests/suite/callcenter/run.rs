//! Calls are processed: against servers that say what the test wants.

mod failures;
mod texts;

use std::future::pending;
use std::time::Duration;

use frontdesk_callcenter::{Endpoint, ProcessingOptions, Processor};
use frontdesk_outbound::{Client, Reach, Settings};
use serde_json::{Value, json};

use super::{id, path, task};
use crate::harness::app::App;
use crate::harness::stub::{Asked, Reply, Stub, reply};
use crate::journal::history;

const JSON: &str = "content-type: application/json\r\n";
const SAID: &str = "Оператор: Добрый день. Клиент: Я жду счёт с пятницы, пришлите его. Оператор: Я отправлю счёт сегодня до пяти.";

/// What servers answer where a test wants nothing else: a recording, a transcription, a completion.
fn usual(asked: &Asked) -> Reply {
    match asked.path.as_str() {
        "/v1/audio/transcriptions" => reply(200, JSON, json!({"text": SAID}).to_string().as_bytes()),
        "/v1/chat/completions" => {
            let text = if asked.text.contains("promised") { "Пришлём сегодня" } else { "Ждёт счёт" };
            reply(200, JSON, json!({"choices": [{"message": {"content": format!(" {text}\n")}}]}).to_string().as_bytes())
        }
        _ => reply(200, "content-type: audio/wav\r\n", b"RIFF...."),
    }
}

fn options(stub: &Stub, chat: bool) -> ProcessingOptions {
    let client = |reach| Client::new(Settings { reach, connect_timeout: Duration::from_secs(5), more_roots: vec![] });
    let url = format!("{}/v1", stub.url);
    let server = Endpoint { url, model: "m-1".into(), key: Some("k-1".into()), time: Duration::from_secs(30) };
    ProcessingOptions {
        speech: Some(server.clone()),
        language: Some("ru".into()),
        chat: chat.then_some(server),
        recordings: client(Reach::Public(vec!["127.0.0.1".parse().unwrap()])),
        servers: client(Reach::Anywhere),
        recording_bytes: 1000,
        recording_time: Duration::from_secs(30),
        folder: std::env::temp_dir(),
    }
}

async fn processor(app: &App, options: ProcessingOptions) -> Processor {
    Processor::new(app.db().await, app.world.clone(), options)
}

/// Works until nothing is due; says how many jobs there were.
async fn work(processor: &Processor) -> usize {
    let mut done = 0;
    while processor.step(pending()).await.unwrap() {
        done += 1;
    }
    done
}

/// A task with a recording on the stub.
async fn recorded(app: &App, stub: &Stub) -> Value {
    task(app, json!({"recording_url": format!("{}/call-1.wav?k=secret", stub.url)})).await
}

async fn get(app: &App, made: &Value) -> Value {
    app.agent().get(&path(made)).await.is(200)
}

/// The texts of a task, the oldest first, each as `stage version run source current text`.
async fn texts(app: &App, made: &Value) -> Vec<String> {
    let all = app.agent().get(&format!("{}/processing?sort=id&per_page=100", path(made))).await.is(200);
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = |row: &Value| {
        let words = ["stage", "version", "run", "source"].map(|name| word(&row[name])).join(" ");
        let mark = if row["is_current"] == true { "*" } else { "-" };
        let text = if row["text"].is_null() {
            format!("{} {}", word(&row["error_class"]), word(&row["error_message"]))
        } else {
            word(&row["text"])
        };
        format!("{words} {mark} {text}")
    };
    all["items"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn from_the_recording_to_the_summaries() {
    let app = App::new();
    let stub = Stub::start(|asked| {
        if asked.path.starts_with("/v1/") {
            assert!(asked.text.contains("authorization: Bearer k-1"), "{}", asked.text);
        }
        if asked.path == "/v1/audio/transcriptions" {
            for part in ["name=\"model\"\r\n\r\nm-1", "name=\"language\"\r\n\r\nru", "filename=\"call-1.wav\"", "RIFF...."] {
                assert!(asked.text.contains(part), "{part}: {}", asked.text);
            }
        }
        usual(asked)
    })
    .await;
    let made = recorded(&app, &stub).await;
    app.world.advance(time::Duration::seconds(5));
    assert_eq!(work(&processor(&app, options(&stub, true)).await).await, 1);
    let done = get(&app, &made).await;
    let shown = ["call_transcription", "call_summary", "call_response_summary", "error_message"].map(|name| done[name].clone());
    assert_eq!(shown, [json!(SAID), json!("Ждёт счёт"), json!("Пришлём сегодня"), Value::Null]);
    assert_eq!(done["processing"], json!({"state": "succeeded", "stage": "response_summary", "attempt": 1, "version": 1}));
    assert_eq!(
        texts(&app, &made).await,
        [
            format!("transcription 1 1 endpoint * {SAID}"),
            "call_summary 1 1 endpoint * Ждёт счёт".to_owned(),
            "response_summary 1 1 endpoint * Пришлём сегодня".to_owned(),
        ]
    );
    let actions: Vec<_> =
        history(&app, "call_task", id(&made)).await.iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    let run = ["created", "processing_started", "processing_went_on", "processing_went_on", "processed"];
    assert_eq!(actions, run);
    // It is found by what was said.
    let found = app.agent().get("/api/tasks?q=счёт%20пятницы").await.is(200);
    assert_eq!(found["total"], 1);
}

#[tokio::test]
async fn without_other_servers() {
    let app = App::new();
    let stub = Stub::start(usual).await;
    let bare = ProcessingOptions { speech: None, ..options(&stub, false) };
    let processor = processor(&app, bare).await;
    let texts = [
        (SAID, "счёт с пятницы", "отправлю счёт сегодня"),
        (
            "Agent: Good morning. Caller: My router has been dead since Monday, I need a new one. Agent: I will send you a new router today.",
            "router has been dead",
            "send you a new router",
        ),
        ("客服：您好。客戶：我的網路從昨天開始就斷線了，請幫我修好。客服：我會請工程師明天上午到府維修。", "斷線", "工程師明天"),
    ];
    for (said, call, response) in texts {
        let made = task(&app, json!({"call_transcription": said})).await;
        assert_eq!(work(&processor).await, 1);
        let done = get(&app, &made).await;
        assert!(done["call_summary"].as_str().unwrap().contains(call), "{done}");
        assert!(done["call_response_summary"].as_str().unwrap().contains(response), "{done}");
        assert_eq!((&done["processing"]["state"], &done["call_transcription"]), (&json!("succeeded"), &json!(said)));
    }
    let made = recorded(&app, &stub).await;
    assert_eq!(work(&processor).await, 1);
    let failed = get(&app, &made).await;
    assert_eq!(failed["processing"], json!({"state": "failed", "stage": "transcription", "attempt": 1, "version": 1}));
    assert!(failed["error_message"].as_str().unwrap().contains("processing.speech_url"), "{failed}");
    assert_eq!(stub.count("/"), 0);
}

#[tokio::test]
async fn nothing_is_done_twice() {
    let app = App::new();
    let stub = Stub::start(usual).await;
    let mut made = vec![];
    for _ in 0..12 {
        made.push(recorded(&app, &stub).await);
    }
    let workers = [processor(&app, options(&stub, true)).await, processor(&app, options(&stub, true)).await];
    let done = tokio::join!(work(&workers[0]), work(&workers[1]), work(&workers[0]));
    assert_eq!(done.0 + done.1 + done.2, 12);
    assert_eq!((stub.count("/v1/audio"), stub.count("/v1/chat")), (12, 24));
    for made in made {
        assert_eq!(get(&app, &made).await["processing"]["state"], "succeeded");
        assert_eq!(texts(&app, &made).await.len(), 3);
    }
}

#[tokio::test]
async fn what_waits_without_a_job_gets_one() {
    let app = App::new();
    let line = r#"{"record":"call_task","id":"019ca000-0000-7000-8000-000000000021","title":"waits","assigned_user_id":3,"call_transcription":"Алло","processing":{"state":"running","stage":"response_summary","attempt":1,"version":4}}"#;
    app.seed(line).await;
    let stub = Stub::start(usual).await;
    let processor = processor(&app, options(&stub, true)).await;
    assert_eq!(work(&processor).await, 0);
    let mine = recorded(&app, &stub).await;
    assert_eq!((processor.adopt().await.unwrap(), processor.adopt().await.unwrap()), (1, 0));
    assert_eq!(work(&processor).await, 2);
    let task = app.agent().get("/api/tasks/019ca000-0000-7000-8000-000000000021").await.is(200);
    assert_eq!(task["processing"], json!({"state": "succeeded", "stage": "response_summary", "attempt": 1, "version": 4}));
    assert_eq!((&task["call_summary"], &task["call_response_summary"]), (&Value::Null, &json!("Пришлём сегодня")));
    assert_eq!(get(&app, &mine).await["processing"]["state"], "succeeded");
}
