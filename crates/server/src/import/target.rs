//! The organization that a file's records go to.

use anyhow::{Result, bail};
use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::input::FromInput;
use frontdesk_core::time::Zone;
use frontdesk_directory::organization::Organizations;
use frontdesk_store::Db;

use super::lines::{At, Lines, parse};

/// The organization that records go to.
#[derive(Debug)]
pub(super) struct Target {
    /// The command line at work on it.
    pub caller: Caller,
    /// The organization's own line in the file.
    pub line: Option<At>,
    /// Its slug, where the store has it.
    pub stored: Option<String>,
    /// The slugs of the other organizations.
    pub slugs: Vec<String>,
}

/// The organization of the file, of the option, or the only one.
pub(super) async fn find(db: &Db, lines: &mut Lines, asked: Option<OrganizationId>) -> Result<Target> {
    let stored = Organizations::new(db.clone()).list().await.map_err(crate::fault)?;
    let in_file = of_file(lines)?;
    let id = match (asked, &in_file, stored.as_slice()) {
        (Some(asked), Some((_, id, _)), _) if asked.0 != *id => bail!("the file is of organization {id}, not {asked}"),
        (Some(asked), _, _) => asked,
        (None, Some((_, id, _)), _) => OrganizationId(*id),
        (None, None, [only]) => only.id,
        (None, None, []) => bail!("there is no organization, and the file has none"),
        (None, None, _) => bail!("there are several organizations; say which with --organization"),
    };
    let slugs = stored.iter().filter(|one| one.id != id).map(|one| one.slug.clone()).collect();
    let line = in_file.as_ref().map(|(at, ..)| *at);
    if let Some(one) = stored.iter().find(|one| one.id == id) {
        return Ok(Target { caller: one.system(), line, stored: Some(one.slug.clone()), slugs });
    }
    let Some((_, _, zone)) = in_file else { bail!("there is no organization {id}") };
    // A wrong zone is reported with the line; the times of the others are read as UTC until then.
    let zone = Zone::named(&zone).unwrap_or_else(Zone::utc);
    Ok(Target { caller: Caller::system(id, zone), line, stored: None, slugs })
}

/// The place, id and time zone of the file's first organization.
fn of_file(lines: &mut Lines) -> Result<Option<(At, i64, String)>> {
    const WORD: &[u8] = b"\"organization\"";
    let mut found = None;
    while let Some((at, line)) = lines.next()? {
        if !line.windows(WORD.len()).any(|part| part == WORD) {
            continue;
        }
        let Ok(value) = parse(line) else { continue };
        if value["record"] == "organization" {
            let Ok(id) = i64::from_input(&value["id"], &Zone::utc()) else { continue };
            found = Some((at, id, value["time_zone"].as_str().unwrap_or_default().to_owned()));
            break;
        }
    }
    lines.rewind()?;
    Ok(found)
}
