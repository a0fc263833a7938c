use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{Kind, TicketId};
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::{TicketPriority, TicketStatus};
use frontdesk_core::time::{LocalTime, millis};
use frontdesk_directory::history::{self, HistoryEntry};
use frontdesk_store::history::exists;
use frontdesk_store::record::Draft;
use frontdesk_store::{Db, Tx, WriteContext, Written, record};
use serde_json::Value;

use super::entity::Model;
use super::nested::Nested;
use super::{NewTicket, Ticket, TicketFilter, TicketListItem, TicketPatch, nested, repo};
use crate::interaction;

/// The tickets of an organization.
#[derive(Clone, Debug)]
pub struct Tickets {
    db: Db,
}

impl Tickets {
    /// The tickets in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of the tickets that meet the filter, newest first.
    pub async fn list(&self, caller: &Caller, filter: &TicketFilter, page: PageRequest) -> Result<Page<TicketListItem>> {
        caller.require(Permission::ReadTickets)?;
        let mut violations = Violations::default();
        violations.check(In::Query, filter);
        violations.or(())?;
        let db = self.db.together();
        let Page { items, total, request, next } = repo::page(&db, caller.organization, filter, page).await?;
        Ok(Page { items: nested::listed(&db, caller, items).await?, total, request, next })
    }

    /// One ticket.
    pub async fn get(&self, caller: &Caller, id: TicketId) -> Result<Versioned<Ticket>> {
        caller.require(Permission::ReadTickets)?;
        let db = self.db.together();
        let row = repo::find(&db, caller.organization, id).await?;
        Ok(Versioned { version: row.version, record: nested::whole(&db, caller, row).await? })
    }

    /// What became of a ticket, the last change first. Who may delete tickets finds that of a deleted one too.
    pub async fn history(
        &self,
        caller: &Caller,
        id: TicketId,
        page: impl Into<Input<PageRequest>>,
    ) -> Result<Page<HistoryEntry<LocalTime>>> {
        caller.require(Permission::ReadTickets)?;
        let (db, key) = (self.db.together(), id.to_string());
        let gone = caller.may(Permission::DeleteTickets) && exists(&db, caller.organization, Kind::Ticket, &key).await?;
        if !gone {
            repo::find(&db, caller.organization, id).await?;
        }
        let moment = |millis| caller.zone.local(millis);
        let field = |name: &str, value: Value| {
            let value = if matches!(name, "due_at" | "created_at") { history::moment(&value, moment) } else { value };
            Some((name.to_owned(), value))
        };
        history::page(&db, caller, (Kind::Ticket, &key), page.into().checked()?, moment, field).await
    }

    /// Creates a ticket; its creater is the employee who asks.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewTicket>>) -> Result<Written<Versioned<Ticket>>> {
        cx.caller.require(Permission::WriteTickets)?;
        let Input { value: new, mut violations } = input.into();
        violations.check(In::Body, &new);
        let code_field = if new.termination_code_id.is_some() { "termination_code_id" } else { "termination_code" };
        let draft = Draft::of(&self.db, cx, repo::indexed(Model::of_new(new, cx.caller.employee())))?;
        let new = Arc::new((draft, violations));
        self.db
            .write(cx, move |tx| {
                let new = Arc::clone(&new);
                Box::pin(async move {
                    let (draft, violations) = &*new;
                    let nested = around(tx, draft.row(), code_field, violations.clone()).await?;
                    let row = record::create_drafted(tx, draft).await?;
                    Ok(answer(tx, &nested, row))
                })
            })
            .await
    }

    /// Changes a ticket.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: TicketId,
        input: impl Into<Input<TicketPatch>>,
    ) -> Result<Written<Versioned<Ticket>>> {
        cx.caller.require(Permission::WriteTickets)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a ticket with its links to interactions. [`frontdesk_core::Error::Conflict`] where a call task or an appointment is linked
    /// to it.
    pub async fn delete(&self, cx: &WriteContext, id: TicketId) -> Result<Written<()>> {
        cx.caller.require(Permission::DeleteTickets)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn update(tx: &Tx, id: TicketId, input: Input<TicketPatch>) -> Result<Versioned<Ticket>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    let after = patched(before.clone(), patch);
    let nested = around(tx, &after, "termination_code_id", violations).await?;
    let same_text = after.subject == before.subject && after.content == before.content;
    let after = if same_text { after } else { repo::indexed(after) };
    let row = record::change(tx, before, after, "updated").await?;
    Ok(answer(tx, &nested, row))
}

/// What the answer shows around the row. What is not there to be shown, a field of the request names in vain.
async fn around(tx: &Tx, row: &Model, code_field: &'static str, mut violations: Violations) -> Result<Nested> {
    let nested = nested::around(tx, tx.caller(), row).await?;
    for field in nested.missing(row) {
        violations.body(if field == "termination_code_id" { code_field } else { field }, Rule::Exists);
    }
    violations.or(nested)
}

fn patched(mut row: Model, patch: TicketPatch) -> Model {
    let due_before = row.due_at;
    row.subject = patch.subject.unwrap_or(row.subject);
    row.content = patch.content.unwrap_or(row.content);
    row.status = patch.status.map_or(row.status, TicketStatus::number);
    row.priority = patch.priority.map_or(row.priority, TicketPriority::number);
    patch.due_at.map(millis).apply(&mut row.due_at);
    patch.status_memo.apply(&mut row.status_memo);
    patch.sponsor_id.apply(&mut row.sponsor_id);
    patch.handler_id.apply(&mut row.handler_id);
    patch.termination_code_id.apply(&mut row.termination_code_id);
    patch.sub_category_id.apply(&mut row.sub_category_id);
    patch.contact_id.apply(&mut row.contact_id);
    if row.due_at != due_before {
        row.due_told = 0;
    }
    row
}

async fn delete(tx: &Tx, id: TicketId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    interaction::unlink(tx, id).await?;
    record::delete(tx, row).await
}

fn answer(tx: &Tx, nested: &Nested, row: Model) -> Versioned<Ticket> {
    Versioned { version: row.version, record: nested.ticket(&tx.caller().zone, row) }
}
