use frontdesk_core::id::{OrganizationId, TicketId};
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::text::{searchable, terms};
use frontdesk_core::time::millis;
use frontdesk_core::{Error, Result};
use frontdesk_store::search::{self, Search};
use frontdesk_store::{Tx, page_searched};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::TicketFilter;
use super::entity::{Column, Entity, Model};

pub(super) async fn page(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &TicketFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    let search = Search::new(search::TICKETS, organization, terms(filter.search.as_deref().unwrap_or_default()));
    page_searched(db, rows(organization), matching(filter), search, request.or(Sort::descending("id")), &[]).await
}

/// The organization's rows. Their searched text stays empty: it is as long as all others together, and only SQL looks at it.
fn rows(organization: OrganizationId) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns(Column::iter().filter(|column| !matches!(column, Column::Search)))
        .expr_as(Expr::value(""), "search")
        .filter(Column::OrganizationId.eq(organization.0))
}

/// One of the organization's tickets, without its searched text; or [`Error::NotFound`].
pub(super) async fn find(db: &impl ConnectionTrait, organization: OrganizationId, id: TicketId) -> Result<Model> {
    rows(organization).filter(Column::Id.eq(id.0)).one(db).await?.ok_or(Error::NotFound)
}

fn matching(filter: &TicketFilter) -> Condition {
    let any = |column: Column, values: Vec<i64>| (!values.is_empty()).then(|| column.is_in(values));
    Condition::all()
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
