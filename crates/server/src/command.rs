//! The command line.

mod admin;
mod backup;
mod demo;
mod export;
mod import;
mod migrate;
mod openapi;
mod restore;
mod serve;
mod verify;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use frontdesk_core::id::OrganizationId;
use frontdesk_server::settings::Settings;

/// Appointments, call-center tasks and tickets over one store.
///
/// Settings come from a file and from the environment: `FRONTDESK__DATABASE__URL`, `FRONTDESK__SERVER__LISTEN`, …
///
/// Exit status: 0 done, 1 failed, 2 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "frontdesk", version)]
pub(crate) struct Cli {
    /// A file of settings (TOML); the environment goes before it
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Worker(worker::Work),
    Migrate(migrate::Migrate),
    Openapi(openapi::Openapi),
    Demo(demo::Demo),
    Import(import::Import),
    Export(export::Export),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Verify(verify::Verify),
    Admin(admin::Admin),
}

impl Cli {
    /// The exit status of a command that cannot do what it is for.
    pub(crate) fn failure(&self) -> ExitCode {
        // To verify is to fail with 1 where something was found.
        if matches!(self.command, Command::Verify(_)) { ExitCode::from(2) } else { ExitCode::FAILURE }
    }
}

/// Does what the command line asks for.
pub(crate) async fn run(cli: Cli) -> Result<ExitCode> {
    let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let settings = || Settings::read(cli.config.as_deref(), environment);
    match cli.command {
        Command::Verify(verify) => return verify.run(&settings()?).await,
        Command::Serve(serve) => serve.run(&settings()?).await,
        Command::Worker(worker) => worker.run(&settings()?).await,
        Command::Migrate(migrate) => migrate.run(&settings()?).await,
        Command::Openapi(openapi) => openapi.run(),
        Command::Demo(demo) => demo.run(&settings()?).await,
        Command::Import(import) => import.run(&settings()?).await,
        Command::Export(export) => export.run(&settings()?).await,
        Command::Backup(backup) => backup.run(&settings()?).await,
        Command::Restore(restore) => restore.run(&settings()?).await,
        Command::Admin(admin) => admin.run(&settings()?).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Which organization a command is about.
#[derive(Debug, clap::Args)]
struct Of {
    /// The id of the organization; may be left out while there is only one
    #[arg(long, value_name = "ID")]
    organization: Option<i64>,
}

impl Of {
    fn id(&self) -> Option<OrganizationId> {
        self.organization.map(OrganizationId)
    }
}

/// Writes to standard output, whose reader may have gone.
fn print(text: &str) -> Result<()> {
    use std::io::Write;
    let mut output = std::io::stdout().lock();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).context("cannot write to standard output")
}
