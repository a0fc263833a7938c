//! Signing in without HTTP: by password, through a license, with a service key.
//!
//! `cargo run -p frontdesk-directory --example sign_in [DATABASE_URL]`; a temporary SQLite file where no URL is given.

use anyhow::Context;
use frontdesk_core::access::{Caller, Scope};
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::PageRequest;
use frontdesk_core::status::{ClientId, GrantRole, GrantType, Role};
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee::{EmployeeFilter, NewEmployee};
use frontdesk_directory::organization::{NewOrganization, Organization};
use frontdesk_directory::sign_in::{CodeExchange, NewCode, NewLicense, NewServiceKey, NewSession};
use frontdesk_directory::{Employees, Organizations, SignIn};
use frontdesk_store::{Db, Options, WriteContext};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let url = std::env::args().nth(1).unwrap_or_else(|| format!("sqlite://{}/frontdesk.db", folder.path().display()));
    let db = Db::open(&url, &Options::default()).await?;
    frontdesk_migration::migrate(db.schema()).await?;
    tour(db).await.map_err(|error| anyhow::anyhow!("{error:?}"))
}

async fn tour(db: Db) -> Result<()> {
    let world = World::real();
    let organization = found(&db, &world).await?;
    let cx = WriteContext::new(organization.system(), "example", world.now());

    let employees = Employees::new(db.clone());
    let ann = NewEmployee { employee_no: "ann".into(), first_name: "Ann".into(), role: Role::Supervisor, ..NewEmployee::default() };
    employees.create(&cx, ann).await?;
    employees.set_password(&cx, "ann", "correct horse".into()).await?;

    let sign_in = SignIn::new(db, world);
    let session = NewSession { name: "ann@ward-sons".into(), password: "correct horse".into(), ..NewSession::default() };
    let token = sign_in.login(session.clone(), "example").await?;
    let (caller, info) = sign_in.authenticate(token.access_token.reveal()).await?;
    println!("password: {:?}", caller.actor);
    let fresh = sign_in.refresh(&caller, &info, "example").await?;
    println!("the old token: {:?}", sign_in.authenticate(token.access_token.reveal()).await.err());
    let (caller, _) = sign_in.authenticate(fresh.access_token.reveal()).await?;
    let wrong = sign_in.login(NewSession { password: "wrong".into(), ..session }, "example").await;
    println!("a wrong password: {:?}", wrong.err());

    through_a_license(&sign_in, &cx).await?;

    let key = NewServiceKey { label: "reports".into(), scopes: vec![Scope::TicketsRead], expires_at: None };
    let key = sign_in.add_service_key(&cx, key).await?;
    println!("service key: {:?}", sign_in.authenticate(key.secret.reveal()).await?.0.actor);

    let page = employees.list(&caller, &EmployeeFilter::default(), PageRequest::first(15)).await?;
    println!("{}", serde_json::to_string_pretty(&page.items)?);
    Ok(())
}

/// A context for making the organization, which is of none yet.
async fn found(db: &Db, world: &World) -> Result<Organization> {
    let cx = WriteContext::new(Caller::system(OrganizationId(0), Zone::utc()), "example", world.now());
    let new = NewOrganization { name: "Ward & Sons".into(), time_zone: "Asia/Taipei".into(), ..NewOrganization::default() };
    let made = Organizations::new(db.clone()).create(&cx, new).await?.fresh();
    made.context("a write without idempotency key is fresh").map_err(Error::Internal)
}

/// One code, sixteen who want it.
async fn through_a_license(sign_in: &SignIn, cx: &WriteContext) -> Result<()> {
    let license = NewLicense { label: "branch system".into(), allow_admin: false, new_moderators: true };
    let license = sign_in.add_license(cx, license).await?;
    let new = NewCode { user_id: "bob".into(), name: Some("Bob".into()), role: GrantRole::Moderator };
    let code = sign_in.code(license.secret.reveal(), new, "example").await?.code;
    let exchange = CodeExchange { grant_type: GrantType::AuthorizationCode, client_id: ClientId::Webapp, code, redirect_uri: None };
    let tries = (0..16).map(|_| sign_in.exchange(exchange.clone(), "example"));
    let tokens: Vec<_> = futures_util::future::join_all(tries).await.into_iter().filter_map(Result::ok).collect();
    println!("code: {} of 16 got a token", tokens.len());
    for token in tokens {
        let (caller, info) = sign_in.authenticate(token.access_token.reveal()).await?;
        println!("license: {:?}, {}", caller.actor, serde_json::to_string(&sign_in.check(&caller, &info)?)?);
    }
    Ok(())
}
