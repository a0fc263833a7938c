//! Import and export. A group may be led by one of its own members, so groups come before employees and learn of their supervisors
//! afterwards. Until then such a group has version 0, by which an interrupted import finds it again.

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_store::import::{Facts, Loader, Record, Stamps, id, moment, put, reference};
use frontdesk_store::{BoxFuture, Change, Tx};
use serde_json::{Value, json};
use validator::Validate;

use super::entity::Model;
use super::repo;

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug, Validate)]
struct Line {
    id: i64,
    #[validate(length(min = 1, max = 255))]
    name: String,
    description: Option<String>,
    supervisor_id: Option<i64>,
    stamps: Stamps,
}

impl Line {
    /// The history of a group that has all it comes with.
    fn created(&self, tx: &Tx) -> Result<Change> {
        let row = Model { supervisor_id: self.supervisor_id, version: 1, ..self.row(tx) };
        Ok(Change::created(Self::KIND, self.id, serde_json::to_value(row)?))
    }
}

impl Record for Line {
    const KIND: Kind = Kind::Group;
    const IN_CIRCLES: bool = true;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            id: id(fields),
            name: fields.required("name"),
            description: fields.optional("description"),
            supervisor_id: reference(fields, "supervisor_id"),
            stamps: Stamps::read(fields),
        }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, self);
    }

    fn facts(&self) -> Facts {
        Facts::of(Self::KIND, self.id).needs("supervisor_id", Kind::Employee, self.supervisor_id)
    }

    fn row(&self, tx: &Tx) -> Model {
        Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            name: self.name.clone(),
            description: self.description.clone(),
            supervisor_id: None,
            version: i64::from(self.supervisor_id.is_none()),
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }

    fn line(row: Self::Row) -> Value {
        json!({
            "id": row.id,
            "name": row.name,
            "description": row.description,
            "supervisor_id": row.supervisor_id,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
        })
    }

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            put(tx, lines.iter().map(|line| line.row(tx)).collect()).await?;
            for line in lines.iter().filter(|line| line.supervisor_id.is_none()) {
                tx.record(line.created(tx)?);
            }
            Ok(())
        })
    }

    fn finish<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            for line in lines.iter().filter(|line| line.supervisor_id.is_some()) {
                if repo::finish(tx, line.id, line.supervisor_id).await? {
                    tx.record(line.created(tx)?);
                }
            }
            Ok(())
        })
    }
}
