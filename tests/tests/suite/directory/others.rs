//! Groups, extensions and CTI agents: what the table of nouns does not say.

use serde_json::json;

use crate::harness::app::App;

#[tokio::test]
async fn a_group_is_led_by_one_of_its_own() {
    let app = App::new();
    let group = app.supervisor().post("/api/v1/group", json!({"name": "g"})).await.is(201)["data"]["id"].clone();
    app.admin().put("/api/v1/employee/5", json!({"group_id": group})).await.is(200);
    let path = format!("/api/v1/group/{group}");
    assert_eq!(app.supervisor().put(&path, json!({"supervisor_id": 5})).await.is(200)["supervisor_id"], 5);
    assert_eq!(app.agent().get("/api/v1/employee/5").await.is(200)["group"]["supervisor_id"], 5);
    let refusal = app.supervisor().delete(&path).await.is(409);
    assert_eq!(refusal["message"], format!("group {group} is still named by employee 5"));
    app.admin().put("/api/v1/employee/5", json!({"group_id": -1})).await.is(200);
    app.supervisor().delete(&path).await.is(204);
}

#[tokio::test]
async fn a_group_with_an_agent_account_stays() {
    let app = App::new();
    let group = app.supervisor().post("/api/v1/group", json!({"name": "g"})).await.is(201)["data"]["id"].clone();
    let account =
        app.supervisor().post("/api/v1/cti-agent", json!({"account": "a", "group_id": group})).await.is(201)["data"]["id"].clone();
    let refusal = app.supervisor().delete(&format!("/api/v1/group/{group}")).await.is(409);
    assert_eq!(refusal["message"], format!("group {group} is still named by CTI agent {account}"));
    app.supervisor().delete(&format!("/api/v1/cti-agent/{account}")).await.is(204);
    app.supervisor().delete(&format!("/api/v1/group/{group}")).await.is(204);
}

#[tokio::test]
async fn types_of_extensions() {
    let app = App::new();
    for kind in [json!(0), json!(1), json!(2), json!("3")] {
        let made = app.supervisor().post("/api/v1/extension", json!({"type": kind, "extension": "1"})).await.is(201);
        assert_eq!(made["data"]["type"].to_string(), kind.to_string().replace('"', ""));
    }
    for wrong in [json!(4), json!(-1), json!("x"), json!(1.5), json!(true)] {
        assert_eq!(app.supervisor().post("/api/v1/extension", json!({"type": wrong, "extension": "1"})).await.offending(), ["type"]);
        assert_eq!(app.supervisor().put("/api/v1/extension/1", json!({"type": wrong})).await.offending(), ["type"]);
    }
    for wrong in [json!("x"), json!(1.5)] {
        let refused = app.supervisor().put("/api/v1/extension/1", json!({"media_cluster_id": wrong})).await;
        assert_eq!(refused.offending(), ["media_cluster_id"]);
    }
}
