//! What a client may ask of tickets.

use frontdesk_core::id::{ContactId, EmployeeId, SponsorId, SubcategoryId, TerminationCodeId};
use frontdesk_core::input::{Fields, Many};
use frontdesk_core::patch::Patch;
use frontdesk_core::status::{TicketPriority, TicketStatus};
use frontdesk_core::time::Until;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// A ticket to be created (seed 003, "新建工單"). Ids are those of records of the organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewTicket {
    /// The client on whose behalf it is dealt with.
    pub sponsor_id: Option<SponsorId>,
    /// The employee who deals with it.
    pub handler_id: Option<EmployeeId>,
    /// The detail of a status.
    pub termination_code_id: Option<TerminationCodeId>,
    /// The page's other name for `termination_code_id`, which wins where both are given.
    pub termination_code: Option<TerminationCodeId>,
    /// What it is about.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub subject: String,
    /// The whole story.
    #[validate(length(min = 1, max = 65_535))]
    #[schema(min_length = 1, max_length = 65_535)]
    pub content: String,
    /// When it should be done: `YYYY-MM-DD HH:MM:SS` on the organization's clocks, RFC 3339, or a date alone.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub due_at: Option<OffsetDateTime>,
    /// How urgent it is; 0 when absent or null.
    #[schema(value_type = Option<TicketPriority>)]
    pub priority: TicketPriority,
    /// How far it is; 0 when absent or null.
    #[schema(value_type = Option<TicketStatus>)]
    pub status: TicketStatus,
    /// A note on the status.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub status_memo: Option<String>,
    /// What it is sorted under.
    pub sub_category_id: Option<SubcategoryId>,
    /// The customer.
    pub contact_id: Option<ContactId>,
}

impl NewTicket {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            sponsor_id: fields.optional("sponsor_id"),
            handler_id: fields.optional("handler_id"),
            termination_code_id: fields.optional("termination_code_id"),
            termination_code: fields.optional("termination_code"),
            subject: fields.required("subject"),
            content: fields.required("content"),
            due_at: fields.optional("due_at"),
            priority: fields.optional("priority").unwrap_or_default(),
            status: fields.optional("status").unwrap_or_default(),
            status_memo: fields.optional("status_memo"),
            sub_category_id: fields.optional("sub_category_id"),
            contact_id: fields.optional("contact_id"),
        }
    }
}

/// A change of a ticket (seed 003, "更改工單"): what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct TicketPatch {
    /// The client on whose behalf it is dealt with.
    #[schema(value_type = Option<SponsorId>)]
    pub sponsor_id: Patch<SponsorId>,
    /// The employee who deals with it.
    #[schema(value_type = Option<EmployeeId>)]
    pub handler_id: Patch<EmployeeId>,
    /// The detail of a status.
    #[schema(value_type = Option<TerminationCodeId>)]
    pub termination_code_id: Patch<TerminationCodeId>,
    /// What it is about; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub subject: Option<String>,
    /// The whole story; not null.
    #[validate(length(min = 1, max = 65_535))]
    #[schema(nullable = false, min_length = 1, max_length = 65_535)]
    pub content: Option<String>,
    /// When it should be done: `YYYY-MM-DD HH:MM:SS` on the organization's clocks, RFC 3339, or a date alone.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub due_at: Patch<OffsetDateTime>,
    /// How urgent it is; not null.
    #[schema(nullable = false)]
    pub priority: Option<TicketPriority>,
    /// How far it is; not null.
    #[schema(nullable = false)]
    pub status: Option<TicketStatus>,
    /// A note on the status.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub status_memo: Patch<String>,
    /// What it is sorted under.
    #[schema(value_type = Option<SubcategoryId>)]
    pub sub_category_id: Patch<SubcategoryId>,
    /// The customer.
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Patch<ContactId>,
}

impl TicketPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            sponsor_id: fields.patch("sponsor_id"),
            handler_id: fields.patch("handler_id"),
            termination_code_id: fields.patch("termination_code_id"),
            subject: fields.set("subject"),
            content: fields.set("content"),
            due_at: fields.patch("due_at"),
            priority: fields.set("priority"),
            status: fields.set("status"),
            status_memo: fields.patch("status_memo"),
            sub_category_id: fields.patch("sub_category_id"),
            contact_id: fields.patch("contact_id"),
        }
    }
}

/// Which tickets to list (seed 003, "搜尋工單"): those that meet every filter given. Arrays are sent as `0,1`, `[0,1]`, or
/// the parameter repeated; a ticket meets one by any of its values, and an empty one is no filter. Ranges include their ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct TicketFilter {
    /// Terms, separated by white space, each of which occurs in the subject or the content, whatever its case or width.
    #[param(max_length = 500)]
    #[validate(length(max = 500), custom(function = "frontdesk_core::text::few_terms"))]
    pub search: Option<String>,
    /// The id of the customer.
    #[param(value_type = Option<i64>)]
    pub contact_id: Option<ContactId>,
    /// Statuses: 0 pending, 1 processing, 2 resolved, 3 closed.
    #[param(value_type = Option<Vec<TicketStatus>>, style = Form, explode = false)]
    pub statuses: Vec<TicketStatus>,
    /// Due at this moment or later; a date alone is its first second.
    #[param(rename = "due_at__start", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub due_at_start: Option<OffsetDateTime>,
    /// Due at this moment or earlier; a date alone is its last second.
    #[param(rename = "due_at__end", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub due_at_end: Option<Until>,
    /// Created at this moment or later; a date alone is its first second.
    #[param(rename = "created_at__start", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub created_at_start: Option<OffsetDateTime>,
    /// Created at this moment or earlier; a date alone is its last second.
    #[param(rename = "created_at__end", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub created_at_end: Option<Until>,
    /// The id of the sponsor.
    #[param(value_type = Option<i64>)]
    pub sponsor_id: Option<SponsorId>,
    /// Ids of termination codes.
    #[param(value_type = Option<Vec<i64>>, style = Form, explode = false)]
    pub termination_code_ids: Vec<TerminationCodeId>,
    /// Ids of the employees who deal with them.
    #[param(value_type = Option<Vec<i64>>, style = Form, explode = false)]
    pub handler_ids: Vec<EmployeeId>,
    /// Ids of the employees who created them.
    #[param(value_type = Option<Vec<i64>>, style = Form, explode = false)]
    pub creater_ids: Vec<EmployeeId>,
}

impl TicketFilter {
    /// Reads a request's query.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            search: fields.optional("search"),
            contact_id: fields.optional("contact_id"),
            statuses: fields.optional("statuses").map_or_else(Vec::new, |Many(all)| all),
            due_at_start: fields.optional("due_at__start"),
            due_at_end: fields.optional("due_at__end"),
            created_at_start: fields.optional("created_at__start"),
            created_at_end: fields.optional("created_at__end"),
            sponsor_id: fields.optional("sponsor_id"),
            termination_code_ids: fields.optional("termination_code_ids").map_or_else(Vec::new, |Many(all)| all),
            handler_ids: fields.optional("handler_ids").map_or_else(Vec::new, |Many(all)| all),
            creater_ids: fields.optional("creater_ids").map_or_else(Vec::new, |Many(all)| all),
        }
    }
}
