use std::path::PathBuf;

use anyhow::{Result, bail};
use frontdesk_core::world::World;
use frontdesk_server::settings::Settings;
use frontdesk_server::{import, store};

use super::Of;

/// Brings records of a file into the store, with their ids and times
///
/// The file has one JSON object a line: {"record": "employee", "id": 7, …}, with the field names of the API, in any order.
/// It is checked whole first; with a bad line nothing is imported, unless --keep-going. An interrupted import is finished by
/// running it again; records that are there already stay as they are.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The file
    file: PathBuf,
    #[command(flatten)]
    of: Of,
    /// Leave out bad lines and what depends on them, and import the rest
    #[arg(long)]
    keep_going: bool,
}

impl Import {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let db = store::open(settings, false).await?;
        let import = import::Import { organization: self.of.id(), file: self.file, keep_going: self.keep_going };
        let done = import::run(&db, &World::real(), &import).await;
        db.close().await;
        let report = done?;
        for (line, text) in &report.bad {
            eprintln!("line {line}: {text}");
        }
        let bad = report.bad.len();
        if bad > 0 && !import.keep_going {
            bail!("{bad} bad lines; nothing was imported");
        }
        eprintln!("{} records imported, {} were there already, {bad} lines left out", report.imported, report.present);
        Ok(())
    }
}
