//! Logs, on standard error.

use anyhow::{Result, anyhow};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::settings::{Log, LogFormat};

/// Sends what the process logs to standard error. Once a process.
pub fn start(log: &Log) -> Result<()> {
    // What is no HTTP at all is logged as an error there, and anybody may send it.
    let level = format!("actix_http::h1::dispatcher=off,{}", log.level);
    let ansi = log.format == LogFormat::Text && std::io::IsTerminal::is_terminal(&std::io::stderr());
    write(&Log { level, ..*log }, ansi, std::io::stderr)
}

/// Sends what the process logs to a writer, in colours where `ansi` says so. Once a process.
pub fn write<W>(log: &Log, ansi: bool, writer: W) -> Result<()>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&log.level).map_err(|error| anyhow!("log.level is wrong: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(ansi);
    match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    }
    .map_err(|error| anyhow!("cannot start the log: {error}"))
}
