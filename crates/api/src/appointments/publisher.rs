//! The customers of appointments: `/api/task/customer/do_add`.

use actix_web::post;
use frontdesk_appointments::NewAppointmentPublishers;
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
        "task_num": "202402220000021",
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
