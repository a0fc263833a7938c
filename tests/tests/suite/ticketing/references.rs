//! Records of other organizations are none.

use serde_json::json;

use super::{fields, ticket};
use crate::harness::app::App;

#[tokio::test]
async fn each_reference_must_be_of_the_organization() {
    let app = App::new();
    for name in ["sponsor_id", "handler_id", "termination_code_id", "sub_category_id", "contact_id"] {
        for id in [json!(999), json!(1001), json!(0), json!(-1), json!(i64::MAX), json!("1001")] {
            let refused = app.agent().post("/api/v1/ticket", super::with(&json!({name: id}))).await;
            assert_eq!(fields(refused), [name], "{id}");
            assert_eq!(fields(app.agent().put("/api/v1/ticket/1", json!({name: id})).await), [name], "{id}");
        }
        let foreign = app.stranger().post("/api/v1/ticket", super::with(&json!({name: 1}))).await;
        assert_eq!(fields(foreign), [name]);
    }
}

#[tokio::test]
async fn those_who_are_inactive_or_without_a_role_may_be_named() {
    let app = App::new();
    for id in [4, 6] {
        let made = ticket(&app, json!({"handler_id": id})).await;
        assert_eq!(made["handler"]["id"], id);
    }
}

#[tokio::test]
async fn names_of_one_part_have_no_space() {
    let app = App::new();
    let made = ticket(&app, json!({"handler_id": 6})).await;
    assert_eq!((&made["handler"]["name"], &made["handler"]["last_name"]), (&json!("Gone"), &json!(null)));
    let none = ["job_title_id", "department_id", "extension_id", "extension", "group_id", "group", "cti_agent_account", "cti_agent"];
    let shown: Vec<_> = none.iter().map(|name| made["handler"][*name].clone()).collect();
    assert_eq!(json!(shown), json!([-1, -1, -1, null, null, null, null, null]));
}
