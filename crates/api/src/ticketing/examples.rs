//! The records that the ticketing page shows, as the document's examples.

use serde_json::{Value, json};

fn listing(rows: Vec<Value>) -> Value {
    let meta = json!({"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": rows.len(), "total": rows.len()});
    json!({"data": Value::Array(rows), "meta": meta})
}

pub(super) fn sponsors() -> Value {
    listing(vec![sponsor("default")])
}

pub(super) fn sponsor(name: &str) -> Value {
    json!({"id": 1, "name": name, "description": null, "is_immortal": name == "default", "mail_channels": []})
}

pub(super) fn termination_codes() -> Value {
    let last = json!({"id": 8, "name": "搞定", "description": null, "status": 2, "creater_id": 1});
    listing(vec![termination_code(5, Some(1)), last])
}

pub(super) fn termination_code(id: i64, creater_id: Option<i64>) -> Value {
    json!({"id": id, "name": "確認可否處理", "description": null, "status": 0, "creater_id": creater_id})
}

pub(super) fn categories() -> Value {
    let first = json!({"id": 2, "name": "理賠相關", "description": null, "children": [{"id": 23, "name": "時效", "description": null}]});
    listing(vec![first, category_whole(5)])
}

pub(super) fn category_whole(id: i64) -> Value {
    let children = json!([{"id": 27, "name": "後端程式BUG", "description": "待修正處理的 BUG"}]);
    json!({"id": id, "name": "電子郵件", "description": "電子郵件相關的功能", "children": children})
}

pub(super) fn subcategories() -> Value {
    let loose = json!({"id": 24, "name": "測試子分類", "description": "測試子分類", "category": null, "category_id": null});
    listing(vec![subcategory(23, 2), loose])
}

pub(super) fn subcategory(id: i64, category_id: i64) -> Value {
    json!({"id": id, "name": "時效", "description": null, "category": category(category_id), "category_id": category_id})
}

fn category(id: i64) -> Value {
    json!({"id": id, "name": "理賠相關", "description": null})
}

fn contact(id: i64, first_name: &str, last_name: &str) -> Value {
    json!({
        "id": id, "name": format!("{first_name} {last_name}"), "first_name": first_name, "last_name": last_name, "membership_no": null,
        "identity_no": "A123456789", "gender": 0, "birth_at": "1987-10-10", "profile_id": 3, "sponsor_id": 1, "disturb_setting": null,
    })
}

fn employee() -> Value {
    json!({
        "id": 6, "name": "Karick Tung", "first_name": "Karick", "last_name": "Tung", "employee_no": "karick", "photo_url": null,
        "identity_no": null, "job_title_id": -1, "department_id": -1, "extension_id": 5,
        "extension": {"id": 5, "type": 3, "extension": "8004", "description": "井井", "media_cluster_id": null},
        "group_id": 2, "group": {"id": 2, "name": "測試B組", "description": null, "supervisor_id": 1},
        "cti_agent_account": "ag8004", "cti_agent": {"id": 4, "account": "ag8004", "group_id": null},
        "created_at": "2019-03-08 22:51:25", "updated_at": "2019-04-17 13:31:00",
    })
}

pub(super) fn new_ticket() -> Value {
    json!({"subject": "標題", "content": "內容", "status": 2, "contact_id": 1, "sub_category_id": 1, "termination_code": 5})
}

pub(super) fn ticket(subject: &str) -> Value {
    json!({
        "id": 1, "subject": subject, "content": "內容", "due_at": null, "status": 2, "status_memo": null, "priority": 0,
        "contact": contact(1, "艾", "魁爾"), "contact_id": 1, "sub_category": subcategory(1, 1), "sub_category_id": 1,
        "handler_id": null, "handler": null, "sponsor_id": null, "sponsor": null, "campaign_queue": null, "campaign_queue_id": null,
        "created_at": "2019-04-16 14:22:13", "updated_at": "2019-04-17 12:39:53", "termination_code_id": 5,
        "termination_code": termination_code(5, None), "category": category(1), "category_id": 1,
    })
}

pub(super) fn tickets() -> Value {
    let mut interaction = interaction_listed();
    interaction.as_object_mut().map(|fields| fields.shift_remove("first_start_service_at"));
    let ticket = json!({
        "id": 66, "subject": "工單 for TEST", "content": "內容內容內容內容內容內容內容內容111111", "due_at": null, "status": 2, "status_memo": null,
        "priority": 0, "contact": contact(2, "小", "閎"), "contact_id": 2, "sub_category": subcategory(23, 2), "sub_category_id": 23,
        "creater": employee(), "handler_id": null, "handler": null, "interact_collections": [interaction], "sponsor_id": 1,
        "sponsor": sponsor("default"), "campaign_queue": null, "campaign_queue_id": null, "created_at": "2019-04-16 14:22:13",
        "updated_at": "2019-04-17 12:39:53", "termination_code_id": 5, "termination_code": termination_code(5, Some(1)),
        "category": category(2), "category_id": 2,
    });
    listing(vec![ticket])
}

pub(super) fn new_interaction() -> Value {
    json!({
        "is_acw_completed": false, "first_enter_queue_at": "2019-04-16 14:18:24", "first_start_service_at": "2019-04-16 14:18:30",
        "last_finished_at": "2019-04-16 14:18:49", "handler_id": 1, "contact_id": 1, "bound_type": 1, "ticket_ids": [1],
    })
}

pub(super) fn interaction() -> Value {
    let mut interaction = interaction_listed();
    interaction["id"] = json!(1);
    interaction["ticket_ids"] = json!([1]);
    interaction
}

pub(super) fn interactions() -> Value {
    listing(vec![interaction_listed()])
}

fn interaction_listed() -> Value {
    json!({
        "id": 108, "is_acw_completed": true, "first_enter_queue_at": "2019-04-16 14:18:24", "first_start_service_at": "2019-04-16 14:18:30",
        "acw_at": "2019-04-16 14:23:06", "last_finished_at": "2019-04-16 14:18:49", "handler_id": 6, "handler": employee(), "contact_id": 2,
        "memo": null, "bound_type": 1, "sponsor_id": 1, "campaign_queue_id": null, "result_id": 2,
    })
}
