//! The second reading: records are written in chunks, those first that others need.

use std::sync::Arc;

use anyhow::Result;
use frontdesk_core::id::Kind;
use frontdesk_core::world::World;
use frontdesk_store::import::{Loader, Space, holders, reserve};
use frontdesk_store::{Db, Tx, WriteContext};
use serde_json::Value;

use super::check::Checked;
use super::lines::{At, Lines};
use super::loaders;
use super::target::Target;
use crate::fault;
use crate::progress::Progress;

const CHUNK: usize = 200;

struct Writer<'a> {
    db: &'a Db,
    cx: WriteContext,
    lines: &'a mut Lines,
    progress: Progress,
}

/// Writes what is good and new; says how many records that were.
pub(super) async fn write(db: &Db, world: &World, lines: &mut Lines, target: &Target, checked: &Checked) -> Result<usize> {
    let mut cx = WriteContext::new(target.caller.clone(), format!("import-{}", world.uuid()), world.now());
    cx.announce = false;
    let steps = checked.records.values().flatten().filter(|at| checked.is_new(**at)).count();
    lines.rewind()?;
    let mut writer = Writer { db, cx, lines, progress: Progress::new("importing", steps as u64) };
    let mut imported = 0;
    if let Some(at) = target.line.filter(|_| target.stored.is_none()) {
        let line = writer.lines.at(at)?;
        let insert = frontdesk_directory::import::ORGANIZATION.insert;
        writer.run(vec![line], insert).await?;
        imported += 1;
    }
    let organization = target.line.map(|_| (Space::ids(Kind::Organization), target.caller.organization.0));
    writer.reserve(checked.highest().into_iter().chain(organization).collect()).await?;
    for loader in loaders() {
        let new = checked.lines(loader.kind, |at| checked.is_new(at));
        for chunk in new.chunks(CHUNK) {
            imported += writer.insert(loader, chunk).await?;
        }
    }
    for (loader, finish) in loaders().filter_map(|loader| Some((loader, loader.finish?))) {
        // Also of lines that were there already: an interrupted import may have left them unfinished.
        let good = checked.lines(loader.kind, |at| !checked.bad.contains_key(&at.line));
        for chunk in good.chunks(CHUNK) {
            let lines = writer.read(chunk)?;
            writer.run(lines, finish).await?;
        }
    }
    // So many writes have left the indexes of searched texts in many parts.
    db.merge_searches().await.map_err(fault)?;
    Ok(imported)
}

impl Writer<'_> {
    fn read(&mut self, chunk: &[At]) -> Result<Vec<Value>> {
        chunk.iter().map(|at| self.lines.at(*at)).collect()
    }

    async fn run(&self, lines: Vec<Value>, step: frontdesk_store::import::Step) -> Result<()> {
        let lines: Arc<[Value]> = lines.into();
        self.db
            .write(&self.cx, move |tx| {
                let lines = lines.clone();
                Box::pin(async move { step(tx, &lines).await })
            })
            .await
            .map_err(fault)?;
        Ok(())
    }

    async fn insert(&mut self, loader: &'static Loader, chunk: &[At]) -> Result<usize> {
        let lines: Arc<[Value]> = self.read(chunk)?.into();
        let written = self
            .db
            .write(&self.cx, move |tx| {
                let lines = lines.clone();
                Box::pin(async move {
                    let new = absent(tx, loader, &lines).await?;
                    (loader.insert)(tx, &new).await?;
                    Ok(new.len())
                })
            })
            .await
            .map_err(fault)?;
        self.progress.add(chunk.len() as u64);
        Ok(written.fresh().unwrap_or(0))
    }

    async fn reserve(&self, highest: Vec<(Space, i64)>) -> Result<()> {
        self.db
            .write(&self.cx, move |tx| {
                let highest = highest.clone();
                Box::pin(async move {
                    for (space, id) in highest {
                        reserve(tx, space, id).await?;
                    }
                    Ok(())
                })
            })
            .await
            .map_err(fault)?;
        Ok(())
    }
}

/// The lines whose records have not come into the store since the check.
async fn absent(tx: &Tx, loader: &Loader, lines: &[Value]) -> frontdesk_core::Result<Vec<Value>> {
    let identities: Vec<_> = lines.iter().map(|line| (loader.read)(line, &tx.caller().zone).0.identity).collect();
    let Some((space, _)) = identities.first() else { return Ok(vec![]) };
    let keys: Vec<_> = identities.iter().map(|(_, key)| key.clone()).collect();
    let mut held = vec![];
    for (key, owner) in holders(tx, *space, &keys).await? {
        if owner == tx.caller().organization {
            held.push(key);
        }
    }
    Ok(lines.iter().zip(&keys).filter(|(_, key)| !held.contains(key)).map(|(line, _)| line.clone()).collect())
}
