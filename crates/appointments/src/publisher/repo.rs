use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::{ContactId, OrganizationId};
use frontdesk_store::{Lookup, Tx};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};

use super::NewAppointmentPublisher;
use super::entity::{ActiveModel, Column, Entity, Model};

/// The publishers of these appointments, in the order of their joining.
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

/// That a publisher is the customer.
pub(crate) fn of_customer(organization: OrganizationId, customer_id_num: &str) -> Condition {
    Condition::all().add(Column::OrganizationId.eq(organization.0)).add(Column::CustomerIdNum.eq(customer_id_num))
}

/// The appointment of a publisher.
pub(crate) fn appointment() -> SimpleExpr {
    Expr::col((Entity, Column::AppointmentId))
}

/// The ids of the caller's organization's appointments that the customer takes part in: linked to the contact, or with one of
/// these numbers and linked to none.
pub(crate) async fn with_customer(tx: &Tx, contact: ContactId, numbers: &[String]) -> Result<Vec<i64>> {
    let unlinked = Condition::all().add(Column::ContactId.is_null()).add(Column::CustomerIdNum.is_in(numbers));
    let query = Entity::find()
        .filter(Column::OrganizationId.eq(tx.caller().organization.0))
        .filter(Condition::any().add(Column::ContactId.eq(contact.0)).add(unlinked));
    Ok(query.all(tx).await?.into_iter().map(|row| row.appointment_id).collect())
}

/// Puts new publishers in the store.
pub(crate) async fn insert(tx: &Tx, rows: Vec<Model>) -> Result<Vec<Model>> {
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let rows = rows.into_iter().map(|row| ActiveModel { id: ActiveValue::NotSet, ..row.into_active_model().reset_all() });
    Ok(Entity::insert_many(rows).exec_with_returning(tx).await?)
}

/// Puts a publisher's changed fields in the store.
pub(crate) async fn update(tx: &Tx, row: Model) -> Result<()> {
    let of_organization = Column::OrganizationId.eq(row.organization_id);
    Entity::update(row.into_active_model().reset_all()).validate()?.filter(of_organization).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes publishers of one appointment out of the store.
pub(crate) async fn delete(tx: &Tx, appointment: i64, rows: &[Model]) -> Result<()> {
    let query = Entity::delete_many()
        .filter(Column::OrganizationId.eq(tx.caller().organization.0))
        .filter(Column::AppointmentId.eq(appointment))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)));
    query.exec(tx).await?;
    Ok(())
}

/// A publisher of whom nothing is known yet.
pub(crate) fn blank(tx: &Tx, appointment: i64) -> Model {
    Model {
        id: 0,
        organization_id: tx.caller().organization.0,
        appointment_id: appointment,
        customer_title: None,
        customer_name: String::new(),
        customer_id_num: String::new(),
        customer_country_code: None,
        customer_phone: None,
        customer_email: None,
        contact_id: None,
        created_at: tx.now(),
    }
}

impl NewAppointmentPublisher {
    /// `row` with what the entry gives; what it leaves out stays.
    pub(crate) fn onto(&self, row: Model, contacts: &HashMap<String, ContactId>) -> Model {
        let given = |new: &Option<String>, old: Option<String>| new.clone().or(old);
        Model {
            customer_title: given(&self.customer_title, row.customer_title),
            customer_name: self.customer_name.clone(),
            customer_id_num: self.customer_id_num.clone(),
            customer_country_code: given(&self.customer_country_code, row.customer_country_code),
            customer_phone: given(&self.customer_phone, row.customer_phone),
            customer_email: given(&self.customer_email, row.customer_email),
            contact_id: contacts.get(&self.customer_id_num).map(|id| id.0),
            ..row
        }
    }
}
