use std::path::PathBuf;

use anyhow::{Result, bail};
use frontdesk_core::world::World;
use frontdesk_server::backup;
use frontdesk_server::settings::Settings;

use super::serve::asked_to_stop;
use super::verify::show;

/// Makes the store what it was at a backup
///
/// There must be no store yet: no file on SQLite, or one without organizations that nobody uses; a database without tables on
/// PostgreSQL. The backup is checked, brought up to this program's schema, and verified as `frontdesk verify` does. Everybody has to
/// sign in again; what was revoked or anonymized since the backup must be so again. Between SQLite and PostgreSQL use `export` and `import`.
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,
}

impl Restore {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let world = World::real();
        let report = tokio::select! {
            done = backup::restore(settings, &world, &self.file) => done,
            stop = asked_to_stop() => stop.and_then(|()| bail!("stopped")),
        }?;
        show(&report)?;
        match report.findings.len() + report.more {
            0 => Ok(()),
            findings => bail!("the store is restored, and {findings} things in it do not agree"),
        }
    }
}
