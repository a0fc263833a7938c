//! Import.

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_store::import::{Facts, Record, Stamps, create, id, reference};
use frontdesk_store::{BoxFuture, Tx};
use serde::Serialize;
use validator::Validate;

use super::entity::Model;

#[derive(Debug, Serialize, Validate)]
pub(crate) struct Line {
    id: i64,
    #[validate(length(min = 1, max = 255))]
    account: String,
    group_id: Option<i64>,
    #[serde(skip)]
    stamps: Stamps,
}

impl Line {
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
}

impl Record for Line {
    const KIND: Kind = Kind::CtiAgent;

    fn read(fields: &mut Fields<'_>) -> Self {
        Self { id: id(fields), account: fields.required("account"), group_id: reference(fields, "group_id"), stamps: Stamps::read(fields) }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, self);
    }

    fn facts(&self) -> Facts {
        Facts::of(Self::KIND, self.id).needs("group_id", Kind::Group, self.group_id)
    }

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(create(tx, lines, |line| line.row(tx)))
    }
}
