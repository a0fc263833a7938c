use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::error::Error;
use frontdesk_core::id::{EmployeeId, Kind, OrganizationId};
use frontdesk_core::input::{Rule, Violations};
use frontdesk_core::status::{AppointmentStatus, RoomType};
use frontdesk_core::time::millis;
use frontdesk_store::{Change, List, Lookup, Tally, Tx, next_number};
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};
use serde::Serialize;
use serde_json::{Value, json};

use super::entity::{ActiveModel, Column, Entity, Model};
use super::{AppointmentFilter, DEFAULT_DURATION, NewAppointment, overlap};
use crate::moderator::{self, entity::Model as Moderator};
use crate::moment::UnixTime;
use crate::publisher::{self, entity::Model as Publisher};

/// The longest an appointment can take, in milliseconds: what began earlier is over.
const LONGEST: i64 = 1440 * 60_000;

/// An appointment with its people, as a write finds it, leaves it, and notes it in history and events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Whole {
    #[serde(flatten)]
    pub(crate) row: Model,
    pub(crate) moderators: Vec<Moderator>,
    pub(crate) publishers: Vec<Publisher>,
}

impl Model {
    pub(crate) fn status(&self) -> Result<AppointmentStatus> {
        AppointmentStatus::of_word(&self.status).ok_or_else(|| Error::internal("an appointment has an unknown status"))
    }

    /// Whether both rows come of the same request.
    pub(crate) fn asks_the_same(&self, other: &Self) -> bool {
        let same_time = self.task_time == other.task_time || self.task_time_defaulted || other.task_time_defaulted;
        same_time && self.asked() == other.asked()
    }

    fn asked(&self) -> impl PartialEq {
        (
            self.business_id,
            self.task_type.clone(),
            self.task_notify,
            self.duration_minutes,
            self.task_remark.clone(),
            self.branch_code.clone(),
            self.business_code.clone(),
            self.room_type.clone(),
            self.video,
            self.ticket_id,
        )
    }

    /// When it is over.
    pub(crate) fn end(&self) -> i64 {
        self.task_time.saturating_add(self.duration_minutes.saturating_mul(60_000))
    }

    /// Whether it keeps its moderators from other appointments at the same time.
    pub(crate) fn occupies(&self) -> bool {
        self.status == AppointmentStatus::Pending.word() && self.room_type == RoomType::Normal.word()
    }
}

/// The row that a request comes to, without its number.
pub(crate) fn draft(tx: &Tx, new: &NewAppointment) -> Model {
    Model {
        id: 0,
        organization_id: tx.caller().organization.0,
        task_num: String::new(),
        business_id: new.business_id,
        out_task_num: new.out_task_num.clone(),
        out_task_type: new.out_task_type.clone().unwrap_or_default(),
        task_type: new.task_type.word().into(),
        task_notify: new.task_notify.unwrap_or(false),
        task_time: new.task_time.unwrap_or(UnixTime::of_millis(tx.now())).millis(),
        task_time_defaulted: new.task_time.is_none(),
        duration_minutes: new.duration_minutes.unwrap_or(DEFAULT_DURATION),
        task_remark: new.task_remark.clone(),
        branch_code: new.branch_code.clone(),
        business_code: new.business_code.clone(),
        room_type: new.room_type.word().into(),
        video: new.video,
        status: AppointmentStatus::Pending.word().into(),
        ticket_id: new.ticket_id.map(Into::into),
        creater_id: tx.caller().employee().map(Into::into),
        sequence: 0,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}

/// What events of an appointment say: the number under which its clients know it.
fn told(row: &Model) -> Value {
    json!({"task_num": row.task_num})
}

/// Gives a draft its number and puts it in the store.
pub(crate) async fn insert(tx: &Tx, draft: Model) -> Result<Model> {
    let caller = tx.caller();
    let day = caller.zone.compact_day(tx.now());
    let number = next_number(tx, caller.organization, &format!("task_num:{day}")).await?;
    let row = Model { task_num: format!("{day}{number:07}"), ..draft };
    let row = ActiveModel { id: ActiveValue::NotSet, ..row.into_active_model().reset_all() }.insert(tx).await?;
    let whole = Whole { row: row.clone(), moderators: vec![], publishers: vec![] };
    tx.record(Change::created(Kind::Appointment, row.id, serde_json::to_value(whole)?).telling(told(&row)));
    Ok(row)
}

/// The appointment that already has the client's number.
pub(crate) async fn first(db: &impl Lookup, draft: &Model) -> Result<Option<Model>> {
    let query = of(OrganizationId(draft.organization_id))
        .filter(Column::OutTaskType.eq(&draft.out_task_type))
        .filter(Column::OutTaskNum.eq(&draft.out_task_num));
    Ok(query.one(db).await?)
}

pub(crate) fn of(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization.0))
}

/// The appointment of that number.
pub(crate) async fn numbered(db: &impl Lookup, organization: OrganizationId, task_num: &str) -> Result<Option<Model>> {
    Ok(of(organization).filter(Column::TaskNum.eq(task_num)).one(db).await?)
}

/// The appointment a write is about, with its people, locked until the write ends; none where the request names it in no
/// readable way.
pub(crate) async fn target(tx: &Tx, task_num: &str, violations: &Violations) -> Result<Option<Whole>> {
    if violations.has("task_num") {
        return Ok(None);
    }
    let query = tx.lock(of(tx.caller().organization).filter(Column::TaskNum.eq(task_num)));
    Ok(Some(whole(tx, query.one(tx).await?.ok_or(Error::NotFound)?).await?))
}

/// The appointment of that id with its people, locked until the write ends.
pub(crate) async fn lock(tx: &Tx, id: i64) -> Result<Whole> {
    let query = tx.lock(of(tx.caller().organization).filter(Column::Id.eq(id)));
    whole(tx, query.one(tx).await?.ok_or(Error::NotFound)?).await
}

async fn whole(tx: &Tx, row: Model) -> Result<Whole> {
    let organization = tx.caller().organization;
    let moderators = moderator::repo::of_appointments(tx, organization, &[row.id]).await?;
    let publishers = publisher::repo::of_appointments(tx, organization, &[row.id]).await?;
    Ok(Whole { row, moderators, publishers })
}

/// The appointments of the caller's organization with these ids, with their people, locked in the order of their ids until the
/// write ends.
pub(crate) async fn lock_all(tx: &Tx, ids: &[i64]) -> Result<Vec<Whole>> {
    let organization = tx.caller().organization;
    let query = of(organization).filter(Column::Id.is_in(ids.iter().copied())).order_by_asc(Column::Id);
    let rows = tx.lock(query).all(tx).await?;
    let (mut moderators, mut publishers): (HashMap<i64, Vec<_>>, HashMap<i64, Vec<_>>) = (HashMap::new(), HashMap::new());
    for row in moderator::repo::of_appointments(tx, organization, ids).await? {
        moderators.entry(row.appointment_id).or_default().push(row);
    }
    for row in publisher::repo::of_appointments(tx, organization, ids).await? {
        publishers.entry(row.appointment_id).or_default().push(row);
    }
    let whole = |row: Model| {
        let (moderators, publishers) = (moderators.remove(&row.id).unwrap_or_default(), publishers.remove(&row.id).unwrap_or_default());
        Whole { row, moderators, publishers }
    };
    Ok(rows.into_iter().map(whole).collect())
}

impl Whole {
    /// Notes that an appointment that is over stays as it is; `so` says of what that is the end.
    pub(crate) fn must_be_open(&self, so: &str, violations: &mut Violations) -> Result<()> {
        let status = self.row.status()?;
        if status != AppointmentStatus::Pending {
            violations.body("task_num", Rule::other(format!("names a task that is {status}; {so}")));
        }
        Ok(())
    }

    /// Puts the appointment's next version in the store and notes the change from `before`. Its people are there already.
    pub(crate) async fn save(self, tx: &Tx, before: &Self, action: &'static str) -> Result<Self> {
        self.save_noting(tx, before, action, Value::Null).await
    }

    /// The same, and notes a mail that was given up.
    pub(crate) async fn save_noting(mut self, tx: &Tx, before: &Self, action: &'static str, failed: Value) -> Result<Self> {
        self.row.version = before.row.version + 1;
        self.row.updated_at = tx.now();
        let row = ActiveModel {
            id: ActiveValue::Unchanged(self.row.id),
            status: ActiveValue::Set(self.row.status.clone()),
            task_time: ActiveValue::Set(self.row.task_time),
            task_time_defaulted: ActiveValue::Set(self.row.task_time_defaulted),
            sequence: ActiveValue::Set(self.row.sequence),
            version: ActiveValue::Set(self.row.version),
            updated_at: ActiveValue::Set(self.row.updated_at),
            ..Default::default()
        };
        Entity::update(row).validate()?.filter(Column::OrganizationId.eq(self.row.organization_id)).exec_without_returning(tx).await?;
        let (was, mut is) = (serde_json::to_value(before)?, serde_json::to_value(&self)?);
        if !failed.is_null() {
            is["notification"] = failed;
        }
        tx.record(Change::updated(Kind::Appointment, self.row.id, self.row.version, action, was, is).telling(told(&self.row)));
        Ok(self)
    }
}

/// The number of the first other appointment that keeps the employee from this one.
pub(crate) async fn obstacle(db: &impl Lookup, row: &Model, employee: EmployeeId) -> Result<Option<String>> {
    if !row.occupies() {
        return Ok(None);
    }
    let organization = OrganizationId(row.organization_id);
    let query = of(organization)
        .filter(Column::Id.in_subquery(moderator::repo::appointments_of(organization, employee)))
        .filter(Column::Id.ne(row.id))
        .filter(Column::Status.eq(AppointmentStatus::Pending.word()))
        .filter(Column::RoomType.eq(RoomType::Normal.word()))
        .filter(Column::TaskTime.gt(row.task_time - LONGEST))
        .filter(Column::TaskTime.lt(row.task_time + row.duration_minutes * 60_000))
        .order_by_asc(Column::TaskTime)
        .order_by_asc(Column::Id);
    let near = query.all(db).await?;
    let span = |row: &Model| (row.task_time, row.duration_minutes);
    Ok(near.into_iter().find(|other| overlap(span(row), span(other))).map(|other| other.task_num))
}

/// The appointments that `filter` lets through, newest first: with `moderator` those it moderates, with `own` those that
/// customer takes part in.
pub(crate) fn list(
    organization: OrganizationId,
    filter: &AppointmentFilter,
    moderator: Option<EmployeeId>,
    own: Option<&str>,
) -> List<Entity> {
    let listed = List::of(of, organization)
        .narrow(Column::TicketId, filter.ticket_id.map(|ticket| ticket.0))
        .narrow(Column::OutTaskNum, filter.out_task_num.as_deref())
        .narrow(Column::BranchCode, filter.branch_code.as_deref())
        .narrow(Column::Status, filter.status.map(AppointmentStatus::word))
        .range(Column::TaskTime, filter.task_time_start.map(millis), filter.task_time_end.map(millis))
        .kept(kept(organization, filter, own));
    let customer = filter.customer_id_num.as_deref().or(own);
    match (moderator, customer) {
        (Some(employee), Some(customer)) => listed
            .filter(Some(Condition::all().add(Column::Id.in_subquery(moderator::repo::appointments_of(organization, employee)))))
            .link("appointment_publisher", publisher::repo::of_customer(organization, customer), publisher::repo::appointment()),
        (Some(employee), None) => {
            listed.link("appointment_moderator", moderator::repo::of_employee(organization, employee), moderator::repo::appointment())
        }
        (None, Some(customer)) => {
            listed.link("appointment_publisher", publisher::repo::of_customer(organization, customer), publisher::repo::appointment())
        }
        (None, None) => listed,
    }
}

/// Where the total is kept: of all that are the organization's, and of those with a status.
fn kept(organization: OrganizationId, filter: &AppointmentFilter, own: Option<&str>) -> Option<Tally> {
    let AppointmentFilter { status, page, per_page, cursor, total, .. } = filter.clone();
    let alone = AppointmentFilter { status, page, per_page, cursor, total, ..AppointmentFilter::default() };
    let tally = match status {
        Some(status) => Tally::with_status(organization, Kind::Appointment, [status.word()]),
        None => Tally::all(organization, Kind::Appointment),
    };
    (own.is_none() && *filter == alone).then_some(tally)
}
