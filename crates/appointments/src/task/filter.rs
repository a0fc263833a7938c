//! What a list of appointments is narrowed by.

use frontdesk_core::id::TicketId;
use frontdesk_core::input::{Fields, NumberOrText};
use frontdesk_core::page::{PageRequest, Sort, Walk};
use frontdesk_core::status::{AppointmentStatus, Counting};
use time::OffsetDateTime;
use utoipa::ToSchema;
use validator::Validate;

use super::schema;
use crate::moment::{First, Last};

/// Rows a page where the request does not say.
const PER_PAGE: i64 = 20;

/// What a list of appointments is narrowed by (getTaskList). All that is named must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct AppointmentFilter {
    /// How it stands.
    pub status: Option<AppointmentStatus>,
    /// It begins then or later.
    #[schema(rename = "task_time__start", schema_with = schema::filter_time)]
    pub task_time_start: Option<OffsetDateTime>,
    /// It begins then or earlier.
    #[schema(rename = "task_time__end", schema_with = schema::filter_time)]
    pub task_time_end: Option<OffsetDateTime>,
    /// The department or unit in which it takes place.
    #[schema(schema_with = schema::optional_branch_code)]
    pub branch_code: Option<String>,
    /// The `employee_no` of one of its moderators.
    pub emp_id: Option<String>,
    /// The number of one of its publishers.
    pub customer_id_num: Option<String>,
    /// The client's own number.
    pub out_task_num: Option<String>,
    /// The ticket it is linked to.
    pub ticket_id: Option<TicketId>,
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

impl AppointmentFilter {
    /// Reads the request of getTaskList.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            status: fields.optional("status"),
            task_time_start: fields.optional::<First>("task_time__start").map(|first| first.0),
            task_time_end: fields.optional::<Last>("task_time__end").map(|last| last.0),
            branch_code: fields.optional::<NumberOrText>("branch_code").map(|code| code.0),
            emp_id: fields.optional("emp_id"),
            customer_id_num: fields.optional("customer_id_num"),
            out_task_num: fields.optional("out_task_num"),
            ticket_id: fields.optional("ticket_id"),
            page: fields.optional("page"),
            per_page: fields.optional("per_page"),
            cursor: Walk::read(fields),
            total: fields.optional("total"),
        }
    }

    pub(crate) fn request(&self) -> PageRequest {
        let first = PageRequest::first(self.per_page.unwrap_or(PER_PAGE)).or(Sort::descending("id"));
        PageRequest { page: self.page.unwrap_or(1), walk: self.cursor.clone(), exact: self.total.is_some(), ..first }
    }
}
