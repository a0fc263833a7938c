//! What must be in the store after a server has ended under load.

use std::collections::HashSet;

use anyhow::{Context, Result, bail, ensure};
use sea_orm::DatabaseConnection;

use crate::client::Client;
use crate::place::{journal, number, versions};
use crate::record::{Write, show};
use crate::writer::Writer;

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Writes that had their answer.
    pub(crate) acknowledged: usize,
    /// Writes that had none.
    pub(crate) unacknowledged: usize,
    /// Unacknowledged writes that were whole.
    pub(crate) committed: usize,
    /// Requests that had a first answer again.
    pub(crate) replays: usize,
    /// Records read.
    pub(crate) reads: usize,
}

/// What to check after a server has ended.
pub(crate) struct Check<'a> {
    pub(crate) db: &'a DatabaseConnection,
    pub(crate) client: &'a Client,
    /// The last rows of history and event before the round.
    pub(crate) position: (i64, i64),
    /// Nothing of the last server is under way any more.
    pub(crate) calm: bool,
    /// The last server was asked to stop.
    pub(crate) gently: bool,
}

impl Check<'_> {
    /// Checks what a round wrote, or everything.
    pub(crate) async fn round(&self, writers: &mut [Writer], counts: &mut Counts, whole: bool) -> Result<()> {
        let mut asked = HashSet::new();
        for writer in &mut *writers {
            counts.acknowledged += writer.acknowledged.len();
            let touched: HashSet<_> = writer.acknowledged.iter().filter_map(|(write, _)| write.target).collect();
            if let Some(write) = writer.open.take() {
                counts.unacknowledged += 1;
                self.settle(writer, write, counts).await?;
            }
            self.replay(writer, counts).await?;
            self.reads(writer, counts, |at| whole || touched.contains(&at)).await?;
            asked.extend(writer.acknowledged.iter().map(|(write, _)| write.request.clone()));
        }
        self.journaled(writers, &asked).await?;
        versions(self.db).await?;
        writers.iter_mut().for_each(Writer::forget);
        Ok(())
    }

    /// Finds out whether an unacknowledged write is whole or absent, and sends it again.
    async fn settle(&self, writer: &mut Writer, mut write: Write, counts: &mut Counts) -> Result<()> {
        let before = if self.calm { Some(self.traces(&write).await?) } else { None };
        match before {
            Some(true) => ensure!(!self.gently, "{} was done and not answered", write.request),
            Some(false) => self.absent(writer, &write).await?,
            None => {}
        }
        let first = write.send(self.client, "-again").await?;
        ensure!(first.done(), "the retry of {} says {}", write.request, first.text());
        ensure!(before.is_none_or(|before| before == first.replayed), "{}: whole before is {before:?}, the retry {first:?}", write.request);
        let second = write.send(self.client, "-third").await?;
        ensure!(second.replayed && second.says(&first), "{}: {} and then {}", write.request, first.text(), second.text());
        counts.replays += 1 + usize::from(first.replayed);
        if first.replayed {
            counts.committed += 1;
        } else {
            write.request += "-again";
        }
        writer.acknowledge(write, first)
    }

    /// Whether an unacknowledged write was committed; its history, event and kept answer come together.
    async fn traces(&self, write: &Write) -> Result<bool> {
        let named = |table: &str| format!("SELECT count(*) AS n FROM {table} WHERE request_id = '{}'", write.request);
        let history = number(self.db, &named("history")).await?;
        let event = number(self.db, &named("event")).await?;
        let kept = number(self.db, &format!("SELECT count(*) AS n FROM kept_answer WHERE key = '{}'", write.key)).await?;
        let row = if write.target.is_none() { number(self.db, &write.row()).await? } else { history };
        match [history, event, kept, row] {
            [0, 0, 0, 0] => Ok(false),
            [1, 1, 1, 1] => Ok(true),
            other => bail!("{} is half: {other:?} of history, event, kept answer, row", write.request),
        }
    }

    /// The record is as it was before a write that is absent.
    async fn absent(&self, writer: &Writer, write: &Write) -> Result<()> {
        let Some(record) = write.target.map(|target| &writer.records[target]) else { return Ok(()) };
        let (shown, _) = show(self.client, record.kind, &record.id).await?.context("a record is lost")?;
        ensure!(shown == record.shown, "{} is absent, but {:?} {} shows {shown}", write.request, record.kind, record.id);
        Ok(())
    }

    /// An acknowledged write sent again gives its first answer.
    async fn replay(&self, writer: &Writer, counts: &mut Counts) -> Result<()> {
        if let Some((write, first)) = writer.acknowledged.last() {
            let again = write.send(self.client, "-replay").await?;
            ensure!(again.replayed && again.says(first), "{}: {} and then {}", write.request, first.text(), again.text());
            counts.replays += 1;
        }
        Ok(())
    }

    /// Every record that `wanted` picks, and those made in this round, are as acknowledged.
    async fn reads(&self, writer: &Writer, counts: &mut Counts, wanted: impl Fn(usize) -> bool) -> Result<()> {
        let made = writer.acknowledged.iter().filter(|(write, _)| write.target.is_none()).count();
        let first_made = writer.records.len() - made;
        for (at, record) in writer.records.iter().enumerate().filter(|(at, _)| *at >= first_made || wanted(*at)) {
            counts.reads += 1;
            match show(self.client, record.kind, &record.id).await? {
                None => ensure!(record.gone, "{:?} {} ({at}) is lost", record.kind, record.id),
                Some((shown, tag)) => {
                    ensure!(!record.gone, "{:?} {} is there again", record.kind, record.id);
                    ensure!(shown == record.shown, "{:?} {} is {shown}, acknowledged {}", record.kind, record.id, record.shown);
                    let version = |tag: &Option<String>| tag.as_ref().and_then(|tag| tag.split('-').next().map(str::to_owned));
                    ensure!(
                        version(&tag) == version(&record.tag),
                        "{:?} {}: {tag:?}, acknowledged {:?}",
                        record.kind,
                        record.id,
                        record.tag
                    );
                }
            }
        }
        Ok(())
    }

    /// Each write of the round has exactly one row of history and one event, of the acknowledged version, and nothing else has.
    async fn journaled(&self, writers: &[Writer], asked: &HashSet<String>) -> Result<()> {
        for (table, position) in [("history", self.position.0), ("event", self.position.1)] {
            let found = journal(self.db, table, position).await?;
            for (write, answer) in writers.iter().flat_map(|writer| &writer.acknowledged) {
                let row = found.get(&write.request).with_context(|| format!("{} has no row in {table}", write.request))?;
                ensure!(row.rows == 1, "{} has {} rows in {table}", write.request, row.rows);
                let version = answer.tag.as_ref().and_then(|tag| tag.trim_matches('"').split('-').next()?.parse().ok());
                ensure!(version.is_none_or(|version: i64| version == row.version), "{}: {row:?}, answered {version:?}", write.request);
            }
            let other = found.iter().find(|(request, _)| !asked.contains(*request));
            ensure!(other.is_none(), "{table} has a row nobody asked for: {other:?}");
        }
        Ok(())
    }
}
