//! Mails that are refused, that take long, and that come too late.

use serde_json::{Value, json};
use time::Duration;

use super::super::{ELEVEN, done, make, show};
use super::{HOUR, agrees, customers, jobs, r#move, send, sender, sent, wu};
use crate::harness::app::App;
use crate::harness::mail::{Mail, MailServer};
use crate::harness::{eventually, number, texts};

#[tokio::test]
async fn what_is_refused_for_good_stands_on_the_appointment() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = make(&app.agent(), "N-1", &json!({"task_notify": true})).await;
    customers(&app, &task, wu()).await;
    let version = show(&app.agent(), &task).await["updated_at"].clone();
    server.says(&["550 no wu@example.com here"]);
    app.world.advance(Duration::seconds(5));
    send(&notifications).await;
    let shown = show(&app.agent(), &task).await;
    let reason = "the mail server refused the mail with 550";
    assert_eq!(shown["publishers"][0]["notification"], json!({"state": "failed", "sequence": 0, "reason": reason}));
    assert_ne!(shown["updated_at"], version);
    let person = json!({"kind": "publisher", "id": shown["publishers"][0]["publisher_id"]});
    let failed = json!({"recipient": person, "method": "REQUEST", "sequence": 0, "reason": reason});
    let history = app.agent().post("/api/task/get_history", json!({"task_num": task})).await.is(200);
    let last = &history["info"]["items"][0];
    assert_eq!((&last["action"], &last["actor"]["kind"]), (&json!("notification_failed"), &json!("system")), "{history:#}");
    assert_eq!(last["changes"].as_array().unwrap().len(), 1);
    assert_eq!((&last["changes"][0]["field"], &last["changes"][0]["to"]), (&json!("notification"), &failed));
    let told = "SELECT data AS t FROM event WHERE type = 'appointment.notification_failed'";
    assert_eq!(texts(&app.db().await.read(), told).await, [json!({"task_num": task}).to_string()]);
    assert_eq!(jobs(&app).await, 0);
    assert_eq!(number(&app.db().await.read(), "SELECT COUNT(*) AS n FROM appointment_notice WHERE address IS NOT NULL").await, 0);
    agrees(&app).await;
}

#[tokio::test]
async fn another_try_for_about_a_day() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = make(&app.agent(), "N-1", &json!({"task_notify": true, "task_time": ELEVEN + 72 * HOUR})).await;
    customers(&app, &task, wu()).await;
    server.says(&["451 later"; 2]);
    assert_eq!(sent(&notifications, &server).await, [""; 0]);
    let shown = show(&app.agent(), &task).await["publishers"][0]["notification"].clone();
    assert_eq!(shown, json!({"state": "waiting", "sequence": 0, "reason": "the mail server put the mail off with 451"}));
    app.world.advance(Duration::minutes(1));
    assert_eq!(sent(&notifications, &server).await, [""; 0]);
    app.world.advance(Duration::minutes(1));
    assert_eq!(sent(&notifications, &server).await, ["wu@example.com REQUEST 0"]);
    r#move(&app, &task, 70).await;
    server.says(&["451 later"; 99]);
    let begun = app.world.now();
    let state = async || show(&app.agent(), &task).await["publishers"][0]["notification"]["state"].clone();
    while state().await == "waiting" {
        send(&notifications).await;
        app.world.advance(Duration::minutes(10));
    }
    let hours = (app.world.now() - begun).whole_hours();
    assert!((10..=26).contains(&hours), "given up after {hours} hours");
    assert_eq!((state().await, jobs(&app).await), (json!("failed"), 0));
    agrees(&app).await;
}

#[tokio::test]
async fn what_is_over_by_then_is_not_sent_any_more() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = make(&app.agent(), "N-1", &json!({"task_notify": true})).await;
    customers(&app, &task, wu()).await;
    app.world.advance(Duration::hours(2));
    assert_eq!(sent(&notifications, &server).await, [""; 0]);
    let shown = show(&app.agent(), &task).await["publishers"][0]["notification"].clone();
    assert_eq!(shown["reason"], "it could not be done in time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_later_mail_waits_for_the_one_that_is_being_sent() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = make(&app.agent(), "N-1", &json!({"task_notify": true})).await;
    customers(&app, &task, wu()).await;
    server.hold();
    let slow = tokio::spawn({
        let notifications = notifications.clone();
        async move { notifications.step().await.unwrap() }
    });
    server.came().await;
    r#move(&app, &task, 1).await;
    // On another server.
    let other = sender(&app, &server).await;
    assert_eq!(sent(&other, &server).await, [""; 0]);
    server.let_go();
    assert!(slow.await.unwrap());
    app.world.advance(Duration::seconds(3));
    send(&other).await;
    let told: Vec<_> = server.take().iter().map(Mail::told).collect();
    assert_eq!(told, ["wu@example.com REQUEST 0", "wu@example.com REQUEST 1"]);
    assert_eq!(jobs(&app).await, 0);
    agrees(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crash_on_the_way_sends_the_same_mail_again() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = make(&app.agent(), "N-1", &json!({"task_notify": true})).await;
    customers(&app, &task, wu()).await;
    server.hold();
    let crashing = tokio::spawn({
        let notifications = notifications.clone();
        async move { notifications.step().await }
    });
    server.came().await;
    crashing.abort();
    server.let_go();
    assert!(crashing.await.unwrap_err().is_cancelled());
    eventually("the mail is taken", async || !server.take().is_empty()).await;
    assert_eq!(sent(&notifications, &server).await, [""; 0], "it may still be on its way");
    app.world.advance(Duration::minutes(2));
    assert_eq!(sent(&notifications, &server).await, ["wu@example.com REQUEST 0"]);
    assert_eq!(show(&app.agent(), &task).await["publishers"][0]["notification"]["state"], "sent");
}

#[tokio::test]
async fn a_person_who_is_forgotten_is_told_nothing() {
    let (app, server) = (App::mailing(), MailServer::start().await);
    let notifications = sender(&app, &server).await;
    let task = make(&app.agent(), "N-1", &json!({"task_notify": true})).await;
    // The number of the contact 1.
    customers(&app, &task, json!([{"customer_name": "王大明", "customer_id_num": "M001", "customer_email": "wang@example.com"}])).await;
    let gone = json!({"task_num": task, "customer": [{"customer_id_num": "M001"}]});
    done(app.agent().post("/api/task/customer/do_del", gone).await, "success");
    app.admin().post("/api/v1/contact/1/anonymize", Value::Null).await.is(200);
    assert_eq!(number(&app.db().await.read(), "SELECT COUNT(*) AS n FROM appointment_notice").await, 0);
    assert_eq!(sent(&notifications, &server).await, [""; 0]);
    assert_eq!(jobs(&app).await, 0);
}
