use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_store::{Lookup, Tx, record};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::NewLicense;
use super::entity::{Column, Entity, Model};

/// The license with this secret, revoked or not.
pub(in crate::sign_in) async fn find(db: &impl Lookup, secret_hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::SecretHash.eq(secret_hash)).one(db).await?)
}

/// Whether the caller's organization's license still holds.
pub(in crate::sign_in) async fn holds(tx: &Tx, id: i64) -> Result<bool> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::Id.eq(id));
    Ok(query.one(tx).await?.is_some_and(|license| license.revoked_at.is_none()))
}

/// A page of the organization's licenses, revoked ones included, by id.
pub(super) async fn page(db: &impl Lookup, organization: OrganizationId, request: PageRequest) -> Result<Page<Model>> {
    record::page(db, organization, request).await
}

impl Model {
    /// The row of a new license, whose secret has this hash.
    pub(super) fn of(new: NewLicense, secret_hash: String) -> Self {
        Self {
            id: 0,
            organization_id: 0,
            label: new.label,
            secret_hash,
            allow_admin: new.allow_admin,
            new_moderators: new.new_moderators,
            revoked_at: None,
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }
}
