use std::sync::Arc;

use frontdesk_core::Error;
use frontdesk_core::status::Outcome;
use serde_json::{Value, json};

use crate::house::{House, faults};

fn customer(number: &str) -> Value {
    json!({"customer_name": "name", "customer_id_num": number})
}

#[tokio::test]
async fn who_may_become_a_moderator() {
    let house = House::new("warn").await;
    let task = house.task("A-1", &json!({})).await;
    let (one, _, _) = (house.employee("e1", true).await, house.employee("e2", true).await, house.employee("gone", false).await);
    let own = json!({"task_num": task, "business_code": 2, "branch_code": "85"});
    let reply = house.add_moderator(&house.agent(one), &own).await.unwrap();
    assert_eq!((reply.outcome(), reply.message().as_str(), reply.version), (Outcome::Success, "service member success", 2));
    let again = house.add_moderator(&house.key(), &json!({"task_num": task, "emp_id": "e1", "branch_code": "86"})).await.unwrap();
    assert_eq!((again.outcome(), again.version), (Outcome::Warning, 2));
    house.add_moderator(&house.agent(one), &json!({"task_num": task, "emp_id": "e2"})).await.unwrap();
    let shown = house.get(&task).await.moderators;
    let shown: Vec<_> = shown.iter().map(|m| (m.emp_id.as_str(), m.business_code.as_deref(), m.branch_code.as_deref())).collect();
    assert_eq!(shown, [("e1", Some("2"), Some("85")), ("e2", None, None)]);

    let cases = [
        (json!({"task_num": task}), "emp_id is required"),
        (json!({"task_num": task, "emp_id": "nobody"}), "emp_id names no record of this organization"),
        (json!({"task_num": task, "emp_id": "gone"}), "emp_id names an employee who is not active"),
        (json!({"emp_id": "e1"}), "task_num is required"),
        (json!({"task_num": 5, "emp_id": "e1"}), "task_num must be a string"),
    ];
    for (body, fault) in cases {
        assert_eq!(faults(house.add_moderator(&house.key(), &body).await), [fault], "{body}");
    }
    let unknown = house.add_moderator(&house.key(), &json!({"task_num": "202603029999999", "emp_id": 7})).await;
    assert!(matches!(unknown, Err(Error::NotFound)));
    assert_eq!(house.history().await, ["created", "moderator_added", "moderator_added"]);
}

#[tokio::test]
async fn overlapping_appointments_are_remarked_on() {
    let house = House::new("warn").await;
    house.employee("e1", true).await;
    let first = house.task("A-1", &json!({})).await;
    let add = async |fields: Value| {
        let task = house.task(&fields.to_string(), &fields).await;
        house.add_moderator(&house.key(), &json!({"task_num": task, "emp_id": "e1"})).await.unwrap()
    };
    house.add_moderator(&house.key(), &json!({"task_num": first, "emp_id": "e1"})).await.unwrap();
    let half_past = 1_772_416_800 + 30 * 60;
    let clash = add(json!({"task_time": half_past - 1})).await;
    assert_eq!(clash.outcome(), Outcome::Warning);
    assert!(clash.message().contains(&first), "{}", clash.message());
    assert_eq!(add(json!({"task_time": half_past + 3600, "duration_minutes": 1})).await.outcome(), Outcome::Success);
    assert_eq!(add(json!({"task_time": half_past, "room_type": "realtime"})).await.outcome(), Outcome::Success);
    assert_eq!(add(json!({"task_time": 1_772_416_800 - 3600, "duration_minutes": 60})).await.outcome(), Outcome::Success);
    assert_eq!(add(json!({"task_time": 1_772_416_800 - 3600, "duration_minutes": 61})).await.outcome(), Outcome::Warning);
}

#[tokio::test]
async fn what_is_over_keeps_nobody_and_takes_nobody() {
    let house = House::new("reject").await;
    let one = house.employee("e1", true).await;
    let (first, second) = (house.task("A-1", &json!({})).await, house.task("A-2", &json!({})).await);
    let join = async |task: &str| house.add_moderator(&house.agent(one), &json!({"task_num": task})).await;
    join(&first).await.unwrap();
    assert_eq!(faults(join(&second).await), [format!("emp_id names a service member of the overlapping task {first}")]);
    house.set_status(&house.system(), &first, "canceled").await.unwrap();
    assert_eq!(join(&second).await.unwrap().outcome(), Outcome::Success);
    let closed = "task_num names a task that is canceled; nothing can be added to it";
    assert_eq!(faults(join(&first).await), [closed]);
    let customers = json!({"task_num": first, "customer": [customer("c1")]});
    assert_eq!(faults(house.add_publishers(&house.system(), &customers).await), [closed]);
}

#[tokio::test]
async fn double_booking_may_be_allowed() {
    let house = House::new("allow").await;
    let one = house.employee("e1", true).await;
    for number in ["A-1", "A-2"] {
        let task = house.task(number, &json!({})).await;
        assert_eq!(house.add_moderator(&house.agent(one), &json!({"task_num": task})).await.unwrap().outcome(), Outcome::Success);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_simultaneous_bookings_one_wins() {
    let house = Arc::new(House::new("reject").await);
    for round in 0..5 {
        let employee = house.employee(&format!("e{round}"), true).await;
        let mut running = vec![];
        for n in 0..8 {
            let task = house.task(&format!("{round}-{n}"), &json!({"task_time": 1_772_416_800 + n})).await;
            let house = Arc::clone(&house);
            running.push(tokio::spawn(async move { house.add_moderator(&house.agent(employee), &json!({"task_num": task})).await }));
        }
        let mut won = 0;
        for reply in running {
            match reply.await.unwrap() {
                Ok(_) => won += 1,
                Err(Error::Invalid(_)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(won, 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_who_join_at_once_all_join() {
    let house = Arc::new(House::new("warn").await);
    let task = house.task("A-1", &json!({})).await;
    let mut running = vec![];
    for n in 0..8 {
        let employee = house.employee(&format!("e{n}"), true).await;
        let (house, task) = (Arc::clone(&house), task.clone());
        running.push(tokio::spawn(async move {
            house.add_moderator(&house.agent(employee), &json!({"task_num": task})).await.unwrap();
            house
                .add_publishers(&house.system(), &json!({"task_num": task, "customer": [customer(&format!("c{n}")), customer("all")]}))
                .await
                .unwrap();
        }));
    }
    for done in running {
        done.await.unwrap();
    }
    let shown = house.appointments.get(&house.system().caller, &task).await.unwrap();
    assert_eq!((shown.version, shown.record.moderators.len(), shown.record.publishers.len()), (17, 8, 9));
}

#[tokio::test]
async fn publishers_are_added_all_or_none_and_updated() {
    let house = House::new("warn").await;
    let contact = house.contact("c2").await;
    let task = house.task("A-1", &json!({})).await;
    let add = async |customers: Value| house.add_publishers(&house.key(), &json!({"task_num": task, "customer": customers})).await;
    let bad = json!([customer("c1"), {"customer_name": "b", "customer_id_num": "c2", "customer_email": "nobody"}, customer("c1")]);
    let expected =
        ["customer.1.customer_email must be an e-mail address", "customer.2.customer_id_num must not be that of an earlier entry"];
    assert_eq!(faults(add(bad).await), expected);
    assert_eq!(faults(add(json!([])).await), ["customer must have 1 to 500 entries"]);
    assert!(house.get(&task).await.publishers.is_empty());

    let good = json!([{"customer_title": "Mr.", "customer_name": "a", "customer_id_num": "c1", "customer_phone": "0911"}, customer("c2")]);
    let reply = add(good.clone()).await.unwrap();
    assert_eq!((reply.outcome(), reply.message().as_str(), reply.version), (Outcome::Success, "customer member success", 2));
    let again = add(good).await.unwrap();
    assert_eq!((again.outcome(), again.version), (Outcome::Warning, 2));
    let update = add(json!([{"customer_name": "A", "customer_id_num": "c1", "customer_email": "a@example.com"}])).await.unwrap();
    assert_eq!((update.outcome(), update.version), (Outcome::Warning, 3));

    let shown = serde_json::to_value(house.get(&task).await.publishers).unwrap();
    let entry = |title: Option<&str>, name: &str, number: &str, phone: Option<&str>, email: Option<&str>, contact: Option<i64>| {
        json!({"customer_title": title, "customer_name": name, "customer_id_num": number, "customer_country_code": null,
            "customer_phone": phone, "customer_email": email, "contact_id": contact})
    };
    let first = entry(Some("Mr."), "A", "c1", Some("0911"), Some("a@example.com"), None);
    assert_eq!(shown, json!([first, entry(None, "name", "c2", None, None, Some(contact))]));
    assert_eq!(house.history().await, ["created", "publishers_added", "publishers_updated"]);
}
