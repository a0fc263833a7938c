use frontdesk_core::Result;
use frontdesk_core::id::{EmployeeId, Kind, OrganizationId};
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::patch::Patch;
use frontdesk_core::status::Role;
use frontdesk_core::text::{full_name, searchable};
use frontdesk_core::time::millis;
use frontdesk_store::search::{EMPLOYEES, Entries};
use frontdesk_store::{List, Lookup, Tally, Tx, record};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use super::entity::{ActiveModel, Column, Entity, Model};
use super::{EmployeeFilter, EmployeePatch, NewEmployee};
use crate::{found, phone};

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

    /// Whether the employee can sign in as an admin.
    pub(super) fn administers(&self) -> bool {
        self.is_active && self.role() == Role::Admin && self.password_hash.is_some()
    }

    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: EmployeePatch) -> Self {
        let mut row = self.clone();
        row.employee_no = patch.employee_no.unwrap_or(row.employee_no);
        row.first_name = patch.first_name.unwrap_or(row.first_name);
        patch.last_name.apply(&mut row.last_name);
        patch.photo_url.apply(&mut row.photo_url);
        patch.identity_no.apply(&mut row.identity_no);
        patch.job_title_id.apply(&mut row.job_title_id);
        patch.department_id.apply(&mut row.department_id);
        patch.extension_id.apply(&mut row.extension_id);
        patch.group_id.apply(&mut row.group_id);
        patch.cti_agent_id.apply(&mut row.cti_agent_id);
        patch.email.apply(&mut row.email);
        row.role = match patch.role {
            Patch::Keep => row.role,
            Patch::Clear => Role::None.word().into(),
            Patch::Set(role) => role.word().into(),
        };
        row.is_active = patch.is_active.unwrap_or(row.is_active);
        patch.leave_at.map(millis).apply(&mut row.leave_at);
        row.indexed()
    }

    /// The row with what it is found by, and the phone numbers that it had.
    fn indexed(self) -> Self {
        let texts = searchable([Some(self.name().as_str()), self.identity_no.as_deref(), Some(&self.employee_no)]);
        Self { search: texts + found::phones(&self.search), ..self }
    }
}

/// A page of the employees that the filter lets through, newest first.
pub(super) async fn page(
    db: &impl Lookup,
    organization: OrganizationId,
    filter: &EmployeeFilter,
    page: PageRequest,
) -> Result<Page<Model>> {
    List::of(of, organization)
        .search(found::search(EMPLOYEES, organization, filter.search.as_deref()))
        .narrow(Column::GroupId, filter.group_id.map(|id| id.0))
        .narrow(Column::DepartmentId, filter.department_id.map(|id| id.0))
        .narrow(Column::Role, filter.role.map(Role::word))
        .narrow(Column::IsActive, filter.is_active)
        .kept((*filter == EmployeeFilter::default()).then(|| Tally::all(organization, Kind::Employee)))
        .page(db, page.or(Sort::descending("id")))
        .await
}

/// The caller's organization's employees of these profiles, by id, who stay until the write ends.
pub(crate) async fn with_profiles(tx: &Tx, profiles: &[i64]) -> Result<Vec<Model>> {
    // Not by the index of the ids, which SQLite would go through as a whole.
    let by_id = Expr::col((Entity, Column::Id)).add(0);
    let query = of(tx.caller().organization).filter(Column::ProfileId.is_in(profiles.iter().copied())).order_by(by_id, Order::Asc);
    Ok(tx.lock(query).all(tx).await?)
}

/// Gives employees the searched texts that `text` makes of their profiles and of the present ones.
pub(crate) async fn put_searches(tx: &Tx, rows: Vec<Model>, text: impl Fn(i64, &str) -> String) -> Result<()> {
    for row in rows {
        let search = text(row.profile_id, &row.search);
        if search != row.search {
            let before = row.clone();
            let row = Model { search, ..row };
            let entries = Entries::of_change(tx, Kind::Employee, &before, &row)?;
            let set = ActiveModel { id: Unchanged(row.id), search: Set(row.search), ..Default::default() };
            let of_organization = Column::OrganizationId.eq(tx.caller().organization.0);
            Entity::update(set).validate()?.filter(of_organization).exec_without_returning(tx).await?;
            entries.put(tx).await?;
        }
    }
    Ok(())
}

pub(crate) async fn find(db: &impl Lookup, organization: OrganizationId, id: EmployeeId) -> Result<Option<Model>> {
    Ok(of(organization).filter(Column::Id.eq(id.0)).one(db).await?)
}

pub(crate) async fn find_by_no(db: &impl Lookup, organization: OrganizationId, employee_no: &str) -> Result<Option<Model>> {
    Ok(of(organization).filter(Column::EmployeeNo.eq(employee_no)).one(db).await?)
}

pub(super) async fn by_ids(db: &impl Lookup, organization: OrganizationId, ids: &[i64]) -> Result<Vec<Model>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(db.all(of(organization).filter(Column::Id.is_in(ids.iter().copied()))).await?)
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
pub(crate) async fn lock_one(tx: &Tx, id: EmployeeId) -> Result<Option<Model>> {
    let query = of(tx.caller().organization).filter(Column::Id.eq(id.0));
    Ok(tx.lock(query).one(tx).await?)
}

/// The same by `employee_no`.
pub(super) async fn lock_by_no(tx: &Tx, employee_no: &str) -> Result<Option<Model>> {
    let query = of(tx.caller().organization).filter(Column::EmployeeNo.eq(employee_no));
    Ok(tx.lock(query).one(tx).await?)
}

/// Whether the store has an active employee with a role and a password.
pub(super) async fn somebody_can_sign_in(db: &impl Lookup) -> Result<bool> {
    let query = Entity::find()
        .filter(Column::IsActive.eq(true))
        .filter(Column::Role.ne(Role::None.word()))
        .filter(Column::PasswordHash.is_not_null());
    Ok(query.one(db).await?.is_some())
}

/// Whether another active employee of the caller's organization than this one is an admin with a password.
pub(super) async fn another_admin(tx: &Tx, id: i64) -> Result<bool> {
    let query = of(tx.caller().organization)
        .filter(Column::Id.ne(id))
        .filter(Column::IsActive.eq(true))
        .filter(Column::Role.eq(Role::Admin.word()))
        .filter(Column::PasswordHash.is_not_null());
    Ok(query.one(tx).await?.is_some())
}

/// Adds an employee to the caller's organization, with its profile and its history.
pub(crate) async fn insert(tx: &Tx, new: NewEmployee) -> Result<Model> {
    let profile_id = phone::repo::new_profile(tx, tx.caller().organization).await?;
    let row = Model {
        id: 0,
        organization_id: 0,
        employee_no: new.employee_no,
        first_name: new.first_name,
        last_name: new.last_name,
        photo_url: new.photo_url,
        identity_no: new.identity_no,
        job_title_id: new.job_title_id.map(Into::into),
        department_id: new.department_id.map(Into::into),
        extension_id: new.extension_id.map(Into::into),
        group_id: new.group_id.map(Into::into),
        cti_agent_id: new.cti_agent_id.map(Into::into),
        profile_id,
        email: new.email,
        role: new.role.word().into(),
        is_active: new.is_active.unwrap_or(true),
        is_immortal: false,
        password_hash: None,
        login_at: None,
        leave_at: new.leave_at.map(millis),
        search: String::new(),
        version: 0,
        created_at: 0,
        updated_at: 0,
    };
    record::create(tx, row.indexed()).await
}

/// Writes the whole row.
pub(crate) async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let of_organization = Column::OrganizationId.eq(row.organization_id);
    Ok(Entity::update(row.into_active_model().reset_all()).validate()?.filter(of_organization).exec(tx).await?)
}

/// Notes that the employee has signed in, which is no change of the record.
pub(crate) async fn signed_in(tx: &Tx, employee: Model) -> Result<()> {
    let of_organization = Column::OrganizationId.eq(employee.organization_id);
    let mut row = employee.into_active_model();
    row.login_at = Set(Some(tx.now()));
    Entity::update(row).validate()?.filter(of_organization).exec_without_returning(tx).await?;
    Ok(())
}
