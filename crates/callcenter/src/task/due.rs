//! Call tasks whose due date has come.

use frontdesk_core::Result;
use frontdesk_core::world::World;
use frontdesk_store::Db;

use super::repo::DUE;

/// Announces call tasks that are over their due date as `call_task.overdue`: once for each date that a task is given, as long as it
/// is neither completed nor cancelled.
#[derive(Clone, Debug)]
pub struct CallTaskDueDates {
    db: Db,
    world: World,
}

impl CallTaskDueDates {
    /// Watches the call tasks of a store.
    #[must_use]
    pub fn new(db: Db, world: World) -> Self {
        Self { db, world }
    }

    /// Announces some of what is to be announced by now; says whether there was anything. Any number may do so at once.
    pub async fn step(&self) -> Result<bool> {
        DUE.overdue(&self.db, &self.world).await
    }
}
