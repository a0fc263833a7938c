use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use frontdesk_server::settings::Settings;
use frontdesk_server::{store, verify};
use frontdesk_store::verify::Report;

use super::print;
use super::serve::asked_to_stop;

/// Checks whether the store agrees with itself
///
/// Looks at one state of the store while whoever uses it goes on, and changes nothing: the hash chain of every record's history, that
/// it ends where the record is, an event for every change, references, counters. Prints how much there is of each kind, and what is
/// wrong and where, without any values.
///
/// Exit status: 0 all agrees, 1 something does not, 2 the store could not be looked at.
#[derive(Debug, clap::Args)]
pub(super) struct Verify {}

impl Verify {
    pub(super) async fn run(self, settings: &Settings) -> Result<ExitCode> {
        let db = store::open_as_it_is(settings).await?;
        let done = tokio::select! {
            done = verify::run(&db) => done,
            stop = asked_to_stop() => stop.and_then(|()| bail!("stopped")),
        };
        db.close().await;
        let report = done?;
        show(&report)?;
        Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Prints what was found.
pub(super) fn show(report: &Report) -> Result<()> {
    let mut text = String::new();
    for count in report.counts.iter().filter(|count| count.records + count.changes + count.events > 0) {
        writeln!(text, "{}: {} records, {} changes, {} events", count.kind.word(), count.records, count.changes, count.events)?;
    }
    for finding in &report.findings {
        writeln!(text, "{finding}")?;
    }
    if report.more > 0 {
        writeln!(text, "and {} more", report.more)?;
    }
    let all = match report.findings.len() + report.more {
        0 => "all agrees".to_owned(),
        1 => "1 finding".to_owned(),
        several => format!("{several} findings"),
    };
    writeln!(text, "{all}")?;
    print(&text)
}
