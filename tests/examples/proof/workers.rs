//! One of two servers and two workers on one PostgreSQL is killed at random while calls are processed: every call comes to its end,
//! and no stage of it is done again once its text is there.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::json;

use crate::client::{Client, Dice};
use crate::place::Place;
use crate::program::Program;
use crate::stub::{Stub, reply};

/// Calls of a round.
const CALLS: usize = 10;
/// How long the calls of a killed worker may lie: the lease of a job and some more.
const PATIENCE: Duration = Duration::from_mins(3);

/// So many rounds on one store.
pub(crate) async fn workers(rounds: u64) -> Result<()> {
    let place = Place::make().await?;
    if place.word() != "PostgreSQL" {
        println!("SQLite: no two servers share a file");
        return Ok(());
    }
    let model = Stub::start(|_| {
        // On a thread of the runtime that has nothing else to do.
        std::thread::sleep(Duration::from_millis(20 + Dice::new().roll(60)));
        reply(200, "", json!({"choices": [{"message": {"content": "In short"}}]}).to_string().as_bytes())
    })
    .await;
    let settings = [("FRONTDESK__PROCESSING__CHAT_URL", model.url.clone()), ("FRONTDESK__PROCESSING__AT_ONCE", "4".into())];
    let serve = || Program::start(&place.url, &place.log(), &[]);
    let work = || Program::worker(&place.url, &place.log(), &settings);
    let mut programs = vec![serve()?, serve()?, work()?, work()?];
    let token = Client::sign_in(&programs[0].address).await?;
    let (db, mut dice, mut killed) = (place.look().await?, Dice::new(), [0; 2]);
    let mut made = HashSet::new();
    for round in 0..rounds {
        let at = usize::try_from(round)? % 2;
        let client = Client::anonymous(&programs[at].address)?.with(&token);
        for call in 0..CALLS {
            made.insert(create(&client, &format!("call {round} {call}")).await?);
        }
        tokio::time::sleep(Duration::from_millis(dice.roll(400))).await;
        let victim = usize::try_from(dice.roll(4))?;
        killed[victim / 2] += 1;
        programs.remove(victim).kill()?;
        programs.insert(victim, if victim < 2 { serve()? } else { work()? });
    }
    ended(&db).await?;
    ensure!(made.len() == CALLS * usize::try_from(rounds)?, "calls were lost when they were created");
    let ids: HashSet<String> = texts(&db, "SELECT CAST(id AS text) AS t FROM call_task WHERE processing_state = 'succeeded'").await?;
    ensure!(made.is_subset(&ids), "{} of {} calls came to no good end", made.difference(&ids).count(), made.len());
    let twice = "SELECT record_id AS t FROM history WHERE kind = 'call_task' AND action = 'processed' GROUP BY 1 HAVING count(*) > 1";
    ensure!(texts(&db, twice).await?.is_empty(), "a run came to its end twice");
    let odd = "SELECT CAST(call_task_id AS text) || ' ' || stage AS t FROM call_text GROUP BY call_task_id, stage HAVING count(*) > 1";
    ensure!(texts(&db, odd).await?.is_empty(), "a text has two versions");
    let left = texts(&db, "SELECT kind || ' ' || record AS t FROM job WHERE state = 'waiting'").await?;
    ensure!(left.is_empty(), "jobs are left: {left:?}");
    let asked = model.count("/");
    ensure!(asked >= 2 * made.len(), "{} calls are summarized without asking", made.len());
    for program in programs {
        program.stop()?;
    }
    db.close().await?;
    place.verify()?;
    println!(
        "PostgreSQL: {rounds} rounds of kill -9 of one of two servers and two workers ({} servers, {} workers): {} calls, all processed, none \
         twice; {} of {asked} summaries were asked for again because the worker that had asked was killed; verify clean",
        killed[0],
        killed[1],
        made.len(),
        asked - 2 * made.len(),
    );
    place.end().await
}

async fn create(client: &Client, title: &str) -> Result<String> {
    let body = json!({"title": title, "operator_id": 1, "call_transcription": "I want my invoice. I will send it today."});
    let answer = client.send("POST", "/api/tasks", &body, &[]).await?;
    ensure!(answer.status == 200, "a call was not created: {}", answer.text());
    Ok(answer.json()["id"].as_str().context("no id")?.to_owned())
}

/// Waits until no call waits or is worked on.
async fn ended(db: &DatabaseConnection) -> Result<()> {
    let begun = Instant::now();
    let waiting = "SELECT CAST(id AS text) AS t FROM call_task WHERE processing_state IN ('queued', 'running')";
    loop {
        let left = texts(db, waiting).await?.len();
        if left == 0 {
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "{left} calls still wait");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Result<HashSet<String>> {
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(rows.iter().map(|row| row.try_get("", "t")).collect::<Result<_, _>>()?)
}
