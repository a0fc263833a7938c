//! rescheduleTask: another time, the same number.

use serde_json::{Value, json};

use super::{ELEVEN, close, done, double_booking, join, make, refusal, remark, show, unchanging};
use crate::harness::app::{Answer, App, Caller};

const PATH: &str = "/api/task/time/do_update";
const HOUR: i64 = 3600;

async fn reschedule(caller: &Caller<'_>, task_num: &str, task_time: impl Into<Value>) -> Answer {
    caller.post(PATH, json!({"task_num": task_num, "task_time": task_time.into()})).await
}

#[tokio::test]
async fn it_gets_another_time_and_stays_the_same_otherwise() {
    let app = App::new();
    let task = make(&app.agent(), "T-1", &json!({"task_remark": "r", "ticket_id": 1})).await;
    done(join(&app.agent(), &task, "other").await, "service member success");
    let before = show(&app.agent(), &task).await;
    app.world.advance(time::Duration::minutes(1));
    done(reschedule(&app.bystander(), &task, (ELEVEN + HOUR).to_string()).await, "success");
    let mut expected = before.clone();
    expected["task_time"] = json!((ELEVEN + HOUR).to_string());
    let after = show(&app.agent(), &task).await;
    expected["updated_at"] = after["updated_at"].clone();
    assert_eq!(after.to_string(), expected.to_string());
    assert_ne!(after["updated_at"], before["updated_at"]);
    // A number is a time too, and so is the past.
    done(reschedule(&app.agent(), &task, 0).await, "success");
    assert_eq!(show(&app.agent(), &task).await["task_time"], "0");
}

#[tokio::test]
async fn the_same_time_again_changes_nothing() {
    let app = App::new();
    let task = make(&app.agent(), "T-1", &json!({})).await;
    for time in [json!(ELEVEN), json!(ELEVEN.to_string())] {
        assert!(remark(unchanging(&app, reschedule(&app.agent(), &task, time)).await).contains("already"));
    }
}

#[tokio::test]
async fn a_time_that_is_none_is_refused() {
    let app = App::new();
    let task = make(&app.agent(), "T-1", &json!({})).await;
    unchanging(&app, async {
        let times =
            [json!(null), json!(""), json!("soon"), json!(1.5), json!(true), json!(-1), json!(1_772_420_400_000_i64), json!("2026-03-02")];
        for bad in times {
            assert!(refusal(reschedule(&app.agent(), &task, bad.clone()).await).contains("task_time"), "{bad}");
        }
        assert!(refusal(app.agent().post(PATH, json!({"task_num": task})).await).contains("task_time is required"));
        let message = refusal(app.agent().post(PATH, json!({})).await);
        assert!(message.contains("task_num is required") && message.contains("task_time is required"), "{message}");
    })
    .await;
}

#[tokio::test]
async fn what_is_over_keeps_its_time() {
    let app = App::new();
    for (number, status) in [("T-1", "finished"), ("T-2", "canceled")] {
        let task = make(&app.agent(), number, &json!({})).await;
        done(close(&app.supervisor(), &task, status).await, "success");
        for time in [ELEVEN, ELEVEN + HOUR] {
            let message = refusal(unchanging(&app, reschedule(&app.admin(), &task, time)).await);
            assert!(message.contains("task_num") && message.contains(status), "{message}");
        }
        let message = refusal(unchanging(&app, reschedule(&app.admin(), &task, "soon")).await);
        assert!(message.contains("task_num") && message.contains("task_time"), "{message}");
    }
}

/// Two appointments, of which the later one has three moderators; two of them are also at the first.
async fn two(app: &App) -> (String, String) {
    let first = make(&app.agent(), "B-1", &json!({})).await;
    let second = make(&app.agent(), "B-2", &json!({"task_time": ELEVEN + 5 * HOUR})).await;
    for (task, people) in [(&first, ["other", "nobody"].as_slice()), (&second, &["nobody", "supervisor", "other"])] {
        for emp_id in people {
            done(join(&app.agent(), task, emp_id).await, "service member success");
        }
    }
    (first, second)
}

#[tokio::test]
async fn every_moderator_is_checked_by_the_setting() {
    let app = App::new();
    let (first, second) = two(&app).await;
    double_booking(&app, "reject").await;
    let message = refusal(unchanging(&app, reschedule(&app.agent(), &second, ELEVEN + 60)).await);
    assert!(message.starts_with("task_time") && message.matches(&first).count() == 2, "{message}");
    assert!(["nobody", "other"].iter().all(|who| message.contains(who)) && !message.contains("supervisor"), "{message}");
    double_booking(&app, "warn").await;
    let message = remark(reschedule(&app.agent(), &second, ELEVEN + 60).await);
    assert!(message.starts_with("success; nobody") && message.matches(&first).count() == 2, "{message}");
    assert_eq!(show(&app.agent(), &second).await["task_time"], json!((ELEVEN + 60).to_string()));
    double_booking(&app, "allow").await;
    done(reschedule(&app.agent(), &second, ELEVEN + 120).await, "success");
    // Away from the first it is refused by nobody; half-open times may touch, and its own old time does not count.
    double_booking(&app, "reject").await;
    done(reschedule(&app.agent(), &second, ELEVEN + HOUR / 2).await, "success");
    done(reschedule(&app.agent(), &second, ELEVEN + HOUR / 2 + 60).await, "success");
    refusal(reschedule(&app.agent(), &first, ELEVEN + 120).await);
    done(reschedule(&app.agent(), &first, ELEVEN + 60).await, "success");
}

#[tokio::test]
async fn realtime_rooms_can_be_moved_and_do_not_count() {
    let app = App::new();
    double_booking(&app, "reject").await;
    let task = make(&app.agent(), "R-1", &json!({})).await;
    let realtime = make(&app.agent(), "R-2", &json!({"room_type": "realtime", "task_time": null})).await;
    for task in [&task, &realtime] {
        done(join(&app.agent(), task, "other").await, "service member success");
    }
    done(reschedule(&app.agent(), &realtime, ELEVEN).await, "success");
    done(reschedule(&app.agent(), &task, ELEVEN + 60).await, "success");
}

#[tokio::test]
async fn the_first_request_is_still_the_same() {
    let app = App::new();
    let task = make(&app.agent(), "S-1", &json!({})).await;
    done(reschedule(&app.agent(), &task, ELEVEN + HOUR).await, "success");
    for fields in [json!({}), json!({"task_time": ELEVEN + HOUR})] {
        let again = app.agent().post("/api/task/do_add", super::with(super::request("S-1"), &fields)).await.is(200);
        assert_eq!((&again["status"], &again["info"]["task_num"]), (&json!(2), &json!(task)), "{again}");
    }
    let other = app.agent().post("/api/task/do_add", super::with(super::request("S-1"), &json!({"video": false}))).await.is(200);
    assert_eq!(other["status"], 0, "{other}");
}
