//! The table of routes: every operation is named here once.

use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::appointments::{auth, moderator, publisher, task as appointment};
use crate::callcenter::task as call_task;
use crate::ticketing::{category, sponsor, subcategory, termination_code, ticket};
use crate::{directory, failure, health};

/// The answers that [`crate::docs`] adds to every operation.
#[derive(OpenApi)]
#[openapi(components(schemas(
    frontdesk_core::envelope::Message,
    frontdesk_core::envelope::Verdict,
    frontdesk_core::envelope::TokenRefusal,
    frontdesk_core::status::Outcome,
    failure::FieldErrors,
    failure::LoginRefusal,
    failure::Detail,
    failure::FieldDetails,
    failure::FieldDetail,
    failure::Step,
)))]
pub(crate) struct Shared;

/// Puts every operation on its path.
pub(crate) fn configure(config: &mut ServiceConfig<'_>, metrics: bool) {
    config.service(health::healthz).service(health::readyz);
    config
        .service(appointment::appointment_create)
        .service(moderator::appointment_add_moderator)
        .service(publisher::appointment_add_publishers);
    config.service(appointment::appointment_set_status).service(appointment::appointment_get).service(appointment::appointment_list);
    config.service(call_task::call_task_create).service(call_task::call_task_list).service(call_task::call_task_get);
    config.service(call_task::call_task_set_status).service(call_task::call_task_link_appeal).service(call_task::call_task_patch_appeal);
    config.service(call_task::call_task_reprocess);
    config.service(ticket::ticket_list).service(ticket::ticket_create);
    config.service(ticket::ticket_view).service(ticket::ticket_update).service(ticket::ticket_delete);
    config.service(sponsor::sponsor_list).service(sponsor::sponsor_create);
    config.service(sponsor::sponsor_view).service(sponsor::sponsor_update).service(sponsor::sponsor_delete);
    config.service(termination_code::termination_code_list);
    config.service(category::category_list).service(subcategory::subcategory_list);
    config.service(directory::employee::employee_list);
    config.service(directory::auth::auth_login).service(directory::auth::auth_refresh).service(directory::auth::auth_logout);
    config.service(directory::auth::auth_me).service(directory::auth::auth_password);
    config.service(auth::appointment_auth_code).service(auth::appointment_auth_login).service(auth::appointment_auth_check);
    if metrics {
        config.service(health::metrics);
    }
}
