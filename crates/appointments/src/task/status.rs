//! How an appointment ends.

use std::borrow::Cow;

use frontdesk_core::input::{Fields, FromInput, Rule};
use frontdesk_core::status::AppointmentStatus;
use frontdesk_core::time::Zone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The status an appointment may be given (seed 000, `task_status`). Both are final.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AppointmentFinalStatus {
    /// Held.
    #[default]
    Finished,
    /// Called off.
    Canceled,
}

impl From<AppointmentFinalStatus> for AppointmentStatus {
    fn from(status: AppointmentFinalStatus) -> Self {
        match status {
            AppointmentFinalStatus::Finished => Self::Finished,
            AppointmentFinalStatus::Canceled => Self::Canceled,
        }
    }
}

impl FromInput for AppointmentFinalStatus {
    fn from_input(value: &Value, _: &Zone) -> Result<Self, Rule> {
        match value.as_str() {
            Some("finished") => Ok(Self::Finished),
            Some("canceled") => Ok(Self::Canceled),
            _ => Err(Rule::OneOf(Cow::Borrowed(&["finished", "canceled"]))),
        }
    }
}

/// A new status of an appointment (seed 000, updateTaskStatus).
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema)]
pub struct AppointmentStatusChange {
    /// The appointment.
    pub task_num: String,
    /// The status.
    pub task_status: AppointmentFinalStatus,
}

impl AppointmentStatusChange {
    /// Reads the request of updateTaskStatus.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { task_num: fields.required("task_num"), task_status: fields.required("task_status") }
    }
}

/// What giving an appointment a final status comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    /// It is done.
    Done,
    /// It has this status already.
    Already,
    /// It has the other one, which is final.
    Refused,
}

/// What giving an appointment with status `present` the status `wanted` comes to.
pub(crate) fn close(present: AppointmentStatus, wanted: AppointmentFinalStatus) -> Closing {
    if present == AppointmentStatus::Pending {
        Closing::Done
    } else if present == wanted.into() {
        Closing::Already
    } else {
        Closing::Refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_final() {
        use AppointmentFinalStatus::{Canceled, Finished};
        for wanted in [Finished, Canceled] {
            assert_eq!(close(AppointmentStatus::Pending, wanted), Closing::Done);
            assert_eq!(close(wanted.into(), wanted), Closing::Already);
        }
        assert_eq!(close(AppointmentStatus::Finished, Canceled), Closing::Refused);
        assert_eq!(close(AppointmentStatus::Canceled, Finished), Closing::Refused);
    }

    #[test]
    fn pending_cannot_be_asked_for() {
        assert!(AppointmentFinalStatus::from_input(&Value::from("pending"), &Zone::utc()).is_err());
    }
}
