//! Import.

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_store::import::{Facts, Record, Stamps, create, id};
use frontdesk_store::{BoxFuture, Tx};
use serde::Serialize;
use validator::Validate;

use super::entity::Model;

#[derive(Debug, Serialize, Validate)]
pub(crate) struct Line {
    id: i64,
    #[validate(length(min = 1, max = 255))]
    name: String,
    description: Option<String>,
    #[serde(skip)]
    stamps: Stamps,
}

impl Line {
    fn row(&self, tx: &Tx) -> Model {
        Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            name: self.name.clone(),
            description: self.description.clone(),
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }
}

impl Record for Line {
    const KIND: Kind = Kind::Category;

    fn read(fields: &mut Fields<'_>) -> Self {
        Self { id: id(fields), name: fields.required("name"), description: fields.optional("description"), stamps: Stamps::read(fields) }
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
