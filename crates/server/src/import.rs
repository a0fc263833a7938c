//! `frontdesk import`: records of a file of one JSON object a line, with the field names of the API and their own ids.
//!
//! The file is read twice: once to check every line and to learn its keys, once to write. In between only keys and places
//! of lines are held, so the size of the file does not matter.

mod check;
mod lines;
mod target;
mod whole;
mod write;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::world::World;
use frontdesk_store::Db;
use frontdesk_store::import::Loader;

pub use whole::whole;

use check::Checked;
use lines::Lines;

/// What to import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The file.
    pub file: PathBuf,
    /// The organization the records go to, where the file has none and the store has several.
    pub organization: Option<OrganizationId>,
    /// Whether good lines are imported although there are bad ones.
    pub keep_going: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Records that were written.
    pub imported: usize,
    /// Records that were there already and stay as they are.
    pub present: usize,
    /// What is wrong with bad lines, by line number from 1. With any, nothing was written unless asked to keep going.
    pub bad: BTreeMap<u32, String>,
}

/// The kinds of records, those first that others need; a group learns of its supervisor at the end.
const ORDER: [Kind; 15] = [
    Kind::JobTitle,
    Kind::Department,
    Kind::Extension,
    Kind::Group,
    Kind::CtiAgent,
    Kind::Sponsor,
    Kind::Category,
    Kind::Subcategory,
    Kind::Employee,
    Kind::TerminationCode,
    Kind::Contact,
    Kind::Ticket,
    Kind::InteractCollection,
    Kind::CallTask,
    Kind::Appointment,
];

/// Every kind of record, in that order.
pub(crate) fn loaders() -> impl Iterator<Item = &'static Loader> {
    let all = || {
        let (directory, ticketing) = (frontdesk_directory::import::LOADERS, frontdesk_ticketing::import::LOADERS);
        let (calls, appointments) = (frontdesk_callcenter::import::LOADERS, frontdesk_appointments::import::LOADERS);
        directory.iter().chain(ticketing).chain(calls).chain(appointments)
    };
    ORDER.into_iter().filter_map(move |kind| all().find(|loader| loader.kind == kind))
}

/// Imports a file. Running it again finishes what was interrupted and changes nothing that is there.
pub async fn run(db: &Db, world: &World, import: &Import) -> Result<Report> {
    let mut lines = Lines::open(&import.file)?;
    let target = target::find(db, &mut lines, import.organization).await?;
    let mut checked = Checked::scan(&mut lines, &target)?;
    checked.ask(db, &target).await?;
    checked.follow(&mut lines, &target, import.keep_going)?;
    let mut report = Report { imported: 0, present: checked.present(), bad: checked.bad.clone() };
    if report.bad.is_empty() || import.keep_going {
        report.imported = write::write(db, world, &mut lines, &target, &checked).await?;
    }
    Ok(report)
}
