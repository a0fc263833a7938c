//! What a person may edit of a call task.

use frontdesk_core::id::EmployeeId;
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use frontdesk_core::status::CallTaskPriority;
use frontdesk_core::text::digits;
use frontdesk_core::time::millis;
use time::OffsetDateTime;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::entity::Model;
use super::input::{slug, text, web_address};

/// A change of a call task: what is absent stays, null clears. Its status, its appeal, its `call_id` and its processing are
/// not edited here.
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema, Validate)]
pub struct CallTaskPatch {
    /// The employee who is to deal with it: an active one of the organization; not null.
    #[schema(nullable = false)]
    pub operator_id: Option<EmployeeId>,
    /// A word for what sort of task it is: lower-case Latin letters, digits, `-` and `_`, beginning with a letter or digit; not
    /// null.
    #[schema(nullable = false, min_length = 1, max_length = 64, pattern = "^[a-z0-9][a-z0-9_-]*$")]
    #[validate(custom(function = "slug"))]
    pub task_type: Option<String>,
    /// How urgent it is; not null.
    #[schema(nullable = false)]
    pub priority: Option<CallTaskPriority>,
    /// What it is about, in a line; not null.
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub title: Option<String>,
    /// More about it; at most 1 MiB.
    #[schema(value_type = Option<String>)]
    #[validate(custom(function = "patched_text"))]
    pub description: Patch<String>,
    /// The caller's number in any form, also a SIP address or `anonymous`; kept as sent.
    #[schema(value_type = Option<String>, max_length = 64)]
    #[validate(length(max = 64))]
    pub caller_phone: Patch<String>,
    /// The caller's name.
    #[schema(value_type = Option<String>, max_length = 255)]
    #[validate(length(max = 255))]
    pub caller_name: Patch<String>,
    /// Where the recording lies: an http or https address. A new one on a task without a transcription is queued for it.
    #[schema(value_type = Option<String>, max_length = 2048, format = "uri", pattern = "^[Hh][Tt][Tt][Pp][Ss]?://")]
    #[validate(length(max = 2048), custom(function = "patched_address"))]
    pub recording_url: Patch<String>,
    /// When the call was: RFC 3339, or with a space for the `T`, or without an offset (then on the organization's clocks).
    #[schema(value_type = Option<String>, format = DateTime)]
    pub call_datetime: Patch<OffsetDateTime>,
    /// What was said; at most 1 MiB. A new one on a task without a summary is queued for it.
    #[schema(value_type = Option<String>)]
    #[validate(custom(function = "patched_text"))]
    pub call_transcription: Patch<String>,
    /// What the call was about; at most 1 MiB.
    #[schema(value_type = Option<String>)]
    #[validate(custom(function = "patched_text"))]
    pub call_summary: Patch<String>,
    /// What was answered or promised; at most 1 MiB.
    #[schema(value_type = Option<String>)]
    #[validate(custom(function = "patched_text"))]
    pub call_response_summary: Patch<String>,
    /// By when it is to be done, in the forms of `call_datetime`.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_date: Patch<OffsetDateTime>,
}

impl CallTaskPatch {
    /// Reads it from a body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            operator_id: fields.set("operator_id"),
            task_type: fields.set("task_type"),
            priority: fields.set("priority"),
            title: fields.set("title"),
            description: fields.patch("description"),
            caller_phone: fields.patch("caller_phone"),
            caller_name: fields.patch("caller_name"),
            recording_url: fields.patch("recording_url"),
            call_datetime: fields.patch("call_datetime"),
            call_transcription: fields.patch("call_transcription"),
            call_summary: fields.patch("call_summary"),
            call_response_summary: fields.patch("call_response_summary"),
            due_date: fields.patch("due_date"),
        }
    }

    /// The row with the change, as yet without what follows from it.
    pub(super) fn onto(self, mut row: Model) -> Model {
        row.assigned_user_id = self.operator_id.map(Into::into).or(row.assigned_user_id);
        row.task_type = self.task_type.unwrap_or(row.task_type);
        row.priority = self.priority.map_or(row.priority, |priority| priority.word().into());
        row.title = self.title.unwrap_or(row.title);
        self.description.apply(&mut row.description);
        self.caller_phone.apply(&mut row.caller_phone);
        row.caller_digits = row.caller_phone.as_deref().map(digits).unwrap_or_default();
        self.caller_name.apply(&mut row.caller_name);
        self.recording_url.apply(&mut row.recording_url);
        self.call_datetime.map(millis).apply(&mut row.call_datetime);
        self.call_transcription.apply(&mut row.call_transcription);
        self.call_summary.apply(&mut row.call_summary);
        self.call_response_summary.apply(&mut row.call_response_summary);
        let due_before = row.due_date;
        self.due_date.map(millis).apply(&mut row.due_date);
        if row.due_date != due_before {
            row.due_told = 0;
        }
        row
    }
}

fn patched_text(patch: &Patch<String>) -> Result<(), ValidationError> {
    patch.value().map_or(Ok(()), |value| text(value))
}

fn patched_address(patch: &Patch<String>) -> Result<(), ValidationError> {
    patch.value().map_or(Ok(()), |value| web_address(value))
}
