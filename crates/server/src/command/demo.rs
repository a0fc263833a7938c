use anyhow::{Result, bail};
use frontdesk_core::world::World;
use frontdesk_server::settings::Settings;
use frontdesk_server::{demo, store};

/// Fills the demo organization in where the store is empty
///
/// A small contact center with tickets, call tasks and appointments around today, and a known password and license key. A
/// store that has the demo organization already stays as it is (exit status 0), and so does one with another organization
/// (exit status 1). On SQLite missing migration steps are applied first, on PostgreSQL with --migrate.
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// Apply missing migration steps to PostgreSQL too
    #[arg(long)]
    migrate: bool,
}

impl Demo {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let db = store::open(settings, self.migrate).await?;
        let filled = demo::fill(&db, &World::real()).await;
        db.close().await;
        match filled? {
            demo::Demo::Made(records) => eprintln!("made the demo organization of {records} records"),
            demo::Demo::There => eprintln!("the demo organization is there already; nothing was changed"),
            demo::Demo::NotEmpty => bail!("the store has another organization, so there is no demo organization; nothing was changed"),
        }
        eprintln!("{}", demo::sign_in());
        Ok(())
    }
}
