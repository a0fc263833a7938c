//! Proofs by load: what must hold is held against a running program, on the store that `TEST_DATABASE_URL` names or on SQLite.

mod backup;
mod check;
mod client;
mod crash;
mod failover;
mod place;
mod program;
mod record;
mod servers;
mod soak;
mod streams;
#[expect(dead_code, clippy::unwrap_used, reason = "it is the suite's, which asks more of it, and fails by panicking")]
#[path = "../../tests/suite/harness/stub.rs"]
mod stub;
mod syncs;
mod workers;
mod writer;

use std::env;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

#[tokio::main]
async fn main() -> ExitCode {
    match prove().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Each argument is the name of a proof, the one after it how much of it.
async fn prove() -> Result<()> {
    let mut arguments = env::args().skip(1);
    while let Some(name) = arguments.next() {
        let count = arguments.next().with_context(|| format!("how much of {name}?"))?.parse()?;
        match name.as_str() {
            "crash" => crash::crash(count, false).await,
            "stop" => crash::crash(count, true).await,
            "soak" => soak::soak(count).await,
            "syncs" => syncs::syncs(count).await,
            "failover" => failover::failover(count).await,
            "servers" => servers::servers(count).await,
            "streams" => streams::streams(count).await,
            "workers" => workers::workers(count).await,
            "backup" => backup::backup(count).await,
            other => bail!("there is no proof {other:?}"),
        }
        .with_context(|| name.clone())?;
    }
    Ok(())
}
