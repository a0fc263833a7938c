//! Two servers over one PostgreSQL: tokens, keys, numbers and bookings hold across them.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures_util::future::{join_all, try_join_all};
use serde_json::{Value, json};

use crate::client::Client;
use crate::place::{Place, number, versions};
use crate::program::Program;

/// Requests at once, half of them to each server.
const AT_ONCE: usize = 20;

/// So many rounds.
pub(crate) async fn servers(rounds: u64) -> Result<()> {
    let place = Place::make().await?;
    if place.word() != "PostgreSQL" {
        println!("SQLite: no two servers share a file");
        return Ok(());
    }
    let programs = [Program::start(&place.url, &place.log(), &[])?, Program::start(&place.url, &place.log(), &[])?];
    let token = Client::sign_in(&programs[0].address).await?;
    let both = [Client::anonymous(&programs[0].address)?.with(&token), Client::anonymous(&programs[1].address)?.with(&token)];
    let settings = both[0].send("PUT", "/api/v1/organization", &json!({"double_booking": "reject"}), &[]).await?;
    ensure!(settings.done(), "{}", settings.text());
    let mut longest = Duration::ZERO;
    for round in 0..rounds {
        longest = longest.max(revoked(&programs, &both[1]).await?);
        keys(&both, round).await?;
        bookings(&both, round).await?;
    }
    let numbers = numbers(&both, rounds).await?;
    let db = place.look().await?;
    versions(&db).await?;
    let rows = number(&db, "SELECT count(*) AS n FROM ticket WHERE subject LIKE 'same-%'").await?;
    ensure!(rows == i64::try_from(rounds)?, "{rows} rows of {rounds} keys");
    db.close().await?;
    for program in programs {
        program.stop()?;
    }
    place.verify()?;
    println!(
        "PostgreSQL: two servers, {rounds} rounds: a revoked token was refused by the other server within {longest:?}; \
         the same key {AT_ONCE} times at once made one row and one answer; {numbers} appointment numbers, none twice; \
         of {AT_ONCE} bookings of one person at one time one was made"
    );
    place.end().await
}

/// Signs in, is known to both servers, signs out of the first; how long the second goes on.
async fn revoked(programs: &[Program; 2], client: &Client) -> Result<Duration> {
    let token = Client::sign_in(&programs[0].address).await?;
    let here = Client::anonymous(&programs[0].address)?.with(&token);
    let there = client.clone().with(&token);
    for known in [&here, &there] {
        ensure!(known.get("/api/v1/auth/me").await?.status == 200, "a new token is not known");
    }
    let out = here.send("POST", "/api/v1/auth/logout", &Value::Null, &[]).await?;
    ensure!(out.done(), "{}", out.text());
    let begun = Instant::now();
    ensure!(here.get("/api/v1/auth/me").await?.status == 401, "the server that revoked a token goes on taking it");
    while there.get("/api/v1/auth/me").await?.status != 401 {
        ensure!(begun.elapsed() < Duration::from_secs(5), "a token that another server revoked is taken after 5 seconds");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(begun.elapsed())
}

/// One key from many clients at both servers.
async fn keys(both: &[Client; 2], round: u64) -> Result<()> {
    let key = format!("same-{round}");
    let body = json!({"subject": key, "content": "內容", "status": 0});
    let headers = [("idempotency-key", key.as_str())];
    let answers = try_join_all((0..AT_ONCE).map(|at| both[at % 2].send("POST", "/api/v1/ticket", &body, &headers))).await?;
    let fresh = answers.iter().filter(|answer| !answer.replayed).count();
    ensure!(fresh == 1, "{fresh} of the answers are first ones");
    let other = answers.iter().find(|answer| !answer.says(&answers[0]) || answer.status != 201);
    ensure!(other.is_none(), "{key}: {} and {}", answers[0].text(), other.map(super::client::Answer::text).unwrap_or_default());
    Ok(())
}

async fn appoint(client: &Client, name: String, time: u64) -> Result<String> {
    let body = json!({"business_id": 15, "out_task_num": name, "task_type": "normal", "task_notify": false, "task_time": time,
        "branch_code": 943, "room_type": "normal", "video": true});
    let answer = client.send("POST", "/api/task/do_add", &body, &[]).await?;
    let number = answer.json()["info"]["task_num"].as_str().unwrap_or_default().to_owned();
    ensure!(answer.done() && number.len() == 15, "{}", answer.text());
    Ok(number)
}

/// Numbers given by both servers at once.
async fn numbers(both: &[Client; 2], rounds: u64) -> Result<usize> {
    let mut seen = HashSet::new();
    for round in 0..rounds {
        let each = (0..AT_ONCE).map(|at| appoint(&both[at % 2], format!("number-{round}-{at}"), 2_000_000_000));
        for number in try_join_all(each).await? {
            ensure!(seen.insert(number.clone()), "{number} was given twice");
        }
    }
    Ok(seen.len())
}

/// One person is booked for appointments at the same time, through both servers at once.
async fn bookings(both: &[Client; 2], round: u64) -> Result<()> {
    let time = 1_950_000_000 + round * 7200;
    let mut numbers = vec![];
    for at in 0..AT_ONCE {
        numbers.push(appoint(&both[at % 2], format!("booking-{round}-{at}"), time).await?);
    }
    let book = |(at, number): (usize, &String)| {
        let body = json!({"task_num": number, "emp_id": "chenwei", "business_code": 2, "branch_code": 85});
        let client = both[at % 2].clone();
        async move { client.send("POST", "/api/task/service/do_add", &body, &[]).await }
    };
    let answers = join_all(numbers.iter().enumerate().map(book)).await.into_iter().collect::<Result<Vec<_>>>()?;
    let booked = answers.iter().filter(|answer| answer.done()).count();
    ensure!(booked == 1, "{booked} bookings of one person at one time");
    ensure!(answers.iter().all(|answer| answer.status == 200), "a booking is answered with something else");
    Ok(())
}
