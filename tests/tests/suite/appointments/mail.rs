//! What the people of an appointment are told.

mod trouble;

use frontdesk_appointments::Notifications;
use serde_json::{Value, json};

use super::{ELEVEN, close, done, join, make, show};
use crate::harness::app::App;
use crate::harness::mail::{Mail, MailServer};
use crate::harness::{number, texts};

const HOUR: i64 = 3600;

async fn customers(app: &App, task: &str, customer: Value) {
    app.agent().post("/api/task/customer/do_add", json!({"task_num": task, "customer": customer})).await.is(200);
}

async fn r#move(app: &App, task: &str, hours: i64) {
    let body = json!({"task_num": task, "task_time": (ELEVEN + hours * HOUR).to_string()});
    done(app.agent().post("/api/task/time/do_update", body).await, "success");
}

fn wu() -> Value {
    json!([{"customer_name": "吳小姐", "customer_id_num": "c1", "customer_email": "wu@example.com"}])
}

/// An appointment with a moderator and a customer who have an address, and one of each without.
async fn notified(app: &App) -> String {
    let task = make(&app.agent(), "N-1", &json!({"task_notify": true})).await;
    for emp_id in ["agent", "other"] {
        join(&app.agent(), &task, emp_id).await.is(200);
    }
    customers(app, &task, wu()).await;
    customers(app, &task, json!([{"customer_name": "b", "customer_id_num": "c2"}])).await;
    task
}

async fn sender(app: &App, server: &MailServer) -> Notifications {
    Notifications::new(app.db().await, app.world.clone(), server.mailer())
}

/// Sends all that is due.
async fn send(notifications: &Notifications) {
    while notifications.step().await.unwrap() {}
}

/// Sends all that is due; to whom what was told.
async fn sent(notifications: &Notifications, server: &MailServer) -> Vec<String> {
    send(notifications).await;
    let mut told: Vec<_> = server.take().iter().map(Mail::told).collect();
    told.sort();
    told
}

async fn announced(app: &App) -> Vec<String> {
    let sql = "SELECT data AS t FROM event WHERE type = 'appointment.notification_due' ORDER BY id";
    texts(&app.db().await.read(), sql).await
}

async fn jobs(app: &App) -> i64 {
    number(&app.db().await.read(), "SELECT COUNT(*) AS n FROM job").await
}

/// Fails where the store does not agree with itself.
async fn agrees(app: &App) {
    let findings = app.db().await.verify(|_, _| {}).await.unwrap().findings;
    assert!(findings.is_empty(), "{findings:#?}");
}

#[tokio::test]
async fn events_tell_of_it_without_a_mail_server() {
    let app = App::new();
    let task = notified(&app).await;
    let shown = show(&app.agent(), &task).await;
    let id = |list: &str, place: usize, name: &str| shown[list][place][name].clone();
    let people = [
        ("moderator", id("moderators", 0, "employee_id"), true),
        ("moderator", id("moderators", 1, "employee_id"), false),
        ("publisher", id("publishers", 0, "publisher_id"), true),
        ("publisher", id("publishers", 1, "publisher_id"), false),
    ];
    let told = |method: &str, sequence: i64| {
        let one = |(kind, id, has_email): &(&str, Value, bool)| {
            json!({"method": method, "sequence": sequence, "recipient": {"kind": kind, "id": id}, "has_email": has_email}).to_string()
        };
        people.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(announced(&app).await, told("REQUEST", 0));
    r#move(&app, &task, 1).await;
    close(&app.admin(), &task, "canceled").await.is(200);
    assert_eq!(announced(&app).await[4..], [told("REQUEST", 1), told("CANCEL", 2)].concat());
    assert_eq!((jobs(&app).await, &shown["moderators"][0]["notification"]), (0, &Value::Null));
    agrees(&app).await;
}

#[tokio::test]
async fn nobody_is_told_where_nobody_wants_it_or_it_is_over() {
    let app = App::mailing();
    let quiet = make(&app.agent(), "N-2", &json!({})).await;
    let past = make(&app.agent(), "N-3", &json!({"task_notify": true, "task_time": "1703141398"})).await;
    let held = make(&app.agent(), "N-4", &json!({"task_notify": true})).await;
    for task in [&quiet, &past] {
        join(&app.agent(), task, "agent").await.is(200);
        customers(&app, task, wu()).await;
    }
    r#move(&app, &quiet, 1).await;
    for (task, status) in [(&quiet, "canceled"), (&past, "canceled"), (&held, "finished")] {
        close(&app.admin(), task, status).await.is(200);
    }
    assert_eq!((announced(&app).await, jobs(&app).await), (vec![], 0));
}

#[tokio::test]
async fn one_entry_in_a_calendar_from_the_invitation_to_the_end() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = notified(&app).await;
    assert_eq!(
        show(&app.agent(), &task).await["publishers"][0]["notification"],
        json!({"state": "waiting", "sequence": 0, "reason": null})
    );
    let (mut uids, mut starts) = (vec![], vec![]);
    for sequence in 0..=4 {
        match sequence {
            0 => {}
            4 => done(close(&app.admin(), &task, "canceled").await, "success"),
            hours => r#move(&app, &task, hours).await,
        }
        send(&notifications).await;
        let mut mails = server.take();
        mails.sort_by(|one, other| one.to.cmp(&other.to));
        let method = if sequence == 4 { "CANCEL" } else { "REQUEST" };
        let told: Vec<_> = mails.iter().map(Mail::told).collect();
        assert_eq!(told, ["agent@example.com", "wu@example.com"].map(|to| format!("{to} {method} {sequence}")));
        uids.extend(mails.iter().map(|mail| mail.says("UID")));
        starts.push(mails[1].says("DTSTART"));
        assert_eq!(mails[1].says("STATUS"), if sequence == 4 { "CANCELLED" } else { "CONFIRMED" });
        // In the organization's language, and nobody else is in it.
        assert!(mails[1].says("SUMMARY").starts_with("視訊預約") && mails[1].says("ATTENDEE").contains("吳小姐"));
        assert!(!mails[1].calendar().contains("agent@example.com"));
    }
    uids.dedup();
    assert_eq!(uids.len(), 1, "{uids:?}");
    assert_eq!(starts, [11, 12, 13, 14, 14].map(|hour| format!("TZID=Asia/Taipei:20260302T{hour}0000")));
    let shown = show(&app.agent(), &task).await;
    let sent = json!({"state": "sent", "sequence": 4, "reason": null});
    assert_eq!((&shown["moderators"][0]["notification"], &shown["publishers"][0]["notification"]), (&sent, &sent));
    assert_eq!((&shown["moderators"][1]["notification"], jobs(&app).await), (&Value::Null, 0));
    agrees(&app).await;
}

#[tokio::test]
async fn a_mail_that_a_later_one_makes_stale_is_not_sent() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = notified(&app).await;
    r#move(&app, &task, 1).await;
    r#move(&app, &task, 2).await;
    assert_eq!(sent(&notifications, &server).await, ["agent@example.com REQUEST 2", "wu@example.com REQUEST 2"]);
    assert_eq!(jobs(&app).await, 0);
}

#[tokio::test]
async fn who_leaves_is_told_and_nobody_else() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = notified(&app).await;
    r#move(&app, &task, 1).await;
    send(&notifications).await;
    server.take();
    let gone = json!({"task_num": task, "customer": [{"customer_id_num": "c1"}]});
    done(app.agent().post("/api/task/customer/do_del", gone).await, "success");
    let gone = json!({"task_num": task, "emp_id": "agent"});
    done(app.agent().post("/api/task/service/do_del", gone).await, "success");
    // It tells of the time as it was when they left.
    r#move(&app, &task, 5).await;
    send(&notifications).await;
    let mails = server.take();
    let mut told: Vec<_> = mails.iter().map(|mail| format!("{} {}", mail.told(), mail.says("DTSTART"))).collect();
    told.sort();
    let at = "TZID=Asia/Taipei:20260302T120000";
    assert_eq!(told, [format!("agent@example.com CANCEL 1 {at}"), format!("wu@example.com CANCEL 1 {at}")]);
}

#[tokio::test]
async fn an_address_that_changes_or_is_shared() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = make(&app.agent(), "N-1", &json!({"task_notify": true})).await;
    customers(&app, &task, wu()).await;
    send(&notifications).await;
    server.take();
    let moved = json!([{"customer_name": "吳小姐", "customer_id_num": "c1", "customer_email": "new@example.com"},
        {"customer_name": "吳先生", "customer_id_num": "c2", "customer_email": "new@example.com"}]);
    customers(&app, &task, moved).await;
    let expected = ["new@example.com REQUEST 0", "new@example.com REQUEST 0", "wu@example.com CANCEL 0"];
    assert_eq!(sent(&notifications, &server).await, expected);
    assert_eq!(announced(&app).await.len(), 3, "the old address is told by mail alone");
    // The other one's calendar keeps the entry.
    let gone = json!({"task_num": task, "customer": [{"customer_id_num": "c1"}]});
    done(app.agent().post("/api/task/customer/do_del", gone).await, "success");
    assert_eq!(sent(&notifications, &server).await, [""; 0]);
}

#[tokio::test]
async fn an_appointment_that_is_held_or_moved_into_the_past() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    for (number, customer) in [("N-1", "c1"), ("N-2", "c2")] {
        let task = make(&app.agent(), number, &json!({"task_notify": true})).await;
        let address = format!("{customer}@example.com");
        customers(&app, &task, json!([{"customer_name": "a", "customer_id_num": customer, "customer_email": address}])).await;
        if number == "N-1" {
            done(close(&app.admin(), &task, "finished").await, "success");
        } else {
            // Whoever waits for it at eleven must know.
            r#move(&app, &task, -24).await;
        }
    }
    assert_eq!(sent(&notifications, &server).await, ["c2@example.com REQUEST 1"]);
    assert_eq!(jobs(&app).await, 0);
}
