use frontdesk_core::envelope::Listing;
use frontdesk_core::id::CategoryId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::Role;
use serde::Serialize;
use serde_json::json;

use crate::testing::{caller, store};
use crate::{Categories, Sponsors, Subcategories, SubcategoryFilter, TerminationCodeFilter, TerminationCodes};

fn text<T: Serialize>(page: Page<T>) -> String {
    serde_json::to_string(&Listing::from(page).data).unwrap()
}

#[tokio::test]
async fn as_the_page_shows() {
    let (store, agent) = (store().await, caller(1, Role::Agent));
    let page = PageRequest::first(15);
    let sponsors = Sponsors::new(store.db.clone()).list(&agent, page).await.unwrap();
    assert_eq!(
        text(sponsors),
        json!([{"id": 1, "name": "default", "description": null, "is_immortal": true, "mail_channels": []}]).to_string()
    );
    let categories = Categories::new(store.db.clone()).list(&agent, page).await.unwrap();
    let expected = json!([
        {"id": 1, "name": "電話功能", "description": null, "children": []},
        {"id": 2, "name": "理賠相關", "description": null, "children": [{"id": 23, "name": "時效", "description": null}]},
    ]);
    assert_eq!(text(categories), expected.to_string());
    let subcategories = Subcategories::new(store.db.clone()).list(&agent, SubcategoryFilter::default(), page).await.unwrap();
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
    assert_eq!((subcategories.total, subcategories.items.len()), (0, 0));
    let codes = TerminationCodes::new(store.db.clone());
    let found = codes.list(&agent, &TerminationCodeFilter { search: Some("搞".into()) }, PageRequest::first(15)).await.unwrap();
    assert_eq!(text(found), json!([{"id": 8, "name": "搞定", "description": null, "status": 2, "creater_id": 6}]).to_string());
    let second = PageRequest { page: 2, ..PageRequest::first(1) };
    let found = codes.list(&agent, &TerminationCodeFilter::default(), second).await.unwrap();
    let meta = serde_json::to_string(&Listing::from(found).meta).unwrap();
    assert_eq!(meta, r#"{"current_page":2,"from":2,"last_page":2,"per_page":"1","to":2,"total":2}"#);
    let beyond = PageRequest { page: 9, ..PageRequest::first(1) };
    let found = codes.list(&agent, &TerminationCodeFilter::default(), beyond).await.unwrap();
    assert_eq!((found.total, found.items.len()), (2, 0));
}
