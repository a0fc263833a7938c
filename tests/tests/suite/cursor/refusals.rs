//! Cursors that are none, and what a link has.

use serde_json::json;

use super::lists::LISTS;
use super::{Ask, Dice, List, link};
use crate::harness::app::{Answer, App, Caller};

/// Fails unless the answer refuses this field, in the words of its surface.
fn refused(answer: &Answer, field: &str, about: &str) {
    if answer.body["status"] == 0 {
        assert_eq!(answer.status, 200, "{about}");
        assert!(answer.body["message"].as_str().unwrap().starts_with(&format!("{field} ")), "{about}: {}", answer.text);
    } else {
        assert_eq!(answer.status, 422, "{about}: {}", answer.text);
        assert_eq!(answer.offending(), [field], "{about}");
    }
}

/// What asks for the second page of a walk through a list of some rows.
async fn second(list: &List, app: &App, sort: &str) -> Ask {
    list.page(app, &list.begin(sort, 1)).await.next.unwrap()
}

async fn some(list: &List, app: &App, seed: u64) {
    let mut dice = Dice(seed);
    let ids = dice.ids(&mut vec![], 3);
    list.make(app, &app.db().await, &mut dice, &ids).await;
}

#[tokio::test]
async fn changed_or_cut_short() {
    for place in [0, LISTS.len() - 2, LISTS.len() - 1] {
        let (app, list) = (App::new(), &LISTS[place]);
        let ask = second(list, &app, list.sort.get(1).unwrap_or(&"")).await;
        let cursor = ask.value("cursor");
        for at in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[at] ^= 1;
            let changed = String::from_utf8(changed).unwrap();
            refused(&ask.with("cursor", &changed).send(&app.agent()).await, "cursor", &changed);
            if at > 0 {
                refused(&ask.with("cursor", &cursor[..at]).send(&app.agent()).await, "cursor", &cursor[..at]);
            }
        }
        for none in ["0", "null", " ", "=", "AAAA", "\u{fffd}", "'; --", &format!("{cursor}="), &"A".repeat(20_000)] {
            refused(&ask.with("cursor", none).send(&app.agent()).await, "cursor", none);
        }
        ask.send(&app.agent()).await.is(200);
    }
}

#[tokio::test]
async fn of_another_list_order_filter_or_organization() {
    let app = App::new();
    let mut cursors = vec![];
    for (seed, list) in (1..).zip(LISTS) {
        some(list, &app, seed).await;
        cursors.push(second(list, &app, "").await.value("cursor"));
    }
    for (place, list) in LISTS.iter().enumerate() {
        let ask = list.begin("", 1);
        for (other, cursor) in cursors.iter().enumerate() {
            let answer = ask.with("cursor", cursor).send(&app.admin()).await;
            if other == place {
                answer.is(200);
            } else {
                refused(&answer, "cursor", &format!("{} with the cursor of {}", list.path, LISTS[other].path));
            }
        }
        let ask = ask.with("cursor", &cursors[place]);
        for sort in list.sort.iter().skip(1) {
            refused(&ask.with("sort", sort).send(&app.admin()).await, "cursor", &format!("{} by {sort}", list.path));
        }
        refused(&ask.send(&app.stranger()).await, "cursor", list.path);
    }
    for (path, filter, value) in [
        ("/api/v1/ticket", "search", "c"),
        ("/api/v1/ticket", "statuses", "0,1,2,3"),
        ("/api/v1/contact", "gender", "1"),
        ("/api/v1/employee", "is_active", "true"),
        ("/api/v1/subcategory", "category_id", "1"),
        ("/api/v1/phone-number", "contact_id", "1"),
        ("/api/tasks", "operator_id", "3"),
        ("/api/tasks", "include_cancelled", "false"),
        ("/api/task/get_list", "status", "pending"),
        ("/api/task/get_list", "emp_id", "agent"),
    ] {
        let place = LISTS.iter().position(|list| list.path == path).unwrap();
        let ask = LISTS[place].begin("", 1).with("cursor", &cursors[place]).with(filter, value);
        refused(&ask.send(&app.admin()).await, "cursor", &format!("{path} with {filter}"));
    }
}

#[tokio::test]
async fn customers_walk_through_their_own() {
    let app = App::new();
    let list = LISTS.last().unwrap();
    some(list, &app, 1).await;
    let cursor = second(list, &app, "").await.value("cursor");
    refused(&list.begin("", 1).with("cursor", &cursor).send(&app.publisher()).await, "cursor", "a customer with a cursor of staff");
    let own = list.begin("", 1).send(&app.publisher()).await.is(200);
    assert_eq!(own["info"]["items"].as_array().unwrap().len(), 1);
    assert_eq!(own["info"]["next_cursor"], json!(null));
}

#[tokio::test]
async fn no_page_beside_a_cursor() {
    let app = App::new();
    for list in LISTS {
        for page in ["1", "2"] {
            refused(&list.begin("", 1).with("page", page).send(&app.admin()).await, "page", list.path);
        }
        if !list.posts() {
            assert_eq!(list.page(&app, &list.begin("", 1).with("page", "")).await.ids.len(), usize::from(list.table != "service_key"));
            let twice = format!("{}&cursor=", list.begin("", 1).path);
            refused(&app.admin().get(&twice).await, "cursor", &twice);
        }
        let both = list.begin("", 0).with("cursor", "x").send(&app.admin()).await;
        assert!(both.text.contains("per_page") && both.text.contains("cursor"), "{}", both.text);
        let numbered = list.ask(&[("per_page", "1".into())]).send(&app.admin()).await;
        assert!(numbered.headers.get("link").is_none() && numbered.body["info"]["next_cursor"].is_null(), "{}", list.path);
    }
    let related = app.agent().get("/api/v1/ticket/1/related?cursor=").await;
    refused(&related, "cursor", "related");
    let null = app.agent().post("/api/task/get_list", json!({"cursor": null, "page": 2})).await.is(200);
    assert_eq!(null["info"]["page"], 2);
    let number = app.agent().post("/api/task/get_list", json!({"cursor": 1})).await;
    refused(&number, "cursor", "a number");
}

#[tokio::test]
async fn a_link_has_all_that_was_asked_but_no_token() {
    let app = App::new();
    let token = app.agent().token().trim_start_matches("Bearer ").to_owned();
    some(&LISTS[0], &app, 1).await;
    let anyone: Caller<'_> = app.anonymous();
    for begun in ["cursor=&", "token={token}&cursor=&", "cursor=&%74oken={token}&"] {
        let path = format!(
            "/api/v1/ticket?{begun}per_page=2&statuses[]=0&statuses%5B%5D=1&statuses=2&statuses=3&search=%20&sort=-subject%2Cid&page="
        );
        let path = path.replace("{token}", &token);
        let caller = if begun.contains("oken") { anyone.clone() } else { app.agent() };
        let next = link(&caller.get(&path).await).unwrap();
        assert!(!next.contains(&token) && !next.contains("oken"), "{next}");
        let (kept, cursor) = next.split_once("&cursor=").unwrap();
        assert_eq!(kept, "/api/v1/ticket?per_page=2&statuses%5B%5D=0&statuses%5B%5D=1&statuses=2&statuses=3&search=+&sort=-subject%2Cid");
        assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        app.agent().get(&next).await.is(200);
    }
}
