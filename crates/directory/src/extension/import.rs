//! Import.

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_store::import::{Facts, Record, Stamps, between, create, id};
use frontdesk_store::{BoxFuture, Tx};
use serde::Serialize;
use validator::Validate;

use super::entity::Model;

#[derive(Debug, Serialize, Validate)]
pub(crate) struct Line {
    id: i64,
    #[serde(rename = "type")]
    kind: i64,
    #[validate(length(min = 1, max = 255))]
    extension: String,
    description: Option<String>,
    media_cluster_id: Option<i64>,
    #[serde(skip)]
    stamps: Stamps,
}

impl Line {
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
}

impl Record for Line {
    const KIND: Kind = Kind::Extension;

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

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(create(tx, lines, |line| line.row(tx)))
    }
}
