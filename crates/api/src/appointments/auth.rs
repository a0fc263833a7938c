//! From a license to a code to a token: `/api/auth/*`.

use actix_web::{HttpResponse, post};
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Envelope;
use frontdesk_core::status::Outcome;
use frontdesk_directory::sign_in::{AuthCheck, AuthCode, AuthLogin, CodeExchange, NewCode};
use serde::Serialize;

use crate::call::{Answer, Call, Open};
use crate::respond;

/// The vendor's success of the sign-in calls has no text.
fn success<T: Serialize>(info: T) -> HttpResponse {
    let envelope = Envelope { status: Outcome::Success, message: String::new(), info: Some(info) };
    respond::send(respond::json(200, &envelope), false)
}

/// getAuthCode
///
/// A code for a person whom the integrating system vouches for with its license. A `MODERATOR` who is no employee yet becomes
/// one without a password, unless the license forbids it; a `PUBLISHER` or `CLIENT` is a customer. An unknown license, an
/// employee without a role, and any other unknown person as `SWITCH` or `ADMIN` are refused alike.
#[utoipa::path(
    tag = "appointments sign-in",
    security(("license" = [])),
    params(("arc-license-key" = String, Header, description = "The license of the integrating system.", example = "demo-license")),
    request_body(content = NewCode, example = json!({"user_id": "ann", "name": "Ann Lee", "role": "MODERATOR"})),
    responses((status = 200, description = "The code (1), or refused (0).", body = Envelope<AuthCode>, examples(
        ("success" = (value = json!({"status": 1, "message": "",
            "info": {"code": "fdc_4uE2n8mWZ0pD1yXjvS3oQe5bT7kGhRcA9iLfNqJzMxU"}}))),
        ("fail" = (value = json!({"status": 0, "message": "Unauthorized Access"}))),
    )))
)]
#[post("/api/auth/code")]
pub(crate) async fn appointment_auth_code(call: Open) -> Answer {
    let input = call.body(NewCode::read)?;
    let license = call.header("arc-license-key").unwrap_or_default();
    let (services, name) = (&call.services, input.value.user_id.clone());
    let attempt = services.sign_in.code(license, input, &call.request_id);
    Ok(success(services.failed_sign_ins.watch(&name, call.peer, services.world.now(), attempt).await?))
}

/// getAuthTokenUseCode
///
/// A token for a code, which is good once and for 10 minutes. The token lives 8 hours. The code of the example exists in the
/// demo organization alone, and is good once as well.
#[utoipa::path(
    tag = "appointments sign-in",
    security(()),
    request_body(content = CodeExchange, example = json!({
        "grant_type": "authorization_code", "client_id": "arctos-webapp",
        "code": "demo-code", "redirect_uri": null
    })),
    responses((status = 200, description = "The token (1), or refused (0).", body = Envelope<AuthLogin>, examples(
        ("success" = (value = json!({"status": 1, "message": "",
            "info": {"user_id": 2, "access_token": "fd_mYh0Zr0GmVQkqB1kTn1W9dZf1c0Vw1XoYb2Jc3LhQ9s"}}))),
        ("fail" = (value = json!({"status": 0, "message": "Unauthorized Access"}))),
    )))
)]
#[post("/api/auth/login")]
pub(crate) async fn appointment_auth_login(call: Open) -> Answer {
    let input = call.body(CodeExchange::read)?;
    let (services, program) = (&call.services, input.value.client_id);
    let attempt = services.sign_in.exchange(input, &call.request_id);
    Ok(success(services.failed_sign_ins.watch(program.word(), call.peer, services.world.now(), attempt).await?))
}

/// checkAuthToken
///
/// What the token of the request is. One from a name and password answers `arctos-webapp`, and `ADMIN` for an admin, else
/// `MODERATOR`.
#[utoipa::path(
    tag = "appointments sign-in",
    responses((status = 200, description = "The token.", body = Envelope<AuthCheck>, example = json!({
        "status": 1, "message": "", "info": {"client_id": "arctos-webapp", "user_id": 1, "role": "ADMIN"}
    })))
)]
#[post("/api/auth/check")]
pub(crate) async fn appointment_auth_check(call: Call) -> Answer {
    call.require(Permission::SignedIn)?;
    call.judge_query()?;
    Ok(success(call.services.sign_in.check(&call.caller, &call.token)?))
}
