//! The status of a task.

use serde_json::{Value, json};
use time::Duration;

use super::{id, path, places, task};
use crate::harness::app::App;
use crate::journal::{changes, events, history};

const ALL: [&str; 4] = ["new", "in_progress", "completed", "cancelled"];

/// The changes of the contract.
const CHANGES: [(&str, &str); 5] = [
    ("new", "in_progress"),
    ("in_progress", "completed"),
    ("new", "cancelled"),
    ("in_progress", "cancelled"),
    ("completed", "in_progress"),
];

/// A task of this status.
async fn of_status(app: &App, status: &str) -> Value {
    let mut made = task(app, json!({})).await;
    let steps: &[&str] = match status {
        "completed" => &["in_progress", "completed"],
        "new" => &[],
        _ => &[status],
    };
    for step in steps {
        made = app.agent().put(&format!("{}/status", path(&made)), json!({"status": step})).await.is(200);
    }
    assert_eq!(made["status"], status);
    made
}

#[tokio::test]
async fn every_pair() {
    let app = App::new();
    for from in ALL {
        for to in ALL {
            let before = of_status(&app, from).await;
            app.world.advance(Duration::minutes(1));
            let answer = app.agent().put(&format!("{}/status", path(&before)), json!({"status": to})).await;
            let after = app.agent().get(&path(&before)).await.is(200);
            if from == to {
                answer.equals(200, &before);
                assert_eq!(after, before, "{from} to itself changed something");
            } else if CHANGES.contains(&(from, to)) {
                answer.equals(200, &after);
                assert_eq!(after["status"], to);
                assert_ne!(after["updated_at"], before["updated_at"]);
                let completed_at = if to == "completed" { &after["updated_at"] } else { &Value::Null };
                assert_eq!(&after["completed_at"], completed_at, "{from} to {to}");
            } else {
                let refusal = answer.is(409);
                let text = refusal["detail"].as_str().unwrap();
                assert!(text.contains(from) && text.contains(to), "{from} to {to}: {text}");
                assert_eq!(after, before, "{from} to {to} was refused and changed something");
            }
        }
    }
}

#[tokio::test]
async fn other_statuses_are_refused() {
    let app = App::new();
    let made = task(&app, json!({})).await;
    let path = format!("{}/status", path(&made));
    for bad in [
        json!({}),
        json!({"status": null}),
        json!({"status": "done"}),
        json!({"status": "New"}),
        json!({"status": 1}),
        json!({"status": ""}),
    ] {
        assert_eq!(places(app.agent().put(&path, bad.clone()).await), ["body.status"], "{bad}");
    }
}

#[tokio::test]
async fn each_change_is_in_history_and_events() {
    let app = App::new();
    let made = of_status(&app, "completed").await;
    let path = format!("{}/status", path(&made));
    app.supervisor().put(&path, json!({"status": "completed"})).await.is(200);
    app.supervisor().put(&path, json!({"status": "cancelled"})).await.is(409);
    app.supervisor().put(&path, json!({"status": "in_progress"})).await.is(200);
    let expected = ["created 1 employee 3", "status_changed 2 employee 3", "status_changed 3 employee 3", "status_changed 4 employee 2"];
    assert_eq!(history(&app, "call_task", id(&made)).await, expected);
    assert_eq!(events(&app, "call_task", id(&made)).await, expected.map(|line| format!("call_task.{line}")));
    let changes = changes(&app, "call_task", id(&made)).await;
    assert_eq!(changes[1], json!({"status": ["new", "in_progress"]}));
    assert_eq!(changes[3]["status"], json!(["completed", "in_progress"]));
}

#[tokio::test]
async fn two_at_once_never_both_change_it() {
    let app = App::new();
    for _ in 0..5 {
        let made = of_status(&app, "in_progress").await;
        let (path, agent) = (format!("{}/status", path(&made)), app.agent());
        let (one, other) =
            futures_util::future::join(agent.put(&path, json!({"status": "completed"})), agent.put(&path, json!({"status": "cancelled"})))
                .await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}
