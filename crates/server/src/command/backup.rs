use std::path::PathBuf;

use anyhow::{Result, bail};
use frontdesk_server::backup;
use frontdesk_server::settings::Settings;

use super::serve::asked_to_stop;

/// Writes the whole store to a file, while whoever uses it goes on
///
/// The file is of one moment, comes to be whole or not at all, and only its owner may read it: it has everything that the store has,
/// passwords and secrets as the hashes they are stored as. A store on SQLite becomes a SQLite file. One on PostgreSQL becomes
/// an archive of `pg_dump`, which must be installed. `frontdesk restore` reads either.
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file
    file: PathBuf,
    /// Replace the file where it is there already
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        tokio::select! {
            done = backup::backup(settings, &self.file, self.force) => done,
            stop = asked_to_stop() => stop.and_then(|()| bail!("stopped")),
        }
    }
}
