//! The demo organization: a small contact center as it stands on the day it is made, with sign-ins that everybody knows.

use std::sync::Arc;

use anyhow::{Context, Result};
use frontdesk_core::access::Caller;
use frontdesk_core::id::{EmployeeId, Kind, OrganizationId};
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_directory::organization;
use frontdesk_directory::sign_in::{KnownSecrets, SignIn};
use frontdesk_store::Db;
use frontdesk_store::import::{Space, reserve};
use serde_json::Value;

use crate::first::ADMIN;
use crate::store::context;
use crate::{fault, import};

mod days;
mod webhooks;

/// The sign-ins of the demo organization.
pub const SECRETS: KnownSecrets =
    KnownSecrets { password: "frontdesk-demo", license: "demo-license", key: "fdk_demo-key", code: "demo-code" };

/// The records, as they stand at the beginning of [`days::WRITTEN`], in the form of an import file.
const RECORDS: &str = include_str!("demo/demo.ndjson");
const ORGANIZATION: OrganizationId = OrganizationId(1);
const TIME_ZONE: &str = "Asia/Taipei";
const ADMINISTRATOR: EmployeeId = EmployeeId(1);
const MODERATOR: EmployeeId = EmployeeId(2);

/// What a store has to do with the demo organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demo {
    /// It has been made just now, of so many records.
    Made(usize),
    /// It was there already, and stays as it is.
    There,
    /// The store has another organization, so nothing was done.
    NotEmpty,
}

/// How to sign in, for whoever starts the service.
#[must_use]
pub fn sign_in() -> String {
    format!("Demo sign-in: {ADMIN} / {}, license key {}", SECRETS.password, SECRETS.license)
}

/// Makes the demo organization where the store has no organization: all of it or nothing, and once, however many do so at the
/// same time.
pub async fn fill(db: &Db, world: &World) -> Result<Demo> {
    if let Some(stands) = stands(db, world).await? {
        return Ok(stands);
    }
    let zone = Zone::named(TIME_ZONE).context("the demo's time zone is unknown")?;
    let lines = Arc::new(records(world, &zone)?);
    let secrets = Arc::new((SECRETS.hashed(world).await.map_err(fault)?, webhooks::secrets(world).map_err(fault)?));
    let mut cx = context(world, Caller::system(ORGANIZATION, zone));
    cx.announce = false;
    let made = db.write(&cx, move |tx| {
        let (lines, secrets) = (lines.clone(), secrets.clone());
        Box::pin(async move {
            // On PostgreSQL this locks the table: who makes an organization meanwhile waits, or is seen here.
            reserve(tx, Space::ids(Kind::Organization), ORGANIZATION.0).await?;
            if organization::any(tx).await? {
                return Ok(false);
            }
            import::whole(tx, &lines).await?;
            secrets.0.put(tx, ADMINISTRATOR, MODERATOR).await?;
            webhooks::put(tx, &secrets.1).await?;
            Ok(true)
        })
    });
    match made.await.map_err(fault)?.fresh() {
        Some(true) => Ok(Demo::Made(RECORDS.lines().count())),
        _ => stands(db, world).await?.context("the organization that was there is gone"),
    }
}

/// What the store has, where it has anything. The license tells: any organization may be named so, too.
async fn stands(db: &Db, world: &World) -> Result<Option<Demo>> {
    if SignIn::new(db.clone(), world.clone()).has_license_secret(SECRETS.license).await.map_err(fault)? {
        return Ok(Some(Demo::There));
    }
    Ok(organization::any(&db.read()).await.map_err(fault)?.then_some(Demo::NotEmpty))
}

/// The records as of today.
fn records(world: &World, zone: &Zone) -> Result<Vec<Value>> {
    let days = days::since_written(world.now(), zone);
    RECORDS
        .lines()
        .map(|line| {
            let mut record = serde_json::from_str(line)?;
            days::shift(&mut record, days);
            Ok(record)
        })
        .collect()
}
