//! One of two servers on one PostgreSQL is killed under mixed load: its clients go on at the other one with the same keys, and every
//! acknowledged write is there, once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use sea_orm::DatabaseConnection;

use crate::check::{Check, Counts};
use crate::client::{Client, Dice};
use crate::crash::kept;
use crate::place::{Place, last};
use crate::program::Program;
use crate::soak::read;
use crate::writer::{Sent, Writer};

const WRITERS: usize = 16;

/// What was seen of all rounds.
#[derive(Default)]
struct Seen {
    /// Requests answered while there were two servers, and how long that was.
    with_two: (u64, Duration),
    /// The same with the one that was left.
    with_one: (u64, Duration),
    /// Writes sent again, and those of them that the killed server had committed.
    again: usize,
    committed: usize,
}

/// So many rounds on one store.
pub(crate) async fn failover(rounds: u64) -> Result<()> {
    let place = Place::make().await?;
    if place.word() != "PostgreSQL" {
        println!("SQLite: no two servers share a file");
        return Ok(());
    }
    let mut programs = [Program::start(&place.url, &place.log(), &[])?, Program::start(&place.url, &place.log(), &[])?];
    let token = Client::sign_in(&programs[0].address).await?;
    let db = place.look().await?;
    let mut writers: Vec<_> = (0..WRITERS).map(|at| Writer::new(&format!("f{at}"))).collect();
    let (mut seen, mut counts) = (Seen::default(), Counts::default());
    for round in 0..rounds {
        programs = one(&place, &db, &token, programs, &mut writers, &mut seen, &mut counts)
            .await
            .with_context(|| format!("round {}", round + 1))?;
        place.verify().with_context(|| format!("round {}", round + 1))?;
    }
    for program in programs {
        program.stop()?;
    }
    db.close().await?;
    let rate = |(answers, time): (u64, Duration)| answers * 1000 / u64::try_from(time.as_millis()).unwrap_or(1).max(1);
    println!(
        "PostgreSQL: {rounds} rounds of kill -9 of one of two servers under load: {} acknowledged writes, each there once; {} sent again \
         to the other server, {} of which were done already; {} records read; verify clean; {} answers a second with both servers, {} with \
         the one that was left",
        counts.acknowledged,
        seen.again,
        seen.committed,
        counts.reads,
        rate(seen.with_two),
        rate(seen.with_one),
    );
    place.end().await
}

/// Kills one of the servers under load, checks what the other one has, and starts another beside it.
async fn one(
    place: &Place,
    db: &DatabaseConnection,
    token: &str,
    programs: [Program; 2],
    writers: &mut [Writer],
    seen: &mut Seen,
    counts: &mut Counts,
) -> Result<[Program; 2]> {
    let position = (last(db, "history").await?, last(db, "event").await?);
    let client = |program: &Program| Ok::<_, anyhow::Error>(Client::anonymous(&program.address)?.with(token));
    let both = [client(&programs[0])?, client(&programs[1])?];
    let (killed, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let (ghost, most) = writers.split_last_mut().context("no writers")?;
    let [first, second] = programs;
    let (victim, left) = if Dice::new().roll(2) == 0 { (first, second) } else { (second, first) };
    let end = async {
        let begun = Instant::now();
        tokio::time::sleep(Duration::from_millis(1000 + Dice::new().roll(1000))).await;
        // One write is committed for sure and its answer not heard; the others are anywhere.
        let (key, _line) = ghost.unheard(&client(&victim)?)?;
        kept(db, &key).await?;
        victim.kill()?;
        killed.store(true, Ordering::SeqCst);
        let with_two = begun.elapsed();
        let begun = Instant::now();
        tokio::time::sleep(Duration::from_millis(1500)).await;
        over.store(true, Ordering::SeqCst);
        Ok::<_, anyhow::Error>((with_two, begun.elapsed()))
    };
    let work = most.iter_mut().enumerate().map(|(at, writer)| load(writer, &both, at % 2, &killed, &over));
    let (times, loads) = tokio::join!(end, try_join_all(work));
    let (times, loads) = (times?, loads?);
    seen.with_two.1 += times.0;
    seen.with_one.1 += times.1;
    for load in loads {
        seen.with_two.0 += load.answers[0];
        seen.with_one.0 += load.answers[1];
        seen.again += load.again;
        seen.committed += load.committed;
    }
    let client = client(&left)?;
    Check { db, client: &client, position, calm: true, gently: false }.round(writers, counts, false).await?;
    Ok([left, Program::start(&place.url, &place.log(), &[])?])
}

/// What one client met.
#[derive(Default)]
struct Load {
    /// Answers before the kill and after it.
    answers: [u64; 2],
    again: usize,
    committed: usize,
}

/// Writes and reads in turn; goes to the other server where this one gives no answer.
async fn load(writer: &mut Writer, both: &[Client; 2], mut at: usize, killed: &AtomicBool, over: &AtomicBool) -> Result<Load> {
    let (mut load, mut dice) = (Load::default(), Dice::new());
    while !over.load(Ordering::SeqCst) {
        match writer.persist(both, &mut at).await? {
            Sent::Once => {}
            Sent::Again { committed } => {
                load.again += 1;
                load.committed += usize::from(committed);
            }
        }
        match read(&both[at], &mut dice).await {
            Ok(answer) => ensure!(answer.status < 300, "a read says {}", answer.text()),
            Err(_) => at = 1 - at,
        }
        load.answers[usize::from(killed.load(Ordering::SeqCst))] += 2;
    }
    Ok(load)
}
