//! `frontdesk export`: an organization as a file that `frontdesk import` reads.

use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_store::import::Loader;
use frontdesk_store::{Db, Snapshot};
use tempfile::NamedTempFile;

use crate::fault;
use crate::import::loaders;
use crate::progress::Progress;

/// How many records of each kind an export wrote, in the order of the file.
pub type Counts = Vec<(Kind, u64)>;

/// A file that comes to be whole or not at all.
#[derive(Debug)]
pub struct Target {
    path: PathBuf,
    new: NamedTempFile,
    replace: bool,
}

impl Target {
    /// Begins a file beside `path`, readable by its owner alone. `replace` says whether `path` may be there already.
    pub fn begin(path: &Path, replace: bool) -> Result<Self> {
        // What a link names is replaced, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::symlink_metadata(&path) {
            Ok(there) if !there.is_file() => bail!("{} is there already and is no regular file", path.display()),
            Ok(_) if !replace => bail!("{}", already(&path)),
            _ => {}
        }
        // The error itself names the new file, which nobody asked for.
        let new = NamedTempFile::new_in(folder(&path)).map_err(|error| anyhow!("cannot write {}: {}", path.display(), error.kind()))?;
        Ok(Self { path, new, replace })
    }

    /// Writes the organization's records and gives the file its name.
    pub async fn fill(self, db: &Db, organization: OrganizationId) -> Result<Counts> {
        let why = || format!("cannot write {}", self.path.display());
        let file = self.new.as_file().try_clone().with_context(why)?;
        let counts = write(db, organization, file).await?;
        self.new.as_file().sync_all().with_context(why)?;
        let named = if self.replace { self.new.persist(&self.path) } else { self.new.persist_noclobber(&self.path) };
        if let Err(failed) = named {
            let there = failed.error.kind() == ErrorKind::AlreadyExists;
            return Err(if there { anyhow!(already(&self.path)) } else { failed.error.into() });
        }
        File::open(folder(&self.path)).and_then(|folder| folder.sync_all())?;
        Ok(counts)
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn already(path: &Path) -> String {
    format!("{} is there already; --force replaces it", path.display())
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
