//! A file that comes to be whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use tempfile::{NamedTempFile, TempDir, TempPath};

/// A file on its way: what is written stands in a folder of its own beside the place it will have, and is gone with this value.
#[derive(Debug)]
pub(crate) struct NewFile {
    place: PathBuf,
    replace: bool,
    folder: TempDir,
}

impl NewFile {
    /// Begins an empty file for `place`, readable by its owner alone. `replace` says whether `place` may be there already.
    pub(crate) fn begin(place: &Path, replace: bool) -> Result<Self> {
        // What a link names is replaced, not the link.
        let place = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
        match fs::symlink_metadata(&place) {
            Ok(there) if !there.is_file() => bail!("{} is there already and is no regular file", place.display()),
            Ok(_) if !replace => bail!("{}", already(&place)),
            _ => {}
        }
        // The error itself names the new folder, which nobody asked for.
        let cannot = |error: std::io::Error| anyhow!("cannot write {}: {}", place.display(), error.kind());
        let folder = tempfile::Builder::new().prefix(".frontdesk-").tempdir_in(folder(&place)).map_err(cannot)?;
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.path().join(NAME)).map_err(cannot)?;
        Ok(Self { place, replace, folder })
    }

    /// Where the file will be.
    pub(crate) fn place(&self) -> &Path {
        &self.place
    }

    /// Where it is as yet.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join(NAME)
    }

    /// The file, for writing.
    pub(crate) fn open(&self) -> std::io::Result<File> {
        OpenOptions::new().write(true).open(self.path())
    }

    /// Sees to it that the file is on the disk, and gives it its place.
    pub(crate) fn finish(self) -> Result<()> {
        let path = self.path();
        let file = File::open(&path)?;
        file.sync_all()?;
        let file = NamedTempFile::from_parts(file, TempPath::try_from_path(path)?);
        let named = if self.replace { file.persist(&self.place) } else { file.persist_noclobber(&self.place) };
        if let Err(failed) = named {
            let there = failed.error.kind() == ErrorKind::AlreadyExists;
            return Err(if there { anyhow!(already(&self.place)) } else { failed.error.into() });
        }
        File::open(folder(&self.place)).and_then(|folder| folder.sync_all())?;
        Ok(())
    }
}

const NAME: &str = "new";

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn already(path: &Path) -> String {
    format!("{} is there already; --force replaces it", path.display())
}
