//! Opening the store, and bringing it up to date.

use anyhow::{Result, bail};
use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_directory::Organizations;
use frontdesk_directory::organization::Organization;
use frontdesk_migration::State;
use frontdesk_store::{Db, WriteContext};

use crate::fault;
use crate::settings::Settings;

/// Opens the store and sees to it that it has every migration step and no other. SQLite gets missing ones at once,
/// PostgreSQL where `migrate` says so.
pub async fn open(settings: &Settings, migrate: bool) -> Result<Db> {
    let db = Db::open(&settings.database.url, &settings.options()).await?;
    match frontdesk_migration::state(&db.read()).await? {
        State::Current => {}
        State::Unknown(step) => bail!("the store has the step {step}, which this program does not know: it is of a newer one"),
        State::Missing(_) if migrate || settings.database.url.starts_with("sqlite://") => {
            frontdesk_migration::migrate(db.schema()).await?;
        }
        State::Missing(steps) => bail!("the store lacks {}: run `frontdesk migrate`, or start with --migrate", steps.join(", ")),
    }
    Ok(db)
}

/// The same to answer requests from.
pub async fn open_to_serve(settings: &Settings, migrate: bool) -> Result<Db> {
    let db = open(settings, migrate).await?;
    if settings.database.url.starts_with("sqlite://") {
        return Ok(db);
    }
    db.close().await;
    Db::open(&settings.database.url, &settings.serving()).await
}

/// Opens a store that is there, with every migration step, and leaves it as it is.
pub async fn open_as_it_is(settings: &Settings) -> Result<Db> {
    if let Some(file) = frontdesk_store::backup::file(&settings.database.url)?
        && !file.exists()
    {
        bail!("there is no store at {}", file.display());
    }
    let db = Db::open(&settings.database.url, &settings.options()).await?;
    match frontdesk_migration::state(&db.read()).await? {
        State::Current => Ok(db),
        State::Unknown(step) => bail!("the store has the step {step}, which this program does not know: it is of a newer one"),
        State::Missing(steps) => bail!("the store lacks {}: run `frontdesk migrate`", steps.join(", ")),
    }
}

/// What the command line writes with.
#[must_use]
pub fn context(world: &World, caller: Caller) -> WriteContext {
    WriteContext::new(caller, format!("cli-{}", world.uuid()), world.now())
}

/// What the command line writes an organization with, which is of none yet.
#[must_use]
pub fn context_of_none(world: &World) -> WriteContext {
    context(world, Caller::system(OrganizationId(0), Zone::utc()))
}

/// The organization of that id, or the only one.
pub async fn organization(db: &Db, asked: Option<OrganizationId>) -> Result<Organization> {
    let mut all = Organizations::new(db.clone()).list().await.map_err(fault)?;
    if let Some(id) = asked {
        all.retain(|one| one.id == id);
    }
    match (all.pop(), all.len(), asked) {
        (Some(one), 0, _) => Ok(one),
        (None, _, Some(id)) => bail!("there is no organization {id}"),
        (None, _, None) => bail!("there is no organization; add one with `frontdesk admin organization add`"),
        (Some(_), ..) => bail!("there are several organizations; say which with --organization"),
    }
}
