//! The appointments surface, as its pages and the contract have it.

mod create;
mod customers;
mod find;
mod finish;
mod mail;
mod many;
mod numbers;
mod overlap;
mod refusals;
mod removal;
mod reschedule;
mod samples;
mod staff;
mod traces;

use serde_json::{Value, json};

use crate::harness::app::{Answer, App, Caller};
use crate::harness::{rows, sql};

/// 11:00 on 2 March 2026 in Taipei, an hour after a test begins.
const ELEVEN: i64 = 1_772_420_400;

/// A request for an appointment.
fn request(out_task_num: &str) -> Value {
    json!({"business_id": 15, "out_task_num": out_task_num, "task_type": "normal", "task_time": ELEVEN.to_string(), "branch_code": "943",
        "room_type": "normal", "video": true})
}

/// `body` with these fields instead of its own; null takes one out.
fn with(mut body: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        if value.is_null() {
            body.as_object_mut().unwrap().shift_remove(name);
        } else {
            body[name] = value.clone();
        }
    }
    body
}

/// Makes an appointment with these fields instead of the usual ones; gives its number.
pub(crate) async fn make(caller: &Caller<'_>, out_task_num: &str, fields: &Value) -> String {
    let answer = caller.post("/api/task/do_add", with(request(out_task_num), fields)).await.is(200);
    assert_eq!((&answer["status"], &answer["message"]), (&json!(1), &json!("success")), "{answer}");
    answer["info"]["task_num"].as_str().unwrap().to_owned()
}

/// Fails unless the answer is a success with this text and nothing else.
#[track_caller]
pub(crate) fn done(answer: Answer, message: &str) {
    answer.equals(200, &json!({"status": 1, "message": message}));
}

/// The text of an answer that is done with a remark.
#[track_caller]
fn remark(answer: Answer) -> String {
    let body = answer.is(200);
    assert_eq!(body["status"], 2, "{body}");
    body["message"].as_str().unwrap().to_owned()
}

/// The text of a refusal, which has nothing beside it.
#[track_caller]
fn refusal(answer: Answer) -> String {
    let body = answer.is(200);
    assert_eq!(body["status"], 0, "{body}");
    let message = body["message"].as_str().unwrap().to_owned();
    assert_eq!(body, json!({"status": 0, "message": message}));
    message
}

/// The appointment as `get_info` shows it.
async fn show(caller: &Caller<'_>, task_num: &str) -> Value {
    let answer = caller.post("/api/task/get_info", json!({"task_num": task_num})).await.is(200);
    assert_eq!((&answer["status"], &answer["message"]), (&json!(1), &json!("success")), "{answer}");
    answer["info"].clone()
}

/// The customers of an appointment without the ids of their entries, which tests do not know.
async fn publishers(caller: &Caller<'_>, task_num: &str) -> Value {
    let mut publishers = show(caller, task_num).await["publishers"].take();
    for one in publishers.as_array_mut().unwrap() {
        assert!(one.as_object_mut().unwrap().shift_remove("publisher_id").is_some_and(|id| id.is_i64()), "{one}");
    }
    publishers
}

/// Adds an employee to an appointment.
async fn join(caller: &Caller<'_>, task_num: &str, emp_id: &str) -> Answer {
    caller.post("/api/task/service/do_add", json!({"task_num": task_num, "emp_id": emp_id})).await
}

/// Finishes or cancels an appointment.
async fn close(caller: &Caller<'_>, task_num: &str, task_status: &str) -> Answer {
    caller.post("/api/task/status/do_update", json!({"task_num": task_num, "task_status": task_status})).await
}

/// What the first organization does where a moderator is booked twice.
async fn double_booking(app: &App, setting: &str) {
    sql(&app.db().await, &format!("UPDATE organization SET double_booking = '{setting}' WHERE id = 1")).await;
}

/// Gives what `asked` answers; fails where it leaves any row of the store other than it was.
async fn unchanging<T>(app: &App, asked: impl Future<Output = T>) -> T {
    let db = app.db().await;
    let before = rows(&db).await;
    let answer = asked.await;
    let changed: Vec<_> = rows(&db).await.symmetric_difference(&before).cloned().collect();
    assert!(changed.is_empty(), "{changed:#?}");
    answer
}
