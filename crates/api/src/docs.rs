//! The OpenAPI document: what the served routes say of themselves, and what holds for all of them.

use frontdesk_core::status::Counting;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::failure::Surface;

mod bounds;
mod refusals;
mod schemas;

use refusals::{Facts, refusals};
use schemas::{inline_scalars, refer_to_records};

/// The page of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "its fields are the document's; they are read in frontdesk_core::page")]
pub(crate) struct Paging {
    /// The page, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// Rows a page.
    #[param(minimum = 1, maximum = 200)]
    per_page: Option<i64>,
    /// `exact` counts every row, which takes its time where there are more than 10,000.
    #[param(inline)]
    total: Option<Counting>,
}

const ABOUT: &str = "Three surfaces on one store: **appointments** (`/api/task/*`, `/api/auth/*`), **call center** \
(`/api/tasks*`) and **ticketing** (`/api/v1/*`).\n\n\
1. Under **sign-in**, open `POST /api/v1/auth` and press **Execute**: its example is the sign-in of the demo organization.\n\
2. Copy `access_token` from the answer, press **Authorize**, and paste it under `bearer`.\n\
3. Execute any operation as that person; a token of one surface works on all of them.\n\n\
Operations marked `x-frontdesk-extension` stand on no page of the source products.";

/// Completes the document that the routes gave.
pub(crate) fn finish(collected: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(collected).unwrap_or_default();
    document["info"] = json!({
        "title": "Frontdesk",
        "version": env!("CARGO_PKG_VERSION"),
        "description": ABOUT,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    });
    document["servers"] = json!([{"url": "/"}]);
    document["tags"] = json!([
        {"name": "sign-in", "description": "From a name and password to a token."},
        {"name": "appointments", "description": "Video appointments, their moderators and publishers."},
        {"name": "appointments sign-in", "description": "From a license to a code to a token."},
        {"name": "call center", "description": "Tasks made from calls."},
        {"name": "tickets", "description": "Tickets with their handlers, contacts and interactions."},
        {"name": "look-ups", "description": "Sponsors, categories and termination codes."},
        {"name": "staff", "description": "Employees, and the groups, departments and telephones they have."},
        {"name": "contacts", "description": "The customers and their phone numbers."},
        {"name": "organization", "description": "The organization's settings."},
        {"name": "sign-in secrets", "description": "Licenses of integrating systems, service keys of machine clients."},
        {"name": "events", "description": "What happened, for those who follow it."},
        {"name": "operating", "description": "Health and counts."},
    ]);
    document["components"]["securitySchemes"] = json!({
        "bearer": {"type": "http", "scheme": "bearer", "description": "An access token, or a service key."},
        "license": {"type": "apiKey", "in": "header", "name": "arc-license-key", "description": "The license of an integrating system."},
    });
    inline_scalars(&mut document);
    refer_to_records(&mut document);
    bounds::bound(&mut document);
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, methods) in paths {
            for (method, operation) in methods.as_object_mut().into_iter().flatten() {
                complete(path, method, operation);
            }
        }
    }
    document
}

fn complete(path: &str, method: &str, operation: &mut Value) {
    let open = operation["security"] == json!([{}]);
    if open {
        operation["security"] = json!([]);
    } else if operation["security"].is_null() {
        operation["security"] = json!([{"bearer": []}]);
    }
    if operation["tags"] == json!(["operating"]) {
        return;
    }
    // The requests or answers of these hold secrets, of which nothing is kept.
    let secret = operation["tags"][0].as_str().is_some_and(|tag| tag.contains("sign-in"))
        || matches!((method, path), ("post", "/api/v1/webhook" | "/api/v1/webhook/{id}/rotate"));
    let writes = method != "get" && !secret && !path.contains("/get_");
    let settings = path.ends_with("/organization");
    let single = method == "get"
        && (path.contains('{') || path.ends_with("/me") || settings)
        && !path.ends_with("/related")
        && !path.ends_with("/delivery")
        && !path.ends_with("/processing")
        && !path.ends_with("/history");
    let changes = path.contains('{') || settings || (Surface::of(path) == Surface::Appointments && path != "/api/task/do_add");
    let versioned = method != "get" && (writes || path.contains('{')) && changes;
    headers(operation, writes, single, versioned);
    if is_list(path, operation) {
        capped(operation);
    }
    if !path.ends_with("/related") {
        walk(operation);
    }
    if Surface::of(path) == Surface::Ticketing && operation["requestBody"].is_object() {
        let form = operation["requestBody"]["content"]["application/json"].clone();
        operation["requestBody"]["content"]["application/x-www-form-urlencoded"] = form;
    }
    let token = operation["security"].as_array().is_some_and(|all| all.iter().any(|one| one.get("bearer").is_some()));
    let body = !operation["requestBody"].is_null();
    let facts = Facts { path, body, token, writes, secret, versioned, single };
    if let Some(responses) = operation["responses"].as_object_mut() {
        for (status, answer) in refusals(&facts) {
            responses.entry(status).or_insert(answer);
        }
        responses.sort_keys();
    }
}

/// Whether it answers pages: of its query, or of its body.
fn is_list(path: &str, operation: &Value) -> bool {
    let mut parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.any(|parameter| parameter["in"] == "query" && parameter["name"] == "per_page")
        || path.ends_with("/get_list")
        || path.ends_with("/get_history")
}

/// What a list tells of its total (§5).
fn capped(operation: &mut Value) {
    operation["responses"]["200"]["headers"]["X-Total-Capped"] = json!({
        "description": "`true` where there are more than 10,000 rows and the answer says 10000, as do its pages; absent otherwise. The \
            total of a whole list, and of a list by status alone, is always the true one, and so is that of any list with \
            `total=exact`. Pages beyond can be read all the same.",
        "schema": {"type": "string", "enum": ["true"]},
    });
}

/// What a list with pages in its query has for walks (§5).
fn walk(operation: &mut Value) {
    let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) else { return };
    if !parameters.iter().any(|parameter| parameter["in"] == "query" && parameter["name"] == "per_page") {
        return;
    }
    parameters.push(json!({"name": "cursor", "in": "query", "required": false, "allowEmptyValue": true,
        "description": "Walks through the list instead of turning its pages by number: empty to begin, then as the `Link` of the \
            answer before has it. Each row that is there throughout is met once, whatever comes and goes meanwhile. Not with `page`; \
            `per_page` may change on the way. What an answer says of its page counts the rows that the walk has given.",
        "schema": {"type": "string", "format": "cursor", "pattern": "^[A-Za-z0-9_-]*$", "maxLength": 16384}}));
    operation["responses"]["200"]["headers"]["Link"] = json!({
        "description": "The next page of a walk, `<…>; rel=\"next\"`, relative to the server; absent from its last page, and where pages \
            go by number.",
        "schema": {"type": "string"},
    });
}

/// The headers of §5 of every operation that takes them.
fn headers(operation: &mut Value, writes: bool, single: bool, versioned: bool) {
    let mut add = |name: &str, about: &str, schema: Value| {
        let parameter = json!({"name": name, "in": "header", "required": false, "description": about, "schema": schema});
        match operation["parameters"].as_array_mut() {
            Some(all) => all.push(parameter),
            None => operation["parameters"] = json!([parameter]),
        }
    };
    if writes {
        let about = "The same key with the same request within 24 hours gives the first answer again, marked `Idempotent-Replay: true`.";
        add("Idempotency-Key", about, json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"}));
    }
    if versioned {
        add("If-Match", "The `ETag` the record must still have.", json!({"type": "string"}));
    }
    if single {
        add("If-None-Match", "The `ETag` the client has already: 304 where it is still the present one.", json!({"type": "string"}));
    }
}
