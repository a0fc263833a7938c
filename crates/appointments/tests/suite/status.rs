use frontdesk_core::Error;
use frontdesk_core::status::Outcome;
use serde_json::json;

use crate::house::{House, faults};

#[tokio::test]
async fn its_moderator_may_finish_it_and_no_other_agent() {
    let house = House::new("warn").await;
    let (one, two) = (house.employee("e1", true).await, house.employee("e2", true).await);
    let task = house.task("A-1", &json!({})).await;
    house.add_moderator(&house.agent(one), &json!({"task_num": task})).await.unwrap();
    for stranger in [house.agent(two), house.key()] {
        assert!(matches!(house.set_status(&stranger, &task, "finished").await, Err(Error::Forbidden)));
    }
    assert_eq!(faults(house.set_status(&house.agent(one), &task, "pending").await), ["task_status must be one of finished, canceled"]);
    assert!(matches!(house.set_status(&house.agent(one), "202603020000099", "pending").await, Err(Error::NotFound)));
    let reply = house.set_status(&house.agent(one), &task, "finished").await.unwrap();
    assert_eq!((reply.outcome(), reply.message().as_str()), (Outcome::Success, "success"));
    assert_eq!(house.set_status(&house.agent(one), &task, "finished").await.unwrap().outcome(), Outcome::Warning);
    assert_eq!(faults(house.set_status(&house.system(), &task, "canceled").await), ["task_status cannot follow finished, which is final"]);
    assert_eq!(house.history().await, ["created", "moderator_added", "finished"]);
}

#[tokio::test]
async fn a_stale_version_changes_nothing() {
    let house = House::new("warn").await;
    let one = house.employee("e1", true).await;
    let task = house.task("A-1", &json!({})).await;
    let mut stale = house.agent(one);
    stale.expected = Some(2);
    let join = json!({"task_num": task, "emp_id": 5});
    assert!(matches!(house.add_moderator(&stale, &join).await, Err(Error::Stale(1))));
    stale.expected = Some(1);
    house.add_moderator(&stale, &json!({"task_num": task})).await.unwrap();
    assert!(matches!(house.set_status(&stale, &task, "finished").await, Err(Error::Stale(2))));
    let customers = json!({"task_num": task, "customer": [{"customer_name": "a", "customer_id_num": "c1"}]});
    assert!(matches!(house.add_publishers(&stale, &customers).await, Err(Error::Stale(2))));
    assert_eq!(house.history().await, ["created", "moderator_added"]);
}
