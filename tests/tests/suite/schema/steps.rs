//! Every step of the schema forth and back, whole or not at all.

use std::collections::BTreeSet;

use frontdesk_core::text::is_dialled;
use frontdesk_core::world::World;
use frontdesk_migration::{Migrator, MigratorTrait, State, migrate, state};
use frontdesk_server::verify;
use frontdesk_store::Db;
use sea_orm::{ConnectionTrait, DbBackend};

use super::{columns, dump, is_of_search};
use crate::examples::DEMO;
use crate::harness::database::EMPTY;
use crate::harness::{NOW, number, rows, sql, texts};

fn steps() -> usize {
    Migrator::migrations().len()
}

async fn up(db: &Db) {
    Migrator::up(db.schema(), Some(1)).await.unwrap();
}

async fn down(db: &Db, steps: usize) {
    Migrator::down(db.schema(), Some(u32::try_from(steps).unwrap())).await.unwrap();
}

/// Tables and named indexes.
async fn names(db: &Db) -> BTreeSet<String> {
    let all = match db.backend() {
        DbBackend::Postgres => {
            "SELECT relname::text AS t FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
             WHERE nspname = 'public' AND relkind IN ('r', 'i') AND relname NOT LIKE '%_pkey'"
        }
        _ => "SELECT name AS t FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    };
    texts(&db.read(), all).await.into_iter().collect()
}

/// The dump after none of the steps, the first, the second and so on, and the names that each step has added.
async fn forth(db: &Db) -> (Vec<Vec<String>>, Vec<BTreeSet<String>>) {
    // The table in which the steps are noted belongs to none of them.
    Migrator::up(db.schema(), Some(0)).await.unwrap();
    let (mut dumps, mut added) = (vec![dump(db).await], vec![]);
    for _ in 0..steps() {
        let before = names(db).await;
        up(db).await;
        dumps.push(dump(db).await);
        added.push(names(db).await.difference(&before).cloned().collect());
    }
    assert_eq!(state(&db.read()).await.unwrap(), State::Current);
    (dumps, added)
}

#[tokio::test]
async fn back_and_forth_the_schema_is_the_same() {
    let database = EMPTY.copy();
    let db = database.open().await;
    let (dumps, _) = forth(&db).await;
    for before in dumps.iter().rev().skip(1) {
        down(&db, 1).await;
        assert_eq!(dump(&db).await, *before);
    }
    for after in dumps.iter().skip(1) {
        up(&db).await;
        assert_eq!(dump(&db).await, *after);
    }
    down(&db, steps()).await;
    assert_eq!(dump(&db).await, dumps[0]);
}

#[tokio::test]
async fn an_interrupted_step_leaves_nothing() {
    let (reference, database) = (EMPTY.copy(), EMPTY.copy());
    let (dumps, added) = forth(&reference.open().await).await;
    let db = database.open().await;
    Migrator::up(db.schema(), Some(0)).await.unwrap();
    for (step, added) in added.iter().enumerate() {
        // Two give a setting another value, one is about SQLite alone, two take something away.
        assert!(!added.is_empty() || [15, 17, 18, 19, 20, 21].contains(&(step + 1)), "step {}", step + 1);
        for name in added {
            // In its place the step fails where it has come so far.
            sql(&db, &format!("CREATE TABLE {name} (n BIGINT)")).await;
            assert!(Migrator::up(db.schema(), Some(1)).await.is_err(), "step {} makes {name} where it is", step + 1);
            sql(&db, &format!("DROP TABLE {name}")).await;
            assert_eq!(dump(&db).await, dumps[step], "step {} failed at {name}", step + 1);
        }
        up(&db).await;
        assert_eq!(dump(&db).await, dumps[step + 1]);
    }
    assert_eq!(migrate(db.schema()).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn an_interrupted_way_back_leaves_everything() {
    let (reference, database) = (EMPTY.copy(), DEMO.copy());
    let (dumps, added) = forth(&reference.open().await).await;
    let db = database.open().await;
    for step in (1..=steps()).rev() {
        let before = rows(&db).await;
        let mut failed = 0;
        for name in &added[step - 1] {
            let Some(obstacle) = obstacle(&db, name).await else { continue };
            sql(&db, &obstacle).await;
            assert!(Migrator::down(db.schema(), Some(1)).await.is_err(), "step {step} goes back where something names {name}");
            sql(&db, "DROP TABLE obstacle").await;
            assert_eq!(dump(&db).await, dumps[step], "step {step} failed at {name}");
            assert!(rows(&db).await == before, "step {step} failed at {name} and changed rows");
            failed += 1;
        }
        assert!(failed > 0 || !added[step - 1].iter().any(|name| name == "organization"), "nothing stood in the way of step {step}");
        down(&db, 1).await;
        assert_eq!(dump(&db).await, dumps[step - 1]);
    }
}

/// A table whose only row names a row of this one, which therefore cannot go; none where there is no such row.
async fn obstacle(db: &Db, table: &str) -> Option<String> {
    let columns = if table == "organization" { "id" } else { "organization_id, id" };
    let found = format!("SELECT count(*) AS n FROM {table}");
    let there =
        db.read().query_one_raw(sea_orm::Statement::from_string(db.backend(), format!("SELECT {columns} FROM {table} LIMIT 1"))).await;
    if !there.is_ok_and(|row| row.is_some()) || table == "call_task" || is_of_search(table) {
        return None;
    }
    assert!(number(&db.read(), &found).await > 0);
    let defined = columns.replace(',', " BIGINT,");
    let filled = format!("INSERT INTO obstacle SELECT {columns} FROM {table} LIMIT 1");
    Some(format!("CREATE TABLE obstacle ({defined} BIGINT, FOREIGN KEY ({columns}) REFERENCES {table} ({columns})); {filled}"))
}

/// The rows of the tables that the first steps have made, but for the history, which a later step has changed, for what one has put at
/// the end of tickets and call tasks, for the number of webhooks, which goes with them, and for the index of searched texts, which
/// `verify` compares with these.
async fn of_steps(db: &Db, added: &[BTreeSet<String>]) -> Vec<String> {
    let rows = rows(db).await;
    let dated = columns(db).await.iter().any(|column| column == "ticket.due_told");
    let kept = |row: &&String| {
        let table = row.split(' ').next().unwrap_or_default();
        let goes = is_of_search(table) || table == "history" || table == "record_count" && row.contains("webhook");
        !goes && added.iter().any(|names| names.contains(table))
    };
    rows.iter().filter(kept).map(|row| without_date(&without_phones(row), dated)).collect()
}

/// A row without how far its due date was announced, where it says so.
fn without_date(row: &str, dated: bool) -> String {
    if !row.starts_with("ticket ") && !row.starts_with("call_task ") {
        return row.to_owned();
    }
    // PostgreSQL puts a row in brackets.
    let row = row.strip_suffix(')').unwrap_or(row);
    row.rsplit_once(',').map_or(row, |(before, _)| if dated { before } else { row }).to_owned()
}

/// A row without the phone numbers that later steps have put behind the searched text, the last of them in digits of their own, and
/// without the quotes that PostgreSQL puts around a text of several lines.
fn without_phones(row: &str) -> String {
    let mut lines = row.split('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    let phone = |c: char| is_dialled(c) || c == '℡';
    let rest = |line: &str| match line.strip_prefix(phone) {
        Some(number) => number.trim_start_matches(|c: char| is_dialled(c) || c.is_ascii_digit()).to_owned(),
        None => format!("\n{line}"),
    };
    lines.fold(first, |all, line| all + &rest(line)).replace('"', "")
}

/// What people and call tasks are found by.
async fn found_by(db: &Db) -> [Vec<String>; 2] {
    let people =
        "SELECT search AS t FROM (SELECT 0 AS n, id, search FROM contact UNION ALL SELECT 1, id, search FROM employee) p ORDER BY n, id";
    [texts(&db.read(), people).await, texts(&db.read(), "SELECT search_title AS t FROM call_task ORDER BY id").await]
}

/// The same before phone numbers had digits of their own.
fn as_before([people, titles]: &[Vec<String>; 2]) -> [Vec<String>; 2] {
    let digit = |c: char| if is_dialled(c) { char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap() } else { c };
    let marked = |text: &String| {
        let mut lines = text.split('\n').map(|line| if line.starts_with(is_dialled) { format!("℡{line}") } else { line.into() });
        let first = lines.next().unwrap();
        lines.fold(first, |all, line| format!("{all}\n{line}")).chars().map(digit).collect()
    };
    let title = |text: &String| text.split('\n').next().unwrap().to_owned();
    [people.iter().map(marked).collect(), titles.iter().map(title).collect()]
}

#[tokio::test]
async fn phone_numbers_change_their_digits() {
    let database = DEMO.copy();
    let db = database.open().await;
    let before = found_by(&db).await;
    let calls = |texts: &[Vec<String>; 2]| {
        texts.iter().map(|texts| texts.iter().filter(|text| text.contains(is_dialled)).count()).collect::<Vec<_>>()
    };
    assert!(calls(&before).into_iter().all(|some| some > 1), "{before:?}");
    down(&db, steps() - 15).await;
    assert_eq!(found_by(&db).await, as_before(&before));
    migrate(db.schema()).await.unwrap();
    assert_eq!(found_by(&db).await, before);
}

/// What the history has without its chain, which begins anew.
async fn history(db: &Db) -> Vec<String> {
    let columns = "id || ' ' || kind || ' ' || record_id || ' ' || version || ' ' || action || ' ' || changes || ' ' || seq || ' ' ||
        CASE WHEN announced THEN 'announced' ELSE '' END";
    texts(&db.read(), &format!("SELECT {columns} AS t FROM history ORDER BY id")).await
}

#[tokio::test]
async fn from_every_step_a_store_with_data_comes_back() {
    let reference = EMPTY.copy();
    let (dumps, added) = forth(&reference.open().await).await;
    for back in 1..=steps() {
        let database = DEMO.copy();
        let db = database.open().await;
        if db.backend() == DbBackend::Sqlite {
            crate::search::tail::put_back(&db, 2).await;
        }
        let (all, told) = (rows(&db).await.len(), history(&db).await);
        let left = steps() - back;
        let before = of_steps(&db, &added[..left]).await;
        down(&db, back).await;
        assert_eq!(of_steps(&db, &added[..left]).await, before, "{back} steps back");
        migrate(db.schema()).await.unwrap();
        assert_eq!(dump(&db).await, dumps[steps()], "{back} steps back and forth");
        assert_eq!(of_steps(&db, &added[..left]).await, before, "{back} steps back and forth");
        let report = verify::run(&db).await.unwrap();
        let unfound: Vec<_> = report.findings.iter().map(ToString::to_string).filter(|finding| finding.contains("found by")).collect();
        assert_eq!(unfound, Vec::<String>::new(), "{back} steps back and forth");
        if back == 1 {
            assert_eq!(history(&db).await, told);
        }
        if back == steps() {
            frontdesk_server::demo::fill(&db, &World::fixed(NOW)).await.unwrap();
            // Salts of passwords differ.
            assert_eq!(rows(&db).await.len(), all);
        }
    }
}

#[tokio::test]
async fn events_lose_what_they_do_not_tell() {
    let database = DEMO.copy();
    let db = database.open().await;
    down(&db, steps() - 17).await;
    sql(&db, "DELETE FROM event").await;
    let event = |kind: &str, data: &str| {
        format!(
            "INSERT INTO event (organization_id, type, record_id, version, actor_kind, request_id, at, data)
             VALUES (1, '{kind}', '1', 1, 'system', 'r', 1, '{data}')"
        )
    };
    let before = [
        ("ticket.created", r#"{"subject":"s"}"#),
        ("contact.deleted", "null"),
        ("appointment.created", r#"{"task_num":"202611230000001","publishers":[{"customer_name":"Ann"}]}"#),
        ("appointment.notification_due", r#"{"task_num":"202611230000001","at":5}"#),
        ("ticket.overdue", r#"{"due_at":"2026-03-02T10:00:00+08:00"}"#),
    ];
    for (kind, data) in before {
        sql(&db, &event(kind, data)).await;
    }
    migrate(db.schema()).await.unwrap();
    let told = texts(&db.read(), "SELECT data AS t FROM event ORDER BY id").await;
    assert_eq!(
        told.iter().map(|told| told.replace(' ', "")).collect::<Vec<_>>(),
        ["null", "null", r#"{"task_num":"202611230000001"}"#, before[3].1, before[4].1]
    );
}
