//! From rows to tickets: one query for each kind of record nested in them, however many they are.

use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::access::Caller;
use frontdesk_core::shown::Shown;
use frontdesk_core::status::{TicketPriority, TicketStatus};
use frontdesk_core::time::Zone;
use frontdesk_directory::contact::ContactBrief;
use frontdesk_directory::employee::EmployeeBrief;
use frontdesk_directory::{contact, employee};
use frontdesk_store::Lookup;
use frontdesk_store::record::{distinct, pick};

use super::entity::Model;
use super::{Ticket, TicketListItem};
use crate::interaction::{self, TicketInteraction};
use crate::sponsor::{self, Sponsor};
use crate::subcategory::{self, Subcategory};
use crate::termination_code::{self, TerminationCode};

/// The row with what creation, view and update show.
pub(super) async fn whole(db: &impl Lookup, caller: &Caller, row: Model) -> Result<Ticket> {
    Ok(around(db, caller, &row).await?.ticket(&caller.zone, row))
}

/// What stands around the row in creation, view and update.
pub(super) async fn around(db: &impl Lookup, caller: &Caller, row: &Model) -> Result<Nested> {
    Nested::load(db, caller, std::slice::from_ref(row), row.handler_id.into_iter().collect()).await
}

/// The rows with what the list shows.
pub(super) async fn listed(db: &impl Lookup, caller: &Caller, rows: Vec<Model>) -> Result<Vec<TicketListItem>> {
    let mut linked = interaction::of_tickets(db, caller.organization, rows.iter().map(|row| row.id).collect()).await?;
    let own = rows.iter().flat_map(|row| [row.creater_id, row.handler_id]);
    let served = linked.values().flatten().map(|row| row.handler_id);
    let nested = Nested::load(db, caller, &rows, distinct(own.chain(served))).await?;
    let item = |row: Model| {
        let entries = linked.remove(&row.id).unwrap_or_default();
        let entries = entries.into_iter().map(|entry| TicketInteraction::new(entry, &caller.zone, &nested.employees)).collect();
        let creater = pick(&nested.employees, row.creater_id);
        TicketListItem::new(nested.ticket(&caller.zone, row), creater, entries)
    };
    Ok(rows.into_iter().map(item).collect())
}

/// The records that tickets show inside them.
pub(super) struct Nested {
    contacts: HashMap<i64, ContactBrief>,
    employees: HashMap<i64, Arc<Shown<EmployeeBrief>>>,
    subcategories: HashMap<i64, Arc<Shown<Subcategory>>>,
    sponsors: HashMap<i64, Arc<Shown<Sponsor>>>,
    termination_codes: HashMap<i64, Arc<Shown<TerminationCode>>>,
}

impl Nested {
    async fn load(db: &impl Lookup, caller: &Caller, rows: &[Model], employees: Vec<i64>) -> Result<Self> {
        let organization = caller.organization;
        let ids = |id: fn(&Model) -> Option<i64>| distinct(rows.iter().map(id));
        Ok(Self {
            contacts: contact::briefs(db, organization, &ids(|row| row.contact_id)).await?,
            employees: employee::briefs(db, organization, &caller.zone, &employees).await?,
            subcategories: subcategory::by_ids(db, organization, ids(|row| row.sub_category_id)).await?,
            sponsors: sponsor::by_ids(db, organization, ids(|row| row.sponsor_id)).await?,
            termination_codes: termination_code::by_ids(db, organization, ids(|row| row.termination_code_id)).await?,
        })
    }

    /// The fields of the row that name a record which is not there.
    pub(super) fn missing(&self, row: &Model) -> Vec<&'static str> {
        let fields = [
            ("sponsor_id", lacks(&self.sponsors, row.sponsor_id)),
            ("handler_id", lacks(&self.employees, row.handler_id)),
            ("termination_code_id", lacks(&self.termination_codes, row.termination_code_id)),
            ("sub_category_id", lacks(&self.subcategories, row.sub_category_id)),
            ("contact_id", lacks(&self.contacts, row.contact_id)),
        ];
        fields.into_iter().filter(|(_, lacks)| *lacks).map(|(field, _)| field).collect()
    }

    pub(super) fn ticket(&self, zone: &Zone, row: Model) -> Ticket {
        let sub_category = pick(&self.subcategories, row.sub_category_id);
        let category = sub_category.as_ref().and_then(|sub| sub.category.clone());
        Ticket {
            id: row.id.into(),
            subject: row.subject,
            content: row.content,
            due_at: row.due_at.map(|millis| zone.local(millis)),
            status: TicketStatus::of_number(row.status).unwrap_or_default(),
            status_memo: row.status_memo,
            priority: TicketPriority::of_number(row.priority).unwrap_or_default(),
            contact: pick(&self.contacts, row.contact_id),
            contact_id: row.contact_id.map(Into::into),
            category_id: sub_category.as_ref().and_then(|sub| sub.category_id),
            sub_category,
            sub_category_id: row.sub_category_id.map(Into::into),
            handler_id: row.handler_id.map(Into::into),
            handler: pick(&self.employees, row.handler_id),
            sponsor_id: row.sponsor_id.map(Into::into),
            sponsor: pick(&self.sponsors, row.sponsor_id),
            campaign_queue: None,
            campaign_queue_id: None,
            created_at: zone.local(row.created_at),
            updated_at: zone.local(row.updated_at),
            termination_code_id: row.termination_code_id.map(Into::into),
            termination_code: pick(&self.termination_codes, row.termination_code_id),
            category,
        }
    }
}

fn lacks<T>(found: &HashMap<i64, T>, id: Option<i64>) -> bool {
    id.is_some_and(|id| !found.contains_key(&id))
}
