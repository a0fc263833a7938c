//! The staff of an appointment.

use frontdesk_core::id::EmployeeId;
use frontdesk_core::input::{Fields, NumberOrText};
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::notice::AppointmentNotification;
use crate::task::schema;

pub(crate) mod entity;
pub(crate) mod import;
pub(crate) mod repo;
mod service;

/// An employee who moderates an appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AppointmentModerator {
    /// The employee's `employee_no`.
    pub emp_id: String,
    /// The employee's id.
    pub employee_id: EmployeeId,
    /// The employee's name.
    pub name: String,
    /// The office or kind of department that is responsible.
    #[schema(required)]
    pub business_code: Option<String>,
    /// The department or unit that is responsible.
    #[schema(required)]
    pub branch_code: Option<String>,
    /// What became of the last mail; null where none was due.
    #[schema(required)]
    pub notification: Option<AppointmentNotification>,
}

/// A moderator to be removed (removeTaskModerator).
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema)]
pub struct AppointmentModeratorRemoval {
    /// The appointment.
    pub task_num: String,
    /// The `employee_no` of an employee; left out, the employee of the token leaves. A service key must name it.
    pub emp_id: Option<String>,
}

impl AppointmentModeratorRemoval {
    /// Reads the request of removeTaskModerator.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { task_num: fields.required("task_num"), emp_id: fields.optional("emp_id") }
    }
}

/// A moderator to be added (seed 000, createTaskModerator).
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewAppointmentModerator {
    /// The appointment.
    pub task_num: String,
    /// The office or kind of department that is responsible, up to 255 characters; a string or a number.
    #[validate(length(max = 255))]
    #[schema(schema_with = schema::business_code)]
    pub business_code: Option<String>,
    /// The department or unit that is responsible, up to 255 characters; a string or a number.
    #[validate(length(max = 255))]
    #[schema(schema_with = schema::optional_branch_code)]
    pub branch_code: Option<String>,
    /// The `employee_no` of an active employee; left out, the employee of the token joins. A service key must name it.
    pub emp_id: Option<String>,
}

impl NewAppointmentModerator {
    /// Reads the request of createTaskModerator.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            task_num: fields.required("task_num"),
            business_code: fields.optional::<NumberOrText>("business_code").map(|code| code.0),
            branch_code: fields.optional::<NumberOrText>("branch_code").map(|code| code.0),
            emp_id: fields.optional("emp_id"),
        }
    }
}
