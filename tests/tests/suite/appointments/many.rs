//! Many clients at once.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::{double_booking, join, make, request};
use crate::harness::app::{Answer, App};
use crate::harness::{number, sql, texts};

const CLIENTS: usize = 50;

/// The statuses and texts of answers that are all 200.
fn outcomes(answers: Vec<Answer>) -> Vec<(i64, Value)> {
    answers.into_iter().map(|answer| answer.is(200)).map(|body| (body["status"].as_i64().unwrap(), body)).collect()
}

#[tokio::test]
async fn no_number_is_given_twice() {
    const TOTAL: usize = 2_000;
    let app = App::new();
    let made = stream::iter(0..TOTAL).map(async |n| make(&app.agent(), &format!("M-{n}"), &json!({})).await);
    let numbers: BTreeSet<_> = made.buffer_unordered(CLIENTS).collect().await;
    let expected: BTreeSet<_> = (1..=TOTAL).map(|n| format!("20260302{n:07}")).collect();
    assert!(numbers == expected, "{} numbers, from {:?} to {:?}", numbers.len(), numbers.first(), numbers.last());
}

#[tokio::test]
async fn equal_requests_make_one() {
    let app = App::new();
    let answers = join_all((0..CLIENTS).map(async |_| app.agent().post("/api/task/do_add", request("M-1")).await)).await;
    let outcomes = outcomes(answers);
    let numbers: BTreeSet<_> = outcomes.iter().map(|(_, body)| body["info"]["task_num"].to_string()).collect();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    assert_eq!(outcomes.iter().filter(|(status, _)| *status == 1).count(), 1);
    assert_eq!(outcomes.iter().filter(|(status, _)| *status == 2).count(), CLIENTS - 1);
    let db = app.db().await;
    assert_eq!(number(&db.read(), "SELECT count(*) AS n FROM appointment WHERE organization_id = 1 AND out_task_num = 'M-1'").await, 1);
    let events = "SELECT count(*) AS n FROM event WHERE type = 'appointment.created'";
    assert_eq!(number(&db.read(), events).await, 1);
}

#[tokio::test]
async fn of_overlapping_bookings_one_succeeds() {
    const ROUNDS: i64 = 100;
    let app = App::new();
    double_booking(&app, "reject").await;
    let db = app.db().await;
    sql(&db, &employees(ROUNDS)).await;
    // All of them have a moment in common, each has another beginning.
    let start = |n: usize| json!({"task_time": super::ELEVEN + i64::try_from(n).unwrap()});
    let tasks = join_all((0..CLIENTS).map(async |n| make(&app.agent(), &format!("M-{n}"), &start(n)).await)).await;
    for round in 1..=ROUNDS {
        let employee = format!("round-{round}");
        let answers = join_all(tasks.iter().map(async |task| join(&app.agent(), task, &employee).await)).await;
        let outcomes = outcomes(answers);
        let won = outcomes.iter().filter(|(status, _)| *status == 1).count();
        let lost = outcomes.iter().filter(|(status, _)| *status == 0).count();
        assert_eq!((won, lost), (1, CLIENTS - 1), "round {round}");
    }
    let booked =
        "SELECT count(*) AS n FROM appointment_moderator JOIN employee ON employee.id = employee_id WHERE employee_no LIKE 'round-%'";
    assert_eq!(number(&db.read(), booked).await, ROUNDS);
}

#[tokio::test]
async fn of_overlapping_moves_one_succeeds() {
    const ROUNDS: i64 = 40;
    let app = App::new();
    double_booking(&app, "reject").await;
    sql(&app.db().await, &employees(1)).await;
    // All have the same moderator, each on a day of its own.
    let day = |n: usize| super::ELEVEN + 86_400 * (i64::try_from(n).unwrap() + 1);
    let tasks = join_all((0..20).map(async |n| {
        let task = make(&app.agent(), &format!("M-{n}"), &json!({"task_time": day(n)})).await;
        assert_eq!(join(&app.agent(), &task, "round-1").await.is(200)["status"], 1);
        task
    }))
    .await;
    let newcomer = make(&app.agent(), "M-new", &json!({})).await;
    let reschedule =
        async |task: &str, time: i64| app.agent().post("/api/task/time/do_update", json!({"task_num": task, "task_time": time})).await;
    for round in 0..ROUNDS {
        // They all move to one time, where one more appointment is that the moderator is to join.
        let joins = round % 2 == 0;
        let pending = tasks.iter().map(async |task| reschedule(task, super::ELEVEN + 60).await);
        let (answers, joined) =
            tokio::join!(join_all(pending), async { if joins { Some(join(&app.agent(), &newcomer, "round-1").await) } else { None } });
        let outcomes = outcomes(answers.into_iter().chain(joined).collect());
        let won = outcomes.iter().filter(|(status, _)| *status == 1).count();
        let lost = outcomes.iter().filter(|(status, _)| *status == 0).count();
        assert_eq!((won, lost), (1, outcomes.len() - 1), "round {round}");
        for (n, task) in tasks.iter().enumerate() {
            assert_ne!(reschedule(task, day(n)).await.is(200)["status"], 0);
        }
        app.agent().post("/api/task/service/do_del", json!({"task_num": newcomer, "emp_id": "round-1"})).await.is(200);
    }
}

/// Makes employees `round-1` to `round-{count}`.
fn employees(count: i64) -> String {
    let id = |n: i64| 10_000 + n;
    let profiles: Vec<_> = (1..=count).map(|n| format!("({}, 1)", id(n))).collect();
    let rows: Vec<_> = (1..=count).map(|n| format!("({0}, 1, 'round-{n}', 'R', {0}, '', TRUE, FALSE, '', 1, 0, 0)", id(n))).collect();
    format!(
        "INSERT INTO profile (id, organization_id) VALUES {};
         INSERT INTO employee (id, organization_id, employee_no, first_name, profile_id, role, is_active, is_immortal, search, version, created_at, updated_at)
         VALUES {}",
        profiles.join(", "),
        rows.join(", ")
    )
}

#[tokio::test]
async fn all_who_join_one_appointment_join() {
    let app = App::new();
    let db = app.db().await;
    sql(&db, &employees(20)).await;
    let task = make(&app.agent(), "M-1", &json!({})).await;
    let joining = (1..=20).map(async |n| {
        let customers = json!([{"customer_name": "own", "customer_id_num": format!("c{n}")}, {"customer_name": format!("by {n}"), "customer_id_num": "shared"}]);
        let (staff, customers) = (join(&app.agent(), &task, &format!("round-{n}")).await, json!({"task_num": task, "customer": customers}));
        assert_eq!(staff.is(200)["status"], 1);
        let status = app.agent().post("/api/task/customer/do_add", customers).await.is(200)["status"].as_i64().unwrap();
        assert!(status > 0);
        status
    });
    let statuses = join_all(joining).await;
    assert_eq!(statuses.iter().filter(|status| **status == 1).count(), 1, "one finds the shared customer not there yet");
    let shown = super::show(&app.agent(), &task).await;
    assert_eq!((shown["moderators"].as_array().unwrap().len(), shown["publishers"].as_array().unwrap().len()), (20, 21));
    let versions = format!(
        "SELECT CAST(version AS text) AS t FROM history WHERE kind = 'appointment' AND record_id = '{}' ORDER BY version",
        shown["id"]
    );
    let expected: Vec<_> = (1..=41).map(|version| version.to_string()).collect();
    assert_eq!(texts(&db.read(), &versions).await, expected, "no version twice, none left out");
}

#[tokio::test]
async fn of_two_ends_one_holds() {
    let app = App::new();
    for round in 0..10 {
        let task = make(&app.agent(), &format!("M-{round}"), &json!({})).await;
        let ends = (0..10).map(async |n| super::close(&app.admin(), &task, if n % 2 == 0 { "finished" } else { "canceled" }).await);
        let outcomes = outcomes(join_all(ends).await);
        let count = |wanted: i64| outcomes.iter().filter(|(status, _)| *status == wanted).count();
        assert_eq!((count(1), count(2), count(0)), (1, 4, 5), "round {round}");
    }
}
