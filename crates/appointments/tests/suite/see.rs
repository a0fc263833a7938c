use frontdesk_core::Error;
use serde_json::json;

use crate::house::{House, faults};

#[tokio::test]
async fn a_customer_sees_its_own_appointments_and_itself() {
    let house = House::new("warn").await;
    let (own, foreign) = (house.task("A-1", &json!({})).await, house.task("A-2", &json!({})).await);
    let people = [json!({"customer_name": "a", "customer_id_num": "c1"}), json!({"customer_name": "b", "customer_id_num": "c2"})];
    house.add_publishers(&house.system(), &json!({"task_num": own, "customer": people})).await.unwrap();
    house.add_publishers(&house.system(), &json!({"task_num": foreign, "customer": [people[1]]})).await.unwrap();
    let customer = house.publisher("c1");
    let shown = house.appointments.get(&customer, &own).await.unwrap().record.publishers;
    assert_eq!(shown.iter().map(|p| p.customer_id_num.as_str()).collect::<Vec<_>>(), ["c1"]);
    assert!(matches!(house.appointments.get(&customer, &foreign).await, Err(Error::NotFound)));
    assert_eq!(house.list(&customer, &json!({})).await.unwrap(), (vec![own.clone()], 1));
    assert_eq!(house.list(&customer, &json!({"customer_id_num": "c2"})).await.unwrap(), (vec![], 0));
    assert_eq!(house.list(&house.key().caller, &json!({"customer_id_num": "c2"})).await.unwrap(), (vec![foreign, own], 2));
}

#[tokio::test]
async fn filters_and_pages() {
    let house = House::new("allow").await;
    house.employee("e1", true).await;
    let day = 86_400;
    let start = 1_772_416_800;
    let mut tasks = vec![];
    for n in 0..4 {
        tasks.push(house.task(&format!("A-{n}"), &json!({"task_time": start + n * day, "branch_code": n % 2})).await);
    }
    house.set_status(&house.system(), &tasks[0], "finished").await.unwrap();
    house.add_moderator(&house.key(), &json!({"task_num": tasks[2], "emp_id": "e1"})).await.unwrap();
    let caller = house.system().caller;
    let cases = [
        (json!({}), vec![3, 2, 1, 0]),
        (json!({"status": "finished"}), vec![0]),
        (json!({"branch_code": "1"}), vec![3, 1]),
        (json!({"branch_code": 1, "status": "pending", "task_time__start": start + 2 * day}), vec![3]),
        (json!({"task_time__start": "2026-03-03", "task_time__end": "2026-03-04"}), vec![2, 1]),
        (json!({"task_time__end": start.to_string()}), vec![0]),
        (json!({"emp_id": "e1"}), vec![2]),
        (json!({"emp_id": "nobody"}), vec![]),
        (json!({"out_task_num": "A-3"}), vec![3]),
        (json!({"unknown": 1}), vec![3, 2, 1, 0]),
    ];
    for (filter, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|n: usize| tasks[n].clone()).collect();
        let total = i64::try_from(expected.len()).unwrap();
        assert_eq!(house.list(&caller, &filter).await.unwrap(), (expected, total), "{filter}");
    }
    assert_eq!(house.list(&caller, &json!({"page": 2, "per_page": 3})).await.unwrap(), (vec![tasks[0].clone()], 4));
    let bad = json!({"status": "open", "task_time__start": "soon", "page": 0, "per_page": 201});
    let named: Vec<_> = faults(house.list(&caller, &bad).await).iter().map(|text| text.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(named, ["status", "task_time__start", "page", "per_page"]);
}
