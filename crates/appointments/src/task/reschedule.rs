//! A new time for an appointment.

use frontdesk_core::input::{Fields, Violations};
use utoipa::ToSchema;

use super::schema;
use crate::moment::UnixTime;

/// A new time of an appointment (rescheduleTask).
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema)]
pub struct AppointmentTimeChange {
    /// The appointment.
    pub task_num: String,
    /// When it is to begin, in Unix seconds, a string or a number; the past is allowed.
    #[schema(schema_with = schema::new_time)]
    pub task_time: UnixTime,
}

impl AppointmentTimeChange {
    /// Reads the request of rescheduleTask.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { task_num: fields.required("task_num"), task_time: fields.required("task_time") }
    }

    /// Notes a time that is none.
    pub(crate) fn rules(&self, violations: &mut Violations) {
        if let Some(rule) = self.task_time.fault() {
            violations.body("task_time", rule);
        }
    }
}
