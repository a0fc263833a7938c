use std::sync::Arc;

use frontdesk_core::access::{Actor, Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{EmployeeId, Kind, OrganizationId};
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_core::page::{Page, Total};
use frontdesk_core::status::{AppointmentStatus, Role};
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee;
use frontdesk_store::{Db, Snapshot, Tx, WriteContext, Written, missing};

use super::booking;
use super::repo::{self, Whole};
use super::show::show;
use super::status::{Closing, close};
use super::{
    Appointment, AppointmentFilter, AppointmentFinalStatus, AppointmentNumber, AppointmentStatusChange, AppointmentTimeChange,
    NewAppointment,
};
use crate::moment::UnixTime;
use crate::notice::plan;
use crate::reply::Reply;

const SUCCESS: &str = "success";

/// The appointments of the store, with their people.
///
/// Every verb asks for the permission it needs. Writes find what they decide on in one order, the appointment and then the
/// employees by id, so that none waits for another in a circle.
#[derive(Clone, Debug)]
pub struct Appointments {
    pub(crate) db: Db,
    pub(crate) mails: bool,
}

impl Appointments {
    /// The appointments of a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, mails: false }
    }

    /// The same where there is a mail server: what people are to be told goes out by mail too, once [`crate::Notifications`]
    /// send it. Without one the events alone tell of it.
    #[must_use]
    pub fn mailing(self) -> Self {
        Self { mails: true, ..self }
    }

    /// Makes an appointment without people (createBlankTask).
    ///
    /// The same request again, by whomever, is a remark with the first `task_num`; another one with the same `out_task_type`
    /// and `out_task_num` is a violation of `out_task_num`.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewAppointment>>) -> Result<Written<Reply<AppointmentNumber>>> {
        cx.caller.require(Permission::WriteAppointments)?;
        let input = Arc::new(input.into());
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { create(tx, &input).await })
            })
            .await
    }

    /// Gives an appointment another time (rescheduleTask).
    ///
    /// The time it already has is a remark. Where one of its moderators has another scheduled appointment then, the
    /// organization's `double_booking` decides: nothing, a remark, or a violation of `task_time`.
    pub async fn reschedule(&self, cx: &WriteContext, input: impl Into<Input<AppointmentTimeChange>>) -> Result<Written<Reply>> {
        cx.caller.require(Permission::WriteAppointments)?;
        let (input, mails) = (Arc::new(input.into()), self.mails);
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { reschedule(tx, &input, mails).await })
            })
            .await
    }

    /// Finishes or cancels an appointment for good (updateTaskStatus).
    ///
    /// An agent must be its moderator, else [`Error::Forbidden`]. The status it already has is a remark; the other final one
    /// is a violation of `task_status`.
    pub async fn set_status(&self, cx: &WriteContext, input: impl Into<Input<AppointmentStatusChange>>) -> Result<Written<Reply>> {
        cx.caller.require(Permission::CloseAppointments)?;
        let (input, mails) = (Arc::new(input.into()), self.mails);
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { set_status(tx, &input, mails).await })
            })
            .await
    }

    /// The appointment of that number with its people (getTask). To a publisher only its own exist, and in them only its own
    /// entry among the publishers.
    pub async fn get(&self, caller: &Caller, task_num: &str) -> Result<Versioned<Appointment>> {
        caller.require(Permission::ReadAppointments)?;
        let (caller, task_num) = (caller.clone(), task_num.to_owned());
        self.db.snapshot(move |db| Box::pin(async move { get(db, &caller, &task_num).await })).await
    }

    /// The appointments that the filter lets through, newest first, with their people (getTaskList). A publisher sees its own.
    pub async fn list(&self, caller: &Caller, input: impl Into<Input<AppointmentFilter>>) -> Result<Page<Appointment>> {
        caller.require(Permission::ReadAppointments)?;
        let Input { value: filter, mut violations } = input.into();
        violations.check(In::Body, &filter);
        violations.or(())?;
        let caller = caller.clone();
        self.db.snapshot(move |db| Box::pin(async move { list(db, &caller, &filter).await })).await
    }
}

async fn create(tx: &Tx, input: &Input<NewAppointment>) -> Result<Reply<AppointmentNumber>> {
    let new = &input.value;
    let mut violations = input.violations.clone();
    violations.check(In::Body, new);
    new.rules(&mut violations);
    if missing(tx, Kind::Ticket, tx.caller().organization, new.ticket_id).await? {
        violations.body("ticket_id", Rule::Exists);
    }
    violations.or(())?;
    let draft = repo::draft(tx, new);
    let Some(first) = repo::first(tx, &draft).await? else {
        let row = repo::insert(tx, draft).await?;
        return Ok(Reply::new(SUCCESS, row.version, AppointmentNumber { task_num: row.task_num }));
    };
    if !first.asks_the_same(&draft) {
        return Err(Error::body("out_task_num", Rule::other(format!("is that of task {}, which has other fields", first.task_num))));
    }
    let remark = format!("the task exists already as {}", first.task_num);
    Ok(Reply::new(SUCCESS, first.version, AppointmentNumber { task_num: first.task_num }).remark(remark))
}

async fn reschedule(tx: &Tx, input: &Input<AppointmentTimeChange>, mails: bool) -> Result<Reply> {
    let change = &input.value;
    let mut violations = input.violations.clone();
    let before = repo::target(tx, &change.task_num, &violations).await?;
    if let Some(before) = &before {
        tx.expect_version(before.row.version)?;
        before.must_be_open("its time cannot change", &mut violations)?;
    }
    change.rules(&mut violations);
    violations.or(())?;
    let before = before.ok_or(Error::NotFound)?;
    if UnixTime::of_millis(before.row.task_time) == change.task_time {
        return Ok(Reply::new(SUCCESS, before.row.version, ()).remark("the task is already at this time"));
    }
    let mut after = before.clone();
    after.row.task_time = change.task_time.millis();
    // createBlankTask asked for another time than it has from now on, and is still the same request.
    after.row.task_time_defaulted = true;
    let clashes = book(tx, &after).await?;
    after.row.sequence += 1;
    let after = after.save(tx, &before, "rescheduled").await?;
    plan::tell(tx, &before, &after, mails).await?;
    let reply = Reply::new(SUCCESS, after.row.version, ());
    Ok(match clashes {
        Some(clashes) => reply.remark(format!("{SUCCESS}; {clashes}")),
        None => reply,
    })
}

/// Judges the double bookings of the moderators, who are locked after the appointment as in createTaskModerator: of two
/// writes that book the same employee the second sees what the first did.
async fn book(tx: &Tx, task: &Whole) -> Result<Option<String>> {
    let organization = tx.caller().organization;
    let ids: Vec<_> = task.moderators.iter().map(|moderator| moderator.employee_id).collect();
    employee::lock(tx, organization, &ids).await?;
    let mut staff = employee::staff(tx, organization, &ids).await?;
    let staff: Vec<_> = ids.iter().filter_map(|id| staff.remove(id)).collect();
    let mut violations = Violations::default();
    let clashes = booking::judge(tx, &task.row, &staff, "task_time", &mut violations).await?;
    violations.or(clashes)
}

async fn get(db: &Snapshot, caller: &Caller, task_num: &str) -> Result<Versioned<Appointment>> {
    let row = repo::numbered(db, caller.organization, task_num).await?.ok_or(Error::NotFound)?;
    let (version, own) = (row.version, customer(caller));
    let record = show(db, caller.organization, own, vec![row]).await?.pop();
    let record = record.filter(|task| own.is_none() || !task.publishers.is_empty());
    Ok(Versioned { version, record: record.ok_or(Error::NotFound)? })
}

async fn set_status(tx: &Tx, input: &Input<AppointmentStatusChange>, mails: bool) -> Result<Reply> {
    let AppointmentStatusChange { task_num, task_status } = &input.value;
    let before = repo::target(tx, task_num, &input.violations).await?;
    if let Some(before) = &before {
        if !may_close(&tx.caller().actor, before) {
            return Err(Error::Forbidden);
        }
        tx.expect_version(before.row.version)?;
    }
    input.violations.clone().or(())?;
    let before = before.ok_or(Error::NotFound)?;
    let present = before.row.status()?;
    match close(present, *task_status) {
        Closing::Refused => Err(Error::body("task_status", Rule::other(format!("cannot follow {present}, which is final")))),
        Closing::Already => Ok(Reply::new(SUCCESS, before.row.version, ()).remark(format!("the task is already {present}"))),
        Closing::Done => {
            let status = AppointmentStatus::from(*task_status).word();
            let mut after = before.clone();
            after.row.status = status.into();
            after.row.sequence += i64::from(*task_status == AppointmentFinalStatus::Canceled);
            let after = after.save(tx, &before, status).await?;
            plan::tell(tx, &before, &after, mails).await?;
            Ok(Reply::new(SUCCESS, after.row.version, ()))
        }
    }
}

/// Whether the actor, whose role allows it, may finish and cancel this appointment: an agent must be its moderator.
fn may_close(actor: &Actor, task: &Whole) -> bool {
    match actor {
        Actor::Employee { id, role: Role::Agent } => task.moderators.iter().any(|moderator| moderator.employee_id == id.0),
        _ => true,
    }
}

/// The number by which a caller who is a customer is known.
fn customer(caller: &Caller) -> Option<&str> {
    match &caller.actor {
        Actor::Publisher { customer_id_num, .. } => Some(customer_id_num),
        _ => None,
    }
}

async fn list(db: &Snapshot, caller: &Caller, filter: &AppointmentFilter) -> Result<Page<Appointment>> {
    let (organization, request) = (caller.organization, filter.request());
    let nothing = Page { items: vec![], total: Total::default(), request: request.clone(), next: None };
    let own = customer(caller);
    // Whether another customer takes part is not for a customer to find out.
    if own.is_some() && filter.customer_id_num.is_some() && filter.customer_id_num.as_deref() != own {
        return Ok(nothing);
    }
    let moderator = match moderator(db, organization, filter.emp_id.as_deref()).await? {
        None if filter.emp_id.is_some() => return Ok(nothing),
        moderator => moderator,
    };
    let Page { items, total, request, next } = repo::list(organization, filter, moderator, own).page(db, request).await?;
    Ok(Page { items: show(db, organization, own, items).await?, total, request, next })
}

async fn moderator(db: &Snapshot, organization: OrganizationId, emp_id: Option<&str>) -> Result<Option<EmployeeId>> {
    match emp_id {
        Some(emp_id) => Ok(employee::find_by_no(db, organization, emp_id).await?.map(|staff| staff.id)),
        None => Ok(None),
    }
}
