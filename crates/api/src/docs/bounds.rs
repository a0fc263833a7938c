//! What the document says of requests that the routes' own words leave open.

use serde_json::{Value, json};

/// Says which bodies may be left out, and what an order of a list is made of; gives filters no examples.
pub(super) fn bound(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let operations = document["paths"].as_object_mut().into_iter().flatten().filter_map(|(_, methods)| methods.as_object_mut());
    for operation in operations.flat_map(|methods| methods.values_mut()) {
        if let Some(reference) = operation.pointer("/requestBody/content/application~1json/schema/$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            // None at all reads as an empty object.
            let required = schemas[name]["required"].as_array().is_some_and(|names| !names.is_empty());
            operation["requestBody"]["required"] = json!(required);
        }
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
        for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
            // The example of a type is that of an answer or a body; as a filter it finds nothing.
            if let Some(schema) = parameter["schema"].as_object_mut() {
                schema.retain(|word, _| !word.starts_with("example"));
            }
            if parameter["name"] != "sort" {
                continue;
            }
            if let Some(pattern) = parameter["description"].as_str().and_then(order) {
                parameter["schema"]["pattern"] = json!(pattern);
            }
        }
    }
}

/// The pattern of the orders that a description tells: "Up to four of `id`, `name`; `-name` is descending."
fn order(description: &str) -> Option<String> {
    let (keys, _) = description.strip_prefix("Up to four of ")?.split_once(';')?;
    let keys = keys.split(", ").map(|key| key.trim_matches('`')).collect::<Vec<_>>().join("|");
    Some(format!("^-?({keys})(,-?({keys})){{0,3}}$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders() {
        assert_eq!(order("Up to four of `id`, `name`; `-name` is descending.").as_deref(), Some("^-?(id|name)(,-?(id|name)){0,3}$"));
        assert_eq!(order("By name."), None);
    }
}
