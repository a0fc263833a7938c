//! Import and export.

use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_core::text::searchable;
use frontdesk_core::time::millis;
use frontdesk_store::import::{Facts, Loader, Record, Stamps, id, moment, none, reference};
use frontdesk_store::{Tx, told_at_import};
use serde_json::{Value, json};

use super::NewTicket;
use super::entity::Model;

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug)]
struct Line {
    id: i64,
    new: NewTicket,
    creater_id: Option<i64>,
    stamps: Stamps,
}

impl Record for Line {
    const KIND: Kind = Kind::Ticket;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        // In answers, which a line may be made of, termination_code is a nested object: here only the id counts.
        let mut new = NewTicket {
            sponsor_id: fields.optional("sponsor_id"),
            handler_id: fields.optional("handler_id"),
            termination_code_id: fields.optional("termination_code_id"),
            termination_code: None,
            subject: fields.required("subject"),
            content: fields.required("content"),
            due_at: fields.optional("due_at"),
            priority: fields.optional("priority").unwrap_or_default(),
            status: fields.optional("status").unwrap_or_default(),
            status_memo: fields.optional("status_memo"),
            sub_category_id: fields.optional("sub_category_id"),
            contact_id: fields.optional("contact_id"),
        };
        none(&mut new.sponsor_id);
        none(&mut new.handler_id);
        none(&mut new.termination_code_id);
        none(&mut new.sub_category_id);
        none(&mut new.contact_id);
        Self { id: id(fields), new, creater_id: reference(fields, "creater_id"), stamps: Stamps::read(fields) }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, &self.new);
    }

    fn facts(&self) -> Facts {
        Facts::of(Self::KIND, self.id)
            .needs("sponsor_id", Kind::Sponsor, self.new.sponsor_id)
            .needs("handler_id", Kind::Employee, self.new.handler_id)
            .needs("termination_code_id", Kind::TerminationCode, self.new.termination_code_id)
            .needs("sub_category_id", Kind::Subcategory, self.new.sub_category_id)
            .needs("contact_id", Kind::Contact, self.new.contact_id)
            .needs("creater_id", Kind::Employee, self.creater_id)
    }

    fn row(&self, tx: &Tx) -> Model {
        let new = &self.new;
        Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            subject: new.subject.clone(),
            content: new.content.clone(),
            due_at: new.due_at.map(millis),
            status: new.status.number(),
            status_memo: new.status_memo.clone(),
            priority: new.priority.number(),
            contact_id: new.contact_id.map(Into::into),
            sub_category_id: new.sub_category_id.map(Into::into),
            creater_id: self.creater_id,
            handler_id: new.handler_id.map(Into::into),
            sponsor_id: new.sponsor_id.map(Into::into),
            termination_code_id: new.termination_code_id.map(Into::into),
            due_told: told_at_import(tx, new.due_at.map(millis)),
            search: searchable([Some(new.subject.as_str()), Some(new.content.as_str())]),
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }

    fn line(row: Self::Row) -> Value {
        json!({
            "id": row.id,
            "subject": row.subject,
            "content": row.content,
            "due_at": row.due_at.map(moment),
            "status": row.status,
            "status_memo": row.status_memo,
            "priority": row.priority,
            "contact_id": row.contact_id,
            "sub_category_id": row.sub_category_id,
            "creater_id": row.creater_id,
            "handler_id": row.handler_id,
            "sponsor_id": row.sponsor_id,
            "termination_code_id": row.termination_code_id,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
        })
    }
}
