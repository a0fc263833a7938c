//! Import and export.

use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_store::Tx;
use frontdesk_store::import::{Facts, Loader, Record, Stamps, between, id, moment};
use serde_json::{Value, json};
use validator::Validate;

use super::entity::Model;

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug, Validate)]
struct Line {
    id: i64,
    kind: i64,
    #[validate(length(min = 1, max = 255))]
    extension: String,
    description: Option<String>,
    media_cluster_id: Option<i64>,
    stamps: Stamps,
}

impl Record for Line {
    const KIND: Kind = Kind::Extension;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        let kind: i64 = fields.required("type");
        Self {
            id: id(fields),
            kind: between(fields, "type", kind, 0, 3),
            extension: fields.required("extension"),
            description: fields.optional("description"),
            media_cluster_id: fields.optional("media_cluster_id"),
            stamps: Stamps::read(fields),
        }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, self);
    }

    fn facts(&self) -> Facts {
        Facts::of(Self::KIND, self.id)
    }

    fn row(&self, tx: &Tx) -> Model {
        Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            kind: self.kind,
            extension: self.extension.clone(),
            description: self.description.clone(),
            media_cluster_id: self.media_cluster_id,
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }

    fn line(row: Self::Row) -> Value {
        json!({
            "id": row.id,
            "type": row.kind,
            "extension": row.extension,
            "description": row.description,
            "media_cluster_id": row.media_cluster_id,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
        })
    }
}
