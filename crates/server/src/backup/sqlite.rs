//! A store on SQLite: its backup is a SQLite file.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use frontdesk_core::world::World;
use frontdesk_store::Db;
use frontdesk_store::backup::{copy, faults, rows, settle};
use frontdesk_store::verify::Report;

use super::{come_back, known};
use crate::new_file::NewFile;
use crate::progress::Progress;
use crate::settings::Settings;

/// What SQLite puts beside a file while it is in use.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// That there is a store, and that its backup does not go where the store is.
pub(super) fn judge(store: &Path, backup: &Path) -> Result<()> {
    let Ok(store) = fs::canonicalize(store) else { bail!("there is no store at {}", store.display()) };
    if let Ok(backup) = fs::canonicalize(backup)
        && (backup == store || BESIDE.iter().any(|end| backup == beside(&store, end)))
    {
        bail!("{} is the store itself", backup.display());
    }
    Ok(())
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Writes one state of the store into an empty file.
pub(super) async fn backup(store: &Path, to: &Path) -> Result<()> {
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let (mut progress, mut written) = (Progress::new("backing up", size(store)), 0);
    let mut copying = std::pin::pin!(copy(store, to));
    loop {
        tokio::select! {
            done = &mut copying => return done,
            () = tokio::time::sleep(Duration::from_millis(200)) => {
                progress.add(size(to).saturating_sub(written));
                written = size(to);
            }
        }
    }
}

/// Puts a backup where there is no store yet.
pub(super) async fn restore(settings: &Settings, store: &Path, world: &World, backup: &Path) -> Result<Report> {
    let replace = vacant(store).await?;
    if let Some(folder) = store.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let new = NewFile::begin(store, replace)?;
    read(backup, &new).with_context(|| format!("cannot copy {}", backup.display()))?;
    let wrong = faults(&new.path()).await.unwrap_or_else(|error| vec![format!("{error:#}")]);
    if !wrong.is_empty() {
        bail!("{} is damaged: {}", backup.display(), wrong.into_iter().take(3).collect::<Vec<_>>().join("; "));
    }
    let report = prepare(settings, world, &new.path(), backup).await?;
    // What the journal still held is in the file now.
    settle(&new.path()).await?;
    // Somebody may have made a store there meanwhile.
    vacant(store).await?;
    new.finish()?;
    Ok(report)
}

/// Whether a file may take the store's place, and there is one that it replaces: one without organizations that nobody uses.
async fn vacant(store: &Path) -> Result<bool> {
    if fs::metadata(store).is_ok_and(|file| file.len() > 0) {
        match rows(store, "organization").await? {
            Some(0) => {}
            Some(_) => bail!("{} is a store with organizations in it; a backup is restored where there is none", store.display()),
            None => bail!("{} is there already and is no Frontdesk store", store.display()),
        }
        settle(store).await?;
    }
    // SQLite would take what these hold for a part of the file that comes beside them.
    if let Some(left) = BESIDE.iter().map(|end| beside(store, end)).find(|path| path.exists()) {
        bail!("{} is left of another store; move it away first", left.display());
    }
    Ok(store.exists())
}

fn read(backup: &Path, new: &NewFile) -> std::io::Result<()> {
    let (mut from, mut to) = (File::open(backup)?, new.open()?);
    let mut progress = Progress::new("copying", from.metadata()?.len());
    let mut buffer = vec![0; 1 << 20];
    loop {
        let some = from.read(&mut buffer)?;
        if some == 0 {
            return to.sync_all();
        }
        to.write_all(&buffer[..some])?;
        progress.add(some as u64);
    }
}

async fn prepare(settings: &Settings, world: &World, file: &Path, backup: &Path) -> Result<Report> {
    let name = file.to_str().context("the name of the store is no UTF-8")?;
    let url = format!("sqlite://{}", name.replace('%', "%25").replace('?', "%3F"));
    let db = Db::open(&url, &settings.options()).await?;
    let prepared = async {
        known(&frontdesk_migration::state(&db.read()).await?, backup)?;
        come_back(&db, world).await
    };
    let report = prepared.await;
    db.close().await;
    report
}
