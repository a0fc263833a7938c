use std::time::Duration;

use anyhow::Result;
use frontdesk_core::world::World;
use frontdesk_server::settings::Settings;
use frontdesk_server::worker::Worker;
use frontdesk_server::{store, telemetry};

use super::serve::Signals;

/// Does the work that follows from writes, beside `serve --no-worker`
///
/// On PostgreSQL any number of workers and servers do it together; on SQLite, where one process has the store, `serve` does it
/// itself. SIGTERM and SIGINT end it: what it has begun is given back.
#[derive(Debug, clap::Args)]
pub(super) struct Work {}

impl Work {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        telemetry::start(&settings.log)?;
        let mut signals = Signals::listen()?;
        let mailer = settings.mailer()?;
        let (db, world) = (store::open_to_serve(settings, false).await?, World::real());
        let worker = Worker::start(&db, &world, settings, mailer);
        tracing::info!("working");
        signals.wait().await;
        worker.stop(Duration::from_secs(settings.server.shutdown_seconds)).await;
        db.close().await;
        Ok(())
    }
}
