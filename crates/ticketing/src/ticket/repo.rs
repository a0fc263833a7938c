use std::collections::BTreeSet;

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId, TicketId};
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::text::{searchable, terms};
use frontdesk_core::time::millis;
use frontdesk_store::search::{self, Search};
use frontdesk_store::{DueDates, List, Lookup, Tally, Tx, record};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, Iterable, QueryFilter, QueryOrder, QuerySelect, Select};

use super::TicketFilter;
use super::entity::{Column, Entity, Model};

pub(super) async fn page(
    db: &impl Lookup,
    organization: OrganizationId,
    filter: &TicketFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    list(organization, filter).page(db, request.or(Sort::descending("id"))).await
}

/// The organization's rows. Their searched text stays empty: it is as long as all others together, and only SQL looks at it.
fn rows(organization: OrganizationId) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns(Column::iter().filter(|column| !matches!(column, Column::Search)))
        .expr_as(Expr::cust("''"), "search")
        .filter(Column::OrganizationId.eq(organization.0))
}

/// One of the organization's tickets, without its searched text; or [`Error::NotFound`].
pub(super) async fn find(db: &impl Lookup, organization: OrganizationId, id: TicketId) -> Result<Model> {
    record::find_among(db, organization, id, rows).await
}

fn list(organization: OrganizationId, filter: &TicketFilter) -> List<Entity> {
    let statuses: BTreeSet<_> = filter.statuses.iter().map(|status| status.number()).collect();
    let by_status_alone = *filter == TicketFilter { statuses: filter.statuses.clone(), ..TicketFilter::default() };
    let kept = if statuses.is_empty() {
        Tally::all(organization, Kind::Ticket)
    } else {
        Tally::with_status(organization, Kind::Ticket, &statuses)
    };
    List::of(rows, organization)
        .search(Search::new(search::TICKETS, organization, terms(filter.search.as_deref().unwrap_or_default())))
        .narrow(Column::ContactId, filter.contact_id.map(|id| id.0))
        .narrow(Column::HandlerId, filter.handler_ids.iter().map(|id| id.0))
        .narrow(Column::CreaterId, filter.creater_ids.iter().map(|id| id.0))
        .narrow(Column::TerminationCodeId, filter.termination_code_ids.iter().map(|id| id.0))
        .narrow(Column::SponsorId, filter.sponsor_id.map(|id| id.0))
        .narrow(Column::Status, statuses)
        .range(Column::DueAt, filter.due_at_start.map(millis), filter.due_at_end.map(|end| millis(end.0)))
        .range(Column::CreatedAt, filter.created_at_start.map(millis), filter.created_at_end.map(|end| millis(end.0)))
        .kept(by_status_alone.then_some(kept))
}

/// The due dates of tickets that are neither solved nor closed.
pub(super) const DUE: DueDates = DueDates { kind: Kind::Ticket, column: "due_at", open: "status IN (0, 1)" };

#[derive(FromQueryResult)]
struct Id {
    id: i64,
}

/// Those of the ids that are tickets of the caller's organization, in order; the tickets stay as they are until the write ends.
pub(crate) async fn lock(tx: &Tx, ids: Vec<i64>) -> Result<Vec<i64>> {
    let query = Entity::find().select_only().column(Column::Id).filter(Column::OrganizationId.eq(tx.caller().organization.0));
    let query = query.filter(Column::Id.is_in(ids)).order_by_asc(Column::Id);
    let found = tx.lock(query).into_model::<Id>().all(tx).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// The row with what it is found by.
pub(super) fn indexed(row: Model) -> Model {
    Model { search: searchable([Some(row.subject.as_str()), Some(row.content.as_str())]), ..row }
}
