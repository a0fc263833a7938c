//! The OpenAPI document: what the served routes say of themselves, and what holds for all of them.

use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use crate::failure::Surface;

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
}

const ABOUT: &str = "Three surfaces on one store: **appointments** (`/api/task/*`, `/api/auth/*`), **call center** \
(`/api/tasks*`) and **ticketing** (`/api/v1/*`).\n\n\
1. Sign in with `POST /api/v1/auth`: in the demo organization `{\"name\": \"admin\", \"password\": \"frontdesk-demo\"}`.\n\
2. Copy `access_token` from the answer, press **Authorize**, and paste it under `bearer`.\n\
3. Every operation now runs as that person; a token of one surface works on all of them.\n\n\
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
        {"name": "appointments", "description": "Video appointments, their moderators and publishers."},
        {"name": "appointments sign-in", "description": "From a license to a code to a token."},
        {"name": "call center", "description": "Tasks made from calls."},
        {"name": "tickets", "description": "Tickets with their handlers, contacts and interactions."},
        {"name": "look-ups", "description": "Employees, sponsors, categories and termination codes."},
        {"name": "sign-in", "description": "From a name and password to a token."},
        {"name": "operating", "description": "Health and counts."},
    ]);
    document["components"]["securitySchemes"] = json!({
        "bearer": {"type": "http", "scheme": "bearer", "description": "An access token, or a service key."},
        "license": {"type": "apiKey", "in": "header", "name": "arc-license-key", "description": "The license of an integrating system."},
    });
    inline_scalars(&mut document);
    refer_to_records(&mut document);
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, methods) in paths {
            for (method, operation) in methods.as_object_mut().into_iter().flatten() {
                complete(path, method, operation);
            }
        }
    }
    document
}

/// Puts ids and moments where they are used, nullable ones as `type: [integer, null]`: a component for each, and a `oneOf`
/// with null around it, is what client generators stumble over.
fn inline_scalars(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let scalar = |schema: &Value| matches!(schema["type"].as_str(), Some("string" | "integer")) && schema["enum"].is_null();
    let names: Vec<_> = schemas.iter().filter(|(_, schema)| scalar(schema)).map(|(name, _)| name.clone()).collect();
    let scalars = names.into_iter().filter_map(|name| schemas.shift_remove(&name).map(|schema| (format!("#/components/schemas/{name}"), schema)));
    let scalars: Map<String, Value> = scalars.collect();
    inline(document, &scalars);
}

fn inline(value: &mut Value, scalars: &Map<String, Value>) {
    if let Value::Array(items) = value {
        items.iter_mut().for_each(|item| inline(item, scalars));
        return;
    }
    let Value::Object(object) = value else { return };
    object.values_mut().for_each(|inner| inline(inner, scalars));
    let referred = object.get("$ref").and_then(Value::as_str).and_then(|reference| scalars.get(reference));
    if let Some(Value::Object(schema)) = referred {
        object.shift_remove("$ref");
        merge(object, schema);
    }
    let nullable = object.get("oneOf").and_then(Value::as_array).and_then(|either| match either.as_slice() {
        [null, Value::Object(other)] | [Value::Object(other), null] if *null == json!({"type": "null"}) && other.get("type").is_some_and(Value::is_string) => Some(other.clone()),
        _ => None,
    });
    if let Some(mut schema) = nullable {
        schema["type"] = json!([schema["type"], "null"]);
        object.shift_remove("oneOf");
        merge(object, &schema);
    }
}

/// Lets wrappers such as pages refer to the record they hold, which a generic type brings along whole.
fn refer_to_records(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let records: Vec<_> = schemas.iter().filter(|(_, schema)| schema["type"] == "object").map(|(name, schema)| (name.clone(), schema.clone())).collect();
    for (name, schema) in schemas {
        for inner in schema.as_object_mut().into_iter().flat_map(Map::values_mut) {
            refer(inner, name, &records);
        }
    }
}

fn refer(value: &mut Value, within: &str, records: &[(String, Value)]) {
    let same = records.iter().find(|(name, schema)| name != within && schema == value);
    if let Some((name, _)) = same {
        *value = json!({"$ref": format!("#/components/schemas/{name}")});
        return;
    }
    match value {
        Value::Object(object) => object.values_mut().for_each(|inner| refer(inner, within, records)),
        Value::Array(items) => items.iter_mut().for_each(|inner| refer(inner, within, records)),
        _ => {}
    }
}

/// Adds what `object` does not say itself.
fn merge(object: &mut Map<String, Value>, schema: &Map<String, Value>) {
    for (name, value) in schema {
        object.entry(name.clone()).or_insert_with(|| value.clone());
    }
}

fn complete(path: &str, method: &str, operation: &mut Value) {
    let surface = Surface::of(path);
    let open = operation["security"] == json!([{}]);
    if open {
        operation["security"] = json!([]);
    } else if operation["security"].is_null() {
        operation["security"] = json!([{"bearer": []}]);
    }
    if operation["tags"] == json!(["operating"]) {
        return;
    }
    let sign_in = operation["tags"][0].as_str().is_some_and(|tag| tag.contains("sign-in"));
    // The answers of these hold secrets, or end a token: they are never kept.
    let secret = sign_in && !path.ends_with("/password");
    let writes = method != "get" && !secret && !path.contains("/get_");
    headers(operation, writes, method == "get" && path.contains('{'), path.contains('{') || surface == Surface::Appointments);
    let token = operation["security"].as_array().is_some_and(|all| all.iter().any(|one| one.get("bearer").is_some()));
    let body = !operation["requestBody"].is_null();
    let facts = Facts { path, body, token, writes, secret, query: has_query(operation), method };
    let answers = match surface {
        Surface::Appointments => appointments(&facts),
        Surface::CallCenter => call_center(&facts),
        Surface::Ticketing => ticketing(&facts),
    };
    if let Some(responses) = operation["responses"].as_object_mut() {
        for (status, answer) in answers {
            responses.entry(status).or_insert(answer);
        }
        responses.sort_keys();
    }
}

/// What an operation is like, as far as its refusals depend on it.
struct Facts<'a> {
    path: &'a str,
    method: &'a str,
    body: bool,
    token: bool,
    writes: bool,
    secret: bool,
    query: bool,
}

impl Facts<'_> {
    fn record(&self) -> bool {
        self.path.contains('{')
    }
}

fn has_query(operation: &Value) -> bool {
    operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["in"] == "query"))
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
        add("Idempotency-Key", about, json!({"type": "string", "minLength": 1, "maxLength": 255}));
    }
    if writes && versioned {
        add("If-Match", "The `ETag` the record must still have.", json!({"type": "string"}));
    }
    if single {
        add("If-None-Match", "The `ETag` the client has already: 304 where it is still the present one.", json!({"type": "string"}));
    }
}

type Answers = Map<String, Value>;

fn answer(answers: &mut Answers, status: u16, about: &str, schema: &str, example: Value) {
    let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}, "example": example}});
    answers.insert(status.to_string(), json!({"description": about, "content": content}));
}

fn appointments(facts: &Facts<'_>) -> Answers {
    let mut all = Answers::new();
    let mut verdict = |status, about, text: &str| answer(&mut all, status, about, "Verdict", json!({"status": 0, "message": text}));
    if facts.token {
        verdict(403, "The role or the ownership forbids it.", "Access to the requested resource is not allowed");
    }
    if facts.path.starts_with("/api/task/") && !facts.path.ends_with("/task/do_add") && !facts.path.ends_with("/get_list") {
        verdict(404, "No such appointment.", "Resource Not Found");
    }
    if facts.writes {
        verdict(409, "A request with this `Idempotency-Key` is still running.", "a request with this Idempotency-Key is still running");
        verdict(412, "The appointment has changed since the version that `If-Match` names.", "the record has changed; its version is 3");
    }
    if facts.body {
        verdict(413, "The body has more than 2 MiB.", "the body may have at most 2097152 bytes");
        verdict(415, "The body is no JSON.", "the content type of the body is not supported");
    }
    if facts.writes {
        verdict(422, "The `Idempotency-Key` was used for another request.", "Idempotency-Key was used for another request");
    }
    if facts.secret && !facts.token {
        verdict(429, "Too many failed sign-ins.", "too many requests; try again in 42 seconds");
    }
    verdict(500, "A fault inside.", "internal error");
    verdict(503, "Busy; try again.", "the service is busy; try again");
    if facts.token {
        let example = json!({"status": 0, "code": 1403, "message": "unauthorized"});
        answer(&mut all, 401, "No good token: 1401 missing, 1402 not bearer, 1403 unknown, 1404 expired, 1405 revoked.", "TokenRefusal", example);
    }
    all
}

fn call_center(facts: &Facts<'_>) -> Answers {
    let mut all = Answers::new();
    let mut detail = |status, about, text: &str| answer(&mut all, status, about, "Detail", json!({"detail": text}));
    detail(401, "No good token.", "Not authenticated");
    detail(403, "The role or the key's scopes forbid it.", "Not enough permissions");
    if facts.record() {
        detail(404, "No such task.", "Not Found");
    }
    if facts.writes {
        detail(409, "The task's state or another task forbids it.", "a completed task cannot become cancelled");
    }
    if facts.writes && facts.record() {
        detail(412, "The task has changed since the version that `If-Match` names.", "the record has changed; its version is 3");
    }
    if facts.body {
        detail(413, "The body has more than 8 MiB.", "the body may have at most 8388608 bytes");
        detail(415, "The body is no JSON.", "the content type of the body is not supported");
    }
    detail(500, "A fault inside.", "internal error");
    detail(503, "Busy; try again.", "the service is busy; try again");
    let example = json!({"detail": [{"loc": ["body", "title"], "msg": "Value is required", "type": "missing"}]});
    answer(&mut all, 422, "Validation Error: every offending field.", "FieldDetails", example);
    all
}

fn ticketing(facts: &Facts<'_>) -> Answers {
    let mut all = Answers::new();
    let mut message = |status, about, text: &str| answer(&mut all, status, about, "Message", json!({"message": text}));
    if facts.body {
        message(400, "The body is malformed.", "the body is not valid JSON (line 1, column 2)");
        message(413, "The body has more than 2 MiB.", "the body may have at most 2097152 bytes");
        message(415, "The body is neither JSON nor a form.", "the content type of the body is not supported");
    }
    if facts.token {
        message(401, "No good token.", "Unauthenticated.");
        message(403, "The role or the key's scopes forbid it.", "This action is unauthorized.");
    }
    if facts.record() {
        message(404, "No such record.", "Not Found");
    }
    if facts.writes {
        message(409, "The record's state, or another record, forbids it.", "the ticket is linked to a call task");
    }
    if facts.writes && facts.record() {
        message(412, "The record has changed since the version that `If-Match` names.", "the record has changed; its version is 3");
    }
    if facts.secret && !facts.token {
        message(429, "Too many failed sign-ins.", "too many requests; try again in 42 seconds");
    }
    message(500, "A fault inside.", "internal error");
    message(503, "Busy; try again.", "the service is busy; try again");
    if facts.body || facts.query || facts.writes || facts.method == "get" {
        let example = json!({"message": "The given data was invalid.", "errors": {"subject": ["The subject is required."]}});
        answer(&mut all, 422, "Every offending field.", "FieldErrors", example);
    }
    if facts.secret && !facts.token {
        answer(&mut all, 401, "A wrong name or password.", "LoginRefusal", json!({"error": "Unauthorized"}));
    }
    all
}
