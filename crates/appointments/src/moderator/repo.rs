use frontdesk_core::Result;
use frontdesk_core::id::{EmployeeId, OrganizationId};
use frontdesk_store::{Lookup, Tx};
use sea_orm::sea_query::{Expr, Query, SelectStatement, SimpleExpr};
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};

use super::NewAppointmentModerator;
use super::entity::{ActiveModel, Column, Entity, Model};

/// The moderators of these appointments, in the order of their joining.
pub(crate) async fn of_appointments(db: &impl Lookup, organization: OrganizationId, appointments: &[i64]) -> Result<Vec<Model>> {
    if appointments.is_empty() {
        return Ok(vec![]);
    }
    let query =
        Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::AppointmentId.is_in(appointments.iter().copied()));
    // Put in order here: SQLite would take the order from the ids of all there are.
    let mut rows = db.all(query).await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// The ids of the appointments that the employee moderates, for use in another query.
pub(crate) fn appointments_of(organization: OrganizationId, employee: EmployeeId) -> SelectStatement {
    Query::select()
        .column(Column::AppointmentId)
        .from(Entity)
        .and_where(Column::OrganizationId.eq(organization.0))
        .and_where(Column::EmployeeId.eq(employee.0))
        .to_owned()
}

/// That a moderator is the employee.
pub(crate) fn of_employee(organization: OrganizationId, employee: EmployeeId) -> Condition {
    Condition::all().add(Column::OrganizationId.eq(organization.0)).add(Column::EmployeeId.eq(employee.0))
}

/// The appointment of a moderator.
pub(crate) fn appointment() -> SimpleExpr {
    Expr::col((Entity, Column::AppointmentId))
}

/// Takes a moderator out of the store.
pub(crate) async fn delete(tx: &Tx, row: &Model) -> Result<()> {
    let query = Entity::delete_many().filter(Column::OrganizationId.eq(row.organization_id)).filter(Column::Id.eq(row.id));
    query.exec(tx).await?;
    Ok(())
}

/// Puts a moderator in the store.
pub(crate) async fn insert(tx: &Tx, appointment: i64, employee: EmployeeId, new: &NewAppointmentModerator) -> Result<Model> {
    let row = Model {
        id: 0,
        organization_id: tx.caller().organization.0,
        appointment_id: appointment,
        employee_id: employee.0,
        business_code: new.business_code.clone(),
        branch_code: new.branch_code.clone(),
        created_at: tx.now(),
    };
    Ok(ActiveModel { id: ActiveValue::NotSet, ..row.into_active_model().reset_all() }.insert(tx).await?)
}
