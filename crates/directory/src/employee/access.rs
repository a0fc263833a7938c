use frontdesk_core::id::Kind;
use frontdesk_core::status::Role;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Change, Tx};

use super::entity::Model;
use super::repo;
use crate::sign_in::token;

/// Gives an employee, whose row the write has locked, another password, and revokes the tokens.
pub(crate) async fn put_password(tx: &Tx, before: Model, hash: String) -> Result<()> {
    let row = Model { password_hash: Some(hash), ..before.clone() };
    put(tx, before, row, "password_changed").await
}

/// Gives an employee, whose row the write has locked, another role, and revokes the tokens; nothing happens where the role is
/// the same.
pub(super) async fn put_role(tx: &Tx, before: Model, role: Role) -> Result<()> {
    if before.role() == role {
        return Ok(());
    }
    if before.is_immortal {
        return Err(Error::Conflict("the employee is immortal".into()));
    }
    let row = Model { role: role.word().into(), ..before.clone() };
    put(tx, before, row, "updated").await
}

async fn put(tx: &Tx, before: Model, row: Model, action: &'static str) -> Result<()> {
    let row = repo::save(tx, Model { version: before.version + 1, updated_at: tx.now(), ..row }).await?;
    token::repo::revoke_all(tx, row.id).await?;
    let (old, new) = (serde_json::to_value(&before)?, serde_json::to_value(&row)?);
    tx.record(Change::updated(Kind::Employee, row.id, row.version, action, old, new));
    Ok(())
}
