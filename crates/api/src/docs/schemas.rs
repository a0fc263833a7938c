//! The document's schemas in the form that client generators read best.

use serde_json::{Map, Value, json};

/// Puts ids and moments where they are used, nullable ones as `type: [integer, null]`: a component for each, and a `oneOf`
/// with null around it, is what client generators stumble over. What is said of a nullable record is put beside its `oneOf`,
/// where they look for it.
pub(super) fn inline_scalars(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let scalar = |schema: &Value| matches!(schema["type"].as_str(), Some("string" | "integer")) && schema["enum"].is_null();
    let names: Vec<_> = schemas.iter().filter(|(_, schema)| scalar(schema)).map(|(name, _)| name.clone()).collect();
    let scalars =
        names.into_iter().filter_map(|name| schemas.shift_remove(&name).map(|schema| (format!("#/components/schemas/{name}"), schema)));
    let scalars: Map<String, Value> = scalars.collect();
    inline(document, &scalars);
}

fn inline(value: &mut Value, scalars: &Map<String, Value>) {
    if let Value::Array(items) = value {
        for item in items {
            inline(item, scalars);
        }
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
        [null, Value::Object(other)] | [Value::Object(other), null]
            if *null == json!({"type": "null"}) && other.get("type").is_some_and(Value::is_string) =>
        {
            Some(other.clone())
        }
        _ => None,
    });
    if let Some(mut schema) = nullable {
        schema["type"] = json!([schema["type"], "null"]);
        object.shift_remove("oneOf");
        merge(object, &schema);
    }
    if let Some(Value::Array(either)) = object.get_mut("oneOf")
        && either.len() == 2
        && either.contains(&json!({"type": "null"}))
        && let Some(about) = either.iter_mut().find_map(|one| one.as_object_mut()?.shift_remove("description"))
    {
        object.entry("description").or_insert(about);
    }
}

/// Lets wrappers such as pages refer to the record they hold, which a generic type brings along whole.
pub(super) fn refer_to_records(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let records: Vec<_> =
        schemas.iter().filter(|(_, schema)| schema["type"] == "object").map(|(name, schema)| (name.clone(), schema.clone())).collect();
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
