//! The first people of a store: the demo organization, or an administrator with a random password.

use anyhow::{Context, Result};
use frontdesk_core::status::Role;
use frontdesk_core::world::World;
use frontdesk_directory::employee::{self, NewEmployee};
use frontdesk_directory::organization::{NewOrganization, Organization};
use frontdesk_directory::sign_in::{NewLicense, Secret};
use frontdesk_directory::{Employees, Organizations, SignIn};
use frontdesk_store::Db;

use crate::fault;
use crate::store::{context, context_of_none};

/// The slug of the demo organization.
pub const DEMO_SLUG: &str = "demo";
/// The `employee_no` of the first administrator.
pub const ADMIN: &str = "admin";
/// The demo administrator's password.
pub const DEMO_PASSWORD: &str = "frontdesk-demo";
/// The demo organization's license key.
pub const DEMO_LICENSE: &str = "demo-license";

/// An administrator who was just made.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// The name to sign in with.
    pub name: String,
    /// The password, which is shown this once.
    pub password: Secret,
}

/// Makes the demo organization with its administrator and its license where the store is empty, and what of it is missing
/// where a start was interrupted. Says whether the store has it.
pub async fn demo(db: &Db, world: &World) -> Result<bool> {
    let organizations = Organizations::new(db.clone()).list().await.map_err(fault)?;
    let demo = match organizations.iter().find(|one| one.slug == DEMO_SLUG) {
        Some(demo) => demo.clone(),
        None if organizations.is_empty() => add_organization(db, world, "Demo", DEMO_SLUG.to_owned(), "Asia/Taipei").await?,
        None => return Ok(false),
    };
    let cx = context(world, demo.system());
    add_admin(db, world, &demo, "Demo", Secret::from(DEMO_PASSWORD)).await?;
    let license = NewLicense { label: "demo".into(), allow_admin: true, new_moderators: true };
    SignIn::new(db.clone(), world.clone()).ensure_license_secret(&cx, license, DEMO_LICENSE).await.map_err(fault)?;
    Ok(true)
}

/// Makes an administrator with a random password where nobody in the store can sign in: in its only organization, or in a
/// new one.
pub async fn administrator(db: &Db, world: &World) -> Result<Option<Administrator>> {
    if Employees::new(db.clone()).somebody_can_sign_in().await.map_err(fault)? {
        return Ok(None);
    }
    let organizations = Organizations::new(db.clone()).list().await.map_err(fault)?;
    let organization = match organizations.as_slice() {
        [only] if employee::find_by_no(&db.read(), only.id, ADMIN).await.map_err(fault)?.is_none() => only.clone(),
        all => {
            let mut slugs = std::iter::once("main".to_owned()).chain((2..).map(|number| format!("main-{number}")));
            let slug = slugs.find(|slug| all.iter().all(|one| one.slug != *slug)).unwrap_or_default();
            add_organization(db, world, "Frontdesk", slug, "UTC").await?
        }
    };
    let random = u128::from_be_bytes(world.random().map_err(fault)?);
    let password = Secret::from(format!("{random:032x}"));
    add_admin(db, world, &organization, "Admin", password.clone()).await?;
    let several = Organizations::new(db.clone()).list().await.map_err(fault)?.len() > 1;
    let name = if several { format!("{ADMIN}@{}", organization.slug) } else { ADMIN.to_owned() };
    Ok(Some(Administrator { name, password }))
}

async fn add_organization(db: &Db, world: &World, name: &str, slug: String, time_zone: &str) -> Result<Organization> {
    let new = NewOrganization { name: name.into(), slug: Some(slug), time_zone: time_zone.into(), ..Default::default() };
    let added = Organizations::new(db.clone()).create(&context_of_none(world), new).await.map_err(fault)?;
    added.fresh().context("the organization was not added")
}

/// Adds the administrator and its password, each unless it is there: a start may have been interrupted between them.
async fn add_admin(db: &Db, world: &World, organization: &Organization, first_name: &str, password: Secret) -> Result<()> {
    let (employees, cx) = (Employees::new(db.clone()), context(world, organization.system()));
    if employee::find_by_no(&db.read(), organization.id, ADMIN).await.map_err(fault)?.is_none() {
        let new = NewEmployee { employee_no: ADMIN.into(), first_name: first_name.into(), role: Role::Admin, ..Default::default() };
        employees.add(&cx, new).await.map_err(fault)?;
    }
    if !employees.somebody_can_sign_in().await.map_err(fault)? {
        employees.set_password(&cx, ADMIN, password).await.map_err(fault)?;
    }
    Ok(())
}
