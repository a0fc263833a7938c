//! The OpenAPI document as a judge: an answer that it does not describe fails the test that got it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

/// An operation of the document.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Value,
}

/// The document as the program generates it.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(frontdesk_api::openapi);

/// Every operation, in the document's order.
pub(crate) static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let mut operations = vec![];
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, body) in methods.as_object().unwrap() {
            let id = body["operationId"].as_str().unwrap_or_default().to_owned();
            operations.push(Operation { id, method: method.to_uppercase(), path: path.clone(), body: body.clone() });
        }
    }
    operations
});

/// The document with every object closed: what a schema does not name is not there.
static CLOSED: LazyLock<Value> = LazyLock::new(|| {
    let mut components = json!({"components": DOCUMENT["components"].clone()});
    close(&mut components);
    components
});

fn close(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("properties").is_some_and(Value::is_object) && !map.contains_key("additionalProperties") {
                map.insert("unevaluatedProperties".into(), false.into());
            }
            // The parts of a whole need not name the whole's fields.
            map.iter_mut().filter(|(key, _)| !matches!(key.as_str(), "allOf" | "example" | "examples")).for_each(|(_, value)| close(value));
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// The operation that answers `method` on `path`, without the query.
pub(crate) fn operation(method: &str, path: &str) -> Option<&'static Operation> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |pattern: &str| {
        let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        pattern.len() == path.len() && pattern.iter().zip(path).all(|(pattern, part)| *pattern == part || pattern.starts_with('{'))
    };
    // A written-out part goes before a parameter.
    OPERATIONS
        .iter()
        .filter(|operation| operation.method == method && fits(&operation.path))
        .min_by_key(|operation| operation.path.matches('{').count())
}

/// Fails unless the document has this answer.
pub(crate) fn judge(method: &str, path: &str, status: u16, content_type: &str, body: &[u8]) {
    let Some(operation) = operation(method, path) else {
        let outside = path.starts_with("/docs") || path == "/openapi.json";
        assert!(outside || matches!(status, 404 | 405 | 413 | 429), "{method} {path} answers {status} and is in no document");
        return;
    };
    let what = || format!("{} ({method} {path}) answers {status}", operation.id);
    let documented = &operation.body["responses"][status.to_string()];
    assert!(documented.is_object(), "{}, which is not documented:\n{}", what(), String::from_utf8_lossy(body));
    let Some(content) = documented["content"].as_object() else {
        assert!(body.is_empty(), "{} with a body that is not documented:\n{}", what(), String::from_utf8_lossy(body));
        return;
    };
    let kind = content_type.split(';').next().unwrap_or_default();
    assert!(
        content.contains_key(kind),
        "{} with the content type {content_type:?} and not {:?}",
        what(),
        content.keys().collect::<Vec<_>>()
    );
    if kind == "application/json" {
        let value: Value = serde_json::from_slice(body).unwrap_or_else(|error| panic!("{} with broken JSON: {error}", what()));
        if let Err(text) = fits(&content[kind]["schema"], &value) {
            panic!("{} with a body that its schema does not describe: {text}\n{value:#}", what());
        }
    }
}

/// What is wrong with a value by a schema of the document.
pub(crate) fn fits(schema: &Value, value: &Value) -> Result<(), String> {
    let errors: Vec<_> = validator(schema).iter_errors(value).map(|error| format!("{error} (at {})", error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
}

fn validator(schema: &Value) -> Arc<Validator> {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let key = schema.to_string();
    if let Some(made) = MADE.lock().unwrap().get(&key) {
        return made.clone();
    }
    let mut root = CLOSED.clone();
    let mut schema = schema.clone();
    close(&mut schema);
    root["allOf"] = json!([schema]);
    let made = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(&root);
    let made = Arc::new(made.unwrap_or_else(|error| panic!("{key} is no schema: {error}")));
    MADE.lock().unwrap().insert(key, made.clone());
    made
}
