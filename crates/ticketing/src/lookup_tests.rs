use frontdesk_core::Error;
use frontdesk_core::envelope::Listing;
use frontdesk_core::id::{CategoryId, SponsorId, TerminationCodeId};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::patch::Patch;
use frontdesk_core::status::Role;
use serde::Serialize;
use serde_json::json;

use crate::testing::{caller, context, store};
use crate::{
    Categories, NewSponsor, NewSubcategory, NewTerminationCode, SponsorPatch, Sponsors, Subcategories, SubcategoryFilter,
    TerminationCodeFilter, TerminationCodePatch, TerminationCodes,
};

fn text<T: Serialize>(page: Page<T>) -> String {
    serde_json::to_string(&Listing::from(page).data).unwrap()
}

#[tokio::test]
async fn as_the_page_shows() {
    let (store, agent) = (store().await, caller(1, Role::Agent));
    let page = || PageRequest::first(15);
    let sponsors = Sponsors::new(store.db.clone()).list(&agent, page()).await.unwrap();
    assert_eq!(
        text(sponsors),
        json!([{"id": 1, "name": "default", "description": null, "is_immortal": true, "mail_channels": []}]).to_string()
    );
    let categories = Categories::new(store.db.clone()).list(&agent, page()).await.unwrap();
    let expected = json!([
        {"id": 1, "name": "電話功能", "description": null, "children": []},
        {"id": 2, "name": "理賠相關", "description": null, "children": [{"id": 23, "name": "時效", "description": null}]},
    ]);
    assert_eq!(text(categories), expected.to_string());
    let subcategories = Subcategories::new(store.db.clone()).list(&agent, SubcategoryFilter::default(), page()).await.unwrap();
    let category = json!({"id": 2, "name": "理賠相關", "description": null});
    let expected = json!([
        {"id": 23, "name": "時效", "description": null, "category": category, "category_id": 2},
        {"id": 24, "name": "測試子分類", "description": null, "category": null, "category_id": null},
    ]);
    assert_eq!(text(subcategories), expected.to_string());
}

#[tokio::test]
async fn filtered_and_paged() {
    let (store, agent) = (store().await, caller(1, Role::Agent));
    let of_first = SubcategoryFilter { category_id: Some(CategoryId(1)) };
    let subcategories = Subcategories::new(store.db.clone()).list(&agent, of_first, PageRequest::first(15)).await.unwrap();
    assert_eq!((subcategories.total.rows, subcategories.items.len()), (0, 0));
    let codes = TerminationCodes::new(store.db.clone());
    let found = codes.list(&agent, &TerminationCodeFilter { search: Some("搞".into()) }, PageRequest::first(15)).await.unwrap();
    assert_eq!(text(found), json!([{"id": 8, "name": "搞定", "description": null, "status": 2, "creater_id": 6}]).to_string());
    let second = PageRequest { page: 2, named: true, ..PageRequest::first(1) };
    let found = codes.list(&agent, &TerminationCodeFilter::default(), second).await.unwrap();
    let meta = serde_json::to_string(&Listing::from(found).meta).unwrap();
    assert_eq!(meta, r#"{"current_page":2,"from":2,"last_page":2,"per_page":"1","to":2,"total":2}"#);
    let beyond = PageRequest { page: 9, ..PageRequest::first(1) };
    let found = codes.list(&agent, &TerminationCodeFilter::default(), beyond).await.unwrap();
    assert_eq!((found.total.rows, found.items.len()), (2, 0));
}

#[tokio::test]
async fn written_by_those_who_may() {
    let store = store().await;
    let (agent, supervisor) = (context(caller(1, Role::Agent)), context(caller(1, Role::Supervisor)));
    let sponsors = Sponsors::new(store.db.clone());
    let new = NewSponsor { name: "n".into(), description: Some("d".into()) };
    assert!(matches!(sponsors.create(&agent, new.clone()).await, Err(Error::Forbidden)));
    let made = sponsors.create(&supervisor, new).await.unwrap().fresh().unwrap();
    let cleared = SponsorPatch { description: Patch::Clear, ..SponsorPatch::default() };
    let changed = sponsors.update(&supervisor, made.record.id, cleared.clone()).await.unwrap().fresh().unwrap();
    assert_eq!((changed.version, changed.record.name.as_str(), changed.record.description), (2, "n", None));
    sponsors.delete(&supervisor, made.record.id).await.unwrap();
    assert!(matches!(sponsors.get(&agent.caller, made.record.id).await, Err(Error::NotFound)));
    assert!(matches!(sponsors.update(&supervisor, SponsorId(1), cleared).await, Err(Error::Conflict(_))));
    assert!(matches!(sponsors.delete(&supervisor, SponsorId(9)).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_service_has_the_rules_of_http() {
    let store = store().await;
    let supervisor = context(caller(1, Role::Supervisor));
    let subcategories = Subcategories::new(store.db.clone());
    let wrong = NewSubcategory { name: "x".repeat(256), category_id: Some(CategoryId(99)), ..NewSubcategory::default() };
    let Err(Error::Invalid(violations)) = subcategories.create(&supervisor, wrong).await else { panic!("taken") };
    let mut named: Vec<_> = violations.all().iter().map(frontdesk_core::input::Violation::field).collect();
    named.sort_unstable();
    assert_eq!(named, ["category_id", "name"]);
    let codes = TerminationCodes::new(store.db.clone());
    let new = NewTerminationCode { name: "ﬁn".into(), ..NewTerminationCode::default() };
    let made = codes.create(&supervisor, new).await.unwrap().fresh().unwrap();
    assert_eq!(made.record.creater_id.map(i64::from), Some(6));
    let found =
        codes.list(&supervisor.caller, &TerminationCodeFilter { search: Some("FIN".into()) }, PageRequest::first(15)).await.unwrap();
    assert_eq!(found.items, std::slice::from_ref(&made.record));
    let kept = codes.update(&supervisor, made.record.id, TerminationCodePatch::default()).await.unwrap().fresh().unwrap();
    assert_eq!(kept, made);
    assert!(matches!(codes.delete(&supervisor, TerminationCodeId(99)).await, Err(Error::NotFound)));
    assert!(matches!(Categories::new(store.db.clone()).delete(&supervisor, CategoryId(2)).await, Err(Error::Conflict(_))));
}
