//! Nothing secret stands in the store.

use frontdesk_core::access::Scope;
use frontdesk_directory::sign_in::NewServiceKey;
use serde_json::json;

use super::{code, exchange, secret, services, token};
use crate::harness::app::App;
use crate::harness::rows;
use crate::harness::world::PASSWORD;

fn hex(text: &str) -> String {
    text.bytes().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from_digit(digit.into(), 16).unwrap()).collect()
}

#[tokio::test]
async fn no_row_has_a_secret_in_clear() {
    let app = App::new();
    let first = token(&app, "agent@main").await;
    let refreshed = secret(&app.bearer(&first).with("idempotency-key", "k1").put("/api/v1/auth", json!(null)).await.is(200));
    let used = code(&app.license().with("idempotency-key", "k2"), "agent", "MODERATOR").await;
    let granted = exchange(&app, &used, "arctos-webapp").await.is(200)["info"]["access_token"].as_str().unwrap().to_owned();
    let open = code(&app.license(), "c1", "PUBLISHER").await;
    let key = NewServiceKey { label: "machine".into(), scopes: vec![Scope::TicketsRead], expires_at: None };
    let key = services(&app).await.add_service_key(&app.context(), key).await.unwrap().secret.reveal().to_owned();
    let another = "battery staple".to_owned();
    let body = json!({"password": another, "employee_id": 2});
    app.admin().with("idempotency-key", "k3").put("/api/v1/auth/password", body).await.is(200);
    let rows = rows(&app.db().await).await;
    assert!(rows.len() > 50);
    for secret in [first, refreshed, used, granted, open, key, another, PASSWORD.to_owned()] {
        // Also as bytes, which is how kept answers stand in the store.
        let bytes = hex(&secret);
        let found: Vec<_> = rows.iter().filter(|row| row.contains(&secret) || row.to_lowercase().contains(&bytes)).collect();
        assert!(found.is_empty(), "{secret}: {found:#?}");
    }
}
