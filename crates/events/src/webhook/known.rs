use frontdesk_core::Result;
use frontdesk_outbound::sign::Secret;
use frontdesk_store::{Tx, record};

use super::NewWebhook;
use super::entity::Model;
use crate::delivery::repo::put_unwanted;

/// Puts a webhook into the caller's organization that nothing is sent to, for the demo organization: it is not active. Where `told` names a
/// type of events and the id of a record, the log has that the receiver ended the webhook when it was told of one such event, which
/// is kept no longer.
pub async fn put_inactive(tx: &Tx, new: NewWebhook, secret: &Secret, told: Option<(&str, i64)>) -> Result<()> {
    let row = record::create(tx, Model { is_active: false, ..Model::of(new, secret.reveal(), 0) }).await?;
    match told {
        Some((what, record_id)) => put_unwanted(tx, &row, what, record_id).await,
        None => Ok(()),
    }
}
