//! The OpenAPI document: current, whole, and the same for every operation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

use crate::harness::contract::{DOCUMENT, OPERATIONS, Operation, fits};
use crate::harness::members::sources_of;

/// The operations that a page of the source products documents; all others are extensions.
const DOCUMENTED: [&str; 37] = [
    "POST /api/auth/code",
    "POST /api/auth/login",
    "POST /api/auth/check",
    "POST /api/task/do_add",
    "POST /api/task/service/do_add",
    "POST /api/task/customer/do_add",
    "POST /api/task/status/do_update",
    "POST /api/tasks",
    "GET /api/tasks",
    "GET /api/tasks/{}",
    "PUT /api/tasks/{}/status",
    "PUT /api/tasks/{}/appeal",
    "PATCH /api/tasks/{}/appeal",
    "POST /api/tasks/{}/reprocess",
    "POST /api/v1/auth",
    "PUT /api/v1/auth",
    "POST /api/v1/auth/logout",
    "GET /api/v1/auth/me",
    "GET /api/v1/ticket",
    "POST /api/v1/ticket",
    "GET /api/v1/ticket/{}",
    "PUT /api/v1/ticket/{}",
    "DELETE /api/v1/ticket/{}",
    "GET /api/v1/employee",
    "GET /api/v1/sponsor",
    "GET /api/v1/ticket-termination-code",
    "GET /api/v1/category",
    "GET /api/v1/subcategory",
    "GET /api/v1/contact",
    "POST /api/v1/contact",
    "PUT /api/v1/contact/{}",
    "DELETE /api/v1/contact/{}",
    "GET /api/v1/phone-number",
    "POST /api/v1/phone-number",
    "PUT /api/v1/phone-number/{}",
    "DELETE /api/v1/phone-number/{}",
    "GET /api/v1/interact-collection",
];

/// Compares a file of `openapi/` with what it must be, or writes it where `UPDATE_OPENAPI` is set.
fn committed(name: &str, current: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi").join(name);
    if env::var_os("UPDATE_OPENAPI").is_some() {
        return fs::write(path, current).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    let line = committed.lines().zip(current.lines()).position(|(old, new)| old != new).map_or(0, |line| line + 1);
    assert!(committed == current, "openapi/{name} is not what the program serves (line {line}): run `make openapi`");
}

#[test]
fn the_committed_document_is_current() {
    committed("openapi.json", &format!("{:#}\n", *DOCUMENT));
}

#[test]
fn the_committed_list_of_operations_is_current() {
    let mut tags: BTreeMap<&str, String> = BTreeMap::new();
    for Operation { id, method, path, body } in OPERATIONS.iter() {
        writeln!(tags.entry(body["tags"][0].as_str().unwrap_or_default()).or_default(), "  {id} {method} {path}").unwrap();
    }
    let list: Vec<_> = tags.into_iter().map(|(tag, lines)| format!("{tag}\n{lines}")).collect();
    committed("operations.txt", &list.join("\n"));
}

/// Calls `visit` with every object and the way to it.
fn walk(value: &Value, way: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(way, value);
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| walk(value, &format!("{way}/{key}"), visit)),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, value)| walk(value, &format!("{way}/{place}"), visit)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_reached() {
    let mut reached = BTreeSet::new();
    walk(&DOCUMENT, "", &mut |way, value| {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            let found = target.strip_prefix('#').and_then(|pointer| DOCUMENT.pointer(pointer));
            assert!(found.is_some(), "{way} refers to {target}, which is not there");
            reached.insert(target.to_owned());
        }
    });
    for name in DOCUMENT["components"]["schemas"].as_object().unwrap().keys() {
        assert!(reached.contains(&format!("#/components/schemas/{name}")), "no operation uses the schema {name}");
    }
}

#[test]
fn a_schema_has_a_name_of_its_own() {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in sources_of(|name| name.starts_with("frontdesk-")) {
        let derives = text.match_indices("#[derive(").map(|(place, _)| &text[place..]);
        for rest in derives.filter(|rest| rest.lines().next().is_some_and(|line| line.contains("ToSchema"))) {
            let Some(name) = schema_name(rest) else { continue };
            let owner = path.display().to_string();
            if let Some(other) = owners.insert(name.clone(), owner.clone()) {
                panic!("{owner} and {other} both have a schema {name}: one hides the other");
            }
        }
    }
    assert!(owners.len() > 40, "{}", owners.len());
}

/// The name of the schema that a type's derive makes; none for a type that a macro names.
fn schema_name(derive: &str) -> Option<String> {
    let (attributes, item) = derive.split_once("\npub ").filter(|(attributes, _)| !attributes.contains("pub "))?;
    if let Some((_, name)) = attributes.split_once("schema(as = ") {
        return Some(name.split([')', ',']).next()?.to_owned());
    }
    let mut words = item.split(|c: char| !c.is_alphanumeric()).skip_while(|word| !matches!(*word, "struct" | "enum"));
    words.nth(1).filter(|name| !name.is_empty()).map(str::to_owned)
}

#[test]
fn every_operation_says_what_it_is() {
    let tags: Vec<_> = DOCUMENT["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    for Operation { id, method, path, body } in OPERATIONS.iter() {
        let what = format!("{method} {path}");
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !id.is_empty(), "{what} has the operationId {id:?}");
        assert!(ids.insert(id), "{what} shares its operationId {id}");
        for text in ["summary", "description"] {
            assert!(body[text].as_str().is_some_and(|text| !text.is_empty()), "{what} has no {text}");
        }
        let tagged: Vec<_> = body["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(tagged.len() == 1 && tags.contains(&tagged[0]), "{what} has the tags {tagged:?}, not one of {tags:?}");
        assert!(body["security"].is_array(), "{what} does not say who may ask");
        let pattern = what.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/");
        let extension = body.get("x-frontdesk-extension").map(|value| assert!(value == true, "{what}")).is_some();
        assert_eq!(extension, !DOCUMENTED.contains(&pattern.as_str()), "{what}: x-frontdesk-extension");
    }
}

#[test]
fn every_parameter_is_described() {
    for Operation { id, path, body, .. } in OPERATIONS.iter() {
        let parameters: Vec<_> = body["parameters"].as_array().into_iter().flatten().collect();
        let mut names = BTreeSet::new();
        for parameter in &parameters {
            let name = parameter["name"].as_str().unwrap();
            assert!(names.insert((name, parameter["in"].as_str())), "{id} has the parameter {name} twice");
            assert!(parameter["description"].as_str().is_some_and(|text| !text.is_empty()), "{id} does not describe {name}");
            assert!(parameter["schema"].is_object(), "{id} does not say what {name} is");
            if name == "sort" || name.ends_with("__start") || name.ends_with("__end") {
                let bounds = [&parameter["schema"]["pattern"], &parameter["schema"]["format"]];
                assert!(bounds.iter().any(|bound| bound.is_string()), "{id} does not say what {name} looks like");
            }
        }
        for part in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            assert!(names.contains(&(part, Some("path"))), "{id} does not describe {part} in its path");
        }
    }
}

#[test]
fn every_body_has_an_example_that_fits() {
    let mut faults = vec![];
    for operation in OPERATIONS.iter() {
        let id = &operation.id;
        for (kind, media) in operation.body["requestBody"]["content"].as_object().into_iter().flatten() {
            if kind.ends_with("json") {
                faults.extend(examples(&format!("the body of {id}"), media));
            }
        }
        for (status, answer) in operation.body["responses"].as_object().unwrap() {
            assert!(answer["description"].as_str().is_some_and(|text| !text.is_empty()), "{id} does not describe its {status}");
            for media in answer["content"].as_object().into_iter().flatten().map(|(_, media)| media) {
                faults.extend(examples(&format!("the answer {status} of {id}"), media));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is wrong with the examples of a body.
fn examples(what: &str, media: &Value) -> Vec<String> {
    let several = media["examples"].as_object().into_iter().flatten().map(|(_, example)| &example["value"]);
    let all: Vec<_> = media.get("example").into_iter().chain(several).collect();
    if all.is_empty() {
        return vec![format!("{what} has no example")];
    }
    let wrong = all.into_iter().filter_map(|example| fits(&media["schema"], example).err());
    wrong.map(|error| format!("an example of {what} does not fit: {error}")).collect()
}

#[test]
fn what_answers_hold_is_always_there() {
    let mut answers = BTreeSet::new();
    for operation in OPERATIONS.iter() {
        walk(&operation.body["responses"], &operation.id, &mut |_, value| {
            if let Some(target) = value.get("$ref").and_then(Value::as_str) {
                answers.insert(target.to_owned());
            }
        });
    }
    let mut left: Vec<_> = answers.iter().cloned().collect();
    let mut faults = vec![];
    while let Some(target) = left.pop() {
        let schema = DOCUMENT.pointer(&target[1..]).unwrap();
        walk(schema, &target, &mut |way, value| {
            if let Some(properties) = value["properties"].as_object().filter(|_| !way.contains("/properties/properties")) {
                let required: BTreeSet<_> = value["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                faults.extend(
                    properties.keys().filter(|name| !required.contains(name.as_str())).map(|name| format!("{way} may lack {name}")),
                );
            }
            if let Some(inner) = value.get("$ref").and_then(Value::as_str)
                && answers.insert(inner.to_owned())
            {
                left.push(inner.to_owned());
            }
        });
    }
    // A refusal has the status 200 too on the appointments surface, and no info.
    faults.retain(|fault| !(fault.contains("/Envelope_") && fault.ends_with(" info")));
    assert!(faults.is_empty(), "a field of an answer is always there: {}", faults.join("\n"));
}
