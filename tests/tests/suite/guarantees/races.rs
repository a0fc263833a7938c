//! Increments that race through `If-Match` all arrive.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Record, store};
use crate::harness::app::{Answer, App, Caller};

/// A record in which a number is kept.
struct Kept {
    record: Record,
    /// Where an answer to a view has the number, as text.
    at: &'static str,
    /// The write that gives it another.
    write: fn(i64) -> (&'static str, &'static str, Value),
}

const TASK: &str = "/api/tasks/019ca000-0000-7000-8000-000000000001";
const TASK_NUM: &str = "202603010000002";
/// The `task_time` of that appointment.
const TIME: i64 = 1_772_506_800;

impl Kept {
    fn number(&self, view: &Answer) -> i64 {
        view.body.pointer(self.at).and_then(Value::as_str).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// Adds one, as often as somebody else was faster; says how often that was.
    async fn increment(&self, caller: &Caller<'_>) -> usize {
        for lost in 0.. {
            let view = self.record.view(caller).await;
            let (method, path, body) = (self.write)(self.number(&view) + 1);
            let answer = caller.with("if-match", view.header("etag")).json(method, path, &body).await;
            match answer.status {
                200 => return lost,
                412 => assert_ne!(answer.header("etag"), view.header("etag")),
                _ => panic!("{path}: {} {}", answer.status, answer.text),
            }
        }
        unreachable!()
    }

    /// What the number is after so many clients have added one so often.
    async fn race(&self, app: &App, clients: usize, times: usize) -> i64 {
        let client = async |_| {
            let caller = app.agent();
            let mut lost = 0;
            for _ in 0..times {
                lost += self.increment(&caller).await;
            }
            lost
        };
        let lost: usize = join_all((0..clients).map(client)).await.into_iter().sum();
        assert!(lost > 0, "nobody met anybody");
        self.number(&self.record.view(&app.agent()).await)
    }
}

#[tokio::test]
async fn a_thousand_increments_of_a_ticket_are_a_thousand() {
    let kept = Kept {
        record: Record::At("/api/v1/ticket/1".into()),
        at: "/subject",
        write: |number| ("PUT", "/api/v1/ticket/1", json!({"subject": number.to_string()})),
    };
    assert_eq!(kept.race(&store().await, 4, 250).await, 1000);
}

#[tokio::test]
async fn a_hundred_increments_of_a_call_task_are_a_hundred() {
    let kept =
        Kept { record: Record::At(TASK.into()), at: "/title", write: |number| ("PATCH", TASK, json!({"title": number.to_string()})) };
    assert_eq!(kept.race(&store().await, 10, 10).await, 100);
}

#[tokio::test]
async fn a_hundred_increments_of_an_appointment_are_a_hundred() {
    let kept = Kept {
        record: Record::Numbered(TASK_NUM.into()),
        at: "/info/task_time",
        write: |number| ("POST", "/api/task/time/do_update", json!({"task_num": TASK_NUM, "task_time": number.to_string()})),
    };
    assert_eq!(kept.race(&store().await, 10, 10).await, TIME + 100);
}
