//! Where a SQLite store lies.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rusqlite::OpenFlags;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;

/// A file, and what may be done with it.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    file: PathBuf,
    mode: Mode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    ReadOnly,
    ReadWrite,
    Create,
}

impl Location {
    /// Reads `sqlite://PATH[?mode=ro|rw|rwc]`; without a mode a missing file is made.
    pub(crate) fn of(url: &str) -> anyhow::Result<Self> {
        let options: SqliteConnectOptions = url.parse().context("the database URL is wrong")?;
        let file = options.get_filename().to_owned();
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        if file.as_os_str().is_empty() || path.ends_with(":memory:") || query.contains("mode=memory") {
            bail!("the SQLite database must be a file: sqlite://PATH");
        }
        let mode = match query {
            "" | "mode=rwc" => Mode::Create,
            "mode=rw" => Mode::ReadWrite,
            "mode=ro" => Mode::ReadOnly,
            other => bail!("the database URL has {other}; after the path it takes mode=ro, mode=rw or mode=rwc alone"),
        };
        Ok(Self { file, mode })
    }

    /// The file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// The mode as URLs have it.
    pub(super) fn mode(&self) -> &'static str {
        match self.mode {
            Mode::ReadOnly => "ro",
            Mode::ReadWrite => "rw",
            Mode::Create => "rwc",
        }
    }

    /// How the writer opens the file.
    pub(super) fn for_writes(&self) -> OpenFlags {
        flags(match self.mode {
            Mode::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Mode::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Mode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        })
    }

    /// How readers open the file, which is there by then. They may have to mend the journal of a crash, so they open it for
    /// writing where they may.
    pub(super) fn for_reads(&self) -> OpenFlags {
        flags(match self.mode {
            Mode::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
            _ => OpenFlags::SQLITE_OPEN_READ_WRITE,
        })
    }
}

fn flags(access: OpenFlags) -> OpenFlags {
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let read = |url: &str| Location::of(url).map(|location| (location.file.display().to_string(), location.mode()));
        assert_eq!(read("sqlite://data/a.db").unwrap(), ("data/a.db".into(), "rwc"));
        assert_eq!(read("sqlite:///srv/a%3Fb.db?mode=ro").unwrap(), ("/srv/a?b.db".into(), "ro"));
        assert_eq!(read("sqlite://a.db?mode=rw").unwrap().1, "rw");
        for wrong in ["sqlite://", "sqlite://:memory:", "sqlite://a.db?mode=memory", "sqlite://a.db?cache=shared", "sqlite://a.db?mode=x"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
