use frontdesk_core::Result;
use frontdesk_core::access::Scope;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::time::millis;
use frontdesk_store::{Lookup, record};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect};

use super::NewServiceKey;
use super::entity::{Column, Entity, Model};
use crate::organization::entity as organization;

/// A key with what decides on it.
#[derive(Debug, FromQueryResult)]
pub(in crate::sign_in) struct Found {
    pub(super) id: i64,
    pub(super) organization_id: i64,
    pub(super) scopes: String,
    pub(super) expires_at: Option<i64>,
    pub(super) revoked_at: Option<i64>,
    pub(super) time_zone: String,
}

pub(in crate::sign_in) async fn find(db: &impl Lookup, secret_hash: &str) -> Result<Option<Found>> {
    let of = Entity::belongs_to(organization::Entity).from(Column::OrganizationId).to(organization::Column::Id);
    let query = Entity::find()
        .join(JoinType::InnerJoin, of.into())
        .column_as(organization::Column::TimeZone, "time_zone")
        .filter(Column::SecretHash.eq(secret_hash));
    Ok(query.into_model().one(db).await?)
}

/// A page of the organization's keys, revoked and expired ones included, by id.
pub(super) async fn page(db: &impl Lookup, organization: OrganizationId, request: PageRequest) -> Result<Page<Model>> {
    record::page(db, organization, request).await
}

impl Model {
    /// The row of a new key, whose secret has this hash.
    pub(super) fn of(new: NewServiceKey, secret_hash: String) -> Self {
        let words: Vec<_> = Scope::ALL.into_iter().filter(|scope| new.scopes.contains(scope)).map(Scope::word).collect();
        Self {
            id: 0,
            organization_id: 0,
            label: new.label,
            secret_hash,
            scopes: words.join(","),
            expires_at: new.expires_at.map(millis),
            revoked_at: None,
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }
}

/// The scopes of a key's row.
pub(super) fn scopes(words: &str) -> Vec<Scope> {
    words.split(',').filter_map(Scope::of_word).collect()
}
