use anyhow::Result;
use clap::Subcommand;
use frontdesk_directory::SignIn;
use frontdesk_directory::sign_in::NewLicense;
use frontdesk_server::fault;

use super::{Desk, Of, print};

#[derive(Debug, Subcommand)]
pub(super) enum License {
    /// Adds a license and prints its secret, which is shown this once
    Add {
        #[command(flatten)]
        of: Of,
        /// What it is for
        #[arg(long)]
        label: String,
        /// Let it ask for the role ADMIN
        #[arg(long)]
        allow_admin: bool,
        /// Do not add a MODERATOR who is no employee yet to the directory
        #[arg(long)]
        no_new_moderators: bool,
    },
}

impl License {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let Self::Add { of, label, allow_admin, no_new_moderators } = self;
        let cx = desk.of(&of).await?;
        let new = NewLicense { label, allow_admin, new_moderators: !no_new_moderators };
        let issued = SignIn::new(desk.db.clone(), desk.world.clone()).add_license(&cx, new).await.map_err(fault)?;
        eprintln!("added license {}", issued.id);
        print(&format!("{}\n", issued.secret.reveal()))
    }
}
