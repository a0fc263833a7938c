use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::status::NotificationState;
use frontdesk_store::{Lookup, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use super::entity::{ActiveModel, Column, Entity, Model};
use super::{AppointmentNotification, PersonKind};

pub(super) const WAITING: &str = NotificationState::Waiting.word();
pub(super) const SENT: &str = NotificationState::Sent.word();
pub(super) const FAILED: &str = NotificationState::Failed.word();
pub(super) const SKIPPED: &str = "skipped";

fn of(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization.0))
}

impl Model {
    /// Whether a mail goes to the same person at the same address.
    pub(super) fn is_to_whom(&self, other: &Self) -> bool {
        (&self.person_kind, self.person, &self.address) == (&other.person_kind, other.person, &other.address)
    }
}

/// Puts new mails in the store; what became of earlier ones to the same people is of no interest any more.
pub(super) async fn insert(tx: &Tx, rows: Vec<Model>) -> Result<Vec<Model>> {
    let Some(appointment) = rows.first().map(|row| row.appointment_id) else { return Ok(vec![]) };
    let of_kind = |kind: PersonKind| {
        let ids = rows.iter().filter(|row| row.person_kind == kind.word()).map(|row| row.person);
        Condition::all().add(Column::PersonKind.eq(kind.word())).add(Column::Person.is_in(ids))
    };
    let to_them = Condition::any().add(of_kind(PersonKind::Moderator)).add(of_kind(PersonKind::Publisher));
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(tx.caller().organization.0))
        .filter(Column::AppointmentId.eq(appointment))
        .filter(Column::State.ne(WAITING))
        .filter(to_them)
        .exec(tx)
        .await?;
    let rows = rows.into_iter().map(|row| ActiveModel { id: ActiveValue::NotSet, ..row.into_active_model().reset_all() });
    Ok(Entity::insert_many(rows).exec_with_returning(tx).await?)
}

pub(super) async fn find(tx: &Tx, id: i64) -> Result<Option<Model>> {
    Ok(of(tx.caller().organization).filter(Column::Id.eq(id)).one(tx).await?)
}

/// The mails about an appointment that are still to be sent, in their order.
pub(super) async fn waiting(tx: &Tx, appointment: i64) -> Result<Vec<Model>> {
    let query = of(tx.caller().organization).filter(Column::AppointmentId.eq(appointment)).filter(Column::State.eq(WAITING));
    Ok(query.order_by_asc(Column::Id).all(tx).await?)
}

pub(super) async fn update(tx: &Tx, row: Model) -> Result<()> {
    let of_organization = Column::OrganizationId.eq(row.organization_id);
    Entity::update(row.into_active_model().reset_all()).validate()?.filter(of_organization).exec_without_returning(tx).await?;
    Ok(())
}

/// Forgets every mail to these publishers of an appointment, sent or not.
pub(crate) async fn forget(tx: &Tx, appointment: i64, publishers: &[i64]) -> Result<()> {
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(tx.caller().organization.0))
        .filter(Column::AppointmentId.eq(appointment))
        .filter(Column::PersonKind.eq(PersonKind::Publisher.word()))
        .filter(Column::Person.is_in(publishers.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// What became of the last mail to each of the people of some appointments, by appointment, kind and id.
pub(crate) type Last = HashMap<(i64, String, i64), AppointmentNotification>;

pub(crate) async fn last(db: &impl Lookup, organization: OrganizationId, appointments: &[i64]) -> Result<Last> {
    if appointments.is_empty() {
        return Ok(Last::new());
    }
    let mut rows = db.all(of(organization).filter(Column::AppointmentId.is_in(appointments.iter().copied()))).await?;
    rows.sort_by_key(|row| row.id);
    let shown = |row: Model| {
        let state = NotificationState::of_word(&row.state)?;
        let one = AppointmentNotification { state, sequence: row.sequence, reason: row.reason };
        Some(((row.appointment_id, row.person_kind, row.person), one))
    };
    Ok(rows.into_iter().filter_map(shown).collect())
}
