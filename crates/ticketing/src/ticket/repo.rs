use frontdesk_core::id::{OrganizationId, TicketId};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::text::{searchable, terms};
use frontdesk_core::time::millis;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Tx, contains};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select,
};

use super::TicketFilter;
use super::entity::{ActiveModel, Column, Entity, Model};

fn one(organization: OrganizationId, id: TicketId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::Id.eq(id.0))
}

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

pub(super) async fn find(db: &impl ConnectionTrait, organization: OrganizationId, id: TicketId) -> Result<Model> {
    one(organization, id).one(db).await?.ok_or(Error::NotFound)
}

pub(super) async fn find_locked(tx: &Tx, id: TicketId) -> Result<Model> {
    tx.lock(one(tx.caller().organization, id)).one(tx).await?.ok_or(Error::NotFound)
}

/// Inserts the row under a new id, which it comes back with.
pub(super) async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = Model { search: search(&row), ..row };
    Ok(ActiveModel { id: ActiveValue::NotSet, ..row.into_active_model().reset_all() }.insert(tx).await?)
}

pub(super) async fn update(tx: &Tx, row: Model) -> Result<Model> {
    let row = Model { search: search(&row), ..row };
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

pub(super) async fn delete(tx: &Tx, row: Model) -> Result<()> {
    row.into_active_model().delete(tx).await?;
    Ok(())
}

fn search(row: &Model) -> String {
    searchable([Some(row.subject.as_str()), Some(row.content.as_str())])
}
