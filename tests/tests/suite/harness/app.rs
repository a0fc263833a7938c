//! The real server on a port of its own, and clients for everybody who may ask it.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Bytes;
use frontdesk_api::{Migrated, ServeOptions, Services};
use frontdesk_core::world::World;
use frontdesk_events::Events;
use frontdesk_store::Db;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method};
use serde_json::Value;

use super::NOW;
use super::contract::{judge, operation};
use super::database::{Database, Template};
use super::leaks;

/// A running server with a database of its own.
pub(crate) struct App {
    pub(crate) world: World,
    pub(crate) url: String,
    /// The server's own handle.
    pub(crate) store: Db,
    client: Client,
    server: ServerHandle,
    events: Events,
    thread: Option<JoinHandle<()>>,
    database: Arc<Database>,
}

impl App {
    /// Starts a server on a copy of `template`.
    pub(crate) fn start(template: &Template) -> Self {
        Self::start_with(template, Arc::new(|db| Box::pin(migrated(db))))
    }

    /// The same with another answer to whether the store has every migration step.
    pub(crate) fn start_with(template: &Template, migrated: Migrated) -> Self {
        Self::over(Arc::new(template.copy()), World::fixed(NOW), migrated, options())
    }

    /// Another server over the same database, in the same world.
    pub(crate) fn beside(&self) -> Self {
        Self::over(self.database.clone(), self.world.clone(), Arc::new(|db| Box::pin(migrated(db))), options())
    }

    /// The same held to other options.
    pub(crate) fn beside_held_to(&self, options: ServeOptions) -> Self {
        Self::over(self.database.clone(), self.world.clone(), Arc::new(|db| Box::pin(migrated(db))), options)
    }

    /// A server that is held to other options.
    pub(crate) fn held_to(template: &Template, options: ServeOptions) -> Self {
        Self::start_held_to(template, Arc::new(|db| Box::pin(migrated(db))), options)
    }

    /// The same with another answer to whether the store has every migration step.
    pub(crate) fn start_held_to(template: &Template, migrated: Migrated, options: ServeOptions) -> Self {
        Self::over(Arc::new(template.copy()), World::fixed(NOW), migrated, options)
    }

    /// A server on a database.
    pub(crate) fn on(database: Database) -> Self {
        Self::on_held_to(database, options())
    }

    /// The same held to other options.
    pub(crate) fn on_held_to(database: Database, options: ServeOptions) -> Self {
        Self::over(Arc::new(database), World::fixed(NOW), Arc::new(|db| Box::pin(migrated(db))), options)
    }

    /// A server with another state of the services.
    pub(crate) fn changed(template: &Template, change: fn(Services) -> Services) -> Self {
        Self::made(Arc::new(template.copy()), World::fixed(NOW), Arc::new(|db| Box::pin(migrated(db))), options(), change)
    }

    fn over(database: Arc<Database>, world: World, migrated: Migrated, options: ServeOptions) -> Self {
        Self::made(database, world, migrated, options, |services| services)
    }

    fn made(database: Arc<Database>, world: World, migrated: Migrated, options: ServeOptions, change: fn(Services) -> Services) -> Self {
        leaks::watch();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (send, started) = channel();
        let thread = thread::spawn({
            let (store, world) = (database.url().to_owned(), world.clone());
            move || {
                actix_web::rt::System::new().block_on(async move {
                    let db = Db::open(&store, &super::database::options()).await.unwrap();
                    let services = change(Services::new(db.clone(), world, migrated).unwrap());
                    let events = services.events.clone();
                    let server = frontdesk_api::serve(listener, services, &options).unwrap();
                    send.send((server.handle(), db.clone(), events)).unwrap();
                    server.await.unwrap();
                    db.close().await;
                });
            }
        });
        let (server, store, events) = started.recv().unwrap();
        // Less than the server keeps a connection that nothing is asked on: none is used again while it is being closed.
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).pool_idle_timeout(Duration::from_secs(2));
        let client = client.build().unwrap();
        Self { world, url, store, client, server, events, thread: Some(thread), database }
    }

    /// Asks the server to stop as the program does, and waits until it has.
    pub(crate) async fn stop(&self) {
        self.events.close();
        self.server.stop(true).await;
    }

    /// A handle on the server's database for the test itself.
    pub(crate) async fn db(&self) -> Db {
        self.database.open().await
    }

    /// Where the server's database is.
    pub(crate) fn database_url(&self) -> &str {
        self.database.url()
    }

    /// Somebody without a token.
    pub(crate) fn anonymous(&self) -> Caller<'_> {
        Caller { app: self, headers: vec![] }
    }

    /// Whoever has this token or service key.
    pub(crate) fn bearer(&self, token: &str) -> Caller<'_> {
        self.anonymous().with("authorization", &format!("Bearer {token}"))
    }
}

/// What a test's server is served with.
pub(crate) fn options() -> ServeOptions {
    ServeOptions { workers: 2, shutdown_seconds: 1, ..ServeOptions::default() }
}

async fn migrated(db: Db) -> bool {
    frontdesk_migration::state(&db.read()).await.is_ok_and(|state| state == frontdesk_migration::State::Current)
}

impl Drop for App {
    fn drop(&mut self) {
        // The order to stop is sent at once; the future only tells when it is done.
        drop(self.server.stop(false));
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(thread::panicking() || ended.is_some_and(|ended| ended.is_ok()), "the server's thread failed");
        if !thread::panicking() {
            leaks::none();
        }
    }
}

/// Somebody who asks the server.
#[derive(Clone)]
pub(crate) struct Caller<'a> {
    app: &'a App,
    headers: Vec<(String, String)>,
}

impl Caller<'_> {
    /// The same with another header.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.retain(|(known, _)| known != name);
        caller.headers.push((name.to_owned(), value.to_owned()));
        caller
    }

    /// What it says who it is with.
    pub(crate) fn token(&self) -> &str {
        self.headers.iter().find(|(name, _)| name == "authorization").map(|(_, token)| token.as_str()).unwrap_or_default()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", vec![]).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.json("POST", path, &body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.json("PUT", path, &body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.json("PATCH", path, &body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, "", vec![]).await
    }

    /// Sends a JSON body; null stands for none.
    pub(crate) async fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        leaks::sent(body);
        if body.is_null() {
            self.send(method, path, "", vec![]).await
        } else {
            self.send(method, path, "application/json", body.to_string().into()).await
        }
    }

    /// Sends anything; an empty content type stands for none. Whatever comes back must be in the OpenAPI document.
    pub(crate) async fn send(&self, method: &str, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let sent = Method::from_bytes(method.as_bytes()).unwrap();
        let asked = effective(method, path, &body);
        let mut request = self.app.client.request(sent, format!("{}{path}", self.app.url)).body(body);
        if !content_type.is_empty() {
            request = request.header(CONTENT_TYPE, content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let kind = headers.get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap()).unwrap_or_default();
        // A stream does not end.
        let bytes = if kind.starts_with("text/event-stream") { Bytes::new() } else { response.bytes().await.unwrap() };
        judge(&asked, path, status, kind, &bytes);
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        leaks::judge(operation(&asked, path).map_or("", |operation| &operation.id), path, &text);
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { asked: format!("{method} {path}"), status, headers, text, body }
    }
}

/// The method that a request asks for: on the ticketing surface a body may name it.
fn effective(method: &str, path: &str, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).to_lowercase().replace(' ', "");
    let named = |method: &str| text.contains(&format!("\"_method\":\"{method}\"")) || text.contains(&format!("_method={method}"));
    match method {
        "POST" if path.starts_with("/api/v1/") && named("put") => "PUT".into(),
        "POST" if path.starts_with("/api/v1/") && named("delete") => "DELETE".into(),
        other => other.into(),
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// The body as it came.
    pub(crate) text: String,
    /// The body as JSON, its keys in their order; null where it is none.
    pub(crate) body: Value,
}

impl Answer {
    /// The body; fails where the status is another.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self.body
    }

    /// Fails unless status and whole body are these, the order of keys included.
    #[track_caller]
    pub(crate) fn equals(self, status: u16, body: &Value) {
        let asked = self.asked.clone();
        assert_eq!(format!("{:#}", self.is(status)), format!("{body:#}"), "{asked}");
    }

    /// A header's text, empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The names of the fields that a refusal of any surface names.
    pub(crate) fn offending(&self) -> Vec<String> {
        if let Some(errors) = self.body["errors"].as_object() {
            return errors.keys().cloned().collect();
        }
        let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
        let path = |detail: &Value| detail["loc"].as_array().unwrap().iter().skip(1).map(step).collect::<Vec<_>>().join(".");
        self.body["detail"].as_array().unwrap_or_else(|| panic!("{} names no fields: {}", self.asked, self.text)).iter().map(path).collect()
    }
}
