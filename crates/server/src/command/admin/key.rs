use anyhow::Result;
use clap::Subcommand;
use frontdesk_core::access::Scope;
use frontdesk_core::time::Zone;
use frontdesk_directory::SignIn;
use frontdesk_directory::sign_in::NewServiceKey;
use frontdesk_server::fault;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Desk, Of, print};

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Adds a service key and prints its secret, which is shown this once
    Add {
        #[command(flatten)]
        of: Of,
        /// What it is for
        #[arg(long)]
        label: String,
        /// What it may do: `tickets:read,call_tasks:write,…`
        #[arg(long, required = true, value_delimiter = ',', value_parser = scope)]
        scopes: Vec<Scope>,
        /// When it ends (RFC 3339)
        #[arg(long, value_parser = moment)]
        expires: Option<OffsetDateTime>,
    },
}

fn scope(word: &str) -> Result<Scope, String> {
    Scope::of_word(word).ok_or_else(|| format!("must be among {}", Scope::ALL.map(Scope::word).join(", ")))
}

fn moment(text: &str) -> Result<OffsetDateTime, String> {
    let exact = OffsetDateTime::parse(text, &Rfc3339).is_ok();
    let reading = Zone::utc().read(text).filter(|_| exact);
    reading.map(|reading| reading.moment).ok_or_else(|| "must be a time such as 2027-01-01T00:00:00Z".into())
}

impl Key {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let Self::Add { of, label, scopes, expires } = self;
        let cx = desk.of(&of).await?;
        let new = NewServiceKey { label, scopes, expires_at: expires };
        let issued = SignIn::new(desk.db.clone(), desk.world.clone()).add_service_key(&cx, new).await.map_err(fault)?;
        eprintln!("added service key {}", issued.id);
        print(&format!("{}\n", issued.secret.reveal()))
    }
}
