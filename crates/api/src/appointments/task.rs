//! Appointments: `/api/task/do_add`, `/api/task/status/do_update`, `/api/task/get_info`, `/api/task/get_list`.

use actix_web::post;
use frontdesk_appointments::{Appointment, AppointmentFilter, AppointmentNumber, AppointmentStatusChange, NewAppointment};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Envelope, ItemPage, Verdict};
use frontdesk_core::status::Outcome;
use frontdesk_store::Kept;
use serde_json::{Value, json};

use super::{done, informed};
use crate::call::{Answer, Call};
use crate::respond;

const SUCCESS: &str = "success";

fn example() -> Value {
    json!({
        "id": 1, "task_num": "202312210000001", "business_id": 15, "out_task_num": "XXXXXXXXX", "out_task_type": "XXXXXXXXX",
        "task_type": "normal", "task_notify": false, "task_time": "1703141398", "task_remark": "remark_somthing", "branch_code": "943",
        "business_code": "2", "room_type": "normal", "video": true, "status": "pending", "ticket_id": null, "duration_minutes": 30,
        "creater_id": 1, "created_at": "1703120000", "updated_at": "1703120060",
        "moderators": [{"emp_id": "unique_id", "employee_id": 1, "name": "林 小明", "business_code": "2", "branch_code": "85"}],
        "publishers": [{"customer_title": "Mr.", "customer_name": "name", "customer_id_num": "unique_id", "customer_country_code": "+886",
            "customer_phone": "0911211211", "customer_email": "name@example.com", "contact_id": null}],
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

/// updateTaskStatus
///
/// Finishes or cancels an appointment for good: one of its moderators may, a supervisor and an admin. The status it already has
/// answers `status` 2, the other one `status` 0.
#[utoipa::path(
    tag = "appointments",
    request_body(content = AppointmentStatusChange, example = json!({"task_num": "202406060000001", "task_status": "finished"})),
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
    request_body(content = AppointmentNumber, example = json!({"task_num": "202312210000001"})),
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
/// say otherwise. A customer finds its own.
#[utoipa::path(
    tag = "appointments",
    request_body(content = AppointmentFilter, example = json!({"status": "pending", "task_time__start": "2023-12-21", "per_page": 20})),
    responses((status = 200, description = "A page of appointments (1), or the request is refused (0).",
        body = Envelope<ItemPage<Appointment>>, example = json!({"status": 1, "message": "success",
            "info": {"items": [example()], "total": 1, "page": 1, "per_page": 20, "pages": 1}}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/task/get_list")]
pub(crate) async fn appointment_list(call: Call) -> Answer {
    call.require(Permission::ReadAppointments)?;
    let filter = call.body(AppointmentFilter::read)?;
    let page = call.services.appointments.list(&call.caller, filter).await?;
    let answer = Envelope { status: Outcome::Success, message: SUCCESS.into(), info: Some(ItemPage::from(page)) };
    Ok(respond::send(respond::json(200, &answer), false))
}
