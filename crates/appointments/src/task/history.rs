//! What became of an appointment and of its people.

use std::collections::{BTreeSet, HashMap};

use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Input};
use frontdesk_core::page::{Page, PageRequest, Walk};
use frontdesk_core::status::Counting;
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee::{self, Staff};
use frontdesk_directory::history::{self, HistoryEntry};
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::Validate;

use super::{Appointments, repo};
use crate::moment::UnixTime;

/// Rows a page where the request does not say.
const PER_PAGE: i64 = 20;

/// Whose history is wanted, and which page of it (getTaskHistory).
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct AppointmentHistoryRequest {
    /// The appointment.
    pub task_num: String,
    /// The page, from 1.
    #[validate(range(min = 1))]
    #[schema(minimum = 1, default = 1)]
    pub page: Option<i64>,
    /// Rows a page, 1–200.
    #[validate(range(min = 1, max = 200))]
    #[schema(minimum = 1, maximum = 200, default = 20)]
    pub per_page: Option<i64>,
    /// Walks through the list instead: empty to begin, then the `next_cursor` of the answer before. Not with `page`.
    #[schema(value_type = Option<String>, format = "cursor")]
    pub cursor: Option<Walk>,
    /// `exact` counts every row, which takes its time where there are more than 10,000.
    pub total: Option<Counting>,
}

impl AppointmentHistoryRequest {
    /// Reads the request of getTaskHistory.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            task_num: fields.required("task_num"),
            page: fields.optional("page"),
            per_page: fields.optional("per_page"),
            cursor: Walk::read(fields),
            total: fields.optional("total"),
        }
    }

    fn request(&self) -> PageRequest {
        let first = PageRequest::first(self.per_page.unwrap_or(PER_PAGE));
        PageRequest { page: self.page.unwrap_or(1), walk: self.cursor.clone(), exact: self.total.is_some(), ..first }
    }
}

impl Appointments {
    /// What became of an appointment and of its people, the last change first (getTaskHistory). A publisher does not learn it.
    pub async fn history(
        &self,
        caller: &Caller,
        input: impl Into<Input<AppointmentHistoryRequest>>,
    ) -> Result<Page<HistoryEntry<UnixTime>>> {
        caller.require(Permission::ReadAppointmentHistory)?;
        let Input { value: asked, mut violations } = input.into();
        let db = self.db.together();
        let row = repo::numbered(&db, caller.organization, &asked.task_num).await?;
        if row.is_none() && !violations.has("task_num") {
            return Err(Error::NotFound);
        }
        violations.check(In::Body, &asked);
        violations.or(())?;
        let key = row.ok_or(Error::NotFound)?.id.to_string();
        let mut found = history::page(&db, caller, (Kind::Appointment, &key), asked.request(), UnixTime::of_millis, field).await?;
        let lists = || found.items.iter().flat_map(|entry| &entry.changes).filter(|change| change.field == "moderators");
        let ids: BTreeSet<_> = lists().flat_map(|change| [&change.from, &change.to]).flat_map(employees).collect();
        let staff = employee::shown(&db, caller.organization, &Vec::from_iter(ids)).await?;
        for change in found.items.iter_mut().flat_map(|entry| &mut entry.changes).filter(|change| change.field == "moderators") {
            name(&mut change.from, &staff);
            name(&mut change.to, &staff);
        }
        Ok(found)
    }
}

/// A field as [`Appointment`](super::Appointment) shows it.
fn field(name: &str, value: Value) -> Option<(String, Value)> {
    let shown = match name {
        "task_time_defaulted" | "sequence" => return None,
        "task_time" | "created_at" => history::moment(&value, UnixTime::of_millis),
        "moderators" => each(value, |one| {
            json!({"emp_id": null, "employee_id": one["employee_id"], "name": null, "business_code": one["business_code"],
                "branch_code": one["branch_code"]})
        }),
        "publishers" => each(value, |mut one| {
            if let Some(one) = one.as_object_mut() {
                one.retain(|name, _| !matches!(name.as_str(), "id" | "created_at"));
            }
            one
        }),
        _ => value,
    };
    Some((name.to_owned(), shown))
}

fn each(list: Value, turn: impl Fn(Value) -> Value) -> Value {
    match list {
        Value::Array(items) => Value::Array(items.into_iter().map(turn).collect()),
        other => other,
    }
}

fn employees(moderators: &Value) -> impl Iterator<Item = i64> + '_ {
    moderators.as_array().into_iter().flatten().filter_map(|one| one["employee_id"].as_i64())
}

/// Says who the moderators are, as far as they are still employees.
fn name(moderators: &mut Value, staff: &HashMap<i64, Staff>) {
    for one in moderators.as_array_mut().into_iter().flatten() {
        if let Some(staff) = one["employee_id"].as_i64().and_then(|id| staff.get(&id)) {
            (one["emp_id"], one["name"]) = (json!(staff.employee_no), json!(staff.name));
        }
    }
}
