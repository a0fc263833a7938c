//! The service log: one entry for each time somebody was served, linked to the tickets it led to.

mod entity;
pub(crate) mod import;
mod repo;

use std::collections::HashMap;

use frontdesk_core::id::{ContactId, EmployeeId, InteractionId, SponsorId};
use frontdesk_core::time::{LocalTime, Zone};
use frontdesk_directory::employee::EmployeeBrief;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use entity::interaction::Model as Row;
pub(crate) use repo::{of_tickets, unlink};

/// An entry of the service log as it stands inside a ticket of a list (seed 003, `interact_collections`).
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TicketInteraction {
    /// Its id.
    pub id: InteractionId,
    /// Whether the work after the talk is done.
    pub is_acw_completed: bool,
    /// When the customer entered the queue.
    #[schema(required)]
    pub first_enter_queue_at: Option<LocalTime>,
    /// When the work after the talk was done.
    #[schema(required)]
    pub acw_at: Option<LocalTime>,
    /// When the talk ended.
    #[schema(required)]
    pub last_finished_at: Option<LocalTime>,
    /// Who served.
    #[schema(required)]
    pub handler_id: Option<EmployeeId>,
    /// Who served.
    #[schema(required)]
    pub handler: Option<EmployeeBrief>,
    /// The customer.
    #[schema(required)]
    pub contact_id: Option<ContactId>,
    /// What the handler noted.
    #[schema(required)]
    pub memo: Option<String>,
    /// 1 inbound, 2 outbound.
    #[schema(required)]
    pub bound_type: Option<i64>,
    /// On whose behalf.
    #[schema(required)]
    pub sponsor_id: Option<SponsorId>,
    /// Always null: the page does not show what a campaign queue is.
    #[schema(required)]
    pub campaign_queue_id: Option<i64>,
    /// What came of it; a number of the telephone system.
    #[schema(required)]
    pub result_id: Option<i64>,
}

impl TicketInteraction {
    pub(crate) fn new(row: &Row, zone: &Zone, employees: &HashMap<i64, EmployeeBrief>) -> Self {
        let moment = |millis: Option<i64>| millis.map(|millis| zone.local(millis));
        Self {
            id: row.id.into(),
            is_acw_completed: row.is_acw_completed,
            first_enter_queue_at: moment(row.first_enter_queue_at),
            acw_at: moment(row.acw_at),
            last_finished_at: moment(row.last_finished_at),
            handler_id: row.handler_id.map(Into::into),
            handler: row.handler_id.and_then(|id| employees.get(&id)).cloned(),
            contact_id: row.contact_id.map(Into::into),
            memo: row.memo.clone(),
            bound_type: row.bound_type,
            sponsor_id: row.sponsor_id.map(Into::into),
            campaign_queue_id: None,
            result_id: row.result_id,
        }
    }
}
