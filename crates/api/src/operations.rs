//! The served operations as the document lists them: which methods a path has, and which query parameters.

use actix_web::dev::ResourceDef;
use serde_json::Value;

/// The served operations.
#[derive(Debug)]
pub(crate) struct Operations(Vec<Served>);

#[derive(Debug)]
struct Served {
    path: String,
    pattern: ResourceDef,
    method: String,
    parameters: Vec<String>,
    body: bool,
}

impl Operations {
    /// Reads them from an OpenAPI document.
    #[must_use]
    pub(crate) fn of(document: &Value) -> Self {
        let mut served = vec![];
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                let of_query = |parameter: &&Value| parameter["in"] == "query";
                let parameters = operation["parameters"].as_array().into_iter().flatten().filter(of_query);
                served.push(Served {
                    path: path.clone(),
                    pattern: ResourceDef::new(path.as_str()),
                    method: method.to_ascii_uppercase(),
                    body: operation.get("requestBody").is_some(),
                    parameters: parameters.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect(),
                });
            }
        }
        Self(served)
    }

    /// The methods of a path; none where it is unknown.
    pub(crate) fn methods(&self, path: &str) -> Vec<String> {
        self.0.iter().filter(|served| served.pattern.is_match(path)).map(|served| served.method.clone()).collect()
    }

    /// The pattern of a path that is known.
    pub(crate) fn pattern(&self, path: &str) -> Option<String> {
        self.0.iter().find(|served| served.pattern.is_match(path)).map(|served| served.path.clone())
    }

    /// The names of an operation's query parameters, and whether it has a body.
    pub(crate) fn takes(&self, method: &str, pattern: Option<&str>) -> (&[String], bool) {
        let found = self.0.iter().find(|served| served.method == method && Some(served.path.as_str()) == pattern);
        found.map_or((&[], false), |served| (&served.parameters, served.body))
    }
}
