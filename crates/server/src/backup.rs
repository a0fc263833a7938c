//! `frontdesk backup` and `frontdesk restore`: a whole store as a file, and back.

mod postgres;
mod sqlite;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use frontdesk_core::world::World;
use frontdesk_directory::SignIn;
use frontdesk_migration::State;
use frontdesk_store::Db;
use frontdesk_store::verify::Report;

use crate::new_file::NewFile;
use crate::settings::Settings;
use crate::{fault, verify};

/// What a backup is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Sqlite,
    Postgres,
}

/// Writes the store to a file, readable by its owner alone, while whoever uses it goes on. `replace` says whether the file may be
/// there already.
pub async fn backup(settings: &Settings, path: &Path, replace: bool) -> Result<()> {
    let store = frontdesk_store::backup::file(&settings.database.url)?;
    if let Some(store) = &store {
        sqlite::judge(store, path)?;
    }
    let new = NewFile::begin(path, replace)?;
    match store {
        Some(store) => sqlite::backup(&store, &new.path()).await?,
        None => postgres::backup(&settings.database.url, &new.path()).await?,
    }
    new.finish()
}

/// Makes the store what it was at the backup; there must be no store yet. Nobody is signed in afterwards. Says whether what came back
/// agrees with itself.
pub async fn restore(settings: &Settings, world: &World, path: &Path) -> Result<Report> {
    let name = path.display();
    match (frontdesk_store::backup::file(&settings.database.url)?, form(path)?) {
        (Some(store), Form::Sqlite) => sqlite::restore(settings, &store, world, path).await,
        (None, Form::Postgres) => postgres::restore(settings, world, path).await,
        (Some(_), Form::Postgres) => bail!("{name} is a backup of a store on PostgreSQL, and this one is on SQLite; {WAY_ACROSS}"),
        (None, Form::Sqlite) => bail!("{name} is a backup of a store on SQLite, and this one is on PostgreSQL; {WAY_ACROSS}"),
    }
}

const WAY_ACROSS: &str = "from one to the other goes with `frontdesk export` and `frontdesk import`";

fn form(path: &Path) -> Result<Form> {
    let why = || format!("cannot read {}", path.display());
    let mut start = vec![];
    File::open(path).with_context(why)?.take(16).read_to_end(&mut start).with_context(why)?;
    if start == b"SQLite format 3\0" {
        Ok(Form::Sqlite)
    } else if start.starts_with(b"PGDMP") {
        Ok(Form::Postgres)
    } else {
        bail!("{} is no backup", path.display())
    }
}

/// That a store with these steps can come back into this program.
fn known(state: &State, path: &Path) -> Result<()> {
    match state {
        State::Unknown(step) => {
            bail!("{} has the step {step}, which this program does not know: it is of a newer one", path.display())
        }
        State::Missing(steps) if steps.iter().any(|step| step.starts_with("m0001_")) => {
            bail!("{} is no backup of a Frontdesk store", path.display())
        }
        _ => Ok(()),
    }
}

/// What is done to a store that has just come back: missing steps of the schema, an end to all that was signed in, and a look at it all.
async fn come_back(db: &Db, world: &World) -> Result<Report> {
    frontdesk_migration::migrate(db.schema()).await?;
    // What was revoked or used up since the backup would be good again.
    SignIn::new(db.clone(), world.clone()).end_all().await.map_err(fault)?;
    verify::run(db).await
}
