//! SQL and nothing else: the statements of an operation in a loop, on as many threads as Frontdesk reads with here, or one that writes.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::json;

const READERS: usize = 2;
const ROWS: i64 = 15;

/// How often, in how long.
pub(crate) struct Ran {
    operations: usize,
    seconds: f64,
    times: Vec<Duration>,
}

/// Prints it as JSON.
pub(crate) fn show(ran: &Ran) {
    let mut times = ran.times.clone();
    times.sort_unstable();
    let at = |part: usize| times.get(times.len().saturating_sub(1) * part / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    println!("{}", json!({"requests": ran.operations, "seconds": ran.seconds, "p50": at(50), "p99": at(99), "max": at(100)}));
}

fn open(file: &str) -> Result<Connection> {
    let db = Connection::open(file)?;
    db.set_prepared_statement_cache_capacity(64);
    db.busy_timeout(Duration::from_secs(10))?;
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824")?;
    Ok(db)
}

fn run(seconds: u64, mut one: impl FnMut() -> Result<()>) -> Result<Vec<Duration>> {
    let (end, mut times) = (Instant::now() + Duration::from_secs(seconds), vec![]);
    while Instant::now() < end {
        let begun = Instant::now();
        one()?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn read(file: &str, seconds: u64, one: fn(&Connection, i64) -> Result<()>) -> Result<Ran> {
    let begun = Instant::now();
    let work = |seed: usize| -> Result<Vec<Duration>> {
        let db = open(file)?;
        let rows: i64 = db.query_row("SELECT max(id) FROM ticket", [], |row| row.get(0))?;
        let mut state = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(u64::try_from(seed)? + 1);
        run(seconds, || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            one(&db, 1 + (state % rows.unsigned_abs()).cast_signed())
        })
    };
    let all = thread::scope(|scope| {
        let threads: Vec<_> = (0..READERS).map(|seed| scope.spawn(move || work(seed))).collect();
        threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?).collect::<Result<Vec<_>>>()
    })?;
    let times = all.concat();
    Ok(Ran { operations: times.len(), seconds: begun.elapsed().as_secs_f64(), times })
}

/// Reads a whole row; the number in its column `at`.
fn row(db: &Connection, sql: &str, id: i64, at: &[usize]) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(vec![0; at.len()]) };
    for column in 0..columns {
        std::hint::black_box(row.get_ref(column)?);
    }
    at.iter().map(|at| Ok(if let ValueRef::Integer(value) = row.get_ref(*at)? { value } else { 0 })).collect()
}

const TICKET: &str =
    "SELECT contact_id, sub_category_id, handler_id, sponsor_id, termination_code_id, creater_id, * FROM ticket WHERE id = ?";

fn employee(db: &Connection, id: i64) -> Result<()> {
    let keys = row(db, "SELECT extension_id, group_id, cti_agent_id, * FROM employee WHERE id = ?", id, &[0, 1, 2])?;
    row(db, "SELECT * FROM extension WHERE id = ?", keys[0], &[])?;
    row(db, "SELECT * FROM staff_group WHERE id = ?", keys[1], &[])?;
    row(db, "SELECT * FROM cti_agent WHERE id = ?", keys[2], &[])?;
    Ok(())
}

fn ticket(db: &Connection, id: i64) -> Result<i64> {
    let keys = row(db, TICKET, id, &[0, 1, 2, 3, 4, 5])?;
    row(db, "SELECT * FROM contact WHERE id = ?", keys[0], &[])?;
    let sub = row(db, "SELECT category_id, * FROM subcategory WHERE id = ?", keys[1], &[0])?;
    row(db, "SELECT * FROM category WHERE id = ?", sub[0], &[])?;
    employee(db, keys[2])?;
    row(db, "SELECT * FROM sponsor WHERE id = ?", keys[3], &[])?;
    row(db, "SELECT * FROM termination_code WHERE id = ?", keys[4], &[])?;
    Ok(keys[5])
}

/// A ticket with all that is nested in it.
pub(crate) fn get(file: &str, seconds: u64) -> Result<Ran> {
    read(file, seconds, |db, id| ticket(db, id).map(drop))
}

/// The newest tickets with all that is nested in them, and how many there are.
pub(crate) fn list(file: &str, seconds: u64) -> Result<Ran> {
    read(file, seconds, |db, _| {
        std::hint::black_box(db.prepare_cached("SELECT count(*) FROM ticket")?.query_row([], |row| row.get::<_, i64>(0))?);
        let mut newest = db.prepare_cached("SELECT id FROM ticket ORDER BY id DESC LIMIT ?")?;
        let ids = newest.query_map([ROWS], |row| row.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()?;
        for id in ids {
            let creater = ticket(db, id)?;
            employee(db, creater)?;
            let linked = row(db, "SELECT interaction_id FROM interaction_ticket WHERE organization_id = 1 AND ticket_id = ?", id, &[0])?;
            let served = row(db, "SELECT handler_id, * FROM interaction WHERE id = ?", linked[0], &[0])?;
            employee(db, served[0])?;
        }
        Ok(())
    })
}

/// One ticket a commit, and each commit on the disk before the next.
pub(crate) fn insert(file: &str, seconds: u64) -> Result<Ran> {
    let (db, begun, mut number) = (open(file)?, Instant::now(), 0_i64);
    let times = run(seconds, || {
        number += 1;
        let mut insert = db.prepare_cached(
            "INSERT INTO ticket (organization_id, subject, content, status, priority, contact_id, sub_category_id, creater_id, handler_id, sponsor_id,
               termination_code_id, version, created_at, updated_at) VALUES (1, ?, ?, 1, 1, ?, ?, 1, ?, ?, ?, 1, ?, ?)",
        )?;
        let content = "客戶來電表示昨天下午開始無法登入系統，已重新啟動設備並更換網路線，狀況仍未改善。客戶希望今天下班前由專人回電說明，並確認是否需要派工程師到府檢查。";
        let at = 1_795_000_000_000 + number;
        let keys = (1 + number % 500, 1 + number % 40, 1 + number % 49, 1 + number % 9, 1 + number % 19);
        insert.execute((format!("標題 {number}"), content, keys.0, keys.1, keys.2, keys.3, keys.4, at, at))?;
        Ok(())
    })?;
    Ok(Ran { operations: times.len(), seconds: begun.elapsed().as_secs_f64(), times })
}
