//! Who comes in, and as whom: names and passwords, licenses and codes, service keys.

mod codes;
mod issued;
mod keys;
mod limits;
mod passwords;
mod remembered;
mod roles;
mod secrets;
mod sessions;

use frontdesk_directory::employee::Employees;
use frontdesk_directory::sign_in::{NewLicense, SignIn};
use serde_json::{Value, json};

use crate::harness::app::{Answer, App, Caller};
use crate::harness::world::PASSWORD;

/// Asks for a code.
async fn ask(license: &Caller<'_>, user_id: &str, role: &str) -> Answer {
    license.post("/api/auth/code", json!({"user_id": user_id, "role": role})).await
}

/// A code.
async fn code(license: &Caller<'_>, user_id: &str, role: &str) -> String {
    let body = ask(license, user_id, role).await.is(200);
    assert_eq!((&body["status"], &body["message"]), (&json!(1), &json!("")), "{user_id} {role}: {body}");
    body["info"]["code"].as_str().unwrap().to_owned()
}

/// Exchanges a code for a token.
async fn exchange(app: &App, code: &str, client_id: &str) -> Answer {
    let body = json!({"grant_type": "authorization_code", "client_id": client_id, "code": code, "redirect_uri": null});
    app.anonymous().post("/api/auth/login", body).await
}

/// A token by way of a code.
async fn granted(app: &App, license: &Caller<'_>, user_id: &str, role: &str) -> String {
    let body = exchange(app, &code(license, user_id, role).await, "arctos-webapp").await.is(200);
    assert_eq!((&body["status"], &body["message"]), (&json!(1), &json!("")), "{body}");
    body["info"]["access_token"].as_str().unwrap().to_owned()
}

/// What the vendor answers where somebody may not come in.
#[track_caller]
fn unauthorized(answer: Answer) {
    answer.equals(200, &json!({"status": 0, "message": "Unauthorized Access"}));
}

/// Another license of the first organization.
async fn license(app: &App, allow_admin: bool, new_moderators: bool) -> Caller<'_> {
    let new = NewLicense { label: "another".into(), allow_admin, new_moderators };
    let issued = services(app).await.add_license(&app.context(), new).await.unwrap();
    app.anonymous().with("arc-license-key", issued.secret.reveal())
}

/// The sign-in as Rust services have it.
async fn services(app: &App) -> SignIn {
    SignIn::new(app.db().await, app.world.clone())
}

/// The staff as Rust services have it.
async fn employees(app: &App) -> Employees {
    Employees::new(app.db().await)
}

/// Signs in by name and password.
async fn login(app: &App, name: &str, password: &str) -> Answer {
    app.anonymous().post("/api/v1/auth", json!({"name": name, "password": password})).await
}

/// A token for a name whose password is that of everybody.
async fn token(app: &App, name: &str) -> String {
    secret(&login(app, name, PASSWORD).await.is(200))
}

fn secret(answer: &Value) -> String {
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Fails unless the appointments surface names this fault of the token.
async fn fault(app: &App, token: &str, code: u16, message: &str) {
    let refused = app.bearer(token).post("/api/auth/check", json!({})).await;
    refused.equals(401, &json!({"status": 0, "code": code, "message": message}));
    app.bearer(token).get("/api/tasks").await.equals(401, &json!({"detail": message}));
    app.bearer(token).get("/api/v1/auth/me").await.equals(401, &json!({"message": "Unauthenticated."}));
}

/// Fails unless the token is revoked.
async fn revoked(app: &App, token: &str) {
    fault(app, token, 1405, "token is invalid").await;
}
