//! Tickets without HTTP: a temporary store, one organization, three tickets, a search. Run with
//! `cargo run -p frontdesk-ticketing --example tickets`.

use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::PageRequest;
use frontdesk_core::status::TicketStatus;
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_store::{Db, Options, WriteContext};
use frontdesk_ticketing::{NewTicket, TicketFilter, TicketPatch, Tickets};
use sea_orm::ConnectionTrait;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let db = Db::open(&format!("sqlite://{}", folder.path().join("tickets.db").display()), &Options::default()).await?;
    frontdesk_migration::migrate(db.schema()).await?;
    let organization = "INSERT INTO organization (id, slug, name, time_zone, double_booking, version, created_at, updated_at) \
        VALUES (1, 'example', 'Example', 'Asia/Taipei', 'warn', 1, 0, 0)";
    db.schema().execute_unprepared(organization).await?;

    let zone = Zone::named("Asia/Taipei").unwrap_or_else(Zone::utc);
    let cx = WriteContext::new(Caller::system(OrganizationId(1), zone), "example", World::real().now());
    let tickets = Tickets::new(db);
    let mut last = None;
    for subject in ["無法通話", "工單 for TEST", "Delivery is late"] {
        let new = NewTicket { subject: subject.into(), content: "內容".into(), ..NewTicket::default() };
        last = tickets.create(&cx, new).await.map_err(|e| anyhow::anyhow!("{e}"))?.fresh();
    }
    if let Some(ticket) = last {
        let patch = TicketPatch { status: Some(TicketStatus::Resolved), ..TicketPatch::default() };
        tickets.update(&cx, ticket.record.id, patch).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    }
    let filter = TicketFilter { search: Some("delivery".into()), ..TicketFilter::default() };
    for filter in [TicketFilter::default(), filter] {
        let page = tickets.list(&cx.caller, &filter, PageRequest::first(15)).await.map_err(|e| anyhow::anyhow!("{e}"))?;
        println!("{} of {}:", page.items.len(), page.total.rows);
        for ticket in page.items {
            println!("  #{} {} ({:?})", ticket.id, ticket.subject, ticket.status);
        }
    }
    Ok(())
}
