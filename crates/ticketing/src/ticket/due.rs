//! Tickets whose due date comes, or has come.

use std::time::Duration;

use frontdesk_core::Result;
use frontdesk_core::world::World;
use frontdesk_store::Db;

use super::repo::DUE;

/// Announces the due dates of tickets: `ticket.due_soon` before, `ticket.overdue` after. Each once for each date that a ticket is
/// given, as long as it is neither solved nor closed; what is overdue at once was never near.
#[derive(Clone, Debug)]
pub struct TicketDueDates {
    db: Db,
    world: World,
    soon: Duration,
}

impl TicketDueDates {
    /// Watches the tickets of a store; a date is near so long before.
    #[must_use]
    pub fn new(db: Db, world: World, soon: Duration) -> Self {
        Self { db, world, soon }
    }

    /// Announces some of what is to be announced by now; says whether there was anything. Any number may do so at once.
    pub async fn step(&self) -> Result<bool> {
        let overdue = DUE.overdue(&self.db, &self.world).await?;
        Ok(DUE.due_soon(&self.db, &self.world, self.soon).await? || overdue)
    }
}
