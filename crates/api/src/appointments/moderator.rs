//! The staff of appointments: `/api/task/service/*`.

use actix_web::post;
use frontdesk_appointments::{AppointmentModeratorRemoval, NewAppointmentModerator};
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Verdict;

use super::done;
use crate::call::{Answer, Call};

/// createTaskModerator
///
/// Adds an active employee to an appointment that is not over; without `emp_id` the employee of the token. One who is there
/// already stays as it is (`status` 2). Where the employee moderates another scheduled appointment at the same time, the
/// organization's `double_booking` decides between `status` 1, 2 and 0.
#[utoipa::path(
    tag = "appointments",
    request_body(content = NewAppointmentModerator, example = json!({
        "task_num": "202601050000002", "business_code": "2", "branch_code": "85", "emp_id": "ann"
    })),
    responses((status = 200, description = "Added (1), worth a look (2), or refused (0).", body = Verdict, examples(
        ("success" = (value = json!({"status": 1, "message": "service member success"}))),
        ("warning" = (value = json!({"status": 2,
            "message": "service member success; ann is also a service member of the overlapping task 202601050000005"}))),
        ("fail" = (value = json!({"status": 0,
            "message": "emp_id is refused: ann is also a service member of the overlapping task 202601050000005"}))),
    )))
)]
#[post("/api/task/service/do_add")]
pub(crate) async fn appointment_add_moderator(call: Call) -> Answer {
    call.require(Permission::WriteAppointments)?;
    let input = call.body(NewAppointmentModerator::read)?;
    let appointments = &call.services.appointments;
    let present = super::task::present(&call, input.value.task_num.clone());
    call.change(done, |cx| async move { appointments.add_moderator(&cx, input).await }, present).await
}

/// removeTaskModerator
///
/// Removes an employee from the moderators of an appointment that is not over; without `emp_id` the employee of the token. One
/// who is none of them is a remark (`status` 2).
#[utoipa::path(
    tag = "appointments",
    request_body(content = AppointmentModeratorRemoval, example = json!({"task_num": "202601050000005", "emp_id": "admin"})),
    responses((status = 200, description = "Removed (1), not there (2), or refused (0).", body = Verdict, examples(
        ("success" = (value = json!({"status": 1, "message": "success"}))),
        ("warning" = (value = json!({"status": 2, "message": "admin is no service member of this task"}))),
        ("fail" = (value = json!({"status": 0, "message": "task_num names a task that is finished; nothing can be removed from it"}))),
    ))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/task/service/do_del")]
pub(crate) async fn appointment_remove_moderator(call: Call) -> Answer {
    call.require(Permission::WriteAppointments)?;
    let input = call.body(AppointmentModeratorRemoval::read)?;
    let appointments = &call.services.appointments;
    let present = super::task::present(&call, input.value.task_num.clone());
    call.change(done, |cx| async move { appointments.remove_moderator(&cx, input).await }, present).await
}
