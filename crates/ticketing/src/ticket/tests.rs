use frontdesk_core::access::{Actor, Caller, Scope};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{ServiceKeyId, TicketId};
use frontdesk_core::input::Input;
use frontdesk_core::page::PageRequest;
use frontdesk_core::status::Role;
use frontdesk_core::time::{Zone, from_millis};
use frontdesk_core::{Error, Result};
use frontdesk_store::Written;
use serde_json::{Value, json};

use super::{NewTicket, Ticket, TicketFilter, TicketPatch, Tickets};
use crate::testing::{NOW, Store, caller, context, insert, read, store, write};

const SHORT_KEYS: &str = "id subject content due_at status status_memo priority contact contact_id sub_category sub_category_id handler_id \
    handler sponsor_id sponsor campaign_queue campaign_queue_id created_at updated_at termination_code_id termination_code category category_id";
const LIST_KEYS: &str = "id subject content due_at status status_memo priority contact contact_id sub_category sub_category_id creater \
    handler_id handler interact_collections sponsor_id sponsor campaign_queue campaign_queue_id created_at updated_at termination_code_id \
    termination_code category category_id";
const INTERACTION_KEYS: &str = "id is_acw_completed first_enter_queue_at acw_at last_finished_at handler_id handler contact_id memo bound_type \
    sponsor_id campaign_queue_id result_id";

fn keys(value: &Value) -> String {
    value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
}

fn fields(error: &Error) -> Vec<String> {
    match error {
        Error::Invalid(violations) => violations.all().iter().map(|v| format!("{} {}", v.field(), v.rule.text())).collect(),
        other => panic!("not a refusal of fields: {other:?}"),
    }
}

fn fresh<T>(written: Written<T>) -> T {
    written.fresh().unwrap()
}

async fn create(store: &Store, body: Value) -> Result<Versioned<Ticket>> {
    let tickets = Tickets::new(store.db.clone());
    tickets.create(&context(caller(1, Role::Agent)), read(&body, NewTicket::read)).await.map(fresh)
}

async fn update(store: &Store, id: TicketId, body: Value) -> Result<Versioned<Ticket>> {
    let tickets = Tickets::new(store.db.clone());
    let mut cx = context(caller(1, Role::Agent));
    cx.at = from_millis(NOW + 60_000);
    tickets.update(&cx, id, read(&body, TicketPatch::read)).await.map(fresh)
}

async fn listed(store: &Store, who: &Caller, query: Value) -> Vec<i64> {
    let zone = Zone::named("Asia/Taipei").unwrap();
    let filter = Input::query(query.as_object().unwrap(), &zone, TicketFilter::read).checked().unwrap();
    let page = Tickets::new(store.db.clone()).list(who, &filter, PageRequest::first(15)).await.unwrap();
    assert_eq!(page.total.rows, i64::try_from(page.items.len()).unwrap());
    page.items.iter().map(|ticket| ticket.id.0).collect()
}

fn full() -> Value {
    json!({"subject": "標題", "content": "內容", "status": "2", "contact_id": 2, "sub_category_id": 23, "termination_code": 5,
        "sponsor_id": 1, "handler_id": 7, "due_at": "2019-04-30", "priority": null})
}

#[tokio::test]
async fn created_as_the_page_shows() {
    let store = store().await;
    let Versioned { version, record } = create(&store, full()).await.unwrap();
    let ticket = serde_json::to_value(&record).unwrap();
    assert_eq!((version, keys(&ticket).as_str()), (1, SHORT_KEYS));
    let category = json!({"id": 2, "name": "理賠相關", "description": null});
    assert_eq!(ticket["sub_category"], json!({"id": 23, "name": "時效", "description": null, "category": category, "category_id": 2}));
    assert_eq!((&ticket["category"], &ticket["category_id"]), (&category, &json!(2)));
    assert_eq!(ticket["sponsor"], json!({"id": 1, "name": "default", "description": null, "is_immortal": true, "mail_channels": []}));
    assert_eq!(ticket["termination_code"], json!({"id": 5, "name": "確認可否處理", "description": null, "status": 0, "creater_id": null}));
    assert_eq!((&ticket["contact"]["name"], &ticket["handler"]["employee_no"]), (&json!("小 閎"), &json!("tommy")));
    assert_eq!((&ticket["status"], &ticket["priority"]), (&json!(2), &json!(0)));
    assert_eq!((&ticket["due_at"], &ticket["created_at"]), (&json!("2019-04-30 00:00:00"), &json!("2019-04-16 14:22:13")));
    let again = Tickets::new(store.db.clone()).get(&caller(1, Role::Agent), record.id).await.unwrap();
    assert_eq!(again, Versioned { version: 1, record });
}

#[tokio::test]
async fn listed_with_creater_and_interactions() {
    let store = store().await;
    let id = create(&store, full()).await.unwrap().record.id.0;
    write(&store.db, move |tx| {
        Box::pin(async move { insert(tx, "interaction_ticket", &[("ticket_id", id.into()), ("interaction_id", 108_i64.into())]).await })
    })
    .await;
    let tickets = Tickets::new(store.db.clone());
    let page = tickets.list(&caller(1, Role::Agent), &TicketFilter::default(), PageRequest::first(15)).await.unwrap();
    let item = serde_json::to_value(&page.items[0]).unwrap();
    assert_eq!(keys(&item), LIST_KEYS);
    assert_eq!(item["creater"]["employee_no"], "karick");
    let entry = &item["interact_collections"][0];
    assert_eq!(keys(entry), INTERACTION_KEYS);
    assert_eq!((&entry["id"], &entry["handler"]["id"], &entry["acw_at"]), (&json!(108), &json!(7), &json!("2019-04-16 14:22:13")));
}

#[tokio::test]
async fn a_refusal_names_every_field() {
    let store = store().await;
    let body = json!({"subject": "", "status": 4, "priority": "x", "due_at": "soon", "contact_id": 99, "sponsor_id": 9, "termination_code": 99,
        "handler_id": "y", "content": "x".repeat(65_536), "status_memo": "x".repeat(65_536)});
    let mut found = fields(&create(&store, body).await.unwrap_err());
    found.sort();
    let expected = [
        "contact_id names no record of this organization",
        "content must have 1 to 65535 characters",
        "due_at must be a date and time, YYYY-MM-DD HH:MM:SS or RFC 3339",
        "handler_id must be an integer",
        "priority must be one of 0, 1, 2, 3",
        "sponsor_id names no record of this organization",
        "status must be one of 0, 1, 2, 3",
        "status_memo must have at most 65535 characters",
        "subject must have 1 to 255 characters",
        "termination_code names no record of this organization",
    ];
    assert_eq!(found, expected);
    assert_eq!(fields(&create(&store, json!({})).await.unwrap_err()), ["subject is required", "content is required"]);
    let wins = create(&store, json!({"subject": "界".repeat(255), "content": "c", "termination_code": 5, "termination_code_id": 8}))
        .await
        .unwrap();
    assert_eq!(wins.record.termination_code_id.unwrap().0, 8);
}

#[tokio::test]
async fn updates_keep_clear_and_set() {
    let store = store().await;
    let id = create(&store, full()).await.unwrap().record.id;
    let same = update(&store, id, json!({"subject": "標題", "status": 2, "termination_code": 8})).await.unwrap();
    assert_eq!((same.version, serde_json::to_value(same.record.updated_at).unwrap()), (1, json!("2019-04-16 14:22:13")));
    let changed =
        update(&store, id, json!({"subject": "修改後的標題", "contact_id": null, "due_at": null, "sub_category_id": 24})).await.unwrap();
    let ticket = serde_json::to_value(&changed.record).unwrap();
    assert_eq!(changed.version, 2);
    assert_eq!((&ticket["contact"], &ticket["contact_id"], &ticket["due_at"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!((&ticket["sub_category"]["id"], &ticket["category"], &ticket["category_id"]), (&json!(24), &Value::Null, &Value::Null));
    assert_eq!((&ticket["handler_id"], &ticket["updated_at"]), (&json!(7), &json!("2019-04-16 14:23:13")));
    let nulls = json!({"subject": null, "content": null, "status": null, "priority": null});
    let refused: Vec<_> = ["subject", "content", "priority", "status"].map(|field| format!("{field} must not be null")).into();
    assert_eq!(fields(&update(&store, id, nulls).await.unwrap_err()), refused);
    let mut stale = context(caller(1, Role::Agent));
    stale.expected = Some(vec![1]);
    let error = Tickets::new(store.db.clone()).update(&stale, id, TicketPatch::default()).await.unwrap_err();
    assert!(matches!(error, Error::Stale(2)), "{error:?}");
}

#[tokio::test]
async fn deletion_respects_links() {
    let store = store().await;
    let tickets = Tickets::new(store.db.clone());
    let (free, called) = (create(&store, full()).await.unwrap().record.id, create(&store, full()).await.unwrap().record.id);
    write(&store.db, move |tx| {
        Box::pin(async move {
            insert(tx, "interaction_ticket", &[("ticket_id", free.0.into()), ("interaction_id", 108_i64.into())]).await?;
            let texts = ["task_type", "status", "priority", "title", "caller_digits", "processing_state", "search_title", "search_all"];
            let mut columns: Vec<(&str, sea_orm::Value)> = texts.map(|name| (name, "x".into())).into();
            columns.extend([("processing_attempt", 0_i64.into()), ("processing_version", 0_i64.into()), ("appeal_id", called.0.into())]);
            columns.push(("id", uuid::Uuid::nil().into()));
            insert(tx, "call_task", &columns).await
        })
    })
    .await;
    let agent = tickets.delete(&context(caller(1, Role::Agent)), free).await.unwrap_err();
    assert!(matches!(agent, Error::Forbidden), "{agent:?}");
    let supervisor = context(caller(1, Role::Supervisor));
    let linked = tickets.delete(&supervisor, called).await.unwrap_err();
    assert!(matches!(&linked, Error::Conflict(text) if text.contains("call task")), "{linked:?}");
    tickets.delete(&supervisor, free).await.unwrap();
    assert_eq!(listed(&store, &supervisor.caller, json!({})).await, [called.0]);
    assert!(matches!(tickets.delete(&supervisor, free).await.unwrap_err(), Error::NotFound));
}

#[tokio::test]
async fn organizations_do_not_see_each_other() {
    let store = store().await;
    let tickets = Tickets::new(store.db.clone());
    let id = create(&store, full()).await.unwrap().record.id;
    let stranger = context(caller(2, Role::Admin));
    assert_eq!(listed(&store, &stranger.caller, json!({})).await, [0; 0]);
    assert!(matches!(tickets.get(&stranger.caller, id).await.unwrap_err(), Error::NotFound));
    assert!(matches!(tickets.update(&stranger, id, TicketPatch::default()).await.unwrap_err(), Error::NotFound));
    assert!(matches!(tickets.delete(&stranger, id).await.unwrap_err(), Error::NotFound));
    assert_eq!(fields(&tickets.create(&stranger, read(&full(), NewTicket::read)).await.unwrap_err()).len(), 5);
}

#[tokio::test]
async fn filters() {
    let store = store().await;
    let first = create(&store, full()).await.unwrap().record.id.0;
    let body = json!({"subject": "Straße 50%", "content": "ЁЛКА\nＡＢ", "due_at": "2019-05-01 12:00:00", "status": 1});
    let second = create(&store, body).await.unwrap().record.id.0;
    let agent = caller(1, Role::Agent);
    let cases = [
        (json!({}), vec![second, first]),
        (json!({"search": "strasse елка ab"}), vec![second]),
        (json!({"search": "0%"}), vec![second]),
        (json!({"search": "0_"}), vec![]),
        (json!({"search": "標"}), vec![first]),
        (json!({"contact_id": "2"}), vec![first]),
        (json!({"statuses": "[0,1]"}), vec![second]),
        (json!({"statuses": ["1", "2"]}), vec![second, first]),
        (json!({"due_at__start": "2019-04-30 00:00:01"}), vec![second]),
        (json!({"due_at__start": "2019-04-30", "due_at__end": "2019-05-01"}), vec![second, first]),
        (json!({"due_at__end": "2019-04-30"}), vec![first]),
        (json!({"created_at__start": "2019-04-16 14:22:13", "created_at__end": "2019-04-16 14:22:13"}), vec![second, first]),
        (json!({"created_at__end": "2019-04-16T14:22:12+08:00"}), vec![]),
        (json!({"sponsor_id": "1"}), vec![first]),
        (json!({"termination_code_ids": "5,8"}), vec![first]),
        (json!({"handler_ids": "6,7", "statuses": "2"}), vec![first]),
        (json!({"creater_ids": "6"}), vec![second, first]),
        (json!({"creater_ids": "7"}), vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(listed(&store, &agent, query.clone()).await, expected, "{query}");
    }
}

#[tokio::test]
async fn keys_are_bound_to_their_scopes() {
    let store = store().await;
    let tickets = Tickets::new(store.db.clone());
    let key = |scopes| Caller { actor: Actor::Key { id: ServiceKeyId(1), scopes }, ..caller(1, Role::None) };
    let writer = key(vec![Scope::TicketsWrite]);
    let ticket = fresh(tickets.create(&context(writer.clone()), read(&full(), NewTicket::read)).await.unwrap()).record;
    assert!(matches!(tickets.get(&writer, ticket.id).await.unwrap_err(), Error::Forbidden));
    let reader = key(vec![Scope::TicketsRead]);
    let page = tickets.list(&reader, &TicketFilter::default(), PageRequest::first(15)).await.unwrap();
    assert_eq!(page.items[0].creater, None);
    tickets.delete(&context(key(vec![Scope::TicketsDelete])), ticket.id).await.unwrap();
}
