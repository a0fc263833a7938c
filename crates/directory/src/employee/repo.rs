use frontdesk_core::id::{EmployeeId, OrganizationId};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::Role;
use frontdesk_core::text::{full_name, searchable, terms};
use frontdesk_core::{Error, Result};
use frontdesk_store::Tx;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use super::entity::{ActiveModel, Column, Entity, Model};
use super::{EmployeeFilter, NewEmployee};
use crate::phone;

/// The organization's employees.
pub(crate) fn of(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization.0))
}

impl Model {
    pub(crate) fn name(&self) -> String {
        full_name(Some(&self.first_name), self.last_name.as_deref())
    }

    pub(crate) fn role(&self) -> Role {
        Role::of_word(&self.role).unwrap_or_default()
    }

    /// Whether the employee may sign in at all.
    pub(crate) fn may_sign_in(&self) -> bool {
        self.is_active && self.role() != Role::None
    }
}

/// A page of the employees that the filter lets through, newest first.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &EmployeeFilter,
    page: PageRequest,
) -> Result<Page<Model>> {
    let terms = terms(filter.search.as_deref().unwrap_or_default());
    let query = of(organization).filter(frontdesk_store::contains(Column::Search, &terms)).order_by_desc(Column::Id);
    frontdesk_store::page(db, query, page).await
}

pub(crate) async fn find(db: &impl ConnectionTrait, organization: OrganizationId, id: EmployeeId) -> Result<Option<Model>> {
    Ok(of(organization).filter(Column::Id.eq(id.0)).one(db).await?)
}

pub(crate) async fn find_by_no(db: &impl ConnectionTrait, organization: OrganizationId, employee_no: &str) -> Result<Option<Model>> {
    Ok(of(organization).filter(Column::EmployeeNo.eq(employee_no)).one(db).await?)
}

pub(super) async fn by_ids(db: &impl ConnectionTrait, organization: OrganizationId, ids: &[i64]) -> Result<Vec<Model>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(of(organization).filter(Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// Locks these employees, in the order of their ids.
pub(super) async fn lock(tx: &Tx, organization: OrganizationId, ids: &[i64]) -> Result<()> {
    if !ids.is_empty() {
        let query = of(organization).filter(Column::Id.is_in(ids.iter().copied())).order_by_asc(Column::Id);
        tx.lock(query).all(tx).await?;
    }
    Ok(())
}

/// The caller's organization's employee, which stays as it is until the write ends.
pub(crate) async fn lock_one(tx: &Tx, id: EmployeeId) -> Result<Model> {
    let query = of(tx.caller().organization).filter(Column::Id.eq(id.0));
    tx.lock(query).one(tx).await?.ok_or(Error::NotFound)
}

/// The same by `employee_no`.
pub(super) async fn lock_by_no(tx: &Tx, employee_no: &str) -> Result<Option<Model>> {
    let query = of(tx.caller().organization).filter(Column::EmployeeNo.eq(employee_no));
    Ok(tx.lock(query).one(tx).await?)
}

/// Whether the store has an active employee with a role and a password.
pub(super) async fn somebody_can_sign_in(db: &impl ConnectionTrait) -> Result<bool> {
    let query = Entity::find()
        .filter(Column::IsActive.eq(true))
        .filter(Column::Role.ne(Role::None.word()))
        .filter(Column::PasswordHash.is_not_null());
    Ok(query.one(db).await?.is_some())
}

/// Adds an employee to the caller's organization, with its profile.
pub(crate) async fn insert(tx: &Tx, new: NewEmployee) -> Result<Model> {
    let organization = tx.caller().organization;
    let name = full_name(Some(&new.first_name), new.last_name.as_deref());
    let row = ActiveModel {
        id: NotSet,
        organization_id: Set(organization.0),
        search: Set(searchable([Some(name.as_str()), None, Some(&new.employee_no)])),
        employee_no: Set(new.employee_no),
        first_name: Set(new.first_name),
        last_name: Set(new.last_name),
        photo_url: Set(None),
        identity_no: Set(None),
        job_title_id: Set(None),
        department_id: Set(None),
        extension_id: Set(None),
        group_id: Set(None),
        cti_agent_id: Set(None),
        profile_id: Set(phone::repo::new_profile(tx, organization).await?),
        email: Set(new.email),
        role: Set(new.role.word().into()),
        is_active: Set(true),
        is_immortal: Set(false),
        password_hash: Set(None),
        login_at: Set(None),
        leave_at: Set(None),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    };
    Ok(row.insert(tx).await?)
}

/// Writes the whole row.
pub(crate) async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Notes that the employee has signed in, which is no change of the record.
pub(crate) async fn signed_in(tx: &Tx, employee: Model) -> Result<()> {
    let mut row = employee.into_active_model();
    row.login_at = Set(Some(tx.now()));
    row.update(tx).await?;
    Ok(())
}
