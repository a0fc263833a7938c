//! An employee at two appointments at once: the setting `double_booking`.

use serde_json::{Value, json};

use super::{ELEVEN, close, done, double_booking, join, make, refusal, remark, show, unchanging};
use crate::harness::app::App;

const SUCCESS: &str = "service member success";
const MINUTE: i64 = 60;

/// What adding the employee `other` to a new appointment comes to: the answer's status.
async fn outcome(app: &App, out_task_num: &str, fields: Value) -> i64 {
    let task = make(&app.agent(), out_task_num, &fields).await;
    join(&app.agent(), &task, "other").await.is(200)["status"].as_i64().unwrap()
}

#[tokio::test]
async fn it_is_allowed_remarked_on_or_refused() {
    let app = App::new();
    let first = make(&app.agent(), "D-1", &json!({})).await;
    done(join(&app.agent(), &first, "other").await, SUCCESS);
    let second = make(&app.agent(), "D-2", &json!({})).await;
    double_booking(&app, "reject").await;
    let message = refusal(unchanging(&app, join(&app.agent(), &second, "other")).await);
    assert!(message.contains("emp_id") && message.contains(&first), "{message}");
    done(join(&app.agent(), &second, "supervisor").await, SUCCESS);
    double_booking(&app, "warn").await;
    let message = remark(join(&app.agent(), &second, "other").await);
    assert!(message.contains(&first), "{message}");
    double_booking(&app, "allow").await;
    let third = make(&app.agent(), "D-3", &json!({})).await;
    done(join(&app.agent(), &third, "other").await, SUCCESS);
    for task in [&first, &second, &third] {
        let shown = show(&app.agent(), task).await;
        assert!(shown["moderators"].as_array().unwrap().iter().any(|moderator| moderator["emp_id"] == "other"), "{shown}");
    }
}

#[tokio::test]
async fn a_new_organization_remarks() {
    let app = App::new();
    // The agent moderates an imported appointment at eleven.
    let task = make(&app.agent(), "D-1", &json!({})).await;
    assert!(remark(join(&app.agent(), &task, "agent").await).contains("202603010000001"));
}

#[tokio::test]
async fn times_are_half_open() {
    let app = App::new();
    double_booking(&app, "reject").await;
    assert_eq!(outcome(&app, "first", json!({})).await, 1);
    let cases = [
        ("it begins as the first ends", ELEVEN + 30 * MINUTE, 30, 1),
        ("it ends as the first begins", ELEVEN - 45 * MINUTE, 45, 1),
        ("it begins in the first's last second", ELEVEN + 30 * MINUTE - 1, 1, 0),
        ("it ends in the first's first second", ELEVEN - 30 * MINUTE + 1, 30, 0),
        ("it lies within", ELEVEN + 10 * MINUTE, 5, 0),
        ("it lies around", ELEVEN - 600 * MINUTE, 1440, 0),
        ("it is another day", ELEVEN + 1440 * MINUTE, 30, 1),
    ];
    for (name, time, minutes, expected) in cases {
        assert_eq!(outcome(&app, name, json!({"task_time": time, "duration_minutes": minutes})).await, expected, "{name}");
    }
}

#[tokio::test]
async fn the_duration_is_half_an_hour_unless_said() {
    let app = App::new();
    double_booking(&app, "reject").await;
    assert_eq!(outcome(&app, "long", json!({"duration_minutes": 1440})).await, 1);
    assert_eq!(outcome(&app, "late", json!({"task_time": ELEVEN + 1439 * MINUTE})).await, 0);
    assert_eq!(outcome(&app, "next", json!({"task_time": ELEVEN + 1440 * MINUTE})).await, 1);
    assert_eq!(outcome(&app, "soon", json!({"task_time": ELEVEN + 1469 * MINUTE})).await, 0);
    assert_eq!(outcome(&app, "then", json!({"task_time": ELEVEN + 1470 * MINUTE})).await, 1);
}

#[tokio::test]
async fn realtime_rooms_do_not_count() {
    let app = App::new();
    double_booking(&app, "reject").await;
    assert_eq!(outcome(&app, "one", json!({"room_type": "realtime"})).await, 1);
    assert_eq!(outcome(&app, "two", json!({"room_type": "realtime"})).await, 1);
    assert_eq!(outcome(&app, "three", json!({})).await, 1);
    assert_eq!(outcome(&app, "four", json!({"room_type": "realtime"})).await, 1);
    assert_eq!(outcome(&app, "five", json!({})).await, 0);
}

#[tokio::test]
async fn what_is_over_does_not_count() {
    let app = App::new();
    double_booking(&app, "reject").await;
    for (round, status) in ["finished", "canceled"].into_iter().enumerate() {
        let task = make(&app.agent(), &format!("over-{round}"), &json!({})).await;
        done(join(&app.agent(), &task, "other").await, SUCCESS);
        assert_eq!(outcome(&app, &format!("during-{round}"), json!({})).await, 0);
        done(close(&app.admin(), &task, status).await, "success");
    }
    assert_eq!(outcome(&app, "after", json!({})).await, 1);
}

#[tokio::test]
async fn each_organization_has_its_own_setting() {
    let app = App::new();
    double_booking(&app, "reject").await;
    let first = make(&app.stranger(), "F-1", &json!({})).await;
    let second = make(&app.stranger(), "F-2", &json!({})).await;
    done(join(&app.stranger(), &first, "admin").await, SUCCESS);
    assert!(remark(join(&app.stranger(), &second, "admin").await).contains(&first));
}
