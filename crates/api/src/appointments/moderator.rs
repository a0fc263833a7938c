//! The staff of appointments: `/api/task/service/do_add`.

use actix_web::post;
use frontdesk_appointments::NewAppointmentModerator;
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
        "task_num": "202402220000021", "business_code": "2", "branch_code": "85", "emp_id": "unique_id"
    })),
    responses((status = 200, description = "Added (1), worth a look (2), or refused (0).", body = Verdict, examples(
        ("success" = (value = json!({"status": 1, "message": "service member success"}))),
        ("warning" = (value = json!({"status": 2,
            "message": "service member success; unique_id is also a service member of the overlapping task 202402220000020"}))),
        ("fail" = (value = json!({"status": 0, "message": "emp_id names no record of this organization"}))),
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
