//! A task made from a call, as answers show it.

mod due;
pub(crate) mod entity;
pub(crate) mod import;
mod input;
pub(crate) mod job;
mod patch;
mod processing;
pub(crate) mod repo;
pub(crate) mod service;
#[cfg(test)]
mod tests;

use frontdesk_core::id::{CallTaskId, EmployeeId, OrganizationId, TicketId};
use frontdesk_core::status::{CallTaskPriority, CallTaskStatus};
use frontdesk_core::time::ZonedTime;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use job::{KIND, Plan};

pub use due::CallTaskDueDates;
pub use input::{AppealLink, CallTaskFilter, CallTaskStatusChange, NewCallTask, ReprocessRequest};
pub use patch::CallTaskPatch;
pub use processing::Processing;
pub use service::CallTasks;

/// A task made from a call. Times are on the organization's clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallTask {
    /// The task's id, a UUID of version 7.
    pub id: CallTaskId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The employee who deals with it: its operator.
    #[schema(required)]
    pub assigned_user_id: Option<EmployeeId>,
    /// The employee who created it; null where a service key did.
    #[schema(required)]
    pub created_by_user_id: Option<EmployeeId>,
    /// What sort of task it is, such as `call` or `callback`.
    #[schema(example = "call")]
    pub task_type: String,
    /// How far it has come.
    pub status: CallTaskStatus,
    /// How urgent it is.
    pub priority: CallTaskPriority,
    /// What it is about, in a line.
    #[schema(example = "Перезвонить по счёту")]
    pub title: String,
    /// More about it.
    #[schema(required)]
    pub description: Option<String>,
    /// The caller's number as the sender wrote it.
    #[schema(required, example = "+7 (495) 123-45-67")]
    pub caller_phone: Option<String>,
    /// The caller's name.
    #[schema(required)]
    pub caller_name: Option<String>,
    /// The call's id in the telephone system; no two tasks of an organization have the same.
    #[schema(required)]
    pub call_id: Option<String>,
    /// Where the recording lies.
    #[schema(required)]
    pub recording_url: Option<String>,
    /// When the call was.
    #[schema(required)]
    pub call_datetime: Option<ZonedTime>,
    /// What was said.
    #[schema(required)]
    pub call_transcription: Option<String>,
    /// What the call was about.
    #[schema(required)]
    pub call_summary: Option<String>,
    /// What was answered or promised.
    #[schema(required)]
    pub call_response_summary: Option<String>,
    /// Why the last processing failed; null where none did.
    #[schema(required)]
    pub error_message: Option<String>,
    /// When it was created.
    pub created_at: ZonedTime,
    /// When it was last changed.
    pub updated_at: ZonedTime,
    /// By when it is to be done.
    #[schema(required)]
    pub due_date: Option<ZonedTime>,
    /// When it was completed; null unless it is.
    #[schema(required)]
    pub completed_at: Option<ZonedTime>,
    /// The ticket it led to.
    #[schema(required)]
    pub appeal_id: Option<TicketId>,
    /// The name of the employee who deals with it.
    #[schema(required)]
    pub assigned_user_name: Option<String>,
    /// How far the processing of its recording has come (a Frontdesk extension).
    pub processing: Processing,
}
