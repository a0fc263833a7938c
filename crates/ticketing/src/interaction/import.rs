//! Import. An entry comes with the ids of the tickets it is linked to.

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, Many};
use frontdesk_core::time::millis;
use frontdesk_store::import::{Facts, Record, Stamps, between, create, id, put, reference};
use frontdesk_store::{BoxFuture, Tx};
use serde::{Serialize, Serializer};
use time::OffsetDateTime;

use super::entity::{interaction, link};

#[derive(Debug, Serialize)]
pub(crate) struct Line {
    id: i64,
    is_acw_completed: bool,
    #[serde(serialize_with = "as_millis")]
    first_enter_queue_at: Option<OffsetDateTime>,
    #[serde(serialize_with = "as_millis")]
    first_start_service_at: Option<OffsetDateTime>,
    #[serde(serialize_with = "as_millis")]
    acw_at: Option<OffsetDateTime>,
    #[serde(serialize_with = "as_millis")]
    last_finished_at: Option<OffsetDateTime>,
    handler_id: Option<i64>,
    contact_id: Option<i64>,
    memo: Option<String>,
    bound_type: Option<i64>,
    sponsor_id: Option<i64>,
    result_id: Option<i64>,
    ticket_ids: Vec<i64>,
    #[serde(skip)]
    stamps: Stamps,
}

#[expect(clippy::ref_option, reason = "serde hands the field over so")]
fn as_millis<S: Serializer>(moment: &Option<OffsetDateTime>, serializer: S) -> Result<S::Ok, S::Error> {
    moment.map(millis).serialize(serializer)
}

impl Line {
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
}

impl Record for Line {
    const KIND: Kind = Kind::InteractCollection;

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

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            create(tx, lines, |line| line.row(tx)).await?;
            let organization_id = tx.caller().organization.0;
            let mut rows = vec![];
            for line in lines {
                rows.extend(line.ticket_ids.iter().map(|id| link::Model { organization_id, ticket_id: *id, interaction_id: line.id }));
            }
            put(tx, rows).await
        })
    }
}
