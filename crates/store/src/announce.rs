//! Events that tell of something else than a change of a record: that its time came, that something was given up.

use frontdesk_core::id::Kind;
use frontdesk_core::{Error, Result};
use serde_json::Value;

use crate::handle::Tx;

/// The types of these events. They have no row of history.
pub(crate) const TYPES: [&str; 4] = ["ticket.due_soon", "ticket.overdue", "call_task.overdue", "appointment.notification_due"];

/// Something that happened to a record and did not change it.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// What the record is.
    pub kind: Kind,
    /// Its id, as history has it.
    pub id: String,
    /// Its version at that moment.
    pub version: i64,
    /// What happened: `overdue` of a ticket makes the event `ticket.overdue`, which must be one of the known types.
    pub what: &'static str,
    /// What the event tells beside this: a small object without secrets and personal data, or null.
    pub data: Value,
}

impl Announcement {
    /// The values of its row, in the order of [`crate::journal::EVENT`].
    pub(crate) fn values(self, tx: &Tx) -> Result<[sea_orm::Value; 9]> {
        let kind = format!("{}.{}", self.kind.word(), self.what);
        if !TYPES.contains(&kind.as_str()) {
            return Err(Error::internal(format!("{kind} is no type of announcement")));
        }
        let (actor_kind, actor_id) = tx.caller().actor.label();
        Ok([
            tx.caller().organization.0.into(),
            kind.into(),
            self.id.into(),
            self.version.into(),
            actor_kind.into(),
            actor_id.into(),
            tx.context().request_id.as_str().into(),
            tx.now().into(),
            self.data.to_string().into(),
        ])
    }
}

/// The types as SQL lists them.
pub(crate) fn listed() -> String {
    TYPES.map(|kind| format!("'{kind}'")).join(", ")
}
