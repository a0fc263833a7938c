use std::collections::BTreeSet;
use std::sync::Arc;

use frontdesk_core::Error;
use frontdesk_core::status::Outcome;
use serde_json::json;

use crate::house::{House, body, faults};

#[tokio::test]
async fn the_same_request_again_is_a_remark_with_the_first_number() {
    let house = House::new("warn").await;
    let mut request = body("A-1");
    let first = house.create(&house.system(), &request).await.unwrap();
    assert_eq!((first.info.task_num.as_str(), first.message().as_str()), ("202603020000001", "success"));
    assert_eq!(first.outcome(), Outcome::Success);
    request["branch_code"] = json!("943");
    request["video"] = json!("true");
    request["duration_minutes"] = json!(30);
    let employee = house.employee("e1", true).await;
    let again = house.create(&house.agent(employee), &request).await.unwrap();
    assert_eq!((again.outcome(), &again.info), (Outcome::Warning, &first.info));
    assert!(again.message().contains("202603020000001"));
    request["business_id"] = json!(16);
    assert_eq!(
        faults(house.create(&house.system(), &request).await),
        ["out_task_num is that of task 202603020000001, which has other fields"]
    );
    request["out_task_type"] = json!("other");
    assert_eq!(house.create(&house.system(), &request).await.unwrap().info.task_num, "202603020000002");
    assert_eq!(house.history().await, ["created", "created"]);
}

#[tokio::test]
async fn a_defaulted_time_takes_no_part_in_the_comparison() {
    let house = House::new("warn").await;
    let mut request = body("A-1");
    request["room_type"] = json!("realtime");
    request.as_object_mut().unwrap().remove("task_time");
    let first = house.create(&house.system(), &request).await.unwrap();
    assert_eq!(house.get(&first.info.task_num).await.task_time.0, 1_772_416_800);
    let mut later = house.system();
    later.at += time::Duration::minutes(5);
    assert_eq!(house.create(&later, &request).await.unwrap().info, first.info);
}

#[tokio::test]
async fn every_offending_field_is_named_and_nothing_is_made() {
    let house = House::new("warn").await;
    let request = json!({
        "business_id": "x", "out_task_num": "", "task_type": "odd", "task_time": "1772416800000", "branch_code": true, "room_type": "normal",
        "video": "yes", "ticket_id": 99, "duration_minutes": 1441,
    });
    let faults: BTreeSet<_> =
        faults(house.create(&house.system(), &request).await).into_iter().map(|text| text.split(' ').next().unwrap().to_owned()).collect();
    let expected = ["branch_code", "business_id", "duration_minutes", "out_task_num", "task_time", "task_type", "ticket_id", "video"];
    assert_eq!(faults, BTreeSet::from(expected.map(str::to_owned)));
    assert!(house.history().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_equal_requests_at_once_make_one() {
    let house = Arc::new(House::new("warn").await);
    let mut running = vec![];
    for _ in 0..50 {
        let house = Arc::clone(&house);
        running.push(tokio::spawn(async move { house.create(&house.system(), &body("A-1")).await.unwrap() }));
    }
    let mut successes = 0;
    for reply in running {
        let reply = reply.await.unwrap();
        assert_eq!(reply.info.task_num, "202603020000001");
        successes += i32::from(reply.outcome() == Outcome::Success);
    }
    assert_eq!((successes, house.history().await.len()), (1, 1));
    assert_eq!(house.task("A-2", &json!({})).await, "202603020000002");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_are_never_given_twice() {
    let house = Arc::new(House::new("warn").await);
    let running: Vec<_> = (0..40)
        .map(|n| {
            let house = Arc::clone(&house);
            tokio::spawn(async move { house.task(&format!("A-{n}"), &json!({})).await })
        })
        .collect();
    let mut numbers = BTreeSet::new();
    for number in running {
        numbers.insert(number.await.unwrap());
    }
    let expected: BTreeSet<_> = (1..=40).map(|n| format!("20260302{n:07}")).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test]
async fn each_organization_counts_for_itself_and_sees_its_own() {
    let house = House::new("warn").await;
    let task = house.task("A-1", &json!({})).await;
    house.task("A-2", &json!({})).await;
    let other = house.beside("warn").await;
    assert_eq!(other.task("A-1", &json!({"business_id": 7})).await, task);
    assert_eq!(other.get(&task).await.business_id, 7);
    let missing = other.appointments.get(&other.system().caller, "202603020000002").await;
    assert!(matches!(missing, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_key_makes_what_nobody_made_and_a_customer_makes_nothing() {
    let house = House::new("warn").await;
    let made = house.create(&house.key(), &body("A-1")).await.unwrap();
    assert_eq!(house.get(&made.info.task_num).await.creater_id, None);
    let mut customer = house.system();
    customer.caller = house.publisher("c1");
    assert!(matches!(house.create(&customer, &body("A-2")).await, Err(Error::Forbidden)));
}
