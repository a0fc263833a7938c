//! Sign-in by name and password: `/api/v1/auth*`.

use actix_web::{get, post, put};
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::Message;
use frontdesk_directory::sign_in::{AccessToken, Me, NewPassword, NewSession};

use crate::call::{Answer, Call, Open};
use crate::respond;

/// Login
///
/// A token for a name and a password. Where the store holds several organizations, the name is `employee_no@slug`.
#[utoipa::path(
    tag = "sign-in",
    security(()),
    request_body(content(
        (NewSession = "application/json", example = json!({"name": "admin", "password": "frontdesk-demo", "ttl": 60})),
        (NewSession = "application/x-www-form-urlencoded", example = json!({"name": "admin", "password": "frontdesk-demo"})),
    )),
    responses((status = 200, description = "The token.", body = AccessToken, example = json!({
        "access_token": "fd_mYh0Zr0GmVQkqB1kTn1W9dZf1c0Vw1XoYb2Jc3LhQ9s", "token_type": "bearer", "expires_in": 3600
    })))
)]
#[post("/api/v1/auth")]
pub(crate) async fn auth_login(call: Open) -> Answer {
    let input = call.body(NewSession::read)?;
    let (services, name) = (&call.services, input.value.name.clone());
    let attempt = services.sign_in.login(input, &call.request_id);
    let token = services.failed_sign_ins.watch(&name, call.peer, services.world.now(), attempt).await?;
    Ok(respond::send(respond::json(200, &token), false))
}

/// Refresh Token
///
/// A new token that lives as long as the present one was to live; the present one is revoked at once. Also taken as `POST`
/// with `"_method": "put"` in the body.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 200, description = "The new token.", body = AccessToken, example = json!({
        "access_token": "fd_x8Wc2Jr5uQe1bN7tVzK4mYpLhG0sDfA9iXoR3kTqM6E", "token_type": "bearer", "expires_in": 3600
    })))
)]
#[put("/api/v1/auth")]
pub(crate) async fn auth_refresh(call: Call) -> Answer {
    call.require(Permission::SignedIn)?;
    call.judge_query()?;
    let token = call.services.sign_in.refresh(&call.caller, &call.token, &call.request_id).await?;
    Ok(respond::send(respond::json(200, &token), false))
}

/// Logout
///
/// Revokes the token of the request.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 200, description = "Done.", body = Message, example = json!({"message": "Successfully logged out"})))
)]
#[post("/api/v1/auth/logout")]
pub(crate) async fn auth_logout(call: Call) -> Answer {
    call.require(Permission::SignedIn)?;
    call.judge_query()?;
    call.services.sign_in.logout(&call.caller, &call.token, &call.request_id).await?;
    let message = Message { message: "Successfully logged out".into() };
    Ok(respond::send(respond::json(200, &message), false))
}

/// Me
///
/// The employee of the token.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 200, description = "The employee.", body = Me, example = json!({
        "id": 1, "name": "Demo Admin", "email": "admin@example.org", "created_at": "2025-11-04 09:30:00",
        "updated_at": "2025-11-04 09:30:00", "login_at": "2026-01-05 09:00:12", "is_active": true, "instance_id": 1, "instance_type": "App\\Employee",
        "is_immortal": false, "leave_at": null
    })))
)]
#[get("/api/v1/auth/me")]
pub(crate) async fn auth_me(call: Call) -> Answer {
    call.require(Permission::Staff)?;
    call.read(respond::one(&call.services.sign_in.me(&call.caller).await?))
}

/// Change Password
///
/// One's own, which takes the present one, or as an admin that of another employee. Every token of that employee is revoked,
/// the one of the request included.
#[utoipa::path(
    tag = "sign-in",
    request_body(content(
        (NewPassword = "application/json", example = json!({"password": "a better one", "employee_id": 2})),
        (NewPassword = "application/x-www-form-urlencoded", example = json!({"password": "a better one", "employee_id": 2})),
    )),
    responses(
        (status = 200, description = "Done.", body = Message, example = json!({"message": "Successfully changed the password"})),
        (status = 429, description = "Too many wrong present passwords.", body = Message,
            example = json!({"message": "too many requests; try again in 42 seconds"})),
        (status = 409, description = "Somebody has changed it at the same time.", body = Message,
            example = json!({"message": "the password has been changed meanwhile"})),
    ),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/auth/password")]
pub(crate) async fn auth_password(call: Call) -> Answer {
    call.require(Permission::Staff)?;
    let input = call.body(NewPassword::read)?;
    // Without an idempotency key: under it a hash of the request would be kept, and so of the password.
    let (services, cx) = (&call.services, call.context());
    let name = format!("employee {}", call.caller.employee().unwrap_or_default());
    services.failed_sign_ins.watch(&name, call.peer, services.world.now(), services.sign_in.change_password(&cx, input)).await?;
    let message = Message { message: "Successfully changed the password".into() };
    Ok(respond::send(respond::json(200, &message), false))
}
