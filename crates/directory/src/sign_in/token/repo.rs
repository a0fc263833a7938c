use frontdesk_core::Result;
use frontdesk_store::{Lookup, Tx};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType, QueryFilter, QuerySelect};

use super::Carried;
use super::entity::{ActiveModel, Column, Entity, Model};
use crate::{employee, external_user, organization};

/// A token with what decides on it.
#[derive(Debug, FromQueryResult)]
pub(in crate::sign_in) struct Found {
    pub(super) id: i64,
    pub(super) organization_id: i64,
    pub(super) employee_id: Option<i64>,
    pub(super) external_user_id: Option<i64>,
    pub(super) role: String,
    pub(super) client_id: Option<String>,
    pub(super) expires_at: i64,
    pub(super) revoked_at: Option<i64>,
    pub(super) time_zone: String,
    pub(super) employee_role: Option<String>,
    pub(super) is_active: Option<bool>,
    pub(super) user_id: Option<String>,
}

pub(super) async fn find(db: &impl Lookup, token_hash: &str) -> Result<Option<Found>> {
    use employee::entity as employee;
    use external_user::entity as external_user;
    use organization::entity as organization;
    let of = Entity::belongs_to(organization::Entity).from(Column::OrganizationId).to(organization::Column::Id);
    let by_employee = Entity::belongs_to(employee::Entity).from(Column::EmployeeId).to(employee::Column::Id);
    let by_external_user = Entity::belongs_to(external_user::Entity).from(Column::ExternalUserId).to(external_user::Column::Id);
    let query = Entity::find()
        .join(JoinType::InnerJoin, of.into())
        .join(JoinType::LeftJoin, by_employee.into())
        .join(JoinType::LeftJoin, by_external_user.into())
        .column_as(organization::Column::TimeZone, "time_zone")
        .column_as(employee::Column::Role, "employee_role")
        .column_as(employee::Column::IsActive, "is_active")
        .column_as(external_user::Column::UserId, "user_id")
        .filter(Column::TokenHash.eq(token_hash));
    Ok(query.into_model().one(db).await?)
}

/// A token to be given out.
pub(in crate::sign_in) struct NewToken {
    pub(in crate::sign_in) token_hash: String,
    pub(in crate::sign_in) employee_id: Option<i64>,
    pub(in crate::sign_in) external_user_id: Option<i64>,
    pub(in crate::sign_in) carried: Carried,
    pub(in crate::sign_in) client_id: Option<String>,
    /// In milliseconds.
    pub(in crate::sign_in) lifetime: i64,
}

pub(in crate::sign_in) async fn insert(tx: &Tx, new: NewToken) -> Result<()> {
    let row = ActiveModel {
        id: NotSet,
        organization_id: Set(tx.caller().organization.0),
        token_hash: Set(new.token_hash),
        employee_id: Set(new.employee_id),
        external_user_id: Set(new.external_user_id),
        role: Set(new.carried.word().into()),
        client_id: Set(new.client_id),
        created_at: Set(tx.now()),
        expires_at: Set(tx.now() + new.lifetime),
        revoked_at: Set(None),
    };
    row.insert(tx).await?;
    Ok(())
}

/// The caller's organization's token, which stays as it is until the write ends.
pub(super) async fn lock(tx: &Tx, id: i64) -> Result<Option<Model>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::Id.eq(id));
    Ok(tx.lock(query).one(tx).await?)
}

pub(super) async fn revoke(tx: &Tx, token: Model) -> Result<()> {
    let of_organization = Column::OrganizationId.eq(token.organization_id);
    let mut row = token.into_active_model();
    row.revoked_at = Set(Some(tx.now()));
    Entity::update(row).validate()?.filter(of_organization).exec_without_returning(tx).await?;
    Ok(())
}

/// Revokes every token of an employee of the caller's organization, whose row the write has locked.
pub(crate) async fn revoke_all(tx: &Tx, employee_id: i64) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(tx.now()))
        .filter(Column::OrganizationId.eq(tx.caller().organization.0))
        .filter(Column::EmployeeId.eq(employee_id))
        .filter(Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes the tokens of an employee of the caller's organization.
pub(in crate::sign_in) async fn delete_of(tx: &Tx, employee: i64) -> Result<()> {
    let of = Entity::delete_many().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::EmployeeId.eq(employee));
    of.exec(tx).await?;
    Ok(())
}

/// Deletes the tokens of every organization that expired before a moment; says how many.
pub(in crate::sign_in) async fn delete_expired(tx: &Tx, before: i64) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(tx).await?.rows_affected)
}
