//! The service log: one entry for each time somebody was served, linked to the tickets it led to.

mod entity;
pub(crate) mod import;
mod input;
mod repo;
mod service;

use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_core::id::{ContactId, EmployeeId, InteractionId, SponsorId, TicketId};
use frontdesk_core::shown::Shown;
use frontdesk_core::time::{LocalTime, Zone};
use frontdesk_directory::employee::EmployeeBrief;
use frontdesk_store::record::pick;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use entity::interaction::Model as Row;
pub use input::{InteractionFilter, InteractionPatch, NewInteraction};
pub(crate) use repo::{of_tickets, unlink};
pub use service::Interactions;

/// An entry of the service log with the tickets it is linked to.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Interaction {
    /// Its id.
    pub id: InteractionId,
    /// Whether the work after the talk is done.
    pub is_acw_completed: bool,
    /// When the customer entered the queue.
    #[schema(required)]
    pub first_enter_queue_at: Option<LocalTime>,
    /// When somebody began to serve.
    #[schema(required)]
    pub first_start_service_at: Option<LocalTime>,
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
    #[schema(required, value_type = Option<EmployeeBrief>)]
    pub handler: Option<Arc<Shown<EmployeeBrief>>>,
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
    /// The tickets it led to, by id.
    pub ticket_ids: Vec<TicketId>,
}

/// An entry of the service log in a list (vendor's page).
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct InteractionListItem {
    /// Its id.
    pub id: InteractionId,
    /// Whether the work after the talk is done.
    pub is_acw_completed: bool,
    /// When the customer entered the queue.
    #[schema(required)]
    pub first_enter_queue_at: Option<LocalTime>,
    /// When somebody began to serve.
    #[schema(required)]
    pub first_start_service_at: Option<LocalTime>,
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
    #[schema(required, value_type = Option<EmployeeBrief>)]
    pub handler: Option<Arc<Shown<EmployeeBrief>>>,
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
    #[schema(required, value_type = Option<EmployeeBrief>)]
    pub handler: Option<Arc<Shown<EmployeeBrief>>>,
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

impl InteractionListItem {
    fn new(row: Row, zone: &Zone, employees: &HashMap<i64, Arc<Shown<EmployeeBrief>>>) -> Self {
        let moment = |millis: Option<i64>| millis.map(|millis| zone.local(millis));
        Self {
            id: row.id.into(),
            is_acw_completed: row.is_acw_completed,
            first_enter_queue_at: moment(row.first_enter_queue_at),
            first_start_service_at: moment(row.first_start_service_at),
            acw_at: moment(row.acw_at),
            last_finished_at: moment(row.last_finished_at),
            handler_id: row.handler_id.map(Into::into),
            handler: pick(employees, row.handler_id),
            contact_id: row.contact_id.map(Into::into),
            memo: row.memo,
            bound_type: row.bound_type,
            sponsor_id: row.sponsor_id.map(Into::into),
            campaign_queue_id: None,
            result_id: row.result_id,
        }
    }
}

impl Interaction {
    fn new(item: InteractionListItem, ticket_ids: Vec<TicketId>) -> Self {
        Self {
            id: item.id,
            is_acw_completed: item.is_acw_completed,
            first_enter_queue_at: item.first_enter_queue_at,
            first_start_service_at: item.first_start_service_at,
            acw_at: item.acw_at,
            last_finished_at: item.last_finished_at,
            handler_id: item.handler_id,
            handler: item.handler,
            contact_id: item.contact_id,
            memo: item.memo,
            bound_type: item.bound_type,
            sponsor_id: item.sponsor_id,
            campaign_queue_id: item.campaign_queue_id,
            result_id: item.result_id,
            ticket_ids,
        }
    }
}

impl TicketInteraction {
    pub(crate) fn new(row: Row, zone: &Zone, employees: &HashMap<i64, Arc<Shown<EmployeeBrief>>>) -> Self {
        let item = InteractionListItem::new(row, zone, employees);
        Self {
            id: item.id,
            is_acw_completed: item.is_acw_completed,
            first_enter_queue_at: item.first_enter_queue_at,
            acw_at: item.acw_at,
            last_finished_at: item.last_finished_at,
            handler_id: item.handler_id,
            handler: item.handler,
            contact_id: item.contact_id,
            memo: item.memo,
            bound_type: item.bound_type,
            sponsor_id: item.sponsor_id,
            campaign_queue_id: item.campaign_queue_id,
            result_id: item.result_id,
        }
    }
}
