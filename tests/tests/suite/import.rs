//! Import from a file.

use frontdesk_appointments::{Appointments, NewAppointment, UnixTime};
use frontdesk_callcenter::CallTasks;
use frontdesk_core::id::CallTaskId;
use frontdesk_core::page::PageRequest;
use frontdesk_core::status::{AppointmentType, RoomType};
use frontdesk_directory::organization::NewOrganization;
use frontdesk_directory::{Employees, Organizations, employee::EmployeeFilter};
use frontdesk_ticketing::{NewTicket, Tickets};
use serde_json::{Value, json, to_value};

use self::desk::Desk;
use crate::harness::system;

pub(crate) mod desk;

const SEED: &str = include_str!("../../fixtures/seed003.ndjson");

const PEOPLE: &str = r#"
{"record": "ticket", "id": 70, "subject": "a", "content": "b", "contact_id": 1, "handler_id": 5, "creater_id": -1, "created_at": "2024-01-02 03:04:05"}
{"record": "contact", "id": 1, "first_name": "c", "profile_id": 9, "profile": {"id": 9, "phones": [{"id": 4, "type": 2, "number": "+7 495", "extension": null, "description": null, "profile_id": 9}]}}
{"record": "employee", "id": 5, "employee_no": "e5", "first_name": "e", "role": "agent", "group_id": 3, "profile_id": 9}
{"record": "group", "id": 3, "name": "g", "supervisor_id": 5}

{"record": "organization", "id": 2, "name": "Two", "slug": "two", "time_zone": "Europe/Moscow"}
"#;

fn texts(report: &frontdesk_server::import::Report) -> Vec<String> {
    report.bad.iter().map(|(line, text)| format!("{line}: {text}")).collect()
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let desk = Desk::new().await;
    let first = desk.import(SEED, false).await;
    assert_eq!((first.imported, first.present, texts(&first)), (69, 0, vec![]));
    let history = desk.number("SELECT COUNT(*) AS n FROM history").await;
    let again = desk.import(SEED, false).await;
    assert_eq!((again.imported, again.present, texts(&again)), (0, 69, vec![]));
    assert_eq!(desk.number("SELECT COUNT(*) AS n FROM history").await, history);
    assert_eq!(desk.number("SELECT COUNT(*) AS n FROM event").await, 0);
}

#[tokio::test]
async fn order_and_circles_do_not_matter() {
    let desk = Desk::new().await;
    let report = desk.import(PEOPLE, false).await;
    assert_eq!((report.imported, texts(&report)), (5, vec![]));
    let caller = Organizations::new(desk.db.clone()).list().await.unwrap()[0].system();
    let employees = Employees::new(desk.db.clone()).list(&caller, &EmployeeFilter::default(), PageRequest::first(15)).await.unwrap();
    let employee = to_value(&employees.items[0]).unwrap();
    assert_eq!(employee["group"], json!({"id": 3, "name": "g", "description": null, "supervisor_id": 5}));
    assert_eq!(employee["profile"]["phones"][0]["number"], "+7 495");
    let ticket = Tickets::new(desk.db.clone()).get(&caller, 70.into()).await.unwrap();
    assert_eq!(to_value(ticket.record).unwrap()["created_at"], "2024-01-02 03:04:05");
}

#[tokio::test]
async fn what_was_interrupted_is_finished() {
    let desk = Desk::new().await;
    desk.import(PEOPLE, false).await;
    desk.sql("DELETE FROM ticket").await;
    desk.sql("UPDATE staff_group SET supervisor_id = NULL, version = 0").await;
    let report = desk.import(PEOPLE, false).await;
    assert_eq!((report.imported, report.present), (1, 4));
    assert_eq!(desk.number("SELECT COUNT(*) AS n FROM staff_group WHERE supervisor_id = 5 AND version = 1").await, 1);
    desk.sql("UPDATE staff_group SET supervisor_id = NULL, version = 2").await;
    desk.import(PEOPLE, false).await;
    assert_eq!(desk.number("SELECT COUNT(*) AS n FROM staff_group WHERE supervisor_id IS NULL").await, 1);
}

#[tokio::test]
async fn every_bad_line_is_named_and_nothing_imported() {
    let desk = Desk::new().await;
    desk.import(PEOPLE, false).await;
    let lines = r#"not JSON
[]
{"record": "spaceship", "id": 1}
{"record": "ticket", "id": 0, "subject": "", "status": 9}
{"record": "ticket", "id": 80, "subject": "a", "content": "b", "contact_id": 99, "handler_id": 5}
{"record": "employee", "id": 6, "employee_no": "e5", "first_name": "taken"}
{"record": "employee", "id": 7, "employee_no": "e7", "first_name": "good"}
{"record": "employee", "id": 7, "employee_no": "e8", "first_name": "twice"}
{"record": "employee", "id": 9, "employee_no": "e7", "first_name": "twice"}
{"record": "organization", "id": 2, "name": "Two", "time_zone": "Europe/Moscow"}
{"record": "organization", "id": 3, "name": "Three", "time_zone": "Europe/Moscow"}
"#;
    let report = desk.import(lines, false).await;
    let expected = [
        "1: is not JSON: expected ident at column 2",
        "2: is not a JSON object",
        "4: ticket: content is required; status must be one of 0, 1, 2, 3; id must be between 1 and 9007199254740991; \
         subject must have 1 to 255 characters",
        "5: ticket: contact_id 99 names no record of the file or the organization",
        "6: employee_no e5 is that of another record",
        "8: 7 stands on line 7 already",
        "9: employee_no e7 is that of line 7 already",
        "11: a file holds the records of one organization",
    ];
    let mut found = texts(&report);
    assert!(found.remove(2).starts_with("3: record must be one of organization, job_title, "));
    assert_eq!(found, expected);
    assert_eq!(report.imported, 0);
    assert_eq!(desk.number("SELECT COUNT(*) AS n FROM employee").await, 1);
}

#[tokio::test]
async fn what_depends_on_bad_lines_is_left_out() {
    let desk = Desk::new().await;
    desk.import(PEOPLE, false).await;
    let lines = r#"{"record": "interact_collection", "id": 1, "ticket_ids": [80]}
{"record": "ticket", "id": 80, "subject": "a", "content": "b", "handler_id": 8}
{"record": "employee", "id": 8, "employee_no": "", "first_name": "bad"}
{"record": "ticket", "id": 81, "subject": "good", "content": "b", "handler_id": 5}
"#;
    let report = desk.import(lines, true).await;
    assert_eq!(report.bad.keys().copied().collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(report.bad[&1], "interact_collection: ticket_ids 80 is on line 2, which is left out");
    assert_eq!(report.imported, 1);
    assert_eq!(desk.number("SELECT MAX(id) AS n FROM ticket").await, 81);
}

#[tokio::test]
async fn ids_of_another_organization_are_taken() {
    let desk = Desk::new().await;
    desk.import(PEOPLE, false).await;
    let lines = r#"{"record": "organization", "id": 1, "name": "One", "time_zone": "UTC"}
{"record": "employee", "id": 5, "employee_no": "e5", "first_name": "taken"}
{"record": "employee", "id": 6, "employee_no": "e6", "first_name": "good", "profile": {"id": 9, "phones": []}}
{"record": "ticket", "id": 90, "subject": "a", "content": "b", "contact_id": 1}
"#;
    let report = desk.import(lines, false).await;
    let expected = [
        "2: id 5 is taken",
        "3: the id 9 of a profile is taken",
        "4: ticket: contact_id 1 names no record of the file or the organization",
    ];
    assert_eq!(texts(&report), expected);
    let report = desk.import(&lines.replace("One", "Two").replace("\"id\": 1,", "\"id\": 1, \"slug\": \"two\","), false).await;
    assert_eq!(report.bad[&1], "organization: slug two is the slug of another organization");
}

#[tokio::test]
async fn counters_move_past_what_was_imported() {
    let desk = Desk::new().await;
    desk.import(PEOPLE, false).await;
    let new = NewTicket { subject: "a".into(), content: "b".into(), ..Default::default() };
    let ticket = Tickets::new(desk.db.clone()).create(&system(2), new).await.unwrap().fresh().unwrap();
    assert_eq!(ticket.record.id.0, 71);
    let line = r#"{"record": "appointment", "id": 3, "task_num": "202603020000041", "business_id": 1, "out_task_num": "x", "task_type": "normal",
        "task_time": "1700000000", "branch_code": 1, "room_type": "normal", "video": true}"#;
    let report = desk.import(&line.replace('\n', " "), false).await;
    assert_eq!((report.imported, texts(&report)), (1, vec![]));
    let new = NewAppointment {
        business_id: 1,
        out_task_num: "y".into(),
        branch_code: "1".into(),
        task_type: AppointmentType::Normal,
        room_type: RoomType::Realtime,
        task_time: Some(UnixTime(1_700_000_000)),
        ..Default::default()
    };
    let made = Appointments::new(desk.db.clone()).create(&system(2), new).await.unwrap().fresh().unwrap();
    assert_eq!(made.info.task_num, "202603020000042");
}

#[tokio::test]
async fn call_tasks_and_appointments_come_as_they_are_shown() {
    let desk = Desk::new().await;
    desk.import(PEOPLE, false).await;
    let caller = Organizations::new(desk.db.clone()).list().await.unwrap()[0].system();
    let task = json!({
        "record": "call_task", "id": "0195d5c0-0000-7000-8000-000000000001", "organization_id": 2, "assigned_user_id": 5,
        "created_by_user_id": null, "task_type": "callback", "status": "completed", "priority": "high", "title": "t", "description": null,
        "caller_phone": "+7 495", "caller_name": null, "call_id": "c1", "recording_url": "https://r.example/1.mp3",
        "call_datetime": "2024-01-02T03:04:05+03:00", "call_transcription": "said", "call_summary": "sum",
        "call_response_summary": null, "error_message": null, "created_at": "2024-01-02T04:00:00+03:00",
        "updated_at": "2024-01-02T05:00:00+03:00", "due_date": null, "completed_at": "2024-01-02T05:00:00+03:00", "appeal_id": 70,
        "assigned_user_name": "e", "processing": {"state": "succeeded", "stage": "summary", "attempt": 1, "version": 2},
    });
    let appointment = json!({
        "record": "appointment", "id": 3, "task_num": "202401020000007", "business_id": 15, "out_task_num": "o", "out_task_type": "",
        "task_type": "normal", "task_notify": true, "task_time": "1704164645", "task_remark": null, "branch_code": "943",
        "business_code": "2", "room_type": "normal", "video": true, "status": "finished", "ticket_id": 70, "duration_minutes": 45,
        "creater_id": 5, "created_at": "1704164000", "updated_at": "1704165000",
        "moderators": [{"emp_id": "e5", "employee_id": 5, "name": "e", "business_code": null, "branch_code": "85",
            "notification": null}],
        "publishers": [{
            "customer_title": null, "customer_name": "n", "customer_id_num": "42", "customer_country_code": "+886",
            "customer_phone": null, "customer_email": null, "contact_id": 1, "publisher_id": 1, "notification": null,
        }],
    });
    let lines = format!("{appointment}\n{task}\n");
    let report = desk.import(&lines, false).await;
    assert_eq!((report.imported, texts(&report)), (2, vec![]));
    assert_eq!(desk.import(&lines, false).await.present, 2);
    let shown = |line: &Value| {
        let mut line = line.clone();
        line.as_object_mut().unwrap().remove("record");
        line
    };
    let id = CallTaskId(serde_json::from_value(task["id"].clone()).unwrap());
    let found = CallTasks::new(desk.db.clone(), desk.world.clone()).get(&caller, id).await.unwrap().record;
    assert_eq!(to_value(found).unwrap(), shown(&task));
    let found = Appointments::new(desk.db.clone()).get(&caller, "202401020000007").await.unwrap().record;
    assert_eq!(to_value(found).unwrap(), shown(&appointment));
}

#[tokio::test]
async fn the_organization_of_a_file_is_found_by_its_id_and_slug() {
    let desk = Desk::new().await;
    let line = r#"{"record": "organization", "id": "1", "name": "One", "time_zone": "UTC"}"#;
    assert_eq!(desk.import(line, false).await.imported, 1);
    assert_eq!(desk.import(line, false).await.present, 1);
    let report = desk.import(&line.replace("One", "Other"), false).await;
    assert_eq!(texts(&report), ["1: organization: id 1 is the id of another organization"]);
    let new = NewOrganization { name: "Next".into(), time_zone: "UTC".into(), ..Default::default() };
    let next = Organizations::new(desk.db.clone()).create(&system(0), new).await.unwrap().fresh().unwrap();
    assert_eq!(next.id.0, 2);
}

#[tokio::test]
async fn bad_lines_take_nothing_from_good_ones() {
    let desk = Desk::new().await;
    desk.import(PEOPLE, false).await;
    let lines = r#"{"record": "employee", "id": 8, "employee_no": "e8", "first_name": ""}
{"record": "employee", "id": 8, "employee_no": "e8", "first_name": "good"}
{"record": "employee", "id": 5, "employee_no": "e5", "first_name": ""}
{"record": "employee", "id": 8, "employee_no": "e9", "first_name": "twice"}
{"record": "employee", "id": 9, "employee_no": "e9", "first_name": "good"}
{"record": "ticket", "id": 80, "subject": "a", "content": "b", "handler_id": 8, "creater_id": 5}
"#;
    let report = desk.import(lines, true).await;
    assert_eq!(report.bad.keys().copied().collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(report.imported, 3);
}

#[tokio::test]
async fn lines_may_bring_more_rows_than_a_statement_takes() {
    let desk = Desk::new().await;
    desk.import(PEOPLE, false).await;
    let contacts = (1..=5).map(|id| {
        let phones: Vec<_> = (1..=800).map(|phone| json!({"id": id * 1000 + phone, "type": 0, "number": "1"})).collect();
        json!({"record": "contact", "id": 10 + id, "first_name": "c", "profile": {"id": 10 + id, "phones": phones}}).to_string()
    });
    let tickets = (100..300).map(|id| json!({"record": "ticket", "id": id, "subject": "a", "content": "b"}).to_string());
    let ids: Vec<_> = (100..300).collect();
    let entries = (1..=60).map(|id| json!({"record": "interact_collection", "id": id, "ticket_ids": ids}).to_string());
    let lines: Vec<_> = tickets.chain(entries).chain(contacts).collect();
    let report = desk.import(&lines.join("\n"), false).await;
    assert_eq!((report.imported, texts(&report)), (265, vec![]));
    assert_eq!(desk.number("SELECT COUNT(*) AS n FROM phone_number").await, 4001);
}

#[tokio::test]
async fn what_the_api_refuses_is_a_bad_line() {
    let desk = Desk::new().await;
    desk.import(PEOPLE, false).await;
    let appointment =
        r#"{"record": "appointment", "id": 3, "task_num": "202603029999999", "business_id": 1, "out_task_num": "x", "branch_code": 1,
        "task_type": "normal", "task_time": "1700000000", "room_type": "normal", "video": true, "moderators": null, "publishers": null}"#
            .replace('\n', " ");
    let lines = r#"{"record": "employee", "id": 8, "employee_no": "e8", "first_name": "f", "email": "no address"}
{"record": "extension", "id": 1, "type": 4, "extension": "1"}
{"record": "contact", "id": 2, "first_name": "c", "gender": 2, "profile": {"id": 10, "phones": [{"id": 11, "type": 5, "number": "1"}]}}
{"record": "call_task", "id": "00000000-0000-0000-0000-000000000000", "title": "t"}
{"record": "interact_collection", "id": 1, "bound_type": 3}
"#;
    let long = "9".repeat(256);
    let texts_too_long = format!(
        r#"{{"record": "contact", "id": 4, "first_name": "c", "membership_no": "{long}", "profile": {{"id": 12, "phones": [{{"id": 13, "type": 2, "number": "{long}"}}]}}}}
{{"record": "employee", "id": 9, "employee_no": "e9", "first_name": "f", "photo_url": "javascript:alert(1)"}}
"#
    );
    assert_eq!(
        texts(&desk.import(&texts_too_long, false).await),
        [
            "1: contact: profile.phones.0.number must have 1 to 255 characters; membership_no must have at most 255 characters",
            "2: employee: photo_url must be an http or https address, or a path that begins with /",
        ]
    );
    let expected = [
        "1: employee: email must be an e-mail address",
        "2: extension: type must be between 0 and 3",
        "3: contact: profile.phones.0.type must be between 0 and 4; gender must be between 0 and 1",
        "4: call_task: id must be a UUID that is not all zeros",
        "5: interact_collection: bound_type must be between 1 and 2",
        "6: appointment: task_num must be 15 digits, the last 7 not all 9",
    ];
    assert_eq!(texts(&desk.import(&format!("{lines}{appointment}"), false).await), expected);
    let report = desk.import(&appointment.replace("9999999", "9999998"), false).await;
    assert_eq!((report.imported, texts(&report)), (1, vec![]));
}

#[tokio::test]
async fn an_employee_keeps_its_moments() {
    let desk = Desk::new().await;
    let employee = PEOPLE.replace(r#""role""#, r#""login_at": "1970-01-01T00:00:01Z", "leave_at": "1970-01-01T00:00:02Z", "role""#);
    desk.import(&employee, false).await;
    assert_eq!(desk.number("SELECT login_at + leave_at AS n FROM employee").await, 3000);
}
