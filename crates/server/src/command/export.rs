use std::path::PathBuf;

use anyhow::{Result, bail};
use frontdesk_server::export::{self, Counts, Target};
use frontdesk_server::settings::Settings;
use frontdesk_server::store;
use frontdesk_store::Db;

use super::Of;
use super::serve::asked_to_stop;

/// Writes an organization's records to a file that `frontdesk import` reads
///
/// One JSON object a line, with the field names of the API, original ids and times; times are in UTC, to the millisecond. The
/// records are of one moment, also while a service runs, in a fixed order: equal records give equal files, on SQLite and
/// PostgreSQL alike. The file comes to be whole or not at all, and only its owner may read it.
///
/// Not taken along: passwords, tokens, licenses, service keys, people who signed in through a license and are no employees,
/// history, events, answers kept for idempotency keys. After an import versions begin at 1 anew, and processing that ran waits.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The file; standard output where it is left out or `-`
    file: Option<PathBuf>,
    #[command(flatten)]
    of: Of,
    /// Replace the file where it is there already
    #[arg(long)]
    force: bool,
}

impl Export {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let db = store::open(settings, false).await?;
        let done = tokio::select! {
            done = self.export(&db) => done,
            stop = asked_to_stop() => stop.and_then(|()| bail!("stopped")),
        };
        db.close().await;
        for (kind, count) in done?.into_iter().filter(|(_, count)| *count > 0) {
            eprintln!("{}: {count}", kind.word());
        }
        Ok(())
    }

    async fn export(&self, db: &Db) -> Result<Counts> {
        let organization = store::organization(db, self.of.id()).await?.id;
        match self.file.as_deref().filter(|file| file.as_os_str() != "-") {
            Some(file) => Target::begin(file, self.force)?.fill(db, organization).await,
            None => export::write(db, organization, std::io::stdout()).await,
        }
    }
}
