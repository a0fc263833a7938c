//! The table of routes: every operation is named here once.

use utoipa::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::appointments::{auth, moderator, publisher, task as appointment};
use crate::callcenter::{task as call_task, text as call_text};
use crate::directory::{
    contact, cti_agent, department, employee, extension, group, job_title, license, organization, phone_number, service_key,
};
use crate::events::{stream, webhook};
use crate::ticketing::{category, interaction, related, sponsor, subcategory, termination_code, ticket};
use crate::{directory, events, failure, health, history};

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
    config
        .service(appointment::appointment_reschedule)
        .service(moderator::appointment_remove_moderator)
        .service(publisher::appointment_remove_publishers);
    config.service(call_task::call_task_create).service(call_task::call_task_list).service(call_task::call_task_get);
    config.service(call_task::call_task_set_status).service(call_task::call_task_link_appeal).service(call_task::call_task_patch_appeal);
    config.service(call_task::call_task_reprocess).service(call_task::call_task_update);
    config.service(call_text::call_task_processing).service(call_text::call_task_choose_text);
    config.service(history::appointment_history).service(history::call_task_history);
    config.service(history::ticket_history).service(history::contact_history);
    config.service(ticket::ticket_list).service(ticket::ticket_create);
    config.service(ticket::ticket_view).service(ticket::ticket_update).service(ticket::ticket_delete);
    config.service(related::ticket_related);
    config.service(sponsor::sponsor_list).service(sponsor::sponsor_create);
    config.service(sponsor::sponsor_view).service(sponsor::sponsor_update).service(sponsor::sponsor_delete);
    config.service(termination_code::termination_code_list).service(termination_code::termination_code_create);
    config
        .service(termination_code::termination_code_view)
        .service(termination_code::termination_code_update)
        .service(termination_code::termination_code_delete);
    config.service(category::category_list).service(category::category_create);
    config.service(category::category_view).service(category::category_update).service(category::category_delete);
    config.service(subcategory::subcategory_list).service(subcategory::subcategory_create);
    config.service(subcategory::subcategory_view).service(subcategory::subcategory_update).service(subcategory::subcategory_delete);
    config.service(interaction::interaction_list).service(interaction::interaction_create);
    config.service(interaction::interaction_view).service(interaction::interaction_update).service(interaction::interaction_delete);
    config.service(employee::employee_list).service(employee::employee_create);
    config.service(employee::employee_view).service(employee::employee_update).service(employee::employee_delete);
    config.service(group::group_list).service(group::group_create);
    config.service(group::group_view).service(group::group_update).service(group::group_delete);
    config.service(job_title::job_title_list).service(job_title::job_title_create);
    config.service(job_title::job_title_view).service(job_title::job_title_update).service(job_title::job_title_delete);
    config.service(department::department_list).service(department::department_create);
    config.service(department::department_view).service(department::department_update).service(department::department_delete);
    config.service(extension::extension_list).service(extension::extension_create);
    config.service(extension::extension_view).service(extension::extension_update).service(extension::extension_delete);
    config.service(cti_agent::cti_agent_list).service(cti_agent::cti_agent_create);
    config.service(cti_agent::cti_agent_view).service(cti_agent::cti_agent_update).service(cti_agent::cti_agent_delete);
    config.service(contact::contact_list).service(contact::contact_create);
    config.service(contact::contact_view).service(contact::contact_update).service(contact::contact_delete);
    config.service(directory::anonymize::contact_anonymize);
    config.service(phone_number::phone_number_list).service(phone_number::phone_number_create);
    config.service(phone_number::phone_number_view).service(phone_number::phone_number_update).service(phone_number::phone_number_delete);
    config.service(organization::organization_view).service(organization::organization_update);
    config.service(license::license_list).service(license::license_create);
    config.service(license::license_view).service(license::license_revoke);
    config.service(service_key::service_key_list).service(service_key::service_key_create);
    config.service(service_key::service_key_view).service(service_key::service_key_revoke);
    config.service(events::event_list).service(stream::event_stream);
    config.service(webhook::webhook_list).service(webhook::webhook_create);
    config.service(webhook::webhook_view).service(webhook::webhook_update).service(webhook::webhook_delete);
    config.service(webhook::webhook_rotate).service(webhook::webhook_replay);
    config.service(webhook::webhook_deliveries).service(webhook::webhook_resend);
    config.service(directory::auth::auth_login).service(directory::auth::auth_refresh).service(directory::auth::auth_logout);
    config.service(directory::auth::auth_me).service(directory::auth::auth_password);
    config.service(auth::appointment_auth_code).service(auth::appointment_auth_login).service(auth::appointment_auth_check);
    if metrics {
        config.service(health::metrics);
    }
}
