use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_store::{Change, Tx, erase};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::entity::{ActiveModel, Column, Entity, Model};
use crate::ANONYMIZED;

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

/// Takes number and name out of the people whom the integrating systems know by these numbers, out of their history too. What they signed in with shows them nothing from then on.
pub async fn anonymize(tx: &Tx, user_ids: &[String]) -> Result<()> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::UserId.is_in(user_ids));
    let found = tx.lock(query.order_by_asc(Column::Id)).all(tx).await?;
    let ids: Vec<_> = found.iter().map(|row| row.id.to_string()).collect();
    for before in found {
        let after = Model { user_id: format!("{ANONYMIZED}-user-{}", before.id), name: None, ..before.clone() };
        let of_organization = Column::OrganizationId.eq(after.organization_id);
        Entity::update(after.clone().into_active_model().reset_all())
            .validate()?
            .filter(of_organization)
            .exec_without_returning(tx)
            .await?;
        let (was, is) = (serde_json::to_value(&before)?, serde_json::to_value(&after)?);
        tx.record(Change::updated(Kind::ExternalUser, before.id, 2, "anonymized", was, is));
    }
    let personal = ["user_id", "name"];
    erase::history(tx, Kind::ExternalUser, &ids, |name, _| personal.contains(&name)).await
}
