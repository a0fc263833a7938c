//! Logs, on standard error.

use anyhow::{Result, anyhow};
use tracing_subscriber::EnvFilter;

use crate::settings::{Log, LogFormat};

/// Sends what the process logs to standard error. Once a process.
pub fn start(log: &Log) -> Result<()> {
    // What is no HTTP at all is logged as an error there, and anybody may send it.
    let level = format!("actix_http::h1::dispatcher=off,{}", log.level);
    let filter = EnvFilter::try_new(level).map_err(|error| anyhow!("log.level is wrong: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_ansi(false).try_init(),
    }
    .map_err(|error| anyhow!("cannot start the log: {error}"))
}
