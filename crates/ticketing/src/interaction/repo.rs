use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::{OrganizationId, TicketId};
use frontdesk_store::Tx;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Row;
use super::entity::{interaction, link};

/// The entries linked to each of the tickets, by id.
pub(crate) async fn of_tickets(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    tickets: Vec<i64>,
) -> Result<HashMap<i64, Vec<Row>>> {
    let mut linked: HashMap<_, Vec<_>> = HashMap::new();
    let links = link::Entity::find()
        .filter(link::Column::OrganizationId.eq(organization.0))
        .filter(link::Column::TicketId.is_in(tickets))
        .order_by_asc(link::Column::InteractionId)
        .all(db)
        .await?;
    if links.is_empty() {
        return Ok(linked);
    }
    let rows = interaction::Entity::find()
        .filter(interaction::Column::OrganizationId.eq(organization.0))
        .filter(interaction::Column::Id.is_in(links.iter().map(|link| link.interaction_id)))
        .all(db)
        .await?;
    let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    for link in links {
        if let Some(row) = rows.get(&link.interaction_id) {
            linked.entry(link.ticket_id).or_default().push(row.clone());
        }
    }
    Ok(linked)
}

/// Takes a ticket out of the service log; the entries stay.
pub(crate) async fn unlink(tx: &Tx, organization: OrganizationId, ticket: TicketId) -> Result<()> {
    link::Entity::delete_many()
        .filter(link::Column::OrganizationId.eq(organization.0))
        .filter(link::Column::TicketId.eq(ticket.0))
        .exec(tx)
        .await?;
    Ok(())
}
