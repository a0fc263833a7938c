use anyhow::Result;
use frontdesk_server::settings::Settings;
use frontdesk_store::Db;

/// Applies the missing steps to the store's schema
///
/// Says the name of each step it applies. A store with a step that this program does not know is left alone.
#[derive(Debug, clap::Args)]
pub(super) struct Migrate {}

impl Migrate {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let db = Db::open(&settings.database.url, &settings.options()).await?;
        let applied = frontdesk_migration::migrate(db.schema()).await?;
        for step in &applied {
            eprintln!("applied {step}");
        }
        if applied.is_empty() {
            eprintln!("nothing to apply");
        }
        db.close().await;
        Ok(())
    }
}
