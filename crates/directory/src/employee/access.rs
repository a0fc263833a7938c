//! Who may still come in after a change.

use frontdesk_core::status::Role;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Tx, record};

use super::entity::Model;
use super::repo;
use crate::{organization, sign_in};

/// Writes what became of an employee, whose row the write has locked. Another role, another password, or to be active no
/// longer, revokes the tokens. [`Error::Conflict`] where nobody would be left who can sign in as an admin.
pub(super) async fn change(tx: &Tx, before: Model, after: Model, action: &'static str) -> Result<Model> {
    if before.administers() && !after.administers() {
        leave_an_admin(tx, before.id).await?;
    }
    let stays = (&before.role, &before.password_hash) == (&after.role, &after.password_hash) && (after.is_active || !before.is_active);
    let row = record::change(tx, before, after, action).await?;
    if !stays {
        sign_in::token::repo::revoke_all(tx, row.id).await?;
    }
    Ok(row)
}

/// Gives an employee, whose row the write has locked, another password, and revokes the tokens.
pub(crate) async fn put_password(tx: &Tx, before: Model, hash: String) -> Result<Model> {
    let after = Model { password_hash: Some(hash), ..before.clone() };
    change(tx, before, after, "password_changed").await
}

/// Gives an employee, whose row the write has locked, another role, and revokes the tokens; nothing happens where the role is
/// the same.
pub(super) async fn put_role(tx: &Tx, before: Model, role: Role) -> Result<Model> {
    let after = Model { role: role.word().into(), ..before.clone() };
    if after != before {
        record::mortal(before.is_immortal)?;
    }
    change(tx, before, after, "updated").await
}

/// [`Error::Conflict`] where nobody but this employee can sign in as an admin of the organization.
pub(super) async fn leave_an_admin(tx: &Tx, id: i64) -> Result<()> {
    // Of two admins who take leave of each other at the same time, the second sees that the first is none any more.
    organization::repo::lock(tx, tx.caller().organization).await?;
    if repo::another_admin(tx, id).await? {
        return Ok(());
    }
    Err(Error::Conflict("nobody else can sign in as an admin".into()))
}
