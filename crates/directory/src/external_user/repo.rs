use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_store::{Change, Tx};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};

use super::entity::{ActiveModel, Column, Entity};

/// The id of the person whom the integrating system knows as `user_id`; added where there is none. The first name stays.
pub(crate) async fn find_or_add(tx: &Tx, user_id: &str, name: &str) -> Result<i64> {
    let organization = tx.caller().organization.0;
    let query = Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::UserId.eq(user_id));
    if let Some(row) = query.one(tx).await? {
        return Ok(row.id);
    }
    let row = ActiveModel {
        id: NotSet,
        organization_id: Set(organization),
        user_id: Set(user_id.into()),
        name: Set(Some(name.into())),
        created_at: Set(tx.now()),
    };
    let row = row.insert(tx).await?;
    tx.record(Change::created(Kind::ExternalUser, row.id, serde_json::to_value(&row)?));
    Ok(row.id)
}
