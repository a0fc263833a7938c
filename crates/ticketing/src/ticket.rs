//! Tickets.

mod due;
mod entity;
pub(crate) mod import;
mod input;
mod nested;
mod repo;
mod service;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use frontdesk_core::id::{CategoryId, ContactId, EmployeeId, SponsorId, SubcategoryId, TerminationCodeId, TicketId};
use frontdesk_core::shown::Shown;
use frontdesk_core::status::{TicketPriority, TicketStatus};
use frontdesk_core::time::LocalTime;
use frontdesk_directory::contact::ContactBrief;
use frontdesk_directory::employee::EmployeeBrief;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub use due::TicketDueDates;
pub use input::{NewTicket, TicketFilter, TicketPatch};
pub(crate) use repo::lock;
pub use service::Tickets;

use crate::category::CategoryBrief;
use crate::interaction::TicketInteraction;
use crate::sponsor::Sponsor;
use crate::subcategory::Subcategory;
use crate::termination_code::TerminationCode;

/// A ticket as its creation, view and update answer it (seed 003): without its creater and its interactions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// What it is about, 1 to 255 characters.
    pub subject: String,
    /// The whole story, 1 to 65,535 characters.
    pub content: String,
    /// When it should be done.
    #[schema(required)]
    pub due_at: Option<LocalTime>,
    /// How far it is.
    pub status: TicketStatus,
    /// A note on the status, up to 65,535 characters.
    #[schema(required)]
    pub status_memo: Option<String>,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// The customer.
    #[schema(required)]
    pub contact: Option<ContactBrief>,
    /// The id of the customer.
    #[schema(required)]
    pub contact_id: Option<ContactId>,
    /// What it is sorted under.
    #[schema(required, value_type = Option<Subcategory>)]
    pub sub_category: Option<Arc<Shown<Subcategory>>>,
    /// The id of the sub-category.
    #[schema(required)]
    pub sub_category_id: Option<SubcategoryId>,
    /// The id of the employee who deals with it.
    #[schema(required)]
    pub handler_id: Option<EmployeeId>,
    /// The employee who deals with it.
    #[schema(required, value_type = Option<EmployeeBrief>)]
    pub handler: Option<Arc<Shown<EmployeeBrief>>>,
    /// The id of the sponsor.
    #[schema(required)]
    pub sponsor_id: Option<SponsorId>,
    /// The client on whose behalf it is dealt with.
    #[schema(required, value_type = Option<Sponsor>)]
    pub sponsor: Option<Arc<Shown<Sponsor>>>,
    /// Always null: the page does not show what a campaign queue is.
    #[schema(required, value_type = Option<Object>)]
    pub campaign_queue: Option<Value>,
    /// Always null, like `campaign_queue`.
    #[schema(required)]
    pub campaign_queue_id: Option<i64>,
    /// When it was created.
    pub created_at: LocalTime,
    /// When it was last changed.
    pub updated_at: LocalTime,
    /// The id of the termination code.
    #[schema(required)]
    pub termination_code_id: Option<TerminationCodeId>,
    /// The detail of a status; independent of the ticket's own status.
    #[schema(required, value_type = Option<TerminationCode>)]
    pub termination_code: Option<Arc<Shown<TerminationCode>>>,
    /// The category of the sub-category.
    #[schema(required)]
    pub category: Option<CategoryBrief>,
    /// The id of that category.
    #[schema(required)]
    pub category_id: Option<CategoryId>,
}

/// A ticket of a list (seed 003): with its creater and its interactions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TicketListItem {
    /// Its id.
    pub id: TicketId,
    /// What it is about, 1 to 255 characters.
    pub subject: String,
    /// The whole story, 1 to 65,535 characters.
    pub content: String,
    /// When it should be done.
    #[schema(required)]
    pub due_at: Option<LocalTime>,
    /// How far it is.
    pub status: TicketStatus,
    /// A note on the status, up to 65,535 characters.
    #[schema(required)]
    pub status_memo: Option<String>,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// The customer.
    #[schema(required)]
    pub contact: Option<ContactBrief>,
    /// The id of the customer.
    #[schema(required)]
    pub contact_id: Option<ContactId>,
    /// What it is sorted under.
    #[schema(required, value_type = Option<Subcategory>)]
    pub sub_category: Option<Arc<Shown<Subcategory>>>,
    /// The id of the sub-category.
    #[schema(required)]
    pub sub_category_id: Option<SubcategoryId>,
    /// The employee who created it; null where a service key did.
    #[schema(required, value_type = Option<EmployeeBrief>)]
    pub creater: Option<Arc<Shown<EmployeeBrief>>>,
    /// The id of the employee who deals with it.
    #[schema(required)]
    pub handler_id: Option<EmployeeId>,
    /// The employee who deals with it.
    #[schema(required, value_type = Option<EmployeeBrief>)]
    pub handler: Option<Arc<Shown<EmployeeBrief>>>,
    /// The entries of the service log that led to it, by id.
    pub interact_collections: Vec<TicketInteraction>,
    /// The id of the sponsor.
    #[schema(required)]
    pub sponsor_id: Option<SponsorId>,
    /// The client on whose behalf it is dealt with.
    #[schema(required, value_type = Option<Sponsor>)]
    pub sponsor: Option<Arc<Shown<Sponsor>>>,
    /// Always null: the page does not show what a campaign queue is.
    #[schema(required, value_type = Option<Object>)]
    pub campaign_queue: Option<Value>,
    /// Always null, like `campaign_queue`.
    #[schema(required)]
    pub campaign_queue_id: Option<i64>,
    /// When it was created.
    pub created_at: LocalTime,
    /// When it was last changed.
    pub updated_at: LocalTime,
    /// The id of the termination code.
    #[schema(required)]
    pub termination_code_id: Option<TerminationCodeId>,
    /// The detail of a status; independent of the ticket's own status.
    #[schema(required, value_type = Option<TerminationCode>)]
    pub termination_code: Option<Arc<Shown<TerminationCode>>>,
    /// The category of the sub-category.
    #[schema(required)]
    pub category: Option<CategoryBrief>,
    /// The id of that category.
    #[schema(required)]
    pub category_id: Option<CategoryId>,
}

impl TicketListItem {
    fn new(ticket: Ticket, creater: Option<Arc<Shown<EmployeeBrief>>>, interact_collections: Vec<TicketInteraction>) -> Self {
        Self {
            id: ticket.id,
            subject: ticket.subject,
            content: ticket.content,
            due_at: ticket.due_at,
            status: ticket.status,
            status_memo: ticket.status_memo,
            priority: ticket.priority,
            contact: ticket.contact,
            contact_id: ticket.contact_id,
            sub_category: ticket.sub_category,
            sub_category_id: ticket.sub_category_id,
            creater,
            handler_id: ticket.handler_id,
            handler: ticket.handler,
            interact_collections,
            sponsor_id: ticket.sponsor_id,
            sponsor: ticket.sponsor,
            campaign_queue: ticket.campaign_queue,
            campaign_queue_id: ticket.campaign_queue_id,
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            termination_code_id: ticket.termination_code_id,
            termination_code: ticket.termination_code,
            category: ticket.category,
            category_id: ticket.category_id,
        }
    }
}
