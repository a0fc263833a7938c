//! The first people of a store: an administrator with a random password.

use anyhow::{Context, Result};
use frontdesk_core::status::Role;
use frontdesk_core::world::World;
use frontdesk_directory::employee::{self, NewEmployee};
use frontdesk_directory::organization::{NewOrganization, Organization};
use frontdesk_directory::sign_in::Secret;
use frontdesk_directory::{Employees, Organizations};
use frontdesk_store::Db;

use crate::fault;
use crate::store::{context, context_of_none};

/// The `employee_no` of the first administrator.
pub const ADMIN: &str = "admin";

/// An administrator who was just made.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// The name to sign in with.
    pub name: String,
    /// The password, which is shown this once.
    pub password: Secret,
}

/// Makes an administrator with a random password where nobody in the store can sign in: in its only organization, or in a
/// new one. Of several servers that start at the same time, one does.
pub async fn administrator(db: &Db, world: &World) -> Result<Option<Administrator>> {
    let slug = place(db).await?;
    // After the place was chosen: an administrator whom another server made there meanwhile is seen here.
    if Employees::new(db.clone()).somebody_can_sign_in().await.map_err(fault)? {
        return Ok(None);
    }
    let organization = organization(db, world, &slug).await?;
    let random = u128::from_be_bytes(world.random().map_err(fault)?);
    let password = Secret::from(format!("{random:032x}"));
    if !add_admin(db, world, &organization, password.clone()).await? {
        return Ok(None);
    }
    let several = Organizations::new(db.clone()).list().await.map_err(fault)?.len() > 1;
    let name = if several { format!("{ADMIN}@{}", organization.slug) } else { ADMIN.to_owned() };
    Ok(Some(Administrator { name, password }))
}

/// The slug of the organization that gets the administrator: the only one, or the first of `main`, `main-2`, … that has
/// nobody of that name.
async fn place(db: &Db) -> Result<String> {
    let all = Organizations::new(db.clone()).list().await.map_err(fault)?;
    let only = (all.len() == 1).then(|| all[0].slug.clone());
    let names = std::iter::once("main".to_owned()).chain((2..).map(|number| format!("main-{number}")));
    for slug in only.into_iter().chain(names) {
        let Some(one) = all.iter().find(|one| one.slug == slug) else { return Ok(slug) };
        if employee::find_by_no(&db.read(), one.id, ADMIN).await.map_err(fault)?.is_none() {
            return Ok(slug);
        }
    }
    anyhow::bail!("there is no place for an administrator")
}

async fn find(db: &Db, slug: &str) -> Result<Option<Organization>> {
    let all = Organizations::new(db.clone()).list().await.map_err(fault)?;
    Ok(all.into_iter().find(|one| one.slug == slug))
}

/// The organization with this slug, which is added where it is not there; another server may do so at the same time.
async fn organization(db: &Db, world: &World, slug: &str) -> Result<Organization> {
    if let Some(there) = find(db, slug).await? {
        return Ok(there);
    }
    let new = NewOrganization { name: "Frontdesk".into(), slug: Some(slug.to_owned()), time_zone: "UTC".into(), ..Default::default() };
    match Organizations::new(db.clone()).create(&context_of_none(world), new).await {
        Ok(added) => added.fresh().context("the organization was not added"),
        Err(error) => find(db, slug).await?.ok_or_else(|| fault(error)),
    }
}

/// Adds the administrator, unless somebody can sign in; says whether it did.
async fn add_admin(db: &Db, world: &World, organization: &Organization, password: Secret) -> Result<bool> {
    let new = NewEmployee { employee_no: ADMIN.into(), first_name: "Admin".into(), role: Role::Admin, ..Default::default() };
    let added = Employees::new(db.clone()).add_first(&context(world, organization.system()), new, password).await.map_err(fault)?;
    Ok(added.is_some())
}
