use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::text::{searchable, terms};
use frontdesk_core::time::millis;
use frontdesk_store::{Tx, contains};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use super::TicketFilter;
use super::entity::{Column, Entity, Model};

pub(super) async fn page(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &TicketFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(matching(filter));
    frontdesk_store::page(db, query, request.or(Sort::descending("id"))).await
}

fn matching(filter: &TicketFilter) -> Condition {
    let any = |column: Column, values: Vec<i64>| (!values.is_empty()).then(|| column.is_in(values));
    Condition::all()
        .add(contains(Column::Search, &terms(filter.search.as_deref().unwrap_or_default())))
        .add_option(filter.contact_id.map(|id| Column::ContactId.eq(id.0)))
        .add_option(any(Column::Status, filter.statuses.iter().map(|status| status.number()).collect()))
        .add_option(filter.due_at_start.map(|start| Column::DueAt.gte(millis(start))))
        .add_option(filter.due_at_end.map(|end| Column::DueAt.lte(millis(end.0))))
        .add_option(filter.created_at_start.map(|start| Column::CreatedAt.gte(millis(start))))
        .add_option(filter.created_at_end.map(|end| Column::CreatedAt.lte(millis(end.0))))
        .add_option(filter.sponsor_id.map(|id| Column::SponsorId.eq(id.0)))
        .add_option(any(Column::TerminationCodeId, filter.termination_code_ids.iter().map(|id| id.0).collect()))
        .add_option(any(Column::HandlerId, filter.handler_ids.iter().map(|id| id.0).collect()))
        .add_option(any(Column::CreaterId, filter.creater_ids.iter().map(|id| id.0).collect()))
}

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
