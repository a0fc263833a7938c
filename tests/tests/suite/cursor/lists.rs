//! The lists.

use frontdesk_store::Db;
use sea_orm::DbBackend;
use serde_json::{Value, json};

use super::{Dice, List};

const TEXTS: [&str; 7] = ["a", "A", "b", "ä", "ﬁ", "𝒳", "同"];

fn text(dice: &mut Dice) -> &'static str {
    dice.pick(&TEXTS)
}

/// A text or nothing.
fn perhaps(dice: &mut Dice) -> Option<&'static str> {
    (dice.roll(3) > 0).then(|| text(dice))
}

fn moment(dice: &mut Dice) -> String {
    format!("2026-03-01 1{}:00:00", dice.roll(3))
}

fn when(dice: &mut Dice) -> Option<String> {
    (dice.roll(3) > 0).then(|| moment(dice))
}

/// A line of an import.
fn line(dice: &mut Dice, record: &str, id: impl Into<Value>, fields: &Value) -> String {
    let mut line = json!({"record": record, "id": id.into(), "created_at": moment(dice), "updated_at": moment(dice)});
    for (name, value) in fields.as_object().unwrap() {
        line[name] = value.clone();
    }
    line.to_string()
}

fn uuid(id: i64) -> String {
    format!("019ca000-0000-7000-8000-{id:012}")
}

/// The UUID of a call task in SQL.
pub(super) fn stored(db: &Db, id: i64) -> String {
    if db.backend() == DbBackend::Postgres { format!("'{}'", uuid(id)) } else { format!("x'{}'", uuid(id).replace('-', "")) }
}

/// Milliseconds since 1970 in SQL.
fn stamp(dice: &mut Dice, nullable: bool) -> String {
    if nullable && dice.roll(3) == 0 { "NULL".into() } else { (1_772_000_000_000 + dice.roll(3)).to_string() }
}

fn license(dice: &mut Dice, id: i64) -> String {
    let (label, revoked, created) = (text(dice), stamp(dice, true), stamp(dice, false));
    format!(
        "INSERT INTO license (id, organization_id, label, secret_hash, allow_admin, new_moderators, revoked_at, version, created_at, updated_at)
         VALUES ({id}, 1, '{label}', 'hash-{id}', false, false, {revoked}, 1, {created}, 0)"
    )
}

fn service_key(dice: &mut Dice, id: i64) -> String {
    let (label, expires, revoked, created) = (text(dice), stamp(dice, true), stamp(dice, true), stamp(dice, false));
    format!(
        "INSERT INTO service_key (id, organization_id, label, secret_hash, scopes, expires_at, revoked_at, version, created_at, updated_at)
         VALUES ({id}, 1, '{label}', 'hash-{id}', 'tickets:read', {expires}, {revoked}, 1, {created}, 0)"
    )
}

fn ticket(dice: &mut Dice, id: i64) -> String {
    let (status, priority) = (dice.roll(4), dice.roll(4));
    let fields = json!({"subject": text(dice), "content": "c", "status": status, "priority": priority, "due_at": when(dice)});
    line(dice, "ticket", id, &fields)
}

fn interaction(dice: &mut Dice, id: i64) -> String {
    let fields = json!({"first_enter_queue_at": when(dice), "first_start_service_at": when(dice), "acw_at": when(dice), "last_finished_at": when(dice)});
    line(dice, "interact_collection", id, &fields)
}

fn employee(dice: &mut Dice, id: i64) -> String {
    let email = (dice.roll(2) > 0).then(|| format!("{}@example.com", dice.pick(&["a", "B", "c"])));
    let role = dice.pick(&["", "agent", "supervisor"]);
    let fields = json!({"employee_no": format!("{}{id}", text(dice)), "first_name": text(dice), "last_name": perhaps(dice), "email": email,
        "role": role});
    line(dice, "employee", id, &fields)
}

fn contact(dice: &mut Dice, id: i64) -> String {
    let birth = (dice.roll(2) > 0).then(|| dice.pick(&["1999-12-31", "2000-01-01"]));
    let fields = json!({"first_name": text(dice), "last_name": perhaps(dice), "membership_no": perhaps(dice), "identity_no": perhaps(dice),
        "birth_at": birth});
    line(dice, "contact", id, &fields)
}

fn phone_number(dice: &mut Dice, id: i64) -> String {
    let phone = json!({"id": id, "type": 1, "number": text(dice), "created_at": moment(dice), "updated_at": moment(dice)});
    line(dice, "contact", id, &json!({"first_name": "c", "profile": {"id": id, "phones": [phone]}}))
}

fn call_task(dice: &mut Dice, id: i64) -> String {
    let (status, priority) =
        (dice.pick(&["new", "in_progress", "completed", "cancelled"]), dice.pick(&["low", "normal", "high", "urgent"]));
    let fields = json!({"title": text(dice), "status": status, "priority": priority, "call_datetime": when(dice), "due_date": when(dice),
        "completed_at": when(dice)});
    line(dice, "call_task", uuid(id), &fields)
}

fn appointment(dice: &mut Dice, id: i64) -> String {
    json!({"record": "appointment", "id": id, "task_num": format!("2026010{}00{id:05}", dice.roll(3)), "business_id": 1,
        "out_task_num": format!("W-{id}"), "task_type": "normal", "task_time": 1_772_420_400, "room_type": "normal", "video": true,
        "branch_code": "1"})
    .to_string()
}

const STAMPED: &[&str] = &["id", "name", "created_at", "updated_at"];

pub(super) const LISTS: &[List] = &[
    List {
        path: "/api/v1/ticket",
        filter: "",
        table: "ticket",
        sort: &["id", "subject", "status", "priority", "due_at", "created_at", "updated_at"],
        record: ticket,
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/interact-collection",
        filter: "",
        table: "interaction",
        sort: &["id", "first_enter_queue_at", "first_start_service_at", "acw_at", "last_finished_at", "created_at", "updated_at"],
        record: interaction,
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/sponsor",
        filter: "",
        table: "sponsor",
        sort: STAMPED,
        record: |dice, id| {
            let fields = json!({"name": text(dice)});
            line(dice, "sponsor", id, &fields)
        },
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/ticket-termination-code",
        filter: "",
        table: "termination_code",
        sort: &["id", "name", "status", "created_at", "updated_at"],
        record: |dice, id| {
            let fields = json!({"name": text(dice), "status": dice.roll(4)});
            line(dice, "termination_code", id, &fields)
        },
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/category",
        filter: "",
        table: "category",
        sort: STAMPED,
        record: |dice, id| {
            let fields = json!({"name": text(dice)});
            line(dice, "category", id, &fields)
        },
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/subcategory",
        filter: "",
        table: "subcategory",
        sort: &["id", "name", "category_id", "created_at", "updated_at"],
        record: |dice, id| {
            let fields = json!({"name": text(dice), "category_id": dice.pick(&[None, Some(1), Some(2)])});
            line(dice, "subcategory", id, &fields)
        },
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/employee",
        filter: "",
        table: "employee",
        sort: &["id", "employee_no", "first_name", "last_name", "email", "role", "created_at", "updated_at"],
        record: employee,
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/group",
        filter: "",
        table: "staff_group",
        sort: &["id", "name", "supervisor_id", "created_at", "updated_at"],
        record: |dice, id| {
            let fields = json!({"name": text(dice), "supervisor_id": dice.pick(&[None, Some(2), Some(3)])});
            line(dice, "group", id, &fields)
        },
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/job-title",
        filter: "",
        table: "job_title",
        sort: &["id", "abbrev", "name", "created_at", "updated_at"],
        record: |dice, id| {
            let fields = json!({"name": text(dice), "abbrev": perhaps(dice)});
            line(dice, "job_title", id, &fields)
        },
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/department",
        filter: "",
        table: "department",
        sort: &["id", "name", "abbrev", "number", "created_at", "updated_at"],
        record: |dice, id| {
            let fields = json!({"name": text(dice), "abbrev": perhaps(dice), "number": perhaps(dice)});
            line(dice, "department", id, &fields)
        },
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/extension",
        filter: "",
        table: "extension",
        sort: &["id", "type", "extension", "media_cluster_id", "created_at", "updated_at"],
        record: |dice, id| {
            let cluster = dice.pick(&[None, Some(-3), Some(2)]);
            let fields = json!({"type": dice.roll(4), "extension": text(dice), "media_cluster_id": cluster});
            line(dice, "extension", id, &fields)
        },
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/cti-agent",
        filter: "",
        table: "cti_agent",
        sort: &["id", "account", "group_id", "created_at", "updated_at"],
        record: |dice, id| {
            let fields = json!({"account": text(dice), "group_id": dice.pick(&[None, Some(1)])});
            line(dice, "cti_agent", id, &fields)
        },
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/contact",
        filter: "",
        table: "contact",
        sort: &["id", "first_name", "last_name", "membership_no", "identity_no", "birth_at", "created_at", "updated_at"],
        record: contact,
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/phone-number",
        filter: "",
        table: "phone_number",
        sort: &["id", "number", "created_at", "updated_at"],
        record: phone_number,
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/license",
        filter: "",
        table: "license",
        sort: &["id", "label", "created_at", "revoked_at"],
        record: license,
        id: |id| id.to_string(),
    },
    List {
        path: "/api/v1/service-key",
        filter: "",
        table: "service_key",
        sort: &["id", "label", "expires_at", "created_at", "revoked_at"],
        record: service_key,
        id: |id| id.to_string(),
    },
    List {
        path: "/api/tasks",
        filter: "include_cancelled=true&",
        table: "call_task",
        sort: &["id", "title", "status", "priority", "call_datetime", "due_date", "completed_at", "created_at", "updated_at"],
        record: call_task,
        id: uuid,
    },
    List { path: "/api/task/get_list", filter: "", table: "appointment", sort: &[], record: appointment, id: |id| id.to_string() },
];
