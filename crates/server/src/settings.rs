//! The settings: `config/default.toml`, then a file, then the environment.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use config::{Config, Environment, File, FileFormat, Source, Value, ValueKind};
use frontdesk_outbound::Allow;
use frontdesk_store::Options;
use serde::Deserialize;

mod events;
mod list;
mod mail;
mod processing;
mod serve;

pub use events::{Events, Retention};
pub use list::{Network, Origin};
pub use mail::{Mail, MailEncryption};
pub use processing::Processing;

const DEFAULT: &str = include_str!("../../../config/default.toml");

/// Every setting.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How requests come in.
    pub server: Server,
    /// How often somebody may ask.
    pub limits: Limits,
    /// Which web pages may ask.
    pub cors: Cors,
    /// Where the store is.
    pub database: Database,
    /// Which addresses that users give may be asked.
    pub outbound: Outbound,
    /// How calls are processed.
    pub processing: Processing,
    /// Where mails go.
    pub mail: Mail,
    /// What events tell of by themselves.
    pub events: Events,
    /// How long what is kept for a while stays.
    pub retention: Retention,
    /// What is logged.
    pub log: Log,
}

/// How requests come in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port; port 0 takes a free one.
    pub listen: String,
    /// Threads that answer requests; 0 is one a core.
    pub workers: usize,
    /// Seconds that running requests have to end after SIGTERM or SIGINT.
    pub shutdown_seconds: u64,
    /// Address and port of `/metrics`; empty is the same as `listen`.
    pub metrics_listen: String,
    /// A PEM file of the certificate; empty is no encryption.
    pub tls_certificate: String,
    /// A PEM file of its key.
    pub tls_key: String,
    /// Addresses and networks of the proxies that are believed.
    #[serde(deserialize_with = "list::of")]
    pub trusted_proxies: Vec<Network>,
    /// In which header they tell whom a request came from.
    pub proxy_header: Header,
    /// Seconds that a request may take to arrive, and then to be answered.
    pub request_seconds: u64,
    /// Connections at once for each thread that answers.
    pub connections: usize,
}

/// A header of proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Header {
    /// `X-Forwarded-For`
    #[serde(rename = "X-Forwarded-For")]
    XForwardedFor,
    /// `Forwarded` (RFC 7239)
    Forwarded,
}

/// How often somebody may ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests a minute in the long run; 0 is no limit.
    pub requests_per_minute: u32,
    /// Requests at once.
    pub burst: u32,
}

/// Which web pages may ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cors {
    /// Their origins.
    #[serde(deserialize_with = "list::of")]
    pub origins: Vec<Origin>,
}

/// Which addresses that users give may be asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    /// What may be connected to although it is not on the public internet.
    #[serde(deserialize_with = "list::of")]
    pub allow: Vec<Allow>,
}

impl Settings {
    /// What the store is opened with.
    #[must_use]
    pub fn options(&self) -> Options {
        let Database { readers, writers, patience_seconds, .. } = self.database;
        let answers_kept = Duration::from_hours(self.retention.kept_answers_hours.into());
        Options { readers, writers, patience: Duration::from_secs(patience_seconds), answers_kept, ..Options::default() }
    }

    /// The same for answering requests, in which no statement takes long. Steps of the schema, imports and checks may.
    #[must_use]
    pub fn serving(&self) -> Options {
        Options { statement: Duration::from_secs(self.database.statement_seconds), ..self.options() }
    }
}

/// Where the store is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite://PATH[?mode=…]` or `postgres://…`.
    pub url: String,
    /// Connections for reads.
    pub readers: u32,
    /// Connections for writes on PostgreSQL.
    pub writers: u32,
    /// Seconds that a request waits for a connection or for SQLite's lock.
    pub patience_seconds: u64,
    /// Seconds that a statement of `serve` may take on PostgreSQL, up to 86,400; 0 leaves that to the database.
    #[serde(deserialize_with = "a_long_day")]
    pub statement_seconds: u64,
}

fn a_long_day<'de, D: serde::Deserializer<'de>>(value: D) -> Result<u64, D::Error> {
    between(u32::deserialize(value)?, 0, 86_400).map(Into::into)
}

fn between<E: serde::de::Error>(number: u32, least: u32, most: u32) -> Result<u32, E> {
    if (least..=most).contains(&number) { Ok(number) } else { Err(E::custom(format!("must be {least} to {most}"))) }
}

/// What is logged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The form of a line.
    pub format: LogFormat,
    /// A level or directives of the `env_filter` form.
    pub level: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Settings {
    /// Reads the settings: the defaults, then `file`, then `environment`. Fails on a key that no setting has, naming it.
    pub fn read(file: Option<&Path>, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let defaults = File::from_str(DEFAULT, FileFormat::Toml);
        let known = keys(&defaults.collect()?);
        let mut builder = Config::builder().add_source(defaults);
        if let Some(path) = file {
            let source = File::from(path).format(FileFormat::Toml);
            let found = source.collect().with_context(|| format!("cannot read the settings file {}", path.display()))?;
            if let Some(key) = keys(&found).into_iter().find(|key| !known.contains(key)) {
                bail!("{} has the unknown key {key}", path.display());
            }
            builder = builder.add_source(source);
        }
        let environment: HashMap<_, _> = environment.into_iter().filter(|(name, _)| name.starts_with("FRONTDESK__")).collect();
        let key = |name: &str| name["FRONTDESK__".len()..].to_lowercase().replace("__", ".");
        if let Some(name) = environment.keys().find(|name| !known.contains(&key(name))) {
            bail!("the environment variable {name} names the unknown key {}", key(name));
        }
        let environment = Environment::with_prefix("FRONTDESK").prefix_separator("__").separator("__").source(Some(environment));
        builder.add_source(environment).build()?.try_deserialize().context("a setting is wrong")
    }
}

fn keys(found: &config::Map<String, Value>) -> Vec<String> {
    let mut keys = vec![];
    for (name, value) in found {
        match &value.kind {
            ValueKind::Table(inner) => keys.extend(self::keys(inner).into_iter().map(|key| format!("{name}.{key}"))),
            _ => keys.push(name.clone()),
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(name: &str, value: &str) -> [(String, String); 1] {
        [(name.to_owned(), value.to_owned())]
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("frontdesk.conf");
        std::fs::write(&file, "[server]\nworkers = 3\nlisten = \"127.0.0.1:1\"\n").unwrap();
        let settings = Settings::read(Some(&file), env("FRONTDESK__SERVER__LISTEN", "127.0.0.1:2")).unwrap();
        assert_eq!((settings.server.workers, settings.server.listen.as_str()), (3, "127.0.0.1:2"));
        assert_eq!(settings.database.url, "sqlite://data/frontdesk.db");
    }

    #[test]
    fn lists_of_the_file_and_of_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("frontdesk.toml");
        std::fs::write(&file, "[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\nproxy_header = \"Forwarded\"\n").unwrap();
        let networks = |settings: Settings| settings.serve().proxies.networks.iter().map(ToString::to_string).collect::<Vec<_>>();
        let settings = Settings::read(Some(&file), []).unwrap();
        assert_eq!(settings.server.proxy_header, Header::Forwarded);
        assert_eq!(networks(settings), ["10.0.0.0/8", "::1/128"]);
        let settings = Settings::read(Some(&file), env("FRONTDESK__SERVER__TRUSTED_PROXIES", "192.0.2.7, 198.51.100.0/24")).unwrap();
        assert_eq!(networks(settings), ["192.0.2.7/32", "198.51.100.0/24"]);
        assert!(networks(Settings::read(Some(&file), env("FRONTDESK__SERVER__TRUSTED_PROXIES", "")).unwrap()).is_empty());
        let settings = Settings::read(None, env("FRONTDESK__CORS__ORIGINS", "https://a.example,http://localhost:3000")).unwrap();
        assert_eq!(settings.serve().origins, ["https://a.example", "http://localhost:3000"]);
    }

    #[test]
    fn a_wrong_entry_of_a_list_is_told() {
        for (name, value) in [
            ("SERVER__TRUSTED_PROXIES", "10.0.0.0/40"),
            ("SERVER__TRUSTED_PROXIES", "proxy"),
            ("SERVER__PROXY_HEADER", "X-Real-IP"),
            ("CORS__ORIGINS", "*"),
            ("CORS__ORIGINS", "desk.example.org"),
            ("CORS__ORIGINS", "https://desk.example.org/"),
            ("CORS__ORIGINS", "https://a.example https://b.example"),
        ] {
            let text = format!("{:#}", Settings::read(None, env(&format!("FRONTDESK__{name}"), value)).unwrap_err());
            assert!(text.contains(&name.to_lowercase().replace("__", ".")) && text.contains(value), "{name}: {text}");
        }
    }

    #[test]
    fn answers_are_kept_for_a_day_at_least() {
        let kept = |hours: &str| Settings::read(None, env("FRONTDESK__RETENTION__KEPT_ANSWERS_HOURS", hours));
        assert_eq!(kept("25").unwrap().options().answers_kept, Duration::from_hours(25));
        for hours in ["23", "87601"] {
            let wrong = format!("{:#}", kept(hours).unwrap_err());
            assert!(wrong.contains("retention.kept_answers_hours") && wrong.contains("must be 24 to 87600"), "{wrong}");
        }
        assert!(Settings::read(None, env("FRONTDESK__RETENTION__EVENTS_DAYS", "36501")).is_err());
    }

    #[test]
    fn statements_end_where_requests_are_answered() {
        let settings = Settings::read(None, env("FRONTDESK__DATABASE__STATEMENT_SECONDS", "7")).unwrap();
        assert_eq!((settings.serving().statement, settings.options().statement), (Duration::from_secs(7), Duration::ZERO));
        assert!(Settings::read(None, env("FRONTDESK__DATABASE__STATEMENT_SECONDS", "86401")).is_err());
    }

    #[test]
    fn an_unknown_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("frontdesk.toml");
        std::fs::write(&file, "[server]\nportt = 3\n").unwrap();
        let text = |result: Result<Settings>| format!("{:#}", result.unwrap_err());
        assert!(text(Settings::read(Some(&file), [])).contains("server.portt"));
        assert!(text(Settings::read(None, env("FRONTDESK__DATABASE__URI", "x"))).contains("FRONTDESK__DATABASE__URI"));
        assert!(text(Settings::read(None, env("FRONTDESK__SERVER__WORKERS", "many"))).contains("server.workers"));
        assert!(Settings::read(None, env("FRONTDESK_OTHER", "x")).is_ok());
    }
}
