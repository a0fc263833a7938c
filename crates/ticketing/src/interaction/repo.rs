use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::{GroupId, Kind, OrganizationId, TicketId};
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::time::millis;
use frontdesk_store::record::{Row as _, distinct};
use frontdesk_store::{Change, List, Lookup, Tally, Tx, record};
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::Serialize;

use super::entity::{interaction, link};
use super::{InteractionFilter, InteractionPatch, NewInteraction, Row};

/// A page of the entries that the filter lets through, newest first.
pub(super) async fn page(
    db: &impl Lookup,
    organization: OrganizationId,
    filter: InteractionFilter,
    request: PageRequest,
) -> Result<Page<Row>> {
    use interaction::Column;
    let members = match filter.handler_group_id {
        Some(group) => Some(members(db, organization, group).await?),
        None => None,
    };
    let nobody = members.as_ref().filter(|ids| ids.is_empty()).map(|_| Condition::all().add(Column::Id.is_in(Vec::<i64>::new())));
    let kept = (filter == InteractionFilter::default()).then(|| Tally::all(organization, Kind::InteractCollection));
    List::of(|organization| interaction::Entity::find().filter(Column::OrganizationId.eq(organization.0)), organization)
        .filter(nobody)
        .narrow(Column::ContactId, filter.contact_id.map(|id| id.0))
        .narrow(Column::HandlerId, filter.handler_id.map(|id| id.0))
        .narrow(Column::HandlerId, members.unwrap_or_default())
        .narrow(Column::IsAcwCompleted, filter.is_acw_completed)
        .range(Column::CreatedAt, filter.created_at_start.map(millis), filter.created_at_end.map(|end| millis(end.0)))
        .kept(kept)
        .page(db, request.or(Sort::descending("id")))
        .await
}

/// The ids of the employees in a group.
async fn members(db: &impl Lookup, organization: OrganizationId, group: GroupId) -> Result<Vec<i64>> {
    let query = Query::select()
        .column("id")
        .from("employee")
        .and_where(Expr::col("organization_id").eq(organization.0))
        .and_where(Expr::col("group_id").eq(group.0))
        .to_owned();
    db.query_all(&query).await?.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

impl From<NewInteraction> for Row {
    fn from(new: NewInteraction) -> Self {
        Self {
            id: 0,
            organization_id: 0,
            is_acw_completed: new.is_acw_completed,
            first_enter_queue_at: new.first_enter_queue_at.map(millis),
            first_start_service_at: new.first_start_service_at.map(millis),
            acw_at: new.acw_at.map(millis),
            last_finished_at: new.last_finished_at.map(millis),
            handler_id: new.handler_id.map(Into::into),
            contact_id: new.contact_id.map(Into::into),
            memo: new.memo,
            bound_type: new.bound_type,
            sponsor_id: new.sponsor_id.map(Into::into),
            result_id: new.result_id,
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }
}

impl Row {
    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: InteractionPatch) -> Self {
        let mut row = self.clone();
        row.is_acw_completed = patch.is_acw_completed.unwrap_or(row.is_acw_completed);
        patch.first_enter_queue_at.map(millis).apply(&mut row.first_enter_queue_at);
        patch.first_start_service_at.map(millis).apply(&mut row.first_start_service_at);
        patch.acw_at.map(millis).apply(&mut row.acw_at);
        patch.last_finished_at.map(millis).apply(&mut row.last_finished_at);
        patch.handler_id.apply(&mut row.handler_id);
        patch.contact_id.apply(&mut row.contact_id);
        patch.memo.apply(&mut row.memo);
        patch.bound_type.apply(&mut row.bound_type);
        patch.sponsor_id.apply(&mut row.sponsor_id);
        patch.result_id.apply(&mut row.result_id);
        row
    }
}

/// The entries linked to each of the tickets, by id.
pub(crate) async fn of_tickets(db: &impl Lookup, organization: OrganizationId, tickets: Vec<i64>) -> Result<HashMap<i64, Vec<Row>>> {
    let mut linked: HashMap<_, Vec<_>> = HashMap::new();
    let mut links: Vec<link::Model> = record::among(db, organization, "ticket_id", tickets).await?;
    // Put in order here: SQLite would take the order from the ids of all there are.
    links.sort_by_key(|link| link.interaction_id);
    let rows: Vec<Row> = record::among(db, organization, "id", distinct(links.iter().map(|link| Some(link.interaction_id)))).await?;
    let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    for link in links {
        if let Some(row) = rows.get(&link.interaction_id) {
            linked.entry(link.ticket_id).or_default().push(row.clone());
        }
    }
    Ok(linked)
}

/// The ids of the tickets that each of the entries is linked to.
pub(super) async fn tickets_of(db: &impl Lookup, organization: OrganizationId, interactions: Vec<i64>) -> Result<HashMap<i64, Vec<i64>>> {
    let mut links: Vec<link::Model> = record::among(db, organization, "interaction_id", interactions).await?;
    links.sort_by_key(|link| link.ticket_id);
    let mut tickets: HashMap<_, Vec<_>> = HashMap::new();
    for link in links {
        tickets.entry(link.interaction_id).or_default().push(link.ticket_id);
    }
    Ok(tickets)
}

/// An entry with the ids of its tickets, in their order. What it serializes to is what history shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Linked {
    #[serde(flatten)]
    pub(super) row: Row,
    pub(super) ticket_ids: Vec<i64>,
}

/// The entry with its tickets, which nobody but this write changes until it ends, where `row` is locked.
pub(super) async fn linked(db: &impl Lookup, organization: OrganizationId, row: Row) -> Result<Linked> {
    let ticket_ids = tickets_of(db, organization, vec![row.id]).await?.remove(&row.id).unwrap_or_default();
    Ok(Linked { row, ticket_ids })
}

/// Inserts an entry of the caller's organization under a new id, with its links and its history.
pub(super) async fn create(tx: &Tx, new: Linked) -> Result<Linked> {
    let Linked { mut row, ticket_ids } = new;
    row.begin(tx.context());
    let row = interaction::ActiveModel { id: NotSet, ..row.into_active_model().reset_all() }.insert(tx).await?;
    link(tx, row.id, &ticket_ids).await?;
    let made = Linked { row, ticket_ids };
    tx.record(Change::created(Row::KIND, made.row.id, serde_json::to_value(&made)?));
    Ok(made)
}

/// Writes what became of an entry and its links, with their history; nothing where nothing changed.
pub(super) async fn change(tx: &Tx, before: Linked, mut after: Linked) -> Result<Linked> {
    if after == before {
        return Ok(before);
    }
    let without = |all: &[i64], known: &[i64]| all.iter().filter(|id| !known.contains(id)).copied().collect::<Vec<_>>();
    after.row.touch(tx);
    let row = after.row.clone().into_active_model().reset_all();
    let of_organization = interaction::Column::OrganizationId.eq(after.row.organization_id);
    interaction::Entity::update(row).validate()?.filter(of_organization).exec_without_returning(tx).await?;
    drop_links(tx, after.row.id, without(&before.ticket_ids, &after.ticket_ids)).await?;
    link(tx, after.row.id, &without(&after.ticket_ids, &before.ticket_ids)).await?;
    let (old, new) = (serde_json::to_value(&before)?, serde_json::to_value(&after)?);
    tx.record(Change::updated(Row::KIND, after.row.id, after.row.version, "updated", old, new));
    Ok(after)
}

/// Deletes an entry with its links, with their history.
pub(super) async fn delete(tx: &Tx, gone: Linked) -> Result<()> {
    tx.record(Change::deleted(Row::KIND, gone.row.id, gone.row.version, serde_json::to_value(&gone)?));
    drop_links(tx, gone.row.id, gone.ticket_ids).await?;
    let of_organization = interaction::Column::OrganizationId.eq(gone.row.organization_id);
    interaction::Entity::delete(gone.row.into_active_model()).validate()?.filter(of_organization).exec(tx).await?;
    Ok(())
}

/// Takes a ticket, which is locked, out of the service log; the entries stay.
pub(crate) async fn unlink(tx: &Tx, ticket: TicketId) -> Result<()> {
    let organization = tx.caller().organization;
    let mine = interaction::Column::OrganizationId.eq(organization.0);
    let links = link::Entity::find()
        .filter(link::Column::OrganizationId.eq(organization.0))
        .filter(link::Column::TicketId.eq(ticket.0))
        .all(tx)
        .await?;
    if links.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = links.iter().map(|link| link.interaction_id).collect();
    let query = interaction::Entity::find().filter(mine).filter(interaction::Column::Id.is_in(ids.iter().copied()));
    let rows = tx.lock(query.order_by_asc(interaction::Column::Id)).all(tx).await?;
    // Asked only now that nobody else changes them.
    let mut tickets = tickets_of(tx, organization, ids).await?;
    for row in rows {
        let before = Linked { ticket_ids: tickets.remove(&row.id).unwrap_or_default(), row };
        let mut after = before.clone();
        after.ticket_ids.retain(|id| *id != ticket.0);
        change(tx, before, after).await?;
    }
    Ok(())
}

async fn link(tx: &Tx, interaction_id: i64, tickets: &[i64]) -> Result<()> {
    let organization_id = tx.caller().organization.0;
    let links = tickets.iter().map(|ticket_id| link::Model { organization_id, ticket_id: *ticket_id, interaction_id }.into_active_model());
    if !tickets.is_empty() {
        link::Entity::insert_many(links).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn drop_links(tx: &Tx, interaction: i64, tickets: Vec<i64>) -> Result<()> {
    if !tickets.is_empty() {
        link::Entity::delete_many()
            .filter(link::Column::OrganizationId.eq(tx.caller().organization.0))
            .filter(link::Column::InteractionId.eq(interaction))
            .filter(link::Column::TicketId.is_in(tickets))
            .exec(tx)
            .await?;
    }
    Ok(())
}
