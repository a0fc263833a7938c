mod employee;
mod key;
mod license;
mod organization;

use std::io::BufRead;

use anyhow::{Context, Result};
use clap::Subcommand;
use frontdesk_core::input::Violations;
use frontdesk_core::status::Role;
use frontdesk_core::world::World;
use frontdesk_directory::sign_in::{Secret, judge};
use frontdesk_server::settings::Settings;
use frontdesk_server::{fault, store};
use frontdesk_store::{Db, WriteContext};

use super::{Of, print};

/// Adds organizations, employees, licenses and service keys
///
/// A new secret or id is the only thing on standard output.
#[derive(Debug, clap::Args)]
pub(super) struct Admin {
    #[command(subcommand)]
    noun: Noun,
}

#[derive(Debug, Subcommand)]
enum Noun {
    /// Adds and lists organizations
    #[command(subcommand)]
    Organization(organization::Organization),
    /// Adds employees and sets their passwords
    #[command(subcommand)]
    Employee(employee::Employee),
    /// Adds licenses of integrating systems
    #[command(subcommand)]
    License(license::License),
    /// Adds service keys of machine clients
    #[command(subcommand)]
    Key(key::Key),
}

impl Admin {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let desk = Desk { db: store::open(settings, false).await?, world: World::real() };
        let done = match self.noun {
            Noun::Organization(organization) => organization.run(&desk).await,
            Noun::Employee(employee) => employee.run(&desk).await,
            Noun::License(license) => license.run(&desk).await,
            Noun::Key(key) => key.run(&desk).await,
        };
        desk.db.close().await;
        done
    }
}

/// What the commands work with.
struct Desk {
    db: Db,
    world: World,
}

impl Desk {
    /// The context of a write to the organization asked for.
    async fn of(&self, of: &Of) -> Result<WriteContext> {
        let organization = store::organization(&self.db, of.id()).await?;
        Ok(store::context(&self.world, organization.system()))
    }
}

fn role(word: &str) -> Result<Role, String> {
    Role::of_word(word).ok_or_else(|| "must be agent, supervisor, admin, or empty".into())
}

/// The first line of standard input, which must be good for a password.
fn password() -> Result<Secret> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read the password from standard input")?;
    let password = Secret::from(line.trim_end_matches(['\r', '\n']));
    let mut violations = Violations::default();
    judge(&password, &mut violations);
    violations.or(password).map_err(fault)
}
