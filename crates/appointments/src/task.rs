//! Appointments: what a client asks for, what it is shown, and the rules between the two.

use frontdesk_core::id::{AppointmentId, EmployeeId, TicketId};
use frontdesk_core::input::{Fields, NumberOrText, Rule, Violations};
use frontdesk_core::status::{AppointmentStatus, AppointmentType, RoomType};
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::moderator::AppointmentModerator;
use crate::moment::UnixTime;
use crate::publisher::AppointmentPublisher;

pub(crate) mod booking;
pub(crate) mod entity;
mod filter;
mod history;
pub(crate) mod import;
pub(crate) mod repo;
mod reschedule;
pub(crate) mod schema;
mod service;
mod show;
mod status;

pub use filter::AppointmentFilter;
pub use history::AppointmentHistoryRequest;
pub use reschedule::AppointmentTimeChange;
pub use service::Appointments;
pub use status::{AppointmentFinalStatus, AppointmentStatusChange};

/// How long an appointment takes where the request does not say, in minutes.
pub const DEFAULT_DURATION: i64 = 30;

/// An appointment with its people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Appointment {
    /// The id, unique in the store.
    pub id: AppointmentId,
    /// The number by which clients know it: the day of its creation `YYYYMMDD` and 7 digits.
    #[schema(example = "202312210000001")]
    pub task_num: String,
    /// The business process.
    pub business_id: i64,
    /// The client's own number.
    pub out_task_num: String,
    /// The kind of the client's number; empty where it named none.
    pub out_task_type: String,
    /// The class.
    pub task_type: AppointmentType,
    /// Whether the people are to be notified.
    pub task_notify: bool,
    /// When it begins.
    pub task_time: UnixTime,
    /// Remarks.
    #[schema(required)]
    pub task_remark: Option<String>,
    /// The department or unit in which it takes place.
    pub branch_code: String,
    /// The office or kind of department that is responsible.
    #[schema(required)]
    pub business_code: Option<String>,
    /// The kind of room.
    pub room_type: RoomType,
    /// Whether it needs a video call.
    pub video: bool,
    /// How it stands.
    pub status: AppointmentStatus,
    /// The ticket it is linked to.
    #[schema(required)]
    pub ticket_id: Option<TicketId>,
    /// How long it takes.
    pub duration_minutes: i64,
    /// The employee who made it; null where a service key did.
    #[schema(required)]
    pub creater_id: Option<EmployeeId>,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it or its people last changed.
    pub updated_at: UnixTime,
    /// The staff who moderate it, in the order of their joining.
    pub moderators: Vec<AppointmentModerator>,
    /// The customers who take part, in the order of their joining; a customer is shown itself alone.
    pub publishers: Vec<AppointmentPublisher>,
}

/// The number of an appointment: what createBlankTask answers, and what getTask asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AppointmentNumber {
    /// The day of its creation `YYYYMMDD` in the organization's time zone, and 7 digits.
    #[schema(example = "202312210000001")]
    pub task_num: String,
}

impl AppointmentNumber {
    /// Reads the request of getTask.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { task_num: fields.required("task_num") }
    }
}

/// A new appointment (seed 000, createBlankTask).
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewAppointment {
    /// The business process.
    pub business_id: i64,
    /// The client's own number. Unique together with `out_task_type`.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub out_task_num: String,
    /// The kind of the client's number; left out it is empty.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub out_task_type: Option<String>,
    /// The class.
    pub task_type: AppointmentType,
    /// Whether the people are to be notified; false when left out.
    #[schema(default = false)]
    pub task_notify: Option<bool>,
    /// When it begins, in Unix seconds, a string or a number; the past is allowed. Required where `room_type` is `normal`,
    /// else the present moment when left out.
    #[schema(schema_with = schema::task_time)]
    pub task_time: Option<UnixTime>,
    /// Remarks. `task_remarks` is taken for it.
    #[validate(length(max = 65535))]
    #[schema(max_length = 65535)]
    pub task_remark: Option<String>,
    /// The department or unit in which it takes place, 1–255 characters; a string or a number.
    #[validate(length(min = 1, max = 255))]
    #[schema(schema_with = schema::branch_code)]
    pub branch_code: String,
    /// The office or kind of department that is responsible, up to 255 characters; a string or a number.
    #[validate(length(max = 255))]
    #[schema(schema_with = schema::business_code)]
    pub business_code: Option<String>,
    /// The kind of room.
    pub room_type: RoomType,
    /// Whether it needs a video call: a boolean, or `"true"` or `"false"`.
    #[schema(schema_with = schema::video)]
    pub video: bool,
    /// The ticket to link it to (extension).
    pub ticket_id: Option<TicketId>,
    /// How long it takes, 1–1440 minutes; 30 when left out (extension).
    #[validate(range(min = 1, max = 1440))]
    #[schema(default = 30, minimum = 1, maximum = 1440)]
    pub duration_minutes: Option<i64>,
}

impl NewAppointment {
    /// Reads the request of createBlankTask.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            business_id: fields.required("business_id"),
            out_task_num: fields.required("out_task_num"),
            out_task_type: fields.optional("out_task_type"),
            task_type: fields.required("task_type"),
            task_notify: fields.optional("task_notify"),
            task_time: fields.optional("task_time"),
            task_remark: read_remark(fields),
            branch_code: fields.required::<NumberOrText>("branch_code").0,
            business_code: fields.optional::<NumberOrText>("business_code").map(|code| code.0),
            room_type: fields.required("room_type"),
            video: fields.required("video"),
            ticket_id: fields.optional("ticket_id"),
            duration_minutes: fields.optional("duration_minutes"),
        }
    }

    /// Notes what breaks the rules between fields.
    pub(crate) fn rules(&self, violations: &mut Violations) {
        if let Some(rule) = self.task_time.and_then(UnixTime::fault) {
            violations.body("task_time", rule);
        }
        // A room type that could not be read stands here as its default and proves nothing.
        if self.task_time.is_none() && self.room_type == RoomType::Normal && !violations.has("room_type") {
            violations.body("task_time", Rule::other("is required where room_type is normal"));
        }
    }
}

/// The page's example says `task_remark`, its table `task_remarks`.
fn read_remark(fields: &mut Fields<'_>) -> Option<String> {
    let (one, other): (Option<String>, Option<String>) = (fields.optional("task_remark"), fields.optional("task_remarks"));
    if one.is_some() && other.is_some() && one != other {
        fields.violate("task_remarks", Rule::other("is the same field as task_remark and must not differ from it"));
    }
    one.or(other)
}

/// Whether two appointments share a moment. Times are milliseconds since 1970, durations minutes; the ends are half-open,
/// so that one may begin when the other is over.
#[must_use]
pub fn overlap((one_time, one_minutes): (i64, i64), (other_time, other_minutes): (i64, i64)) -> bool {
    let end = |time: i64, minutes: i64| time.saturating_add(minutes.saturating_mul(60_000));
    one_time < end(other_time, other_minutes) && other_time < end(one_time, one_minutes)
}

#[cfg(test)]
mod tests {
    use frontdesk_core::input::Input;
    use frontdesk_core::time::Zone;
    use serde_json::{Value, json};

    use super::*;

    fn read(body: &Value) -> Input<NewAppointment> {
        let mut input = Input::body(body, &Zone::utc(), NewAppointment::read);
        input.value.rules(&mut input.violations);
        input
    }

    fn faults(body: &Value) -> Vec<String> {
        read(body).violations.all().iter().map(|v| format!("{} {}", v.field(), v.rule.text())).collect()
    }

    fn example() -> Value {
        json!({
            "business_id": 15, "out_task_num": "XXXXXXXXX", "out_task_type": "XXXXXXXXX", "task_type": "normal", "task_notify": false,
            "task_time": "1703141398", "task_remark": "remark_somthing", "branch_code": 943, "business_code": 2, "room_type": "normal",
            "video": true,
        })
    }

    #[test]
    fn the_pages_example_is_good() {
        let input = read(&example());
        assert!(input.violations.all().is_empty());
        assert_eq!((input.value.branch_code.as_str(), input.value.business_code.as_deref()), ("943", Some("2")));
        assert_eq!(input.value.task_time, Some(UnixTime(1_703_141_398)));
        assert_eq!(input.value.task_remark.as_deref(), Some("remark_somthing"));
    }

    #[test]
    fn lenient_forms_are_the_same_request() {
        let mut other = example();
        let fields = other.as_object_mut().unwrap();
        let remark = fields.remove("task_remark").unwrap();
        for (name, value) in
            [("task_time", json!(1_703_141_398)), ("branch_code", json!("943")), ("video", json!("true")), ("task_remarks", remark)]
        {
            fields.insert(name.into(), value);
        }
        assert_eq!(read(&other).value, read(&example()).value);
    }

    #[test]
    fn every_required_field_is_named() {
        let required = ["business_id", "out_task_num", "task_type", "branch_code", "room_type", "video"];
        assert_eq!(faults(&json!({})), required.map(|name| format!("{name} is required")));
    }

    #[test]
    fn the_time_may_be_left_out_of_a_realtime_room_alone() {
        let mut body = example();
        body.as_object_mut().unwrap().remove("task_time");
        assert_eq!(faults(&body), ["task_time is required where room_type is normal"]);
        body["room_type"] = json!("realtime");
        assert!(faults(&body).is_empty());
    }

    #[test]
    fn both_spellings_of_the_remark_must_agree() {
        let mut body = example();
        body["task_remarks"] = json!("another");
        assert_eq!(faults(&body).len(), 1);
        body["task_remarks"] = body["task_remark"].clone();
        assert!(faults(&body).is_empty());
    }

    #[test]
    fn half_open() {
        let minute = 60_000;
        assert!(overlap((0, 30), (29 * minute, 30)));
        assert!(overlap((29 * minute, 1), (0, 30)));
        assert!(overlap((0, 1440), (5 * minute, 1)));
        assert!(!overlap((0, 30), (30 * minute, 30)));
        assert!(!overlap((30 * minute, 30), (0, 30)));
    }
}
