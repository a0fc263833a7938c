use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::PhoneNumber;
use super::entity::{phone_number, profile};

impl From<phone_number::Model> for PhoneNumber {
    fn from(row: phone_number::Model) -> Self {
        Self {
            id: row.id.into(),
            kind: row.kind,
            extension: row.extension,
            number: row.number,
            description: row.description,
            profile_id: row.profile_id.into(),
        }
    }
}

/// The phone numbers of profiles, by profile.
pub(crate) async fn by_profiles(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    profiles: Vec<i64>,
) -> Result<HashMap<i64, Vec<PhoneNumber>>> {
    use phone_number::{Column, Entity};
    let mut phones: HashMap<i64, Vec<PhoneNumber>> = HashMap::new();
    if !profiles.is_empty() {
        let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::ProfileId.is_in(profiles));
        for row in query.order_by_asc(Column::Id).all(db).await? {
            phones.entry(row.profile_id).or_default().push(row.into());
        }
    }
    Ok(phones)
}

/// Makes a profile and says its id.
pub(crate) async fn new_profile(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<i64> {
    let row = profile::ActiveModel { id: NotSet, organization_id: Set(organization.0) };
    Ok(row.insert(db).await?.id)
}
