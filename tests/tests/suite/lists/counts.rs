//! Totals that are kept with the writes are those of the rows.

use frontdesk_migration::{Migrator, MigratorTrait, migrate};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::cursor::Dice;
use crate::harness::app::{App, Caller};
use crate::harness::{number, sql};

/// Lists whose total is kept, each with the rows it is of.
const LISTS: [(&str, &str); 15] = [
    ("/api/v1/ticket", "ticket"),
    ("/api/v1/ticket?statuses=0", "ticket WHERE status = 0"),
    ("/api/v1/ticket?statuses=3,1,3", "ticket WHERE status IN (1, 3)"),
    ("/api/v1/contact", "contact"),
    ("/api/v1/employee", "employee"),
    ("/api/v1/sponsor", "sponsor"),
    ("/api/v1/ticket-termination-code", "termination_code"),
    ("/api/v1/subcategory", "subcategory"),
    ("/api/v1/interact-collection", "interaction"),
    ("/api/v1/license", "license"),
    ("/api/tasks", "call_task WHERE status <> 'cancelled'"),
    ("/api/tasks?include_cancelled=true", "call_task"),
    ("/api/tasks?status=in_progress", "call_task WHERE status = 'in_progress'"),
    ("/api/tasks?status=cancelled", "call_task WHERE status = 'cancelled'"),
    ("/api/tasks?status=new&include_cancelled=true", "call_task WHERE status = 'new'"),
];
const APPOINTMENTS: [(Value, &str); 2] = [(Value::Null, "appointment"), (Value::Bool(true), "appointment WHERE status = 'finished'")];

async fn rows(app: &App, of: &str) -> i64 {
    let of = if let Some((table, condition)) = of.split_once(" WHERE ") {
        format!("{table} WHERE organization_id = 1 AND {condition}")
    } else {
        format!("{of} WHERE organization_id = 1")
    };
    number(&app.db().await.read(), &format!("SELECT COUNT(*) AS n FROM {of}")).await
}

/// Every total is that of the rows; a short first page is asked for, so that it has to be counted.
async fn totals_are_true(app: &App) {
    for (path, of) in LISTS {
        let joined = if path.contains('?') { '&' } else { '?' };
        let body = app.admin().get(&format!("{path}{joined}per_page=1")).await.is(200);
        let total = body.pointer("/meta/total").or_else(|| body.get("total")).unwrap();
        assert_eq!(*total, rows(app, of).await, "{path}");
    }
    for (finished, of) in APPOINTMENTS {
        let status = if finished.is_null() { Value::Null } else { "finished".into() };
        let body = app.admin().post("/api/task/get_list", json!({"per_page": 1, "status": status})).await.is(200);
        assert_eq!(body["info"]["total"], rows(app, of).await, "{of}");
    }
    let report = app.db().await.verify(|_, _| {}).await.unwrap();
    assert_eq!(report.findings, []);
}

/// What one client does of all that changes totals; what it made it may delete.
async fn live(caller: &Caller<'_>, dice: &mut Dice, name: &str, steps: usize) {
    let (mut tickets, mut contacts, mut tasks, mut appointments) = (vec![], vec![], vec![], vec![]);
    for step in 0..steps {
        match dice.roll(10) {
            0..=2 => {
                let body = json!({"subject": "s", "content": "c", "status": dice.roll(4)});
                tickets.push(caller.post("/api/v1/ticket", body).await.is(201)["data"]["id"].clone());
            }
            3 if !tickets.is_empty() => {
                let body = json!({"status": dice.roll(4), "subject": "t"});
                caller.put(&format!("/api/v1/ticket/{}", dice.pick(&tickets)), body).await.is(200);
            }
            4 if !tickets.is_empty() => {
                let gone = tickets.swap_remove(dice.roll(tickets.len()));
                caller.delete(&format!("/api/v1/ticket/{gone}")).await.is(204);
            }
            5 => contacts.push(caller.post("/api/v1/contact", json!({"first_name": "f"})).await.is(201)["data"]["id"].clone()),
            6 if !contacts.is_empty() => {
                let gone = contacts.swap_remove(dice.roll(contacts.len()));
                caller.delete(&format!("/api/v1/contact/{gone}")).await.is(204);
            }
            7 => tasks.push(caller.post("/api/tasks", json!({"operator_id": 3, "title": "t"})).await.is(200)["id"].clone()),
            8 if !tasks.is_empty() => {
                let status = dice.pick(&["in_progress", "completed", "cancelled"]);
                let id = dice.pick(&tasks).as_str().unwrap().to_owned();
                let answer = caller.put(&format!("/api/tasks/{id}/status"), json!({"status": status})).await;
                assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
            }
            _ => {
                let body = json!({"business_id": 1, "out_task_num": format!("{name}-{step}"), "task_type": "normal", "room_type": "realtime",
                    "branch_code": "1", "video": true});
                let number = caller.post("/api/task/do_add", body).await.is(200)["info"]["task_num"].clone();
                appointments.push(number);
                if dice.roll(2) == 0 {
                    let body = json!({"task_num": dice.pick(&appointments), "task_status": "finished"});
                    caller.post("/api/task/status/do_update", body).await.is(200);
                }
            }
        }
    }
}

#[tokio::test]
async fn totals_stay_true_whatever_is_written() {
    let app = App::new();
    totals_are_true(&app).await;
    let mut dice = Dice(8);
    for round in 0..4 {
        live(&app.admin(), &mut dice, &format!("round-{round}"), 25).await;
        let id = 5000 + round;
        app.seed(&format!(
            "{{\"record\":\"ticket\",\"id\":{id},\"subject\":\"s\",\"content\":\"c\",\"status\":{}}}
             {{\"record\":\"contact\",\"id\":{id},\"first_name\":\"f\"}}",
            round % 4
        ))
        .await;
        totals_are_true(&app).await;
    }
    app.admin().post("/api/v1/license", json!({"label": "l"})).await.is(201);
    app.admin().post("/api/v1/contact/5000/anonymize", Value::Null).await.is(200);
    totals_are_true(&app).await;
}

#[tokio::test]
async fn two_servers_count_together() {
    let app = App::new();
    let other = app.beside();
    let clients = (0..8).map(|client: u64| {
        let caller = if client.is_multiple_of(2) { app.admin() } else { other.admin() };
        async move { live(&caller, &mut Dice(client), &format!("client-{client}"), 25).await }
    });
    join_all(clients).await;
    totals_are_true(&app).await;
}

#[tokio::test]
async fn a_refused_write_counts_nothing() {
    let app = App::new();
    let before = rows(&app, "ticket").await;
    app.agent().post("/api/v1/ticket", json!({"subject": "", "content": "c"})).await.is(422);
    let key = app.agent().with("idempotency-key", "once");
    for _ in 0..2 {
        key.post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
    }
    let list = app.agent().get("/api/v1/ticket?per_page=1").await.is(200);
    assert_eq!(list["meta"]["total"], before + 1);
    totals_are_true(&app).await;
}

#[tokio::test]
async fn the_step_of_the_schema_counts_what_is_there() {
    let app = App::new();
    let db = app.db().await;
    sql(&db, "DELETE FROM record_count WHERE kind = 'ticket'").await;
    let found = db.verify(|_, _| {}).await.unwrap().findings;
    assert!(!found.is_empty() && found.iter().all(|finding| finding.to_string().contains("0 of them of status")), "{found:#?}");
    let back = Migrator::migrations().iter().rev().position(|step| step.name() == "m0008_lists").unwrap() + 1;
    Migrator::down(db.schema(), Some(u32::try_from(back).unwrap())).await.unwrap();
    migrate(db.schema()).await.unwrap();
    totals_are_true(&app).await;
}
