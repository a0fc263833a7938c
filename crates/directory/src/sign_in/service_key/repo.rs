use frontdesk_core::access::Scope;
use frontdesk_core::id::ServiceKeyId;
use frontdesk_core::time::millis;
use frontdesk_core::{Error, Result};
use frontdesk_store::Tx;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType, QueryFilter, QuerySelect,
};

use super::NewServiceKey;
use super::entity::{ActiveModel, Column, Entity, Model};
use crate::organization::entity as organization;

/// A key with what decides on it.
#[derive(Debug, FromQueryResult)]
pub(super) struct Found {
    pub(super) id: i64,
    pub(super) organization_id: i64,
    pub(super) scopes: String,
    pub(super) expires_at: Option<i64>,
    pub(super) revoked_at: Option<i64>,
    pub(super) time_zone: String,
}

pub(super) async fn find(db: &impl ConnectionTrait, secret_hash: &str) -> Result<Option<Found>> {
    let of = Entity::belongs_to(organization::Entity).from(Column::OrganizationId).to(organization::Column::Id);
    let query = Entity::find()
        .join(JoinType::InnerJoin, of.into())
        .column_as(organization::Column::TimeZone, "time_zone")
        .filter(Column::SecretHash.eq(secret_hash));
    Ok(query.into_model().one(db).await?)
}

pub(super) async fn insert(tx: &Tx, new: NewServiceKey, secret_hash: String) -> Result<Model> {
    let words: Vec<_> = new.scopes.into_iter().map(Scope::word).collect();
    let row = ActiveModel {
        id: NotSet,
        organization_id: Set(tx.caller().organization.0),
        label: Set(new.label),
        secret_hash: Set(secret_hash),
        scopes: Set(words.join(",")),
        expires_at: Set(new.expires_at.map(millis)),
        revoked_at: Set(None),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    };
    Ok(row.insert(tx).await?)
}

/// The caller's organization's key, which stays as it is until the write ends.
pub(super) async fn lock(tx: &Tx, id: ServiceKeyId) -> Result<Model> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::Id.eq(id.0));
    tx.lock(query).one(tx).await?.ok_or(Error::NotFound)
}

pub(super) async fn revoke(tx: &Tx, key: Model) -> Result<Model> {
    let version = key.version + 1;
    let mut row = key.into_active_model();
    (row.revoked_at, row.version, row.updated_at) = (Set(Some(tx.now())), Set(version), Set(tx.now()));
    Ok(row.update(tx).await?)
}
