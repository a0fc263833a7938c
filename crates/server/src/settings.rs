//! The settings: `config/default.toml`, then a file, then the environment.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use config::{Config, Environment, File, FileFormat, Source, Value, ValueKind};
use frontdesk_store::Options;
use serde::Deserialize;

const DEFAULT: &str = include_str!("../../../config/default.toml");

/// Every setting.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How requests come in.
    pub server: Server,
    /// Where the store is.
    pub database: Database,
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
}

impl Database {
    /// What the store is opened with.
    #[must_use]
    pub fn options(&self) -> Options {
        Options { readers: self.readers, writers: self.writers, patience: Duration::from_secs(self.patience_seconds) }
    }
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
