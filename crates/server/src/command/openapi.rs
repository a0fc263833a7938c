use std::path::PathBuf;

use anyhow::{Context, Result};

/// Prints the OpenAPI document of the service
#[derive(Debug, clap::Args)]
pub(super) struct Openapi {
    /// Write it to this file instead
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Openapi {
    pub(super) fn run(self) -> Result<()> {
        let document = format!("{:#}\n", frontdesk_api::openapi());
        match self.output {
            Some(path) => std::fs::write(&path, document).with_context(|| format!("cannot write {}", path.display())),
            None => super::print(&document),
        }
    }
}
