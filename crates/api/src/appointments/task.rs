//! Appointments: `/api/task/do_add`, `/api/task/time/do_update`, `/api/task/status/do_update`, `/api/task/get_info`,
//! `/api/task/get_list`.

use actix_web::post;
use frontdesk_appointments::{
    Appointment, AppointmentFilter, AppointmentNumber, AppointmentStatusChange, AppointmentTimeChange, NewAppointment,
};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Envelope, Verdict};
use frontdesk_core::status::Outcome;
use frontdesk_store::Kept;
use serde_json::{Value, json};

use super::page::AppointmentPage;
use super::{done, informed};
use crate::call::{Answer, Call};
use crate::respond;

const SUCCESS: &str = "success";

pub(crate) fn example() -> Value {
    json!({
        "id": 1, "task_num": "202601050000001", "business_id": 15, "out_task_num": "V-1001", "out_task_type": "demo",
        "task_type": "normal", "task_notify": false, "task_time": "1767578400", "task_remark": "理賠流程說明，請客戶準備收據",
        "branch_code": "943", "business_code": "2", "room_type": "normal", "video": true, "status": "pending", "ticket_id": 25,
        "duration_minutes": 30, "creater_id": 3, "created_at": "1767410400", "updated_at": "1767410400",
        "moderators": [{"emp_id": "yating", "employee_id": 3, "name": "林 雅婷", "business_code": "2", "branch_code": "85",
            "notification": null}],
        "publishers": [{"customer_title": "Ms.", "customer_name": "王 淑芬", "customer_id_num": "M-1003",
            "customer_country_code": "+886", "customer_phone": "2 0000 0103", "customer_email": "customer3@example.com", "contact_id": 3,
            "publisher_id": 3, "notification": null}],
    })
}

/// The answer of getTask.
pub(super) async fn present(call: &Call, task_num: String) -> Result<Kept> {
    let found = call.services.appointments.get(&call.caller, &task_num).await?;
    let answer = Envelope { status: Outcome::Success, message: SUCCESS.into(), info: Some(found.record) };
    Ok(respond::tagged(200, found.version, &answer))
}

/// createBlankTask
///
/// Makes an appointment without people and gives its `task_num`. The same request again answers `status` 2 with the first
/// `task_num`; the same `out_task_type` and `out_task_num` with other fields answers `status` 0, as every invalid field does.
/// `ticket_id` and `duration_minutes` are extensions.
#[utoipa::path(
    tag = "appointments",
    request_body(content = NewAppointment, example = json!({
        "business_id": 15, "out_task_num": "XXXXXXXXX", "out_task_type": "XXXXXXXXX", "task_type": "normal", "task_notify": false,
        "task_time": "1703141398", "task_remark": "remark_somthing", "branch_code": 943, "business_code": 2, "room_type": "normal",
        "video": true
    })),
    responses((status = 200, description = "Made (1), made before (2), or refused (0).", body = Envelope<AppointmentNumber>, examples(
        ("success" = (value = json!({"status": 1, "message": "success", "info": {"task_num": "202312210000001"}}))),
        ("warning" = (value = json!({"status": 2, "message": "the task exists already as 202312210000001",
            "info": {"task_num": "202312210000001"}}))),
        ("fail" = (value = json!({"status": 0, "message": "task_time is required where room_type is normal"}))),
    )))
)]
#[post("/api/task/do_add")]
pub(crate) async fn appointment_create(call: Call) -> Answer {
    call.require(Permission::WriteAppointments)?;
    let input = call.body(NewAppointment::read)?;
    let appointments = &call.services.appointments;
    call.write(informed, |cx| async move { appointments.create(&cx, input).await }).await
}

/// rescheduleTask
///
/// Gives an appointment that is not over another time; its `task_num` stays. The time it already has answers `status` 2. Where
/// one of its moderators has another scheduled appointment then, the organization's `double_booking` decides between `status`
/// 1, 2 and 0; a `realtime` room never counts. From then on its time takes no part in the comparison of equal createBlankTask
/// requests.
#[utoipa::path(
    tag = "appointments",
    request_body(content = AppointmentTimeChange, example = json!({"task_num": "202601050000004", "task_time": "1893488400"})),
    responses((status = 200, description = "Done (1), worth a look (2), or refused (0).", body = Verdict, examples(
        ("success" = (value = json!({"status": 1, "message": "success"}))),
        ("warning" = (value = json!({"status": 2,
            "message": "success; petrova is also a service member of the overlapping task 202601050000010"}))),
        ("fail" = (value = json!({"status": 0, "message": "task_num names a task that is canceled; its time cannot change"}))),
    ))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/task/time/do_update")]
pub(crate) async fn appointment_reschedule(call: Call) -> Answer {
    call.require(Permission::WriteAppointments)?;
    let input = call.body(AppointmentTimeChange::read)?;
    let appointments = &call.services.appointments;
    let present = present(&call, input.value.task_num.clone());
    call.change(done, |cx| async move { appointments.reschedule(&cx, input).await }, present).await
}

/// updateTaskStatus
///
/// Finishes or cancels an appointment for good: one of its moderators may, a supervisor and an admin. The status it already has
/// answers `status` 2, the other one `status` 0.
#[utoipa::path(
    tag = "appointments",
    request_body(content = AppointmentStatusChange, example = json!({"task_num": "202601050000003", "task_status": "finished"})),
    responses((status = 200, description = "Done (1), done before (2), or refused (0).", body = Verdict, examples(
        ("success" = (value = json!({"status": 1, "message": "success"}))),
        ("warning" = (value = json!({"status": 2, "message": "the task is already finished"}))),
        ("fail" = (value = json!({"status": 0, "message": "task_status must be one of finished, canceled"}))),
    )))
)]
#[post("/api/task/status/do_update")]
pub(crate) async fn appointment_set_status(call: Call) -> Answer {
    call.require(Permission::CloseAppointments)?;
    let input = call.body(AppointmentStatusChange::read)?;
    let appointments = &call.services.appointments;
    let present = present(&call, input.value.task_num.clone());
    call.change(done, |cx| async move { appointments.set_status(&cx, input).await }, present).await
}

/// getTask
///
/// An appointment with its moderators and publishers, and its `ETag`. A customer finds its own appointments only, and in them
/// itself alone among the publishers.
#[utoipa::path(
    tag = "appointments",
    request_body(content = AppointmentNumber, example = json!({"task_num": "202601050000001"})),
    responses((status = 200, description = "The appointment (1), or the request is refused (0).", body = Envelope<Appointment>,
        example = json!({"status": 1, "message": "success", "info": example()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/task/get_info")]
pub(crate) async fn appointment_get(call: Call) -> Answer {
    call.require(Permission::ReadAppointments)?;
    let AppointmentNumber { task_num } = call.body(AppointmentNumber::read)?.checked()?;
    call.read(present(&call, task_num).await?)
}

/// getTaskList
///
/// The appointments that meet every filter given, newest first, each with its people. A page has 20 where `per_page` does not
/// say otherwise. A customer finds its own. `"cursor": ""` begins a walk from page to page, in which each appointment that is
/// there throughout is met once.
#[utoipa::path(
    tag = "appointments",
    request_body(content = AppointmentFilter, example = json!({"status": "pending", "task_time__start": "2023-12-21", "per_page": 20})),
    responses((status = 200, description = "A page of appointments (1), or the request is refused (0).",
        body = Envelope<AppointmentPage<Appointment>>, example = json!({"status": 1, "message": "success",
            "info": {"items": [example()], "total": 1, "page": 1, "per_page": 20, "pages": 1, "next_cursor": null}}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/task/get_list")]
pub(crate) async fn appointment_list(call: Call) -> Answer {
    call.require(Permission::ReadAppointments)?;
    let filter = call.body(AppointmentFilter::read)?;
    let page = call.services.appointments.list(&call.caller, filter).await?;
    let total = page.total;
    let answer = Envelope { status: Outcome::Success, message: SUCCESS.into(), info: Some(AppointmentPage::from(page)) };
    Ok(respond::paged(respond::json(200, &answer), total, None))
}
