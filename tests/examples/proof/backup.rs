//! A backup taken while clients write, restored: clean, and with everything acknowledged before it began.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;

use crate::client::Client;
use crate::place::Place;
use crate::program::{self, Program};
use crate::record::show;
use crate::writer::Writer;

const WRITERS: usize = 12;

/// So many backups, each restored into a store of its own.
pub(crate) async fn backup(rounds: u64) -> Result<()> {
    let place = Place::make().await?;
    let program = Program::start(&place.url, &place.log(), &[])?;
    let client = Client::anonymous(&program.address)?.with(&Client::sign_in(&program.address).await?);
    let (mut known, mut before, mut during) = (writers("b"), 0, 0);
    for round in 0..rounds {
        write_during(&mut known, &client, tokio::time::sleep(Duration::from_millis(500))).await?;
        let file = place.folder.path().join(format!("{round}.backup"));
        // What is known stays as it is: the writers that go on are others.
        let mut others = writers(&format!("o{round}-"));
        let taken = write_during(&mut others, &client, async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let (url, file) = (place.url.clone(), file.clone());
            tokio::task::spawn_blocking(move || program::must(&url, &["backup", &file.to_string_lossy()])).await?
        });
        taken.await??;
        let other = place.another(&format!("restored_{round}")).await?;
        restored(&other, &file, &known).await?;
        other.end().await?;
        before = known.iter().map(|writer| writer.acknowledged.len()).sum();
        during += others.iter().map(|writer| writer.acknowledged.len()).sum::<usize>();
    }
    program.stop()?;
    place.verify()?;
    println!(
        "{}: {rounds} backups under load ({during} writes while they were taken) restored and verified; all {before} writes \
         acknowledged before the last one began are in it",
        place.word()
    );
    place.end().await
}

fn writers(name: &str) -> Vec<Writer> {
    (0..WRITERS).map(|at| Writer::new(&format!("{name}{at}"))).collect()
}

/// The writers write until `done`.
async fn write_during<T>(writers: &mut [Writer], client: &Client, done: impl Future<Output = T>) -> Result<T> {
    let over = AtomicBool::new(false);
    let done = async {
        let done = done.await;
        over.store(true, Ordering::Relaxed);
        done
    };
    let work = writers.iter_mut().map(|writer| writer.work(client, || !over.load(Ordering::Relaxed)));
    let (done, worked) = tokio::join!(done, try_join_all(work));
    worked?;
    Ok(done)
}

/// Restores a backup into an empty place; everything that the writers know is there.
async fn restored(place: &Place, file: &Path, known: &[Writer]) -> Result<()> {
    program::must(&place.url, &["restore", &file.to_string_lossy()])?;
    place.verify()?;
    let program = Program::start(&place.url, &place.log(), &[])?;
    let client = Client::anonymous(&program.address)?.with(&Client::sign_in(&program.address).await?);
    for record in known.iter().flat_map(|writer| &writer.records) {
        match show(&client, record.kind, &record.id).await? {
            None => ensure!(record.gone, "{:?} {} is not in the backup", record.kind, record.id),
            Some((shown, _)) => ensure!(shown == record.shown && !record.gone, "{:?} {} is {shown}", record.kind, record.id),
        }
    }
    program.stop()
}
