//! The customers of appointments: `/api/task/customer/*`.

use actix_web::post;
use frontdesk_appointments::{AppointmentPublishersRemoval, NewAppointmentPublishers};
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Verdict;

use super::done;
use crate::call::{Answer, Call};

/// createTaskPublisher
///
/// Adds customers to an appointment that is not over, all or none. One who is there already by `customer_id_num` gets what the
/// entry gives and keeps what it leaves out (`status` 2). Two entries with the same `customer_id_num` are refused.
#[utoipa::path(
    tag = "appointments",
    request_body(content = NewAppointmentPublishers, example = json!({
        "task_num": "202601050000001",
        "customer": [{
            "customer_title": "Mr.", "customer_name": "name", "customer_id_num": "unique_id", "customer_country_code": "+886",
            "customer_phone": "0911211211", "customer_email": "name@example.com"
        }]
    })),
    responses((status = 200, description = "Added (1), some were there already (2), or refused (0).", body = Verdict, examples(
        ("success" = (value = json!({"status": 1, "message": "customer member success"}))),
        ("warning" = (value = json!({"status": 2, "message": "customer member success; already there and updated: unique_id"}))),
        ("fail" = (value = json!({"status": 0, "message": "customer.0.customer_email must be an e-mail address"}))),
    )))
)]
#[post("/api/task/customer/do_add")]
pub(crate) async fn appointment_add_publishers(call: Call) -> Answer {
    call.require(Permission::WriteAppointments)?;
    let input = call.body(NewAppointmentPublishers::read)?;
    let appointments = &call.services.appointments;
    let present = super::task::present(&call, input.value.task_num.clone());
    call.change(done, |cx| async move { appointments.add_publishers(&cx, input).await }, present).await
}

/// removeTaskPublisher
///
/// Removes customers from an appointment that is not over, by `customer_id_num`; the entries of createTaskPublisher will do.
/// Those who are not there are a remark (`status` 2). Two entries with the same `customer_id_num` are refused.
#[utoipa::path(
    tag = "appointments",
    request_body(content = AppointmentPublishersRemoval, example = json!({
        "task_num": "202601050000006", "customer": [{"customer_id_num": "M-1002"}]
    })),
    responses((status = 200, description = "Removed (1), some were not there (2), or refused (0).", body = Verdict, examples(
        ("success" = (value = json!({"status": 1, "message": "success"}))),
        ("warning" = (value = json!({"status": 2, "message": "success; not there: M-1002"}))),
        ("fail" = (value = json!({"status": 0, "message": "customer must have 1 to 500 entries"}))),
    ))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/task/customer/do_del")]
pub(crate) async fn appointment_remove_publishers(call: Call) -> Answer {
    call.require(Permission::WriteAppointments)?;
    let input = call.body(AppointmentPublishersRemoval::read)?;
    let appointments = &call.services.appointments;
    let present = super::task::present(&call, input.value.task_num.clone());
    call.change(done, |cx| async move { appointments.remove_publishers(&cx, input).await }, present).await
}
