//! What a client may ask of the service log.

use frontdesk_core::id::{ContactId, EmployeeId, GroupId, SponsorId, TicketId};
use frontdesk_core::input::{Fields, Many};
use frontdesk_core::patch::Patch;
use frontdesk_core::time::Until;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// An entry of the service log to be made. Moments are `YYYY-MM-DD HH:MM:SS` on the organization's clocks, RFC 3339, or a date
/// alone; ids are those of records of the organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewInteraction {
    /// Whether the work after the talk is done; false when absent or null.
    #[schema(value_type = Option<bool>)]
    pub is_acw_completed: bool,
    /// When the customer entered the queue.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub first_enter_queue_at: Option<OffsetDateTime>,
    /// When somebody began to serve.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub first_start_service_at: Option<OffsetDateTime>,
    /// When the work after the talk was done.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub acw_at: Option<OffsetDateTime>,
    /// When the talk ended.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub last_finished_at: Option<OffsetDateTime>,
    /// Who served.
    pub handler_id: Option<EmployeeId>,
    /// The customer.
    pub contact_id: Option<ContactId>,
    /// What the handler noted.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub memo: Option<String>,
    /// 1 inbound, 2 outbound.
    #[validate(range(min = 1, max = 2))]
    #[schema(minimum = 1, maximum = 2)]
    pub bound_type: Option<i64>,
    /// On whose behalf.
    pub sponsor_id: Option<SponsorId>,
    /// What came of it; a number of the telephone system.
    pub result_id: Option<i64>,
    /// The tickets it led to, at most 1,000; none when absent or null.
    #[validate(length(max = 1000, message = "must have at most 1000 entries"))]
    #[schema(value_type = Option<Vec<TicketId>>, max_items = 1000)]
    pub ticket_ids: Vec<TicketId>,
}

impl NewInteraction {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            is_acw_completed: fields.optional("is_acw_completed").unwrap_or_default(),
            first_enter_queue_at: fields.optional("first_enter_queue_at"),
            first_start_service_at: fields.optional("first_start_service_at"),
            acw_at: fields.optional("acw_at"),
            last_finished_at: fields.optional("last_finished_at"),
            handler_id: fields.optional("handler_id"),
            contact_id: fields.optional("contact_id"),
            memo: fields.optional("memo"),
            bound_type: fields.optional("bound_type"),
            sponsor_id: fields.optional("sponsor_id"),
            result_id: fields.optional("result_id"),
            ticket_ids: fields.optional("ticket_ids").map_or_else(Vec::new, |Many(ids)| ids),
        }
    }
}

/// A change of an entry of the service log: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct InteractionPatch {
    /// Whether the work after the talk is done; not null.
    #[schema(nullable = false)]
    pub is_acw_completed: Option<bool>,
    /// When the customer entered the queue.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub first_enter_queue_at: Patch<OffsetDateTime>,
    /// When somebody began to serve.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub first_start_service_at: Patch<OffsetDateTime>,
    /// When the work after the talk was done.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub acw_at: Patch<OffsetDateTime>,
    /// When the talk ended.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub last_finished_at: Patch<OffsetDateTime>,
    /// Who served.
    #[schema(value_type = Option<EmployeeId>)]
    pub handler_id: Patch<EmployeeId>,
    /// The customer.
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Patch<ContactId>,
    /// What the handler noted.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub memo: Patch<String>,
    /// 1 inbound, 2 outbound.
    #[validate(range(min = 1, max = 2))]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 2)]
    pub bound_type: Patch<i64>,
    /// On whose behalf.
    #[schema(value_type = Option<SponsorId>)]
    pub sponsor_id: Patch<SponsorId>,
    /// What came of it; a number of the telephone system.
    #[schema(value_type = Option<i64>)]
    pub result_id: Patch<i64>,
    /// All the tickets it is then linked to, at most 1,000; null is none.
    #[validate(length(max = 1000, message = "must have at most 1000 entries"))]
    #[schema(max_items = 1000)]
    pub ticket_ids: Option<Vec<TicketId>>,
}

impl InteractionPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            is_acw_completed: fields.set("is_acw_completed"),
            first_enter_queue_at: fields.patch("first_enter_queue_at"),
            first_start_service_at: fields.patch("first_start_service_at"),
            acw_at: fields.patch("acw_at"),
            last_finished_at: fields.patch("last_finished_at"),
            handler_id: fields.patch("handler_id"),
            contact_id: fields.patch("contact_id"),
            memo: fields.patch("memo"),
            bound_type: fields.patch("bound_type"),
            sponsor_id: fields.patch("sponsor_id"),
            result_id: fields.patch("result_id"),
            ticket_ids: match fields.patch("ticket_ids") {
                Patch::Keep => None,
                Patch::Clear => Some(vec![]),
                Patch::Set(Many(ids)) => Some(ids),
            },
        }
    }
}

/// Which entries of the service log to list: those that meet every filter given. The range includes its ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InteractionFilter {
    /// The id of who served.
    #[param(value_type = Option<i64>)]
    pub handler_id: Option<EmployeeId>,
    /// The id of the group that who served is in at present.
    #[param(value_type = Option<i64>)]
    pub handler_group_id: Option<GroupId>,
    /// The id of the customer.
    #[param(value_type = Option<i64>)]
    pub contact_id: Option<ContactId>,
    /// Recorded at this moment or later; a date alone is its first second.
    #[param(rename = "created_at__start", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub created_at_start: Option<OffsetDateTime>,
    /// Recorded at this moment or earlier; a date alone is its last second.
    #[param(rename = "created_at__end", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub created_at_end: Option<Until>,
    /// Whether the work after the talk is done.
    pub is_acw_completed: Option<bool>,
}

impl InteractionFilter {
    /// Reads a request's query.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            handler_id: fields.optional("handler_id"),
            handler_group_id: fields.optional("handler_group_id"),
            contact_id: fields.optional("contact_id"),
            created_at_start: fields.optional("created_at__start"),
            created_at_end: fields.optional("created_at__end"),
            is_acw_completed: fields.optional("is_acw_completed"),
        }
    }
}
