use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use frontdesk_api::{ServeOptions, Services};
use frontdesk_core::world::World;
use frontdesk_directory::SignIn;
use frontdesk_events::Webhooks;
use frontdesk_migration::State;
use frontdesk_server::demo::Demo;
use frontdesk_server::first;
use frontdesk_server::settings::Settings;
use frontdesk_server::worker::Worker;
use frontdesk_server::{demo, fault, store, telemetry};
use frontdesk_store::Db;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::print;

const CLEAN_UP_EVERY: Duration = Duration::from_hours(1);
const MERGE_EVERY: Duration = Duration::from_secs(10);

/// Serves the API
///
/// On SQLite missing migration steps are applied at the start, on PostgreSQL with --migrate. Where nobody can sign in, an
/// administrator is made and its random password printed once. SIGTERM and SIGINT end the service when running requests
/// are done.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// Fill the demo organization in where the store is empty, with a known password and license key
    #[arg(long)]
    demo: bool,
    /// Apply missing migration steps to PostgreSQL too
    #[arg(long)]
    migrate: bool,
    /// Answer requests alone, and leave what follows from them to `frontdesk worker`
    #[arg(long)]
    no_worker: bool,
}

impl Serve {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        telemetry::start(&settings.log)?;
        let signals = Signals::listen()?;
        let options = ServeOptions { tls: settings.server.tls()?, ..settings.serve() };
        let mailer = settings.mailer()?;
        let listener = bind(&settings.server.listen, "server.listen")?;
        let metrics = match settings.server.metrics_listen.as_str() {
            "" => None,
            address => Some(bind(address, "server.metrics_listen")?),
        };
        let (db, world) = (store::open_to_serve(settings, self.migrate).await?, World::real());
        db.try_write().await.map_err(fault).context("the store cannot be written")?;
        self.greet(&db, &world, &listener, options.tls.is_some()).await?;
        let worker = (!self.no_worker).then(|| Worker::start(&db, &world, settings, mailer));
        let done = serve(settings, options, (listener, metrics), &db, &world, signals).await;
        if let Some(worker) = worker {
            worker.stop(Duration::from_secs(settings.server.shutdown_seconds)).await;
        }
        db.close().await;
        done
    }

    /// Sees to it that somebody can sign in, and says where and how.
    async fn greet(&self, db: &Db, world: &World, listener: &TcpListener, tls: bool) -> Result<()> {
        let base = format!("{}://{}", if tls { "https" } else { "http" }, listener.local_addr()?);
        let mut lines = vec![format!("Frontdesk listens on {base}"), format!("Swagger UI: {base}/docs/")];
        if self.demo {
            lines.push(match demo::fill(db, world).await? {
                Demo::Made(_) | Demo::There => demo::sign_in(),
                Demo::NotEmpty => "The store is not empty, so there is no demo organization".to_owned(),
            });
        }
        if let Some(administrator) = first::administrator(db, world).await? {
            lines.push(format!("Sign in as {} / {} (shown this once)", administrator.name, administrator.password.reveal()));
        }
        print(&format!("{}\n", lines.join("\n")))
    }
}

fn bind(address: &str, key: &str) -> Result<TcpListener> {
    TcpListener::bind(address).with_context(|| format!("cannot listen on {address} ({key})"))
}

async fn serve(
    settings: &Settings,
    options: ServeOptions,
    (listener, metrics): (TcpListener, Option<TcpListener>),
    db: &Db,
    world: &World,
    mut signals: Signals,
) -> Result<()> {
    let mut services = Services::new(db.clone(), world.clone(), Arc::new(|db| Box::pin(is_migrated(db)))).map_err(fault)?;
    if !settings.mail.host.is_empty() {
        services.appointments = services.appointments.mailing();
    }
    let metrics = metrics.map(|listener| frontdesk_api::serve_metrics(listener, services.clone())).transpose()?;
    let metrics = metrics.map(|server| (server.handle(), tokio::spawn(server)));
    let clean_up = tokio::spawn(clean_up(
        services.sign_in.clone(),
        services.webhooks.clone(),
        db.clone(),
        world.clone(),
        settings.retention.events_days,
    ));
    let merge = tokio::spawn(merge(db.clone()));
    let events = services.events.clone();
    let server = frontdesk_api::serve(listener, services, &options)?;
    let handle = server.handle();
    let mut server = pin!(server);
    let done = tokio::select! {
        done = &mut server => done,
        () = signals.wait() => {
            tracing::info!("stopping");
            events.close();
            tokio::join!(handle.stop(true), server).1
        }
    };
    clean_up.abort();
    merge.abort();
    if let Some((handle, server)) = metrics {
        handle.stop(false).await;
        server.await??;
    }
    Ok(done?)
}

async fn is_migrated(db: Db) -> bool {
    matches!(frontdesk_migration::state(&db.read()).await, Ok(State::Current))
}

/// The signals that end the program, which are not missed from here on.
pub(super) struct Signals([Signal; 2]);

impl Signals {
    pub(super) fn listen() -> Result<Self> {
        Ok(Self([signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?]))
    }

    /// Waits for SIGTERM or SIGINT.
    pub(super) async fn wait(&mut self) {
        let [terminate, interrupt] = &mut self.0;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

/// Waits for SIGTERM or SIGINT.
pub(super) async fn asked_to_stop() -> Result<()> {
    Signals::listen()?.wait().await;
    Ok(())
}

/// Merges the indexes of searched texts while nobody writes.
async fn merge(db: Db) {
    loop {
        tokio::time::sleep(MERGE_EVERY).await;
        if let Err(error) = db.merge_searches_in_quiet().await {
            tracing::warn!(error = %fault(error), "indexes of searched texts could not be merged");
        }
    }
}

async fn clean_up(sign_in: SignIn, webhooks: Webhooks, db: Db, world: World, events_days: u32) {
    loop {
        if let Err(error) = sign_in.clean_up().await {
            tracing::warn!(error = %fault(error), "expired tokens could not be deleted");
        }
        if let Err(error) = db.forget_answers(world.now()).await {
            tracing::warn!(error = %fault(error), "answers kept long enough could not be deleted");
        }
        if let Err(error) = db.forget_limits(world.now()).await {
            tracing::warn!(error = %fault(error), "what was counted for the limits could not be deleted");
        }
        if let Err(error) = db.forget_jobs(world.now()).await {
            tracing::warn!(error = %fault(error), "jobs that were given up could not be deleted");
        }
        if let Err(error) = webhooks.clean_up().await {
            tracing::warn!(error = %fault(error), "old deliveries could not be deleted");
        }
        if events_days > 0
            && let Err(error) = db.forget_events(world.now(), time::Duration::days(events_days.into())).await
        {
            tracing::warn!(error = %fault(error), "old events could not be deleted");
        }
        tokio::time::sleep(CLEAN_UP_EVERY).await;
    }
}
