//! Import and export.

use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_core::status::TicketStatus;
use frontdesk_core::text::searchable;
use frontdesk_store::Tx;
use frontdesk_store::import::{Facts, Loader, Record, Stamps, id, moment, reference};
use serde_json::{Value, json};
use validator::Validate;

use super::entity::Model;

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug, Validate)]
struct Line {
    id: i64,
    #[validate(length(min = 1, max = 255))]
    name: String,
    description: Option<String>,
    status: TicketStatus,
    creater_id: Option<i64>,
    stamps: Stamps,
}

impl Record for Line {
    const KIND: Kind = Kind::TerminationCode;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            id: id(fields),
            name: fields.required("name"),
            description: fields.optional("description"),
            status: fields.optional("status").unwrap_or_default(),
            creater_id: reference(fields, "creater_id"),
            stamps: Stamps::read(fields),
        }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, self);
    }

    fn facts(&self) -> Facts {
        Facts::of(Self::KIND, self.id).needs("creater_id", Kind::Employee, self.creater_id)
    }

    fn row(&self, tx: &Tx) -> Model {
        Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            name: self.name.clone(),
            description: self.description.clone(),
            status: self.status.number(),
            creater_id: self.creater_id,
            search: searchable([Some(self.name.as_str()), self.description.as_deref()]),
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }

    fn line(row: Self::Row) -> Value {
        json!({
            "id": row.id,
            "name": row.name,
            "description": row.description,
            "status": row.status,
            "creater_id": row.creater_id,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
        })
    }
}
