use frontdesk_core::Result;
use frontdesk_core::status::GrantRole;
use frontdesk_store::{Lookup, Tx};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::entity::{ActiveModel, Column, Entity, Model};

/// Whom a code is for.
pub(super) enum Subject {
    Employee(i64),
    ExternalUser(i64),
}

/// A code to be given out.
pub(super) struct NewRow {
    pub(super) code_hash: String,
    pub(super) license_id: i64,
    pub(super) subject: Subject,
    pub(super) role: GrantRole,
    pub(super) expires_at: i64,
}

pub(super) async fn find(db: &impl Lookup, code_hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::CodeHash.eq(code_hash)).one(db).await?)
}

pub(super) async fn insert(tx: &Tx, new: NewRow) -> Result<()> {
    let (employee_id, external_user_id) = match new.subject {
        Subject::Employee(id) => (Some(id), None),
        Subject::ExternalUser(id) => (None, Some(id)),
    };
    let row = ActiveModel {
        id: NotSet,
        organization_id: Set(tx.caller().organization.0),
        code_hash: Set(new.code_hash),
        license_id: Set(new.license_id),
        employee_id: Set(employee_id),
        external_user_id: Set(external_user_id),
        role: Set(new.role.word().into()),
        expires_at: Set(new.expires_at),
        used_at: Set(None),
    };
    row.insert(tx).await?;
    Ok(())
}

/// The caller's organization's code, which stays as it is until the write ends.
pub(super) async fn lock(tx: &Tx, id: i64) -> Result<Option<Model>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::Id.eq(id));
    Ok(tx.lock(query).one(tx).await?)
}

pub(super) async fn use_up(tx: &Tx, code: Model) -> Result<()> {
    let of_organization = Column::OrganizationId.eq(code.organization_id);
    let mut row = code.into_active_model();
    row.used_at = Set(Some(tx.now()));
    Entity::update(row).validate()?.filter(of_organization).exec_without_returning(tx).await?;
    Ok(())
}

/// Deletes the codes of an employee of the caller's organization.
pub(in crate::sign_in) async fn delete_of(tx: &Tx, employee: i64) -> Result<()> {
    let of = Entity::delete_many().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::EmployeeId.eq(employee));
    of.exec(tx).await?;
    Ok(())
}

/// Deletes the codes of every organization that expired before a moment; says how many.
pub(in crate::sign_in) async fn delete_expired(tx: &Tx, before: i64) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(tx).await?.rows_affected)
}
