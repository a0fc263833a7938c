//! The pages' own requests, sent as they stand there, and the pages' own answers.

use crate::harness::app::{App, Caller};

/// Seed 000, createBlankTask.
const BLANK: &str = r#"{
"business_id": 15,
"out_task_num": "XXXXXXXXX",
"out_task_type": "XXXXXXXXX",
"task_type": "normal",
"task_notify": false,
"task_time": "1703141398",
"task_remark": "remark_somthing",
"branch_code": 943,
"business_code": 2,
"room_type": "normal",
"video": true
}"#;

/// Seed 001, createBlankTask.
const BLANK_IN_ENGLISH: &str = r#"{
    "business_id": 15,
    "out_task_num": "XXXXXXXXX",
    "out_task_type": "XXXXXXXXX",
    "task_type": "normal",
    "task_notify": false,
    "task_time": "1703141398",
    "task_remark": "remark_somthing",
    "branch_code": 943,
    "business_code": 2,
    "room_type": "normal",
    "video": true
}"#;

/// Seed 000, createTaskModerator.
const MODERATOR: &str = r#"{
"task_num": "202402220000021",
"business_code": "2",
"branch_code": "85",
"emp_id":"unique_id"
}"#;

/// Seed 000, createTaskPublisher; the page's e-mail address is masked.
const PUBLISHER: &str = r#"{
"task_num": "202402220000021",
"customer": [{
"customer_title": "Mr.",
"customer_name": "name",
"customer_id_num": "unique_id",
"customer_country_code": "+886",
"customer_phone": "0911211211",
"customer_email": "name@example.com"
}]
}"#;

/// Seed 000, updateTaskStatus.
const STATUS: &str = r#"{
"task_num":"202406060000001",
"task_status":"finished"
}"#;

/// What the samples speak of.
const RECORDS: &str = r#"{"record":"employee","id":21,"employee_no":"unique_id","first_name":"Tommy","last_name":"Hsu","role":"agent","profile_id":21}
{"record":"appointment","id":21,"task_num":"202402220000021","business_id":15,"out_task_num":"S-21","task_type":"normal","task_notify":false,"task_time":1708570800,"branch_code":"85","room_type":"normal","video":true}
{"record":"appointment","id":22,"task_num":"202406060000001","business_id":15,"out_task_num":"S-22","task_type":"normal","task_notify":false,"task_time":1717642800,"branch_code":"85","room_type":"normal","video":true,"moderators":[{"employee_id":3}]}
"#;

async fn sent(caller: Caller<'_>, path: &str, sample: &str) -> String {
    let answer = caller.send("POST", path, "application/json", sample.as_bytes().to_vec()).await;
    assert_eq!(answer.status, 200, "{path}");
    assert_eq!(answer.header("content-type"), "application/json");
    answer.text
}

#[tokio::test]
async fn create_blank_task() {
    for sample in [BLANK, BLANK_IN_ENGLISH] {
        let app = App::new();
        let text = sent(app.agent(), "/api/task/do_add", sample).await;
        assert_eq!(text, r#"{"status":1,"message":"success","info":{"task_num":"202603020000001"}}"#);
        let shown = super::show(&app.agent(), "202603020000001").await;
        for (field, value) in
            [("task_time", "1703141398"), ("task_remark", "remark_somthing"), ("branch_code", "943"), ("business_code", "2")]
        {
            assert_eq!(shown[field], value, "{field}");
        }
    }
}

#[tokio::test]
async fn both_pages_show_one_request() {
    let app = App::new();
    sent(app.agent(), "/api/task/do_add", BLANK).await;
    let again = sent(app.agent(), "/api/task/do_add", BLANK_IN_ENGLISH).await;
    assert!(again.starts_with(r#"{"status":2,"message":""#), "{again}");
    assert!(again.ends_with(r#","info":{"task_num":"202603020000001"}}"#), "{again}");
}

#[tokio::test]
async fn create_task_moderator_and_publisher() {
    let app = App::new();
    app.seed(RECORDS).await;
    let text = sent(app.agent(), "/api/task/service/do_add", MODERATOR).await;
    assert_eq!(text, r#"{"status":1,"message":"service member success"}"#);
    let text = sent(app.agent(), "/api/task/customer/do_add", PUBLISHER).await;
    assert_eq!(text, r#"{"status":1,"message":"customer member success"}"#);
    let shown = super::show(&app.agent(), "202402220000021").await;
    let moderators =
        r#"[{"emp_id":"unique_id","employee_id":21,"name":"Tommy Hsu","business_code":"2","branch_code":"85","notification":null}]"#;
    assert_eq!(shown["moderators"].to_string(), moderators);
    let publishers = r#"[{"customer_title":"Mr.","customer_name":"name","customer_id_num":"unique_id","customer_country_code":"+886","customer_phone":"0911211211","customer_email":"name@example.com","contact_id":null,"notification":null}]"#;
    assert_eq!(super::publishers(&app.agent(), "202402220000021").await.to_string(), publishers);
}

#[tokio::test]
async fn update_task_status() {
    let app = App::new();
    app.seed(RECORDS).await;
    let text = sent(app.agent(), "/api/task/status/do_update", STATUS).await;
    assert_eq!(text, r#"{"status":1,"message":"success"}"#);
    assert_eq!(super::show(&app.agent(), "202406060000001").await["status"], "finished");
}
