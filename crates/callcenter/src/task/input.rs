//! What clients send about call tasks, and its rules.

use std::borrow::Cow;

use frontdesk_core::id::{EmployeeId, TicketId};
use frontdesk_core::input::{Fields, Rule};
use frontdesk_core::status::{CallTaskPriority, CallTaskStatus, ProcessingStage};
use frontdesk_core::time::Until;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidateUrl, ValidationError};

const TEXT_BYTES: usize = 1024 * 1024;

/// A call task to be created. Fields that are null count as left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema, Validate)]
pub struct NewCallTask {
    /// The employee who is to deal with it: an active one of the organization.
    pub operator_id: EmployeeId,
    /// A word for what sort of task it is: lower-case Latin letters, digits, `-` and `_`, beginning with a letter or digit;
    /// `call` where it is left out.
    #[schema(value_type = Option<String>, default = "call", min_length = 1, max_length = 64, pattern = "^[a-z0-9][a-z0-9_-]*$")]
    #[validate(custom(function = "slug"))]
    pub task_type: Option<String>,
    /// How urgent it is.
    #[schema(default = "normal")]
    pub priority: Option<CallTaskPriority>,
    /// What it is about, in a line.
    #[schema(min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub title: String,
    /// More about it; at most 1 MiB.
    #[validate(custom(function = "text"))]
    pub description: Option<String>,
    /// The caller's number in any form, also a SIP address or `anonymous`; kept as sent.
    #[schema(max_length = 64)]
    #[validate(length(max = 64))]
    pub caller_phone: Option<String>,
    /// The caller's name.
    #[schema(max_length = 255)]
    #[validate(length(max = 255))]
    pub caller_name: Option<String>,
    /// The call's id in the telephone system. A second task with it is refused.
    #[schema(min_length = 1, max_length = 255)]
    #[validate(length(min = 1, max = 255))]
    pub call_id: Option<String>,
    /// Where the recording lies: an http or https address.
    #[schema(max_length = 2048, format = "uri", pattern = "^[Hh][Tt][Tt][Pp][Ss]?://")]
    #[validate(length(max = 2048), custom(function = "web_address"))]
    pub recording_url: Option<String>,
    /// When the call was: RFC 3339, or with a space for the `T`, or without an offset (then on the organization's clocks).
    #[schema(value_type = Option<String>, format = DateTime)]
    pub call_datetime: Option<OffsetDateTime>,
    /// What was said; at most 1 MiB. Left out beside a recording, it is made from it.
    #[validate(custom(function = "text"))]
    pub call_transcription: Option<String>,
    /// What the call was about; at most 1 MiB. Left out beside a transcription, it is made from it.
    #[validate(custom(function = "text"))]
    pub call_summary: Option<String>,
    /// What was answered or promised; at most 1 MiB.
    #[validate(custom(function = "text"))]
    pub call_response_summary: Option<String>,
    /// By when it is to be done, in the forms of `call_datetime`.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_date: Option<OffsetDateTime>,
}

impl NewCallTask {
    /// Reads it from a body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            operator_id: fields.required("operator_id"),
            task_type: fields.optional("task_type"),
            priority: fields.optional("priority"),
            title: fields.required("title"),
            description: fields.optional("description"),
            caller_phone: fields.optional("caller_phone"),
            caller_name: fields.optional("caller_name"),
            call_id: fields.optional("call_id"),
            recording_url: fields.optional("recording_url"),
            call_datetime: fields.optional("call_datetime"),
            call_transcription: fields.optional("call_transcription"),
            call_summary: fields.optional("call_summary"),
            call_response_summary: fields.optional("call_response_summary"),
            due_date: fields.optional("due_date"),
        }
    }
}

/// Which call tasks to list. What is left out does not narrow the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct CallTaskFilter {
    /// With this status.
    #[param(inline)]
    pub status: Option<CallTaskStatus>,
    /// Of this type.
    pub task_type: Option<String>,
    /// With this priority.
    #[param(inline)]
    pub priority: Option<CallTaskPriority>,
    /// With each of these words in the title, anywhere in it, in any case.
    #[param(max_length = 500)]
    #[validate(length(max = 500), custom(function = "frontdesk_core::text::few_terms"))]
    pub search: Option<String>,
    /// Also cancelled ones, which are otherwise left out unless `status=cancelled` asks for them.
    #[param(value_type = Option<bool>, default = false)]
    pub include_cancelled: bool,
    /// With each of these words in the title, the description, the transcription or a summary (a Frontdesk extension).
    #[param(max_length = 500)]
    #[validate(length(max = 500), custom(function = "frontdesk_core::text::few_terms"))]
    pub q: Option<String>,
    /// Of this operator (a Frontdesk extension).
    pub operator_id: Option<EmployeeId>,
    /// Whose caller's number has these digits in a row, however either is written; without digits: whose caller's number is
    /// just this text (a Frontdesk extension).
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    pub caller_phone: Option<String>,
    /// Linked to this ticket (a Frontdesk extension).
    pub appeal_id: Option<TicketId>,
    /// Created at this moment or later; a date alone is its first second (a Frontdesk extension).
    #[param(rename = "created_at__start", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub created_at_start: Option<OffsetDateTime>,
    /// Created at this moment or earlier; a date alone is its last second (a Frontdesk extension).
    #[param(rename = "created_at__end", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub created_at_end: Option<Until>,
}

impl CallTaskFilter {
    /// Reads it from a query.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            status: fields.optional("status"),
            task_type: fields.optional("task_type"),
            priority: fields.optional("priority"),
            search: fields.optional("search"),
            include_cancelled: fields.optional("include_cancelled").unwrap_or(false),
            q: fields.optional("q"),
            operator_id: fields.optional("operator_id"),
            caller_phone: fields.optional("caller_phone"),
            appeal_id: fields.optional("appeal_id"),
            created_at_start: fields.optional("created_at__start"),
            created_at_end: fields.optional("created_at__end"),
        }
    }
}

/// A new status for a call task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ToSchema)]
pub struct CallTaskStatusChange {
    /// `new` → `in_progress` → `completed`; `new` or `in_progress` → `cancelled`; `completed` → `in_progress`.
    pub status: CallTaskStatus,
}

impl CallTaskStatusChange {
    /// Reads it from a body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { status: fields.required("status") }
    }
}

/// The ticket that a call task is to be linked to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ToSchema)]
pub struct AppealLink {
    /// A ticket of the organization; null unlinks.
    #[schema(required)]
    pub appeal_id: Option<TicketId>,
}

impl AppealLink {
    /// Reads it from a body. The field may be null but not left out.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        if !fields.has("appeal_id") {
            fields.violate("appeal_id", Rule::Required);
        }
        Self { appeal_id: fields.optional("appeal_id") }
    }
}

/// What of a call task is to be processed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReprocessRequest {
    /// This stage alone, `summary` being both summaries; left out: all stages for which the task has something to work on (a
    /// Frontdesk extension).
    #[param(inline)]
    pub stage: Option<ProcessingStage>,
    /// Whether texts that a person edited are replaced too; false where it is left out (a Frontdesk extension).
    #[param(value_type = Option<bool>)]
    pub overwrite: bool,
}

impl ReprocessRequest {
    /// Reads it from a query.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { stage: fields.optional("stage"), overwrite: fields.optional("overwrite").unwrap_or(false) }
    }
}

fn refuse(code: &'static str, text: impl Into<Cow<'static, str>>) -> Result<(), ValidationError> {
    Err(ValidationError::new(code).with_message(text.into()))
}

pub(super) fn slug(word: &str) -> Result<(), ValidationError> {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    let begins = word.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if begins && word.len() <= 64 && word.bytes().all(inner) {
        return Ok(());
    }
    refuse("slug", "must have 1 to 64 lower-case Latin letters, digits, - or _, the first a letter or digit")
}

pub(super) fn text(text: &str) -> Result<(), ValidationError> {
    if text.len() <= TEXT_BYTES { Ok(()) } else { refuse("size", format!("must have at most {TEXT_BYTES} bytes")) }
}

pub(super) fn web_address(address: &str) -> Result<(), ValidationError> {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let web = matches!(scheme.as_deref(), Some("http" | "https"));
    if web && !address.contains(|c: char| c.is_whitespace() || c.is_control()) && address.validate_url() {
        return Ok(());
    }
    refuse("url", "must be an http or https address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for good in ["call", "call-back_2", "7", &"a".repeat(64)] {
            assert!(slug(good).is_ok(), "{good}");
        }
        for bad in ["", "Call", "звонок", "call back", "-call", "_", &"a".repeat(65)] {
            assert!(slug(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn web_addresses() {
        for good in ["http://r.example/1.mp3", "HTTPS://r.example:8443/a?b=c#d", "https://[::1]/x", "https://записи.рф/1"] {
            assert!(web_address(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "r.example/1.mp3",
            "ftp://r.example/1",
            "http://",
            "http:r.example",
            " http://r.example",
            "http://r.example/a b",
            "javascript://x",
        ] {
            assert!(web_address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn texts_are_measured_in_bytes() {
        assert!(text(&"я".repeat(TEXT_BYTES / 2)).is_ok());
        assert!(text(&"я".repeat(TEXT_BYTES / 2 + 1)).is_err());
    }
}
