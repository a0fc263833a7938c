use std::collections::{BTreeSet, HashMap};

use frontdesk_core::id::OrganizationId;
use frontdesk_core::status::{AppointmentType, RoomType};
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee::{self, Staff};
use frontdesk_store::Lookup;

use super::Appointment;
use super::entity::Model;
use crate::moderator::{self, AppointmentModerator};
use crate::moment::UnixTime;
use crate::notice::{self, AppointmentNotification, PersonKind};
use crate::publisher::{self, AppointmentPublisher};

/// The rows with their people, in the same order; of the publishers only `own`, where the caller is that customer.
pub(crate) async fn show(db: &impl Lookup, organization: OrganizationId, own: Option<&str>, rows: Vec<Model>) -> Result<Vec<Appointment>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let notified: Vec<_> = rows.iter().filter(|row| row.task_notify).map(|row| row.id).collect();
    let mut mails = notice::repo::last(db, organization, &notified).await?;
    let joined = moderator::repo::of_appointments(db, organization, &ids).await?;
    let employees: BTreeSet<_> = joined.iter().map(|moderator| moderator.employee_id).collect();
    let staff = employee::shown(db, organization, &Vec::from_iter(employees)).await?;
    let mut moderators: HashMap<_, Vec<_>> = HashMap::new();
    for row in joined {
        let mail = mails.remove(&(row.appointment_id, PersonKind::Moderator.word().into(), row.employee_id));
        moderators.entry(row.appointment_id).or_default().extend(moderator(row, &staff, mail));
    }
    let mut publishers: HashMap<_, Vec<_>> = HashMap::new();
    for row in publisher::repo::of_appointments(db, organization, &ids).await? {
        if own.is_none_or(|own| own == row.customer_id_num) {
            let mail = mails.remove(&(row.appointment_id, PersonKind::Publisher.word().into(), row.id));
            publishers.entry(row.appointment_id).or_default().push(publisher(row, mail));
        }
    }
    let whole = |row: Model| {
        let (moderators, publishers) = (moderators.remove(&row.id), publishers.remove(&row.id));
        appointment(row, moderators.unwrap_or_default(), publishers.unwrap_or_default())
    };
    rows.into_iter().map(whole).collect()
}

fn appointment(row: Model, moderators: Vec<AppointmentModerator>, publishers: Vec<AppointmentPublisher>) -> Result<Appointment> {
    let unknown = || Error::internal("an appointment has an unknown task_type or room_type");
    Ok(Appointment {
        status: row.status()?,
        id: row.id.into(),
        task_num: row.task_num,
        business_id: row.business_id,
        out_task_num: row.out_task_num,
        out_task_type: row.out_task_type,
        task_type: AppointmentType::of_word(&row.task_type).ok_or_else(unknown)?,
        task_notify: row.task_notify,
        task_time: UnixTime::of_millis(row.task_time),
        task_remark: row.task_remark,
        branch_code: row.branch_code,
        business_code: row.business_code,
        room_type: RoomType::of_word(&row.room_type).ok_or_else(unknown)?,
        video: row.video,
        ticket_id: row.ticket_id.map(Into::into),
        duration_minutes: row.duration_minutes,
        creater_id: row.creater_id.map(Into::into),
        created_at: UnixTime::of_millis(row.created_at),
        updated_at: UnixTime::of_millis(row.updated_at),
        moderators,
        publishers,
    })
}

fn moderator(
    row: moderator::entity::Model,
    staff: &HashMap<i64, Staff>,
    notification: Option<AppointmentNotification>,
) -> Option<AppointmentModerator> {
    let employee = staff.get(&row.employee_id)?;
    Some(AppointmentModerator {
        emp_id: employee.employee_no.clone(),
        employee_id: employee.id,
        name: employee.name.clone(),
        business_code: row.business_code,
        branch_code: row.branch_code,
        notification,
    })
}

fn publisher(row: publisher::entity::Model, notification: Option<AppointmentNotification>) -> AppointmentPublisher {
    AppointmentPublisher {
        customer_title: row.customer_title,
        customer_name: row.customer_name,
        customer_id_num: row.customer_id_num,
        customer_country_code: row.customer_country_code,
        customer_phone: row.customer_phone,
        customer_email: row.customer_email,
        contact_id: row.contact_id.map(Into::into),
        publisher_id: row.id,
        notification,
    }
}
