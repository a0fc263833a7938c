use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::{ContactId, OrganizationId};
use frontdesk_core::text::full_name;
use frontdesk_core::time::Day;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::ContactBrief;
use super::entity::{Column, Entity, Model};
use crate::nested::rows;

impl From<Model> for ContactBrief {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.into(),
            name: full_name(Some(&row.first_name), row.last_name.as_deref()),
            first_name: row.first_name,
            last_name: row.last_name,
            membership_no: row.membership_no,
            identity_no: row.identity_no,
            gender: row.gender,
            birth_at: row.birth_at.as_deref().and_then(Day::read),
            profile_id: row.profile_id.into(),
            sponsor_id: row.sponsor_id.map(Into::into),
            disturb_setting: None,
        }
    }
}

/// The organization's contacts with these ids, as tickets show them.
pub async fn briefs(db: &impl ConnectionTrait, organization: OrganizationId, ids: &[i64]) -> Result<HashMap<i64, ContactBrief>> {
    rows::<Entity, _>(db, (Column::OrganizationId, organization), Column::Id, ids.to_vec(), |row| (row.id, row.into())).await
}

/// The organization's contacts by their membership numbers; the oldest where several share one.
pub async fn find_by_membership_no(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    numbers: &[String],
) -> Result<HashMap<String, ContactId>> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::MembershipNo.is_in(numbers));
    let rows = query.order_by_desc(Column::Id).all(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.membership_no?, ContactId(row.id)))).collect())
}
