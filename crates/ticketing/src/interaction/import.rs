//! Import and export. An entry comes with the ids of the tickets it is linked to.

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::input::{Fields, Many};
use frontdesk_core::time::millis;
use frontdesk_store::import::{Facts, Loader, Record, Stamps, between, create, id, moment, put, reference};
use frontdesk_store::{BoxFuture, Snapshot, Tx};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::entity::{interaction, link};

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug)]
struct Line {
    id: i64,
    is_acw_completed: bool,
    first_enter_queue_at: Option<OffsetDateTime>,
    first_start_service_at: Option<OffsetDateTime>,
    acw_at: Option<OffsetDateTime>,
    last_finished_at: Option<OffsetDateTime>,
    handler_id: Option<i64>,
    contact_id: Option<i64>,
    memo: Option<String>,
    bound_type: Option<i64>,
    sponsor_id: Option<i64>,
    result_id: Option<i64>,
    ticket_ids: Vec<i64>,
    stamps: Stamps,
}

impl Record for Line {
    const KIND: Kind = Kind::InteractCollection;

    type Row = interaction::Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        let mut ticket_ids = fields.optional("ticket_ids").map_or_else(Vec::new, |Many(ids)| ids);
        ticket_ids.sort_unstable();
        ticket_ids.dedup();
        let bound_type: Option<i64> = fields.optional("bound_type");
        Self {
            id: id(fields),
            is_acw_completed: fields.optional("is_acw_completed").unwrap_or(false),
            first_enter_queue_at: fields.optional("first_enter_queue_at"),
            first_start_service_at: fields.optional("first_start_service_at"),
            acw_at: fields.optional("acw_at"),
            last_finished_at: fields.optional("last_finished_at"),
            handler_id: reference(fields, "handler_id"),
            contact_id: reference(fields, "contact_id"),
            memo: fields.optional("memo"),
            bound_type: bound_type.map(|kind| between(fields, "bound_type", kind, 1, 2)),
            sponsor_id: reference(fields, "sponsor_id"),
            result_id: fields.optional("result_id"),
            ticket_ids,
            stamps: Stamps::read(fields),
        }
    }

    fn facts(&self) -> Facts {
        let facts = Facts::of(Self::KIND, self.id)
            .needs("handler_id", Kind::Employee, self.handler_id)
            .needs("contact_id", Kind::Contact, self.contact_id)
            .needs("sponsor_id", Kind::Sponsor, self.sponsor_id);
        self.ticket_ids.iter().fold(facts, |facts, id| facts.needs("ticket_ids", Kind::Ticket, Some(*id)))
    }

    fn row(&self, tx: &Tx) -> interaction::Model {
        interaction::Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            is_acw_completed: self.is_acw_completed,
            first_enter_queue_at: self.first_enter_queue_at.map(millis),
            first_start_service_at: self.first_start_service_at.map(millis),
            acw_at: self.acw_at.map(millis),
            last_finished_at: self.last_finished_at.map(millis),
            handler_id: self.handler_id,
            contact_id: self.contact_id,
            memo: self.memo.clone(),
            bound_type: self.bound_type,
            sponsor_id: self.sponsor_id,
            result_id: self.result_id,
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }

    fn line(row: Self::Row) -> Value {
        json!({
            "id": row.id,
            "is_acw_completed": row.is_acw_completed,
            "first_enter_queue_at": row.first_enter_queue_at.map(moment),
            "first_start_service_at": row.first_start_service_at.map(moment),
            "acw_at": row.acw_at.map(moment),
            "last_finished_at": row.last_finished_at.map(moment),
            "handler_id": row.handler_id,
            "contact_id": row.contact_id,
            "memo": row.memo,
            "bound_type": row.bound_type,
            "sponsor_id": row.sponsor_id,
            "result_id": row.result_id,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
        })
    }

    fn lines(db: &Snapshot, organization: OrganizationId, rows: Vec<Self::Row>) -> BoxFuture<'_, Result<Vec<Value>>> {
        Box::pin(async move {
            let mut tickets = super::repo::tickets_of(db, organization, rows.iter().map(|row| row.id).collect()).await?;
            let with = |row: interaction::Model| {
                let ids = tickets.remove(&row.id).unwrap_or_default();
                let mut line = Self::line(row);
                line["ticket_ids"] = ids.into();
                line
            };
            Ok(rows.into_iter().map(with).collect())
        })
    }

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            create(tx, Self::KIND, lines.iter().map(|line| line.row(tx)).collect()).await?;
            let organization_id = tx.caller().organization.0;
            let mut rows = vec![];
            for line in lines {
                rows.extend(line.ticket_ids.iter().map(|id| link::Model { organization_id, ticket_id: *id, interaction_id: line.id }));
            }
            put(tx, rows).await
        })
    }
}
