//! The `frontdesk` binary.

mod command;

use std::process::ExitCode;

use clap::Parser;

/// A quarter less time a request than with the system's allocator, SQLite's own memory included.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = command::Cli::parse();
    let failure = cli.failure();
    match command::run(cli).await {
        Ok(status) => status,
        Err(error) => {
            eprintln!("frontdesk: {}", one_line(&error));
            failure
        }
    }
}

/// The error with its causes, without those whose text stands in the one before already.
fn one_line(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |line, cause| match line.as_str() {
        "" => cause,
        before if before.contains(&cause) => line,
        before => format!("{before}: {cause}"),
    })
}
