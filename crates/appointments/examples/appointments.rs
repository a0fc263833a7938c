//! Appointments without HTTP: `cargo run -p frontdesk-appointments --example appointments`.

use frontdesk_appointments::{
    AppointmentFilter, AppointmentFinalStatus, AppointmentStatusChange, AppointmentTimeChange, Appointments, NewAppointment,
    NewAppointmentModerator, NewAppointmentPublisher, NewAppointmentPublishers, UnixTime,
};
use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::status::Role;
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee::NewEmployee;
use frontdesk_directory::organization::NewOrganization;
use frontdesk_directory::{Employees, Organizations};
use frontdesk_store::{Db, Options, WriteContext, Written};

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}", folder.path().join("appointments.sqlite").display());
    let db = Db::open(&url, &Options::default()).await.map_err(Error::Internal)?;
    frontdesk_migration::migrate(db.schema()).await?;
    let cx = organization(&db).await?;

    let appointments = Appointments::new(db);
    let new = NewAppointment {
        business_id: 15,
        out_task_num: "A-1".into(),
        task_time: Some(UnixTime(1_703_141_398)),
        branch_code: "943".into(),
        video: true,
        ..Default::default()
    };
    let made = fresh(appointments.create(&cx, new.clone()).await?)?;
    println!("{}: {}", made.message(), made.info.task_num);
    println!("{}", fresh(appointments.create(&cx, new).await?)?.message());

    let task_num = made.info.task_num;
    let moderator = NewAppointmentModerator { task_num: task_num.clone(), emp_id: Some("E-7".into()), ..Default::default() };
    println!("{}", fresh(appointments.add_moderator(&cx, moderator).await?)?.message());
    let customer = NewAppointmentPublisher { customer_name: "Wu".into(), customer_id_num: "C-1".into(), ..Default::default() };
    let publishers = NewAppointmentPublishers { task_num: task_num.clone(), customer: vec![customer] };
    println!("{}", fresh(appointments.add_publishers(&cx, publishers).await?)?.message());
    let later = AppointmentTimeChange { task_num: task_num.clone(), task_time: UnixTime(1_703_145_000) };
    println!("{}", fresh(appointments.reschedule(&cx, later).await?)?.message());
    let finished = AppointmentStatusChange { task_num, task_status: AppointmentFinalStatus::Finished };
    println!("{}", fresh(appointments.set_status(&cx, finished).await?)?.message());

    let page = appointments.list(&cx.caller, AppointmentFilter::default()).await?;
    println!("{}", serde_json::to_string_pretty(&page.items)?);
    Ok(())
}

/// An organization with one employee, and the context of a write on it.
async fn organization(db: &Db) -> Result<WriteContext> {
    let now = World::real().now();
    let nowhere = WriteContext::new(Caller::system(OrganizationId(0), Zone::utc()), "example", now);
    let new = NewOrganization { name: "Example".into(), time_zone: "Asia/Taipei".into(), ..Default::default() };
    let organization = fresh(Organizations::new(db.clone()).create(&nowhere, new).await?)?;
    let cx = WriteContext::new(organization.system(), "example", now);
    let new = NewEmployee { employee_no: "E-7".into(), first_name: "Lin".into(), role: Role::Agent, ..Default::default() };
    Employees::new(db.clone()).create(&cx, new).await?;
    Ok(cx)
}

fn fresh<T>(written: Written<T>) -> Result<T> {
    written.fresh().ok_or_else(|| Error::internal("a replay without an idempotency key"))
}
