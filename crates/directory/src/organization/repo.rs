use frontdesk_core::id::OrganizationId;
use frontdesk_core::status::DoubleBooking;
use frontdesk_core::time::Zone;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Lookup, Tx};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{ActiveModel, Column, Entity, Model};
use super::{NewOrganization, Organization, OrganizationPatch};

impl Model {
    pub(crate) fn zone(&self) -> Zone {
        Zone::named(&self.time_zone).unwrap_or_else(Zone::utc)
    }

    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: OrganizationPatch) -> Self {
        let mut row = self.clone();
        row.name = patch.name.unwrap_or(row.name);
        row.time_zone = patch.time_zone.unwrap_or(row.time_zone);
        patch.language.apply(&mut row.language);
        row.double_booking = patch.double_booking.map_or(row.double_booking, |setting| setting.word().into());
        row
    }
}

impl From<Model> for Organization {
    fn from(row: Model) -> Self {
        let zone = row.zone();
        Self {
            id: row.id.into(),
            slug: row.slug,
            name: row.name,
            time_zone: row.time_zone,
            language: row.language,
            double_booking: DoubleBooking::of_word(&row.double_booking).unwrap_or_default(),
            created_at: zone.local(row.created_at),
            updated_at: zone.local(row.updated_at),
        }
    }
}

/// What the organization wants done when a moderator gets two appointments at the same time.
pub async fn double_booking(db: &impl Lookup, organization: OrganizationId) -> Result<DoubleBooking> {
    let row = find(db, organization).await?;
    Ok(row.and_then(|row| DoubleBooking::of_word(&row.double_booking)).unwrap_or_default())
}

/// The organization, for those who work on its behalf.
pub async fn shown(db: &impl Lookup, organization: OrganizationId) -> Result<Organization> {
    Ok(find(db, organization).await?.ok_or(Error::NotFound)?.into())
}

/// Whether the store has any organization.
pub async fn any(db: &impl Lookup) -> Result<bool> {
    Ok(Entity::find().one(db).await?.is_some())
}

pub(crate) async fn find(db: &impl Lookup, organization: OrganizationId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(organization.0).one(db).await?)
}

pub(crate) async fn find_by_slug(db: &impl Lookup, slug: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Slug.eq(slug)).one(db).await?)
}

/// The store's organization, where it is the only one.
pub(crate) async fn only(db: &impl Lookup) -> Result<Option<Model>> {
    let mut rows = Entity::find().order_by_asc(Column::Id).limit(2).all(db).await?;
    Ok(if rows.len() == 1 { rows.pop() } else { None })
}

pub(super) async fn all(db: &impl Lookup) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_asc(Column::Id).all(db).await?)
}

pub(crate) async fn lock(tx: &Tx, organization: OrganizationId) -> Result<Model> {
    tx.lock(Entity::find_by_id(organization.0)).one(tx).await?.ok_or(Error::NotFound)
}

pub(super) async fn insert(tx: &Tx, new: &NewOrganization, slug: String) -> Result<Model> {
    let row = ActiveModel {
        id: NotSet,
        slug: Set(slug),
        name: Set(new.name.clone()),
        time_zone: Set(new.time_zone.clone()),
        language: Set(new.language.clone()),
        double_booking: Set(new.double_booking.word().into()),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    };
    Ok(row.insert(tx).await?)
}

pub(super) async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}
