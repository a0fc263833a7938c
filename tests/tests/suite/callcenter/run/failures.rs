//! Failures of every stage: their class, their budget, and that earlier texts stay.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use frontdesk_callcenter::{Endpoint, ProcessingOptions};
use frontdesk_outbound::{Client, Reach, Settings};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::super::processing::reprocess;
use super::super::{path, task};
use super::{JSON, get, options, processor, recorded, texts, usual, work};
use crate::harness::app::App;
use crate::harness::stub::{Reply, Stub, reply};
use crate::harness::{eventually, number};

const RECORDING: &str = "/call-1.wav";
const SPEECH: &str = "/v1/audio/transcriptions";
const CHAT: &str = "/v1/chat/completions";

/// What a path says.
type Answer = fn() -> Reply;

/// Servers of which one path says something else.
async fn but(path: &'static str, answer: impl Fn() -> Reply + Send + Sync + 'static) -> Stub {
    Stub::start(move |asked| if asked.path.starts_with(path) { answer() } else { usual(asked) }).await
}

fn impatient(stub: &Stub) -> ProcessingOptions {
    let time = Duration::from_millis(300);
    let options = options(stub, true);
    let hurry = |server: Option<Endpoint>| server.map(|server| Endpoint { time, ..server });
    ProcessingOptions { speech: hurry(options.speech.clone()), chat: hurry(options.chat.clone()), recording_time: time, ..options }
}

/// What becomes of a task in one attempt.
async fn after_one(stub: &Stub) -> (App, Value) {
    let app = App::new();
    let made = recorded(&app, stub).await;
    assert_eq!(work(&processor(&app, impatient(stub)).await).await, 1);
    let task = get(&app, &made).await;
    (app, task)
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    const CUT: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"text\": \"hal";
    const CUT_SOUND: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\ncontent-length: 500\r\n\r\nRIFF";
    for (place, stage) in [(RECORDING, "transcription"), (SPEECH, "transcription"), (CHAT, "call_summary")] {
        let replies: [Answer; 4] = [
            || reply(500, "", b""),
            || reply(429, "retry-after: 3600\r\n", b""),
            || Reply::Silence,
            || Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
        ];
        let halves: [Answer; 2] = [|| Reply::Bytes(CUT.to_vec()), || Reply::Bytes(CUT_SOUND.to_vec())];
        let half = if place == RECORDING { halves[1] } else { halves[0] };
        for (number_of, answer) in replies.into_iter().chain([half]).enumerate() {
            let stub = but(place, answer).await;
            let (app, task) = after_one(&stub).await;
            let expected = json!({"state": "queued", "stage": stage, "attempt": 1, "version": 1});
            assert_eq!((&task["processing"], &task["error_message"]), (&expected, &Value::Null), "{place} {number_of}");
            let wait = number(&app.db().await.read(), "SELECT run_at - updated_at AS n FROM job").await;
            let range = if number_of == 1 { 3_600_000..=3_600_000 } else { 5_000..=10_000 };
            assert!(range.contains(&wait), "{place} {number_of}: {wait}");
        }
    }
}

#[tokio::test]
async fn what_will_not_pass_fails_at_once() {
    let cases: [(&str, Answer, &str); 6] = [
        (RECORDING, || reply(404, "", b""), "status 404"),
        (RECORDING, || reply(200, "content-type: text/html\r\n", b"<p>"), "content type"),
        (RECORDING, || reply(200, "content-type: audio/wav\r\n", &[0; 1001]), "larger than 1000 bytes"),
        (SPEECH, || reply(401, "", b""), "status 401"),
        (SPEECH, || reply(200, JSON, b"{\"text\": \" \"}"), "no speech"),
        (CHAT, || reply(400, "", b""), "status 400"),
    ];
    for (place, answer, reason) in cases {
        let stub = but(place, answer).await;
        let (app, task) = after_one(&stub).await;
        assert_eq!(task["processing"]["state"], "failed", "{place}: {task}");
        let message = task["error_message"].as_str().unwrap();
        assert!(message.contains(reason) && !message.contains("secret"), "{place}: {message}");
        let last = texts(&app, &task).await.pop().unwrap();
        assert!(last.contains(" null 1 endpoint - permanent ") && last.contains(reason), "{last}");
    }
}

#[tokio::test]
async fn addresses_that_are_not_public_are_refused() {
    let app = App::new();
    let stub = Stub::start(usual).await;
    let port = stub.url.rsplit(':').next().unwrap().to_owned();
    let reach = Reach::Public(vec![]);
    let strict = Client::new(Settings { reach, connect_timeout: Duration::from_secs(5), more_roots: vec![] });
    let processor = processor(&app, ProcessingOptions { recordings: strict, ..options(&stub, true) }).await;
    for host in
        ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0177.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1"]
    {
        let made = task(&app, json!({"recording_url": format!("http://{host}:{port}/1.wav")})).await;
        work(&processor).await;
        let failed = get(&app, &made).await;
        let message = failed["error_message"].as_str().unwrap_or_default().to_owned();
        assert!(failed["processing"]["state"] == "failed" && message.contains("public"), "{host}: {failed}");
    }
    assert_eq!(stub.count("/"), 0);
}

#[tokio::test]
async fn the_budget_ends() {
    let app = App::new();
    let stub = but(SPEECH, || reply(503, "", b"")).await;
    let processor = processor(&app, options(&stub, true)).await;
    let made = recorded(&app, &stub).await;
    for attempt in 1..8 {
        assert_eq!(work(&processor).await, 1);
        assert_eq!(get(&app, &made).await["processing"]["attempt"], attempt);
        assert_eq!(work(&processor).await, 0, "it waits");
        assert_eq!(reprocess(&app, &path(&made), "").await["processing"]["attempt"], attempt, "nothing changes while it waits");
        app.world.advance(time::Duration::hours(2));
    }
    assert_eq!(work(&processor).await, 1);
    app.world.advance(time::Duration::hours(5));
    assert_eq!((work(&processor).await, stub.count(SPEECH)), (0, 8));
    let failed = get(&app, &made).await;
    assert_eq!(failed["processing"], json!({"state": "failed", "stage": "transcription", "attempt": 8, "version": 1}));
    assert!(texts(&app, &made).await[0].starts_with("transcription null 1 endpoint - retryable 127.0.0.1 answered with status 503"));
    assert_eq!(number(&app.db().await.read(), "SELECT count(*) AS n FROM job WHERE state = 'given_up' AND reason LIKE '%503'").await, 1);
}

#[tokio::test]
async fn a_crash_after_a_stage_goes_on_behind_it() {
    let app = App::new();
    let dead = Arc::new(AtomicBool::new(true));
    let stub = Stub::start({
        let dead = dead.clone();
        move |asked| if asked.path == CHAT && dead.load(Ordering::SeqCst) { Reply::Silence } else { usual(asked) }
    })
    .await;
    let made = recorded(&app, &stub).await;
    let first = processor(&app, options(&stub, true)).await;
    let crash = tokio::spawn(async move { first.step(pending()).await });
    eventually("the second stage", async || stub.count(CHAT) == 1).await;
    crash.abort();
    let _ = crash.await;
    dead.store(false, Ordering::SeqCst);
    let second = processor(&app, options(&stub, true)).await;
    assert_eq!(work(&second).await, 0, "it is the first one's for a minute");
    app.world.advance(time::Duration::seconds(61));
    assert_eq!(work(&second).await, 1);
    assert_eq!((stub.count(SPEECH), stub.count(CHAT)), (1, 3));
    let done = get(&app, &made).await;
    assert_eq!((&done["processing"]["state"], texts(&app, &made).await.len()), (&json!("succeeded"), 3));
}

#[tokio::test]
async fn who_lost_the_job_commits_nothing() {
    let app = App::new();
    let (calls, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let stub = Stub::start({
        let (calls, go) = (calls.clone(), go.clone());
        move |asked| match usual(asked) {
            Reply::Bytes(bytes) if asked.path == SPEECH && calls.fetch_add(1, Ordering::SeqCst) == 0 => Reply::Held(go.clone(), bytes),
            other => other,
        }
    })
    .await;
    let made = recorded(&app, &stub).await;
    let (slow, quick) = (processor(&app, options(&stub, true)).await, processor(&app, options(&stub, true)).await);
    let late = tokio::spawn(async move { work(&slow).await });
    eventually("the slow one", async || calls.load(Ordering::SeqCst) == 1).await;
    app.world.advance(time::Duration::seconds(61));
    assert_eq!(work(&quick).await, 1);
    go.notify_one();
    late.await.unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 2);
    assert_eq!(texts(&app, &made).await.len(), 3, "one version of each");
}

#[tokio::test]
async fn who_stops_gives_the_job_back() {
    let app = App::new();
    let stub = but(SPEECH, || Reply::Silence).await;
    let made = recorded(&app, &stub).await;
    let stopping = processor(&app, options(&stub, true)).await;
    let stop = async { eventually("the speech server", async || stub.count(SPEECH) == 1).await };
    assert!(stopping.step(stop).await.unwrap());
    let free = Stub::start(usual).await;
    assert_eq!(work(&processor(&app, options(&free, true)).await).await, 1);
    assert_eq!(
        get(&app, &made).await["processing"],
        json!({"state": "succeeded", "stage": "response_summary", "attempt": 1, "version": 1})
    );
}

#[tokio::test]
async fn a_cancelled_task_is_let_be() {
    let app = App::new();
    let stub = Stub::start(usual).await;
    let made = recorded(&app, &stub).await;
    app.agent().put(&format!("{}/status", path(&made)), json!({"status": "cancelled"})).await.is(200);
    work(&processor(&app, options(&stub, true)).await).await;
    let task = get(&app, &made).await;
    assert_eq!((&task["processing"]["state"], &task["error_message"]), (&json!("failed"), &json!("transcription: the task was cancelled")));
    assert_eq!(stub.count("/"), 0);
}
