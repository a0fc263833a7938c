use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{InteractionId, Kind, TicketId};
use frontdesk_core::input::{In, Input, Rule, Segment, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_directory::employee;
use frontdesk_store::record::{self, distinct};
use frontdesk_store::{Db, Lookup, Tx, WriteContext, Written};

use super::repo::{self, Linked};
use super::{Interaction, InteractionFilter, InteractionListItem, InteractionPatch, NewInteraction, Row};
use crate::ticket;

/// The service log of an organization.
#[derive(Clone, Debug)]
pub struct Interactions {
    db: Db,
}

impl Interactions {
    /// The service logs in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of the entries that meet the filter, newest first.
    pub async fn list(&self, caller: &Caller, filter: InteractionFilter, page: PageRequest) -> Result<Page<InteractionListItem>> {
        caller.require(Permission::ReadTickets)?;
        let db = self.db.together();
        let Page { items, total, request, next } = repo::page(&db, caller.organization, filter, page).await?;
        Ok(Page { items: whole(&db, caller, items).await?, total, request, next })
    }

    /// One entry, with the tickets it is linked to.
    pub async fn get(&self, caller: &Caller, id: InteractionId) -> Result<Versioned<Interaction>> {
        caller.require(Permission::ReadTickets)?;
        let db = self.db.together();
        let row = record::find(&db, caller.organization, id).await?;
        let found = repo::linked(&db, caller.organization, row).await?;
        versioned(&db, caller, found).await
    }

    /// Makes an entry, linked to the tickets it names.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewInteraction>>) -> Result<Written<Versioned<Interaction>>> {
        cx.caller.require(Permission::WriteTickets)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes an entry and its links.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: InteractionId,
        input: impl Into<Input<InteractionPatch>>,
    ) -> Result<Written<Versioned<Interaction>>> {
        cx.caller.require(Permission::WriteTickets)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes an entry with its links.
    pub async fn delete(&self, cx: &WriteContext, id: InteractionId) -> Result<Written<()>> {
        cx.caller.require(Permission::DeleteTickets)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewInteraction>) -> Result<Versioned<Interaction>> {
    let Input { value: mut new, mut violations } = input;
    violations.check(In::Body, &new);
    let ticket_ids = tickets(tx, &mut violations, &std::mem::take(&mut new.ticket_ids)).await?;
    let references = [
        ("handler_id", Kind::Employee, new.handler_id.map(Into::into)),
        ("contact_id", Kind::Contact, new.contact_id.map(Into::into)),
        ("sponsor_id", Kind::Sponsor, new.sponsor_id.map(Into::into)),
    ];
    record::refer(tx, &mut violations, references).await?;
    violations.or(())?;
    let made = repo::create(tx, Linked { row: new.into(), ticket_ids }).await?;
    versioned(tx, tx.caller(), made).await
}

async fn update(tx: &Tx, id: InteractionId, input: Input<InteractionPatch>) -> Result<Versioned<Interaction>> {
    let Input { value: mut patch, mut violations } = input;
    violations.check(In::Body, &patch);
    // Tickets are locked before their entries, as where a ticket is deleted.
    let ticket_ids = match patch.ticket_ids.take() {
        Some(ids) => Some(tickets(tx, &mut violations, &ids).await?),
        None => None,
    };
    let row = record::lock(tx, id).await?;
    let before = repo::linked(tx, tx.caller().organization, row).await?;
    let references = [
        ("handler_id", Kind::Employee, patch.handler_id.value().copied().map(Into::into)),
        ("contact_id", Kind::Contact, patch.contact_id.value().copied().map(Into::into)),
        ("sponsor_id", Kind::Sponsor, patch.sponsor_id.value().copied().map(Into::into)),
    ];
    record::refer(tx, &mut violations, references).await?;
    violations.or(())?;
    let after = Linked { row: before.row.patched(patch), ticket_ids: ticket_ids.unwrap_or_else(|| before.ticket_ids.clone()) };
    let after = repo::change(tx, before, after).await?;
    versioned(tx, tx.caller(), after).await
}

async fn delete(tx: &Tx, id: InteractionId) -> Result<()> {
    let row: Row = record::lock(tx, id).await?;
    let gone = repo::linked(tx, tx.caller().organization, row).await?;
    repo::delete(tx, gone).await
}

/// The ids in order, each of a ticket that stays until the write ends; a violation of each that is of none.
async fn tickets(tx: &Tx, violations: &mut Violations, ids: &[TicketId]) -> Result<Vec<i64>> {
    if ids.is_empty() || violations.has("ticket_ids") {
        return Ok(vec![]);
    }
    let found = ticket::lock(tx, distinct(ids.iter().map(|id| Some(id.0)))).await?;
    for (place, _) in ids.iter().enumerate().filter(|(_, id)| !found.contains(&id.0)) {
        violations.add(In::Body, vec![Segment::Name("ticket_ids".into()), Segment::Index(place)], Rule::Exists);
    }
    Ok(found)
}

async fn versioned(db: &impl Lookup, caller: &Caller, found: Linked) -> Result<Versioned<Interaction>> {
    let (version, ticket_ids) = (found.row.version, found.ticket_ids.into_iter().map(TicketId).collect());
    let item = whole(db, caller, vec![found.row]).await?.pop();
    let item = item.ok_or_else(|| frontdesk_core::Error::internal("an entry without its row"))?;
    Ok(Versioned { version, record: Interaction::new(item, ticket_ids) })
}

async fn whole(db: &impl Lookup, caller: &Caller, rows: Vec<Row>) -> Result<Vec<InteractionListItem>> {
    let handlers = distinct(rows.iter().map(|row| row.handler_id));
    let employees = employee::briefs(db, caller.organization, &caller.zone, &handlers).await?;
    Ok(rows.into_iter().map(|row| InteractionListItem::new(row, &caller.zone, &employees)).collect())
}
