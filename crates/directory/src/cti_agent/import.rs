//! Import and export.

use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Violations};
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
    account: String,
    group_id: Option<i64>,
    stamps: Stamps,
}

impl Record for Line {
    const KIND: Kind = Kind::CtiAgent;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        Self { id: id(fields), account: fields.required("account"), group_id: reference(fields, "group_id"), stamps: Stamps::read(fields) }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, self);
    }

    fn facts(&self) -> Facts {
        Facts::of(Self::KIND, self.id).needs("group_id", Kind::Group, self.group_id)
    }

    fn row(&self, tx: &Tx) -> Model {
        Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            account: self.account.clone(),
            group_id: self.group_id,
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }

    fn line(row: Self::Row) -> Value {
        json!({
            "id": row.id,
            "account": row.account,
            "group_id": row.group_id,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
        })
    }
}
