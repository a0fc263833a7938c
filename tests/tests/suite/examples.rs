//! Every operation of the document works as its examples say, on the demo organization.

use frontdesk_core::world::World;
use frontdesk_server::demo::{SECRETS, fill};
use reqwest::Url;
use serde_json::{Value, json};

use crate::harness::app::App;
use crate::harness::contract::{OPERATIONS, Operation};
use crate::harness::database::Template;
use crate::harness::{NOW, eventually};

/// The demo organization.
pub(crate) static DEMO: Template = Template::new(|db| {
    Box::pin(async move {
        frontdesk_migration::migrate(db.schema()).await.unwrap();
        fill(&db, &World::fixed(NOW)).await.unwrap();
    })
});

/// A request made of an operation's examples alone.
#[derive(Debug)]
struct Request {
    path: String,
    headers: Vec<(String, String)>,
    /// By media type; one without a type is of an operation that takes no body.
    bodies: Vec<(String, String)>,
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The first example of a parameter or body.
fn example(of: &Value) -> Option<&Value> {
    let several = || of["examples"].as_object()?.values().next()?.get("value");
    let of_schema = || of["schema"].get("example").or_else(|| of["schema"]["examples"].get(0));
    of.get("example").or_else(several).or_else(of_schema)
}

/// The request that an operation's examples make, or what is missing.
fn request(operation: &Operation) -> Result<Request, String> {
    let mut url = Url::parse("http://localhost").unwrap();
    let (mut path, mut headers) = (operation.path.clone(), vec![]);
    for parameter in operation.body["parameters"].as_array().into_iter().flatten() {
        let (name, place) = (parameter["name"].as_str().unwrap(), parameter["in"].as_str().unwrap());
        let Some(value) = example(parameter).map(text) else {
            if parameter["required"] == true {
                return Err(format!("the {place} parameter {name} has no example"));
            }
            continue;
        };
        match place {
            "path" => path = path.replace(&format!("{{{name}}}"), &value),
            "query" => drop(url.query_pairs_mut().append_pair(name, &value)),
            _ => headers.push((name.to_owned(), value)),
        }
    }
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut bodies = vec![];
    for (kind, media) in operation.body["requestBody"]["content"].as_object().into_iter().flatten() {
        let value = example(media).ok_or_else(|| format!("the body {kind} has no example"))?;
        bodies.push((kind.clone(), if kind.ends_with("json") { value.to_string() } else { form(value) }));
    }
    if bodies.is_empty() {
        bodies.push((String::new(), String::new()));
    }
    Ok(Request { path: path + &query, headers, bodies })
}

fn form(fields: &Value) -> String {
    let mut url = Url::parse("http://localhost").unwrap();
    url.query_pairs_mut().extend_pairs(fields.as_object().unwrap().iter().map(|(name, value)| (name, text(value))));
    url.query().unwrap_or_default().to_owned()
}

async fn sign_in(app: &App) -> String {
    let body = json!({"name": "admin", "password": SECRETS.password});
    app.anonymous().post("/api/v1/auth", body).await.is(200)["access_token"].as_str().unwrap().to_owned()
}

/// Whether the answer is a page without rows: the demo organization has some of everything.
fn lists_nothing(body: &Value) -> bool {
    [&body["data"], &body["items"], &body["info"]["items"]].into_iter().any(|rows| rows.as_array().is_some_and(Vec::is_empty))
}

/// Sends the requests of an operation that `pick` chooses by their content type; says which did not succeed.
async fn run(app: &App, token: &str, operation: &Operation, pick: impl Fn(&str) -> bool) -> Vec<String> {
    let Operation { id, method, .. } = operation;
    let request = match request(operation) {
        Ok(request) => request,
        Err(fault) => return vec![format!("{id}: {fault}")],
    };
    let mut faults = vec![];
    for (kind, body) in request.bodies.into_iter().filter(|(kind, _)| pick(kind)) {
        let mut caller = app.bearer(token);
        for (name, value) in &request.headers {
            caller = caller.with(name, value);
        }
        let answer = caller.send(method, &request.path, &kind, body.into()).await;
        let envelope = operation.path.starts_with("/api/task/") || operation.path.starts_with("/api/auth/");
        let done = (200..300).contains(&answer.status) && (!envelope || answer.body["status"] == 1);
        // What no worker has processed has no versions yet.
        let empty = id != "call_task_processing" && lists_nothing(&answer.body);
        if !done || empty {
            faults.push(format!("{id}: {method} {} {kind} answers {}: {}", request.path, answer.status, answer.text));
        }
    }
    faults
}

/// Sends the requests that `pick` chooses among those of each operation, all to one store.
async fn all<'a>(operations: impl Iterator<Item = &'a Operation>, pick: impl Fn(&str) -> bool) {
    let app = App::start(&DEMO);
    let token = sign_in(&app).await;
    // Nothing is sent again to a webhook that is not active, as those of the demo organization are not.
    app.bearer(&token).put("/api/v1/webhook/1", json!({"is_active": true})).await.is(200);
    // PostgreSQL holds events back while what others are at, in other databases too, began before them.
    let told = async || app.bearer(&token).get("/api/v1/event").await.is(200)["data"].as_array().is_some_and(|events| !events.is_empty());
    eventually("the feed tells", told).await;
    let mut faults = vec![];
    for operation in operations {
        // These end or change the token they come with.
        let ends = operation.body["tags"][0].as_str().is_some_and(|tag| tag.contains("sign-in"));
        let token = if ends { sign_in(&app).await } else { token.clone() };
        faults.extend(run(&app, &token, operation, &pick).await);
    }
    assert!(faults.is_empty(), "{} examples fail on the demo organization:\n{}", faults.len(), faults.join("\n"));
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn every_example_works() {
    all(OPERATIONS.iter(), |kind| kind != FORM).await;
}

#[tokio::test]
async fn every_example_works_in_any_order() {
    all(OPERATIONS.iter().rev(), |kind| kind != FORM).await;
}

#[tokio::test]
async fn every_example_of_a_form_works() {
    all(OPERATIONS.iter(), |kind| kind == FORM).await;
}
