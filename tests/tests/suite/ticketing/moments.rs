//! Times: how they are sent, how they are shown, and ranges of them.

use frontdesk_directory::employee::Employees;
use serde_json::json;
use time::Duration;

use super::{fields, ids, path, ticket, with};
use crate::harness::app::App;
use crate::harness::system;
use crate::harness::world::PASSWORD;

/// Tickets around 10 February on the clocks of Taipei, created and due at the same moments.
const TICKETS: &str = r#"{"record":"ticket","id":20,"subject":"a","content":"a","created_at":"2026-02-10 00:00:00","due_at":"2026-02-10 00:00:00"}
{"record":"ticket","id":21,"subject":"b","content":"b","created_at":"2026-02-10 12:00:00","due_at":"2026-02-10 12:00:00"}
{"record":"ticket","id":22,"subject":"c","content":"c","created_at":"2026-02-10 23:59:59","due_at":"2026-02-10 23:59:59"}
{"record":"ticket","id":23,"subject":"d","content":"d","created_at":"2026-02-11 00:00:00","due_at":"2026-02-11 00:00:00"}
{"record":"ticket","id":24,"subject":"e","content":"e","created_at":"2026-02-10 12:30:00"}"#;

#[tokio::test]
async fn ranges_include_their_ends() {
    let app = App::new();
    app.seed(TICKETS).await;
    let cases: [(&str, &str, &[i64]); 14] = [
        ("2026-02-10", "2026-02-10", &[22, 21, 20]),
        ("2026-02-10 00:00:00", "2026-02-10 23:59:59", &[22, 21, 20]),
        ("2026-02-10 00:00:01", "2026-02-10 23:59:58", &[21]),
        ("2026-02-10 12:00:00", "2026-02-10 12:00:00", &[21]),
        ("2026-02-10T12:00:00", "2026-02-10T12:00:00", &[21]),
        ("2026-02-10T12:00:00%2B08:00", "2026-02-10T04:00:00Z", &[21]),
        ("2026-02-09T23:00:00-05:00", "2026-02-10 12:00:00%2B08:00", &[21]),
        ("2026-02-10T12:00:00.000%2B08:00", "2026-02-10T12:00:00.000%2B08:00", &[21]),
        ("2026-02-10 12:00:01", "2026-02-10 12:00:59", &[]),
        ("2026-02-11", "2026-02-10", &[]),
        ("2026-02-10", "2026-02-11", &[23, 22, 21, 20]),
        ("2026-02-11", "2026-02-11", &[23]),
        ("", "2026-02-10 00:00:00", &[20]),
        ("2026-02-10 23:59:59", "2026-02-12", &[23, 22]),
    ];
    for (start, end, expected) in cases {
        let mut created = ids(&app, &format!("/api/v1/ticket?created_at__start={start}&created_at__end={end}")).await;
        created.retain(|id| *id != 24);
        assert_eq!(created, expected, "created {start} to {end}");
        assert_eq!(ids(&app, &format!("/api/v1/ticket?due_at__start={start}&due_at__end={end}")).await, expected, "due {start} to {end}");
    }
    assert_eq!(ids(&app, "/api/v1/ticket?created_at__start=2026-02-10&due_at__end=2026-02-10%2011:00:00").await, [20]);
    assert_eq!(ids(&app, "/api/v1/ticket?due_at__start=0001-01-01&due_at__end=9999-12-31&search=a").await, [20]);
}

#[tokio::test]
async fn a_whole_second_is_in_the_range_that_shows_it() {
    let app = App::new();
    app.world.advance(Duration::milliseconds(700));
    let made = ticket(&app, json!({})).await;
    let at = made["created_at"].as_str().unwrap();
    assert_eq!(at, "2026-03-02 10:00:00");
    let id = made["id"].as_i64().unwrap();
    assert_eq!(ids(&app, &format!("/api/v1/ticket?created_at__start={at}&created_at__end={at}")).await, [id]);
}

#[tokio::test]
async fn the_day_of_a_zone_may_be_longer_or_shorter() {
    let app = App::new();
    let records = r#"{"record":"organization","id":3,"slug":"berlin","name":"Berlin","time_zone":"Europe/Berlin","language":"en"}
{"record":"employee","id":2001,"employee_no":"admin","first_name":"A","role":"admin"}
{"record":"ticket","id":2001,"subject":"before the long day","content":"c","created_at":"2025-10-25T21:59:59Z"}
{"record":"ticket","id":2002,"subject":"first of the long day","content":"c","created_at":"2025-10-25T22:00:00Z"}
{"record":"ticket","id":2003,"subject":"last of the long day","content":"c","created_at":"2025-10-26T22:59:59Z"}
{"record":"ticket","id":2004,"subject":"after the long day","content":"c","created_at":"2025-10-26T23:00:00Z"}
{"record":"ticket","id":2005,"subject":"last of the short day","content":"c","created_at":"2025-03-30T21:59:59Z"}
{"record":"ticket","id":2006,"subject":"after the short day","content":"c","created_at":"2025-03-30T22:00:00Z"}"#;
    app.seed(records).await;
    let employees = Employees::new(app.db().await);
    employees.set_password(&system(3), "admin", PASSWORD.into()).await.unwrap();
    let session = app.anonymous().post("/api/v1/auth", json!({"name": "admin@berlin", "password": PASSWORD})).await.is(200);
    let admin = app.bearer(session["access_token"].as_str().unwrap());
    let of_day = async |day: &str| {
        let list = admin.get(&format!("/api/v1/ticket?created_at__start={day}&created_at__end={day}")).await.is(200);
        list["data"].as_array().unwrap().iter().map(|ticket| ticket["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(of_day("2025-10-26").await, [2003, 2002]);
    assert_eq!(of_day("2025-03-30").await, [2005]);
    assert_eq!(of_day("2025-03-31").await, [2006]);
    assert_eq!(admin.get("/api/v1/ticket/2003").await.is(200)["created_at"], "2025-10-26 23:59:59");
}

#[tokio::test]
async fn times_in_every_form() {
    let app = App::new();
    let forms = [
        ("2026-03-05 18:00:00", "2026-03-05 18:00:00"),
        ("2026-03-05T18:00:00", "2026-03-05 18:00:00"),
        ("2026-03-05T18:00:00+08:00", "2026-03-05 18:00:00"),
        ("2026-03-05 18:00:00+08:00", "2026-03-05 18:00:00"),
        ("2026-03-05T10:00:00Z", "2026-03-05 18:00:00"),
        ("2026-03-05T10:00:00.999Z", "2026-03-05 18:00:00"),
        ("2026-03-05T13:00:00+03:00", "2026-03-05 18:00:00"),
        ("2026-03-05", "2026-03-05 00:00:00"),
        ("1969-12-31 08:00:00", "1969-12-31 08:00:00"),
    ];
    for (sent, shown) in forms {
        let made = ticket(&app, json!({"due_at": sent})).await;
        assert_eq!(made["due_at"], shown, "{sent}");
        let updated = app.agent().put("/api/v1/ticket/2", json!({"due_at": sent})).await.is(200);
        assert_eq!(updated["due_at"], shown, "{sent}");
        app.agent().get(&path(&made)).await.equals(200, &made);
    }
    for bad in [
        json!("tomorrow"),
        json!("2026-02-30"),
        json!("2026-03-05 25:00:00"),
        json!("05.03.2026"),
        json!(""),
        json!(0),
        json!(false),
        json!({}),
    ] {
        assert_eq!(fields(app.agent().post("/api/v1/ticket", with(&json!({"due_at": bad}))).await), ["due_at"], "{bad}");
        assert_eq!(fields(app.agent().put("/api/v1/ticket/2", json!({"due_at": bad})).await), ["due_at"], "{bad}");
    }
}
