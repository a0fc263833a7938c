//! `kill -9`, or SIGTERM, at a random moment under mixed writes: nothing acknowledged is lost, nothing is there twice, nothing
//! is half. A server that is asked to stop moreover answers all that it does.

use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::future::try_join_all;
use sea_orm::DatabaseConnection;

use crate::check::{Check, Counts};
use crate::client::{Client, Dice};
use crate::place::{Place, last, number, quiet};
use crate::program::Program;
use crate::writer::Writer;

const WRITERS: usize = 12;
/// After so many rounds every record is read again, and the store verified.
const WHOLE: u64 = 20;

/// So many rounds on one store; gently with SIGTERM.
pub(crate) async fn crash(rounds: u64, gently: bool) -> Result<()> {
    let place = Place::make().await?;
    let mut writers: Vec<_> = (0..WRITERS).map(|at| Writer::new(&format!("w{at}"))).collect();
    let mut program = Program::start(&place.url, &place.log(), &[])?;
    let token = Client::sign_in(&program.address).await?;
    let db = place.look().await?;
    let proof = Proof { place, db, token, gently };
    let mut counts = Counts::default();
    for round in 1..=rounds {
        let whole = round % WHOLE == 0 || round == rounds;
        program = proof.round(program, &mut writers, &mut counts, round, whole).await.with_context(|| format!("round {round}"))?;
        if whole {
            proof.place.verify().with_context(|| format!("round {round}"))?;
            println!("{}, round {round}: {counts:?}", proof.place.word());
        }
    }
    program.stop()?;
    proof.place.verify()?;
    println!(
        "{}: {rounds} rounds of {}: {} acknowledged writes, all there; {} unacknowledged, {} of them whole and {} absent; {} replays \
         with the first answer; {} records read; one row of history and one event for each write; verify clean",
        proof.place.word(),
        if gently { "SIGTERM with exit 0" } else { "kill -9" },
        counts.acknowledged,
        counts.unacknowledged,
        counts.committed,
        counts.unacknowledged - counts.committed,
        counts.replays,
        counts.reads
    );
    proof.db.close().await?;
    proof.place.end().await
}

struct Proof {
    place: Place,
    db: DatabaseConnection,
    token: String,
    gently: bool,
}

impl Proof {
    /// Ends the server under load, starts another one and checks what it has.
    async fn round(&self, running: Program, writers: &mut [Writer], counts: &mut Counts, round: u64, whole: bool) -> Result<Program> {
        let position = (last(&self.db, "history").await?, last(&self.db, "event").await?);
        self.end(running, writers).await?;
        // In every other round the retries meet what PostgreSQL is still at.
        let calm = self.gently || round.is_multiple_of(2);
        if calm {
            quiet(&self.db).await?;
        }
        let next = Program::start(&self.place.url, &self.place.log(), &[])?;
        let client = Client::anonymous(&next.address)?.with(&self.token);
        Check { db: &self.db, client: &client, position, calm, gently: self.gently }.round(writers, counts, whole).await?;
        Ok(next)
    }

    async fn end(&self, running: Program, writers: &mut [Writer]) -> Result<()> {
        let client = Client::anonymous(&running.address)?.with(&self.token);
        let (ghost, most) = writers.split_last_mut().context("no writers")?;
        let end = async {
            tokio::time::sleep(Duration::from_millis(50 + Dice::new().roll(950))).await;
            if self.gently {
                return tokio::task::spawn_blocking(|| running.stop()).await?;
            }
            // One write is committed for sure and its answer not heard; the others are anywhere.
            let (key, _line) = ghost.unheard(&client)?;
            kept(&self.db, &key).await?;
            running.kill()
        };
        let (ended, worked) = tokio::join!(end, try_join_all(most.iter_mut().map(|writer| writer.work(&client, || true))));
        worked?;
        ended
    }
}

/// Waits until the answer of a key is in the store.
pub(crate) async fn kept(db: &DatabaseConnection, key: &str) -> Result<()> {
    while number(db, &format!("SELECT count(*) AS n FROM kept_answer WHERE key = '{key}'")).await? == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}
