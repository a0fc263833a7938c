//! How the databases find what is asked for: by an index of the organization, whatever documented filter there is.

use std::collections::BTreeSet;
use std::time::Duration;

use frontdesk_callcenter::{CallTaskDueDates, ProcessingOptions, Processor};
use frontdesk_outbound::{Client, Reach, Settings};
use frontdesk_store::{Db, Options};
use frontdesk_ticketing::TicketDueDates;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use tracing::Instrument;

use super::seed::fill;
use crate::harness::app::App;
use crate::harness::leaks::statements;

/// Every filter of every list that grows, but for searches, and some together.
const LISTS: &[&str] = &[
    "/api/v1/ticket?contact_id=20007",
    "/api/v1/ticket?statuses=1",
    "/api/v1/ticket?statuses=0,1",
    "/api/v1/ticket?handler_ids=20007",
    "/api/v1/ticket?handler_ids=20007,20008,20009",
    "/api/v1/ticket?handler_ids=20007&statuses=0,1",
    "/api/v1/ticket?creater_ids=20007",
    "/api/v1/ticket?creater_ids=20007,20008",
    "/api/v1/ticket?sponsor_id=1",
    "/api/v1/ticket?termination_code_ids=1",
    "/api/v1/ticket?termination_code_ids=1,2",
    "/api/v1/ticket?due_at__start=2026-03-03&due_at__end=2026-03-04",
    "/api/v1/ticket?created_at__start=2026-02-25&created_at__end=2026-02-26",
    "/api/v1/ticket?contact_id=20007&created_at__start=2026-02-25",
    "/api/v1/interact-collection?handler_id=20007",
    "/api/v1/interact-collection?handler_group_id=1",
    "/api/v1/interact-collection?contact_id=20007",
    "/api/v1/interact-collection?is_acw_completed=false",
    "/api/v1/interact-collection?created_at__start=2026-02-25&created_at__end=2026-02-26",
    "/api/v1/contact?id=20007,20008",
    "/api/v1/contact?gender=1",
    "/api/v1/contact?birth_at__start=1980-01-01&birth_at__end=1980-12-31",
    "/api/v1/contact?birth_months=10",
    "/api/v1/contact?birth_months=10,11",
    "/api/v1/contact?created_at__start=2026-02-25&created_at__end=2026-02-26",
    "/api/v1/contact?updated_at__start=2026-02-25&updated_at__end=2026-02-26",
    "/api/v1/contact?identity_no=I20007",
    "/api/v1/contact?membership_no=M20007",
    "/api/v1/contact?sponsor_id=1",
    "/api/v1/phone-number?contact_id=20007",
    "/api/v1/phone-number?type=1",
    "/api/v1/phone-number?extension=7",
    "/api/v1/phone-number?description=d7",
    "/api/v1/phone-number?number=anonymous",
    "/api/v1/phone-number?number=74951",
    "/api/v1/employee?role=agent",
    "/api/v1/employee?is_active=false",
    "/api/v1/employee?group_id=1",
    "/api/v1/employee?department_id=1",
    "/api/v1/subcategory?category_id=1",
    "/api/tasks?",
    "/api/tasks?status=new",
    "/api/tasks?status=cancelled",
    "/api/tasks?task_type=type7",
    "/api/tasks?priority=urgent",
    "/api/tasks?operator_id=20007",
    "/api/tasks?caller_phone=anonymous",
    "/api/tasks?appeal_id=20007",
    "/api/tasks?created_at__start=2026-02-25&created_at__end=2026-02-26",
    "/api/tasks?priority=urgent&status=new",
];

fn appointments() -> Vec<Value> {
    vec![
        json!({"status": "pending"}),
        json!({"branch_code": "7"}),
        json!({"emp_id": "E20007"}),
        json!({"customer_id_num": "C7"}),
        json!({"emp_id": "E20007", "customer_id_num": "C7"}),
        json!({"out_task_num": "N20007"}),
        json!({"ticket_id": 20007}),
        json!({"task_time__start": "2026-03-03", "task_time__end": "2026-03-04"}),
    ]
}

/// What is read by the organization alone, from one end of an index to where there is enough.
const WHOLE: &[&str] = &[
    "/api/v1/ticket?",
    "/api/v1/ticket?sort=-updated_at,id",
    "/api/v1/ticket?sort=due_at",
    "/api/v1/ticket?sort=-created_at",
    "/api/v1/contact?",
    "/api/v1/phone-number?",
    "/api/v1/employee?",
    "/api/v1/interact-collection?",
    "/api/tasks?include_cancelled=true",
    "/api/tasks?include_cancelled=true&sort=-updated_at",
];

/// One of each other kind of question.
const SINGLE: &[&str] = &[
    "/api/v1/ticket/20007",
    "/api/v1/ticket/20007/related",
    "/api/v1/ticket/20007/history",
    "/api/v1/contact/20007",
    "/api/v1/employee/20007",
    "/api/v1/auth/me",
    "/api/tasks/00000000-0000-0000-0000-000000004e27",
];

/// Tables of which only some rows are an organization's.
const STORE_WIDE: [&str; 4] = ["token", "license", "service_key", "auth_code"];

async fn recorded(app: &App) -> Vec<(String, bool, Vec<String>)> {
    let mut recorded = vec![];
    let gets = LISTS.iter().map(|path| (*path, true)).chain(WHOLE.iter().chain(SINGLE).map(|path| (*path, false)));
    for (place, (path, narrow)) in gets.enumerate() {
        for (turn, page) in ["per_page=15", "per_page=15&page=3", "per_page=15&cursor="].into_iter().enumerate() {
            let single = !path.contains('?');
            if single && turn > 0 {
                continue;
            }
            let id = format!("sql-plan-{place}-{turn}");
            let asked = if single { path.to_owned() } else { format!("{path}&{page}") };
            let answer = app.admin().with("x-request-id", &id).get(&asked).await;
            let next = answer.header("link").split(['<', '>']).nth(1).map(str::to_owned);
            answer.is(200);
            recorded.push((asked, narrow, statements(&id)));
            if let Some(next) = next {
                let id = format!("{id}-next");
                app.admin().with("x-request-id", &id).get(&next).await.is(200);
                recorded.push((next, narrow, statements(&id)));
            }
        }
    }
    for (place, mut body) in appointments().into_iter().enumerate() {
        for (turn, page) in [json!({}), json!({"page": 2}), json!({"cursor": ""})].into_iter().enumerate() {
            let id = format!("sql-plan-post-{place}-{turn}");
            body.as_object_mut().unwrap().retain(|name, _| name != "page");
            body.as_object_mut().unwrap().extend(page.as_object().unwrap().clone());
            app.admin().with("x-request-id", &id).post("/api/task/get_list", body.clone()).await.is(200);
            recorded.push((body.to_string(), true, statements(&id)));
        }
    }
    let writes = app.admin().with("x-request-id", "sql-plan-writes");
    let made = writes.post("/api/v1/ticket", json!({"subject": "s", "content": "c", "contact_id": 20007})).await.is(201);
    let path = format!("/api/v1/ticket/{}", made["data"]["id"]);
    writes.put(&path, json!({"subject": "t"})).await.is(200);
    writes.delete(&path).await.is(204);
    let task = writes.post("/api/tasks", json!({"title": "t", "operator_id": 1})).await.is(200);
    writes.put(&format!("/api/tasks/{}/status", task["id"].as_str().unwrap()), json!({"status": "in_progress"})).await.is(200);
    writes.put("/api/v1/contact/20007", json!({"first_name": "g"})).await.is(200);
    writes.put("/api/v1/employee/20007", json!({"first_name": "g"})).await.is(200);
    recorded.push(("writes".into(), false, statements("sql-plan-writes")));
    recorded
}

/// The plan of a statement, whose values are not known.
async fn plan(db: &Db, sql: &str) -> Vec<String> {
    let ask = async |text: String, column: &str| {
        let rows =
            db.schema().query_all_raw(Statement::from_string(db.backend(), text)).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect::<Vec<_>>()
    };
    if db.backend() == DbBackend::Sqlite {
        return ask(format!("EXPLAIN QUERY PLAN {sql}"), "detail").await;
    }
    let values = (1..1000).take_while(|n| sql.contains(&format!("${n}"))).count();
    let nulls = vec!["NULL"; values].join(", ");
    let prepare = format!("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; PREPARE asked AS {sql}");
    db.schema().execute_unprepared(&prepare).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let plan = ask(format!("EXPLAIN EXECUTE asked{}", if values == 0 { String::new() } else { format!("({nulls})") }), "QUERY PLAN").await;
    db.schema().execute_unprepared("DEALLOCATE asked").await.unwrap();
    plan
}

/// What of a plan reads a whole table; on SQLite and where `narrow`, also what reads all of an organization.
fn faults(backend: DbBackend, plan: &[String], narrow: bool) -> Vec<String> {
    let small = ["record_count", "organization", "category", "subcategory", "sponsor", "termination_code"];
    let of = |line: &str, table: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == table);
    let bad = |line: &&String| {
        if small.iter().any(|table| of(line, table)) {
            return false;
        }
        match backend {
            DbBackend::Sqlite => {
                (line.starts_with("SCAN ")
                    && !line.starts_with("SCAN (")
                    && !line.contains(" VIRTUAL TABLE INDEX ")
                    && line.as_str() != "SCAN some"
                    && line.as_str() != "SCAN CONSTANT ROW")
                    // From one id on, which may be the first.
                    || line.ends_with("sqlite_autoindex_call_task_1 (id>?)")
                    || line.ends_with("(rowid>?)")
                    || (narrow && line.ends_with("(organization_id=?)"))
            }
            // Without the values PostgreSQL takes a page for a tenth of the table, which some thousand rows do not bear out.
            _ => line.contains("Seq Scan on"),
        }
    };
    plan.iter().filter(bad).cloned().collect()
}

/// The statements of work that nobody asked for, which is done again and again.
async fn unasked(app: &App) -> (String, bool, Vec<String>) {
    let (db, world) = (app.db().await, app.world.clone());
    let client = || Client::new(Settings { reach: Reach::Anywhere, connect_timeout: Duration::from_secs(5), more_roots: vec![] });
    let options = ProcessingOptions {
        speech: None,
        language: None,
        chat: None,
        recordings: client(),
        servers: client(),
        recording_bytes: 1000,
        recording_time: Duration::from_secs(5),
        folder: std::env::temp_dir(),
    };
    let work = async {
        let processor = Processor::new(db.clone(), world.clone(), options);
        processor.adopt().await.unwrap();
        processor.step(std::future::pending()).await.unwrap();
        TicketDueDates::new(db.clone(), world.clone(), Duration::from_hours(1)).step().await.unwrap();
        CallTaskDueDates::new(db.clone(), world.clone()).step().await.unwrap();
    };
    work.instrument(tracing::info_span!("work", id = "sql-plan-unasked")).await;
    ("work that nobody asked for".into(), false, statements("sql-plan-unasked"))
}

#[tokio::test]
async fn nothing_reads_a_whole_table() {
    let app = App::new();
    fill(&app.db().await, 3000).await;
    let db = Db::open(app.database_url(), &Options { writers: 1, ..Options::default() }).await.unwrap();
    let (mut seen, mut wrong) = (BTreeSet::new(), vec![]);
    let mut recorded = recorded(&app).await;
    recorded.push(unasked(&app).await);
    for (asked, narrow, statements) in recorded {
        assert!(!statements.is_empty(), "{asked}: no statement was seen");
        for sql in statements {
            let reads = sql.starts_with("SELECT") && !sql.contains("advisory");
            if !reads || STORE_WIDE.iter().any(|table| sql.contains(&format!("FROM \"{table}\""))) || !seen.insert((sql.clone(), narrow)) {
                continue;
            }
            let plan = plan(&db, &sql).await;
            let faults = faults(db.backend(), &plan, narrow);
            if !faults.is_empty() {
                wrong.push(format!("{asked}\n{sql}\n{faults:#?}\n{}", plan.join("\n")));
            }
        }
    }
    assert!(seen.len() > 50, "only {} statements", seen.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test]
async fn every_statement_names_the_organization() {
    let app = App::new();
    fill(&app.db().await, 300).await;
    for (asked, _, statements) in recorded(&app).await {
        for sql in statements {
            let words = sql.to_lowercase();
            let of_table = ["select", "update", "delete"].iter().any(|verb| words.starts_with(verb)) && !words.contains("advisory");
            let wide = STORE_WIDE.iter().any(|table| words.contains(&format!("\"{table}\"")));
            let own = words.contains("from \"organization\"");
            // SQLite's keys of call tasks for its full-text search, which one file has for all.
            let keys = words.contains("from call_task_key");
            if of_table && !wide && !own && !keys {
                let conditions = words.split_once(" where ").map_or("", |(_, conditions)| conditions);
                assert!(conditions.contains("organization_id"), "{asked}: {sql}");
            }
        }
    }
}
