//! `frontdesk export`: an organization as a file that `frontdesk import` reads.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_store::import::Loader;
use frontdesk_store::{Db, Snapshot};

use crate::fault;
use crate::import::loaders;
use crate::new_file::NewFile;
use crate::progress::Progress;

/// How many records of each kind an export wrote, in the order of the file.
pub type Counts = Vec<(Kind, u64)>;

/// A file that comes to be whole or not at all.
#[derive(Debug)]
pub struct Target(NewFile);

impl Target {
    /// Begins a file beside `path`, readable by its owner alone. `replace` says whether `path` may be there already.
    pub fn begin(path: &Path, replace: bool) -> Result<Self> {
        NewFile::begin(path, replace).map(Self)
    }

    /// Writes the organization's records and gives the file its name.
    pub async fn fill(self, db: &Db, organization: OrganizationId) -> Result<Counts> {
        let why = || format!("cannot write {}", self.0.place().display());
        let counts = write(db, organization, self.0.open().with_context(why)?).await?;
        self.0.finish()?;
        Ok(counts)
    }
}

/// Writes one state of the organization's records: the organization, then the kinds in the order of an import, each by id.
/// The same records give the same bytes on both databases.
pub async fn write(db: &Db, organization: OrganizationId, output: impl Write + Send + 'static) -> Result<Counts> {
    db.snapshot(move |snapshot| Box::pin(all(snapshot, organization, BufWriter::new(output)))).await.map_err(fault)
}

async fn all(db: &Snapshot, organization: OrganizationId, mut output: impl Write + Send) -> frontdesk_core::Result<Counts> {
    let mut counts = vec![];
    for loader in every() {
        counts.push((loader.kind, u64::try_from((loader.count)(db, organization).await?)?));
    }
    if counts.first().is_none_or(|(_, count)| *count == 0) {
        return Err(frontdesk_core::Error::Internal(anyhow!("there is no organization {organization}")));
    }
    let mut progress = Progress::new("exporting", counts.iter().map(|(_, count)| count).sum());
    for loader in every() {
        let mut after = None;
        loop {
            let chunk = (loader.export)(db, organization, after).await?;
            output.write_all(&chunk.lines).map_err(unwritten)?;
            progress.add(chunk.records);
            after = chunk.next;
            if after.is_none() {
                break;
            }
        }
    }
    output.flush().map_err(unwritten)?;
    Ok(counts)
}

fn unwritten(error: std::io::Error) -> frontdesk_core::Error {
    frontdesk_core::Error::Internal(anyhow::Error::new(error).context("cannot write the records"))
}

fn every() -> impl Iterator<Item = &'static Loader> {
    [&frontdesk_directory::import::ORGANIZATION].into_iter().chain(loaders())
}
