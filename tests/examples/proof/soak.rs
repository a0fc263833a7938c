//! Many clients write and read one store for a while: no 5xx, no word of a locked database.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use crate::client::{Answer, Client, Dice};
use crate::place::{Place, last, versions};
use crate::program::Program;
use crate::writer::Writer;

const CLIENTS: usize = 64;

/// Answers by what was asked and their status, and how long they took.
#[derive(Default)]
struct Seen {
    answers: BTreeMap<(&'static str, u16), u64>,
    times: Vec<Duration>,
}

/// So many seconds.
pub(crate) async fn soak(seconds: u64) -> Result<()> {
    let place = Place::make().await?;
    let program = Program::start(&place.url, &place.log(), &[])?;
    let client = Client::anonymous(&program.address)?.with(&Client::sign_in(&program.address).await?);
    let end = Instant::now() + Duration::from_secs(seconds);
    let all = try_join_all((0..CLIENTS).map(|at| one(format!("s{at}"), client.clone(), end))).await?;
    let mut answers: BTreeMap<(&str, u16), u64> = BTreeMap::new();
    let mut times: Vec<Duration> = vec![];
    for (_, seen) in &all {
        times.extend(&seen.times);
        seen.answers.iter().for_each(|(what, count)| *answers.entry(*what).or_default() += count);
    }
    times.sort_unstable();
    let at = |part: usize| times.get((times.len() * part / 1000).min(times.len().saturating_sub(1))).copied().unwrap_or_default();
    for ((what, status), count) in &answers {
        println!("{what:<8} {status} {count:>8}");
    }
    let writes: usize = all.iter().map(|(writer, _)| writer.acknowledged.len()).sum();
    println!(
        "{}: {CLIENTS} clients, {seconds} seconds: {} answers, {writes} of them writes; median {:?}, 99 of 100 within {:?}, the longest {:?}",
        place.word(),
        times.len(),
        at(500),
        at(990),
        at(1000)
    );
    ensure!(writes > 0, "nothing was written");
    ensure!(answers.keys().all(|(_, status)| *status < 300), "there were refusals");
    let log = program.told()?;
    ensure!(!log.contains("database is locked"), "the log says that the database is locked");
    program.stop()?;
    let db = place.look().await?;
    versions(&db).await?;
    ensure!(last(&db, "event").await? >= i64::try_from(writes)?, "fewer events than writes");
    db.close().await?;
    place.verify()?;
    place.end().await
}

/// One client: in turn a write of its own and a read of what is there.
async fn one(name: String, client: Client, end: Instant) -> Result<(Writer, Seen)> {
    let (mut writer, mut seen, mut dice) = (Writer::new(&name), Seen::default(), Dice::new());
    while Instant::now() < end {
        let begun = Instant::now();
        let answer = writer.once(&client).await?;
        seen.note("write", &answer, begun);
        let begun = Instant::now();
        let answer = read(&client, &mut dice).await?;
        seen.note("read", &answer, begun);
    }
    Ok((writer, seen))
}

impl Seen {
    fn note(&mut self, what: &'static str, answer: &Answer, begun: Instant) {
        *self.answers.entry((what, answer.status)).or_default() += 1;
        self.times.push(begun.elapsed());
    }
}

pub(crate) async fn read(client: &Client, dice: &mut Dice) -> Result<Answer> {
    // Tickets of the demo organization.
    let id = 1 + dice.roll(25);
    match dice.roll(6) {
        0 => client.get("/api/v1/ticket?per_page=15").await,
        1 => client.get(&format!("/api/v1/ticket/{id}")).await,
        2 => client.get("/api/tasks?per_page=20").await,
        3 => client.get(&format!("/api/v1/contact?search=s{id}-")).await,
        4 => client.send("POST", "/api/task/get_list", &json!({"status": "pending", "per_page": 20}), &[]).await,
        _ => client.send("GET", &format!("/api/v1/ticket/{id}/related"), &Value::Null, &[]).await,
    }
}
