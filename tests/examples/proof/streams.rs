//! A hundred readers of the live stream, whose server is killed and started again: each goes on where it was, and in the end has what the
//! change feed and the table of events have, in that order, without a gap or a double.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use sea_orm::DatabaseConnection;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::client::{Client, Dice};
use crate::place::{Place, last, numbers};
use crate::program::Program;

const READERS: usize = 100;
const WRITERS: usize = 8;
/// What the readers get to come to the end, after the last write.
const PATIENCE: Duration = Duration::from_mins(2);

/// So many rounds with one server, and on PostgreSQL so many with two, of which one is killed.
pub(crate) async fn streams(rounds: u64) -> Result<()> {
    follow(Place::make().await?, rounds, 1).await?;
    let place = Place::make().await?;
    if place.word() == "PostgreSQL" { follow(place, rounds, 2).await } else { place.end().await }
}

/// The addresses of the servers that there are, and the token.
#[derive(Clone)]
struct Servers {
    addresses: Arc<RwLock<Vec<String>>>,
    token: String,
}

impl Servers {
    /// One of them.
    fn one(&self, turn: usize) -> String {
        let addresses = self.addresses.read().unwrap_or_else(PoisonError::into_inner);
        addresses[turn % addresses.len()].clone()
    }

    fn know(&self, programs: &[Program]) {
        *self.addresses.write().unwrap_or_else(PoisonError::into_inner) = programs.iter().map(|program| program.address.clone()).collect();
    }
}

async fn follow(place: Place, rounds: u64, servers: usize) -> Result<()> {
    let mut programs = (0..servers).map(|_| Program::start(&place.url, &place.log(), &[])).collect::<Result<Vec<_>>>()?;
    let known = Servers { addresses: Arc::default(), token: Client::sign_in(&programs[0].address).await? };
    known.know(&programs);
    let db = place.look().await?;
    let begin = last(&db, "event").await?;
    let (until, end) = watch::channel(None);
    let (over, rest) = watch::channel(false);
    let readers: Vec<_> = (0..READERS).map(|turn| read(known.clone(), begin, turn, end.clone())).collect();
    let writers: Vec<_> = (0..WRITERS).map(|turn| write(known.clone(), turn, rest.clone())).collect();
    kill(&place, &mut programs, &known, rounds).await?;
    over.send_replace(true);
    let mut unheard = 0;
    for writer in writers {
        unheard += writer.await??;
    }
    let expected = told(&db, &Client::anonymous(&programs[0].address)?.with(&known.token), begin).await?;
    until.send_replace(expected.last().copied());
    let all = tokio::time::timeout(PATIENCE, try_join_all(readers)).await.context("readers do not come to the end")??;
    let seen = all.into_iter().collect::<Result<Vec<_>>>()?;
    for (reader, seen) in seen.iter().enumerate() {
        compare(&seen.ids, &expected).with_context(|| format!("reader {reader}"))?;
    }
    for program in programs {
        program.stop()?;
    }
    db.close().await?;
    place.verify()?;
    tell(&place, rounds, servers, expected.len(), unheard, &seen)?;
    place.end().await
}

/// Kills a server under load and starts another in its place, so many times.
async fn kill(place: &Place, programs: &mut Vec<Program>, known: &Servers, rounds: u64) -> Result<()> {
    let mut dice = Dice::new();
    for round in 0..usize::try_from(rounds)? {
        tokio::time::sleep(Duration::from_millis(500 + dice.roll(1000))).await;
        // In turn, so that it is where the readers are.
        let victim = round % programs.len();
        programs.remove(victim).kill()?;
        tokio::time::sleep(Duration::from_millis(dice.roll(300))).await;
        programs.insert(victim, Program::start(&place.url, &place.log(), &[])?);
        known.know(programs);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok(())
}

fn tell(place: &Place, rounds: u64, servers: usize, events: usize, unheard: usize, seen: &[Seen]) -> Result<()> {
    let sum = |count: fn(&Seen) -> usize| seen.iter().map(count).sum::<usize>();
    let resumed = sum(|seen| seen.resumed);
    ensure!(resumed > 0, "no reader was cut off");
    println!(
        "{}: {rounds} rounds of kill -9 of {} under {READERS} readers of the live stream: {} events, {unheard} writes without an answer; \
         {} streams broke off, {resumed} went on; each reader has each event once, in the order of the feed",
        place.word(),
        if servers == 1 { "the server" } else { "one of two servers" },
        events,
        sum(|seen| seen.broken),
    );
    Ok(())
}

/// What the change feed tells from a position on, which must be what the table has.
async fn told(db: &DatabaseConnection, client: &Client, begin: i64) -> Result<Vec<i64>> {
    let stored = numbers(db, &format!("SELECT id AS n FROM event WHERE id > {begin} ORDER BY id")).await?;
    let newest = stored.last().copied().context("nothing was written")?;
    let (mut ids, mut after) = (vec![], begin);
    // On PostgreSQL what a killed server was at holds events back until it is noticed.
    for _ in 0..3000 {
        let answer = client.get(&format!("/api/v1/event?limit=1000&after={after}")).await?;
        let page = answer.json();
        let data = page["data"].as_array().with_context(|| answer.text())?;
        ids.extend(data.iter().filter_map(|event| event["id"].as_i64()));
        after = page["next_after"].as_i64().with_context(|| answer.text())?;
        if after >= newest {
            compare(&ids, &stored).context("the change feed")?;
            return Ok(ids);
        }
        if data.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    bail!("the change feed stays behind: at {after}, the newest event is {newest}")
}

fn compare(ids: &[i64], expected: &[i64]) -> Result<()> {
    let differs = ids.iter().zip(expected).position(|(id, expected)| id != expected);
    let at = differs.unwrap_or(ids.len().min(expected.len()));
    ensure!(
        ids == expected,
        "place {at} is {:?} instead of {:?}; {} of {} events",
        ids.get(at),
        expected.get(at),
        ids.len(),
        expected.len()
    );
    Ok(())
}

/// Makes and changes tickets until it is over; how many writes had no answer.
fn write(servers: Servers, turn: usize, over: watch::Receiver<bool>) -> JoinHandle<Result<usize>> {
    tokio::spawn(async move {
        let (mut dice, mut unheard, mut ticket) = (Dice::new(), 0, None);
        let mut body = json!({"subject": format!("writer {turn}"), "content": "內容", "status": 0});
        while !*over.borrow() {
            let client = Client::anonymous(&servers.one(turn + unheard))?.with(&servers.token);
            for count in 0.. {
                if *over.borrow() {
                    break;
                }
                body["status_memo"] = json!(count.to_string());
                let id = ticket.filter(|_| dice.roll(4) > 0);
                let (method, path) = id.map_or(("POST", "/api/v1/ticket".into()), |id: i64| ("PUT", format!("/api/v1/ticket/{id}")));
                let Ok(answer) = client.send(method, &path, &body, &[]).await else {
                    unheard += 1;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    break;
                };
                ensure!(answer.done(), "{method} {path} says {}", answer.text());
                ticket = answer.json()["data"]["id"].as_i64();
                tokio::time::sleep(Duration::from_millis(dice.roll(30))).await;
            }
        }
        Ok(unheard)
    })
}

/// What a reader has seen.
#[derive(Default)]
struct Seen {
    ids: Vec<i64>,
    /// Where it goes on.
    position: Option<i64>,
    /// Streams that broke off, and those that were opened with the last one's id.
    broken: usize,
    resumed: usize,
}

/// Reads as browsers do, at one server after the other, until it has the event that is said to be the last one.
fn read(servers: Servers, begin: i64, mut turn: usize, mut end: watch::Receiver<Option<i64>>) -> JoinHandle<Result<Seen>> {
    tokio::spawn(async move {
        let http = reqwest::Client::builder().no_proxy().read_timeout(Duration::from_mins(1)).build()?;
        let mut seen = Seen::default();
        loop {
            let mut request = http.get(format!("{}/api/v1/event/stream?after={begin}", servers.one(turn))).bearer_auth(&servers.token);
            turn += 1;
            if let Some(position) = seen.position {
                request = request.header("last-event-id", position.to_string());
            }
            let Ok(response) = request.send().await else {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            ensure!(response.status() == 200, "a stream says {}", response.status());
            seen.resumed += usize::from(seen.position.is_some());
            if seen.stream(response, &mut end).await? {
                return Ok(seen);
            }
        }
    })
}

impl Seen {
    /// Takes a stream; whether it came to the last event.
    async fn stream(&mut self, mut response: reqwest::Response, end: &mut watch::Receiver<Option<i64>>) -> Result<bool> {
        let mut text = vec![];
        loop {
            let last = *end.borrow_and_update();
            if last.is_some_and(|last| self.ids.last() >= Some(&last)) {
                return Ok(true);
            }
            let chunk = tokio::select! {
                chunk = response.chunk() => chunk,
                changed = end.changed() => {
                    changed?;
                    continue;
                }
            };
            let Ok(Some(chunk)) = chunk else { break };
            text.extend_from_slice(&chunk);
            while let Some(length) = text.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<_> = text.drain(..length + 2).collect();
                self.take(std::str::from_utf8(&block)?)?;
            }
        }
        self.broken += 1;
        Ok(false)
    }

    /// Takes what stands between two empty lines; an id is the position to go on from, also where no event comes with it.
    fn take(&mut self, block: &str) -> Result<()> {
        let field = |name| block.lines().find_map(|line| line.strip_prefix(name));
        let id = field("id: ").with_context(|| format!("{block:?} has no id"))?.parse()?;
        self.position = Some(id);
        if field("data: ").is_some() {
            self.ids.push(id);
        }
        Ok(())
    }
}
