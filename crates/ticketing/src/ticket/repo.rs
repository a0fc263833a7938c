use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::text::{searchable, terms};
use frontdesk_core::time::millis;
use frontdesk_store::contains;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::TicketFilter;
use super::entity::{Column, Entity, Model};

pub(super) async fn page(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &TicketFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(matching(filter)).order_by_desc(Column::Id);
    frontdesk_store::page(db, query, request).await
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

/// The row with what it is found by.
pub(super) fn indexed(row: Model) -> Model {
    Model { search: searchable([Some(row.subject.as_str()), Some(row.content.as_str())]), ..row }
}
