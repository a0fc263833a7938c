use frontdesk_core::id::LicenseId;
use frontdesk_core::{Error, Result};
use frontdesk_store::Tx;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::NewLicense;
use super::entity::{ActiveModel, Column, Entity, Model};

/// The license with this secret, revoked or not.
pub(in crate::sign_in) async fn find(db: &impl ConnectionTrait, secret_hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::SecretHash.eq(secret_hash)).one(db).await?)
}

/// Whether the caller's organization's license still holds.
pub(in crate::sign_in) async fn holds(tx: &Tx, id: i64) -> Result<bool> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::Id.eq(id));
    Ok(query.one(tx).await?.is_some_and(|license| license.revoked_at.is_none()))
}

pub(super) async fn insert(tx: &Tx, new: NewLicense, secret_hash: String) -> Result<Model> {
    let row = ActiveModel {
        id: NotSet,
        organization_id: Set(tx.caller().organization.0),
        label: Set(new.label),
        secret_hash: Set(secret_hash),
        allow_admin: Set(new.allow_admin),
        new_moderators: Set(new.new_moderators),
        revoked_at: Set(None),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    };
    Ok(row.insert(tx).await?)
}

/// The caller's organization's license, which stays as it is until the write ends.
pub(super) async fn lock(tx: &Tx, id: LicenseId) -> Result<Model> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::Id.eq(id.0));
    tx.lock(query).one(tx).await?.ok_or(Error::NotFound)
}

pub(super) async fn revoke(tx: &Tx, license: Model) -> Result<Model> {
    let version = license.version + 1;
    let mut row = license.into_active_model();
    (row.revoked_at, row.version, row.updated_at) = (Set(Some(tx.now())), Set(version), Set(tx.now()));
    Ok(row.update(tx).await?)
}
