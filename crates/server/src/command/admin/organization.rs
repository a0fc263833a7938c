use anyhow::{Context, Result};
use clap::Subcommand;
use frontdesk_directory::Organizations;
use frontdesk_directory::organization::NewOrganization;
use frontdesk_server::{fault, store};

use super::{Desk, print};

#[derive(Debug, Subcommand)]
pub(super) enum Organization {
    /// Adds an organization, which is empty, and prints its id
    Add {
        /// The name
        #[arg(long)]
        name: String,
        /// An IANA time zone such as Asia/Taipei
        #[arg(long)]
        time_zone: String,
        /// The word in sign-in names, `employee_no@slug`; else made from the name
        #[arg(long)]
        slug: Option<String>,
    },
    /// Prints the id, slug, time zone and name of each organization
    List,
}

impl Organization {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let organizations = Organizations::new(desk.db.clone());
        match self {
            Self::Add { name, time_zone, slug } => {
                let new = NewOrganization { name, slug, time_zone, ..Default::default() };
                let added = organizations.create(&store::context_of_none(&desk.world), new).await.map_err(fault)?;
                let added = added.fresh().context("the organization was not added")?;
                eprintln!("added the organization {}", added.slug);
                print(&format!("{}\n", added.id))
            }
            Self::List => {
                let all = organizations.list().await.map_err(fault)?;
                let lines: Vec<_> = all.iter().map(|one| format!("{}\t{}\t{}\t{}\n", one.id, one.slug, one.time_zone, one.name)).collect();
                print(&lines.concat())
            }
        }
    }
}
