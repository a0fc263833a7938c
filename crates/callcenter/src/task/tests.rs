use std::collections::BTreeMap;

use frontdesk_core::access::{Actor, Caller, Scope};
use frontdesk_core::envelope::{ItemPage, Versioned};
use frontdesk_core::id::{CallTaskId, EmployeeId, OrganizationId, ServiceKeyId, TicketId};
use frontdesk_core::input::Input;
use frontdesk_core::page::PageRequest;
use frontdesk_core::status::{CallTaskPriority, CallTaskStatus, ProcessingStage, ProcessingState, Role};
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Db, Options, WriteContext, Written};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use time::macros::datetime;

use super::{AppealLink, CallTask, CallTaskFilter, CallTaskStatusChange, CallTasks, NewCallTask, ReprocessRequest};

const OPERATOR: EmployeeId = EmployeeId(1);
const INACTIVE: EmployeeId = EmployeeId(2);
const FOREIGN: EmployeeId = EmployeeId(3);
const TICKET: TicketId = TicketId(1);
const FOREIGN_TICKET: TicketId = TicketId(2);

struct Fixture {
    db: Db,
    world: World,
    tasks: CallTasks,
    _folder: tempfile::TempDir,
}

/// Two organizations; employees 1 (active) and 2 (not) and ticket 1 in the first, employee 3 and ticket 2 in the second.
async fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite://{}/test.db", folder.path().display()), &Options::default()).await.unwrap();
    frontdesk_migration::migrate(db.schema()).await.unwrap();
    let stamps = "version, created_at, updated_at";
    let rows = [
        format!("INSERT INTO organization (id, slug, name, time_zone, double_booking, {stamps}) VALUES (1, 'a', 'A', 'Europe/Moscow', 'warn', 1, 0, 0), (2, 'b', 'B', 'UTC', 'warn', 1, 0, 0)"),
        "INSERT INTO profile (id, organization_id) VALUES (1, 1), (2, 1), (3, 2)".into(),
        format!(
            "INSERT INTO employee (id, organization_id, employee_no, first_name, last_name, profile_id, role, is_active, is_immortal, search, {stamps}) VALUES
             (1, 1, '1', 'Анна', 'Петрова', 1, 'agent', true, false, '', 1, 0, 0), (2, 1, '2', 'B', NULL, 2, 'agent', false, false, '', 1, 0, 0), (3, 2, '3', 'C', NULL, 3, 'agent', true, false, '', 1, 0, 0)"
        ),
        format!("INSERT INTO ticket (id, organization_id, subject, content, status, priority, search, {stamps}) VALUES (1, 1, 's', 'c', 0, 0, '', 1, 0, 0), (2, 2, 's', 'c', 0, 0, '', 1, 0, 0)"),
    ];
    for row in rows {
        db.schema().execute_unprepared(&row).await.unwrap();
    }
    let world = World::fixed(datetime!(2026-03-02 07:15:00.4 UTC));
    Fixture { tasks: CallTasks::new(db.clone(), world.clone()), db, world, _folder: folder }
}

impl Fixture {
    fn agent(&self, organization: i64, id: EmployeeId) -> WriteContext {
        let zone = Zone::named(if organization == 1 { "Europe/Moscow" } else { "UTC" }).unwrap();
        let caller = Caller { organization: OrganizationId(organization), zone, actor: Actor::Employee { id, role: Role::Agent } };
        WriteContext::new(caller, "request", self.world.now())
    }

    fn cx(&self) -> WriteContext {
        self.agent(1, OPERATOR)
    }

    async fn create(&self, input: impl Into<Input<NewCallTask>>) -> Result<Versioned<CallTask>> {
        self.world.advance(time::Duration::seconds(1));
        fresh(self.tasks.create(&self.cx(), input).await)
    }

    async fn status(&self, id: CallTaskId, status: CallTaskStatus) -> Result<Versioned<CallTask>> {
        self.world.advance(time::Duration::seconds(1));
        fresh(self.tasks.set_status(&self.cx(), id, CallTaskStatusChange { status }).await)
    }

    async fn link(&self, id: CallTaskId, appeal_id: Option<TicketId>) -> Result<Versioned<CallTask>> {
        fresh(self.tasks.link_appeal(&self.cx(), id, AppealLink { appeal_id }).await)
    }

    async fn reprocess(&self, id: CallTaskId, stage: Option<ProcessingStage>) -> Result<Versioned<CallTask>> {
        fresh(self.tasks.reprocess(&self.cx(), id, ReprocessRequest { stage, overwrite: false }).await)
    }

    async fn titles(&self, filter: &CallTaskFilter) -> Vec<String> {
        let page = self.tasks.list(&self.cx().caller, filter, PageRequest::first(20)).await.unwrap();
        page.items.into_iter().map(|task| task.title).collect()
    }

    /// The journal of call tasks: action, version and what changed.
    async fn history(&self) -> Vec<(String, i64, Value)> {
        let sql = "SELECT h.action, h.version, h.changes FROM history h JOIN event e ON e.id = h.id AND e.type = h.kind || '.' || h.action WHERE h.kind = 'call_task' ORDER BY h.id";
        let db = self.db.read();
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        let read = |row: &sea_orm::QueryResult| {
            let changes: String = row.try_get("", "changes").unwrap();
            (row.try_get("", "action").unwrap(), row.try_get("", "version").unwrap(), serde_json::from_str(&changes).unwrap())
        };
        rows.iter().map(read).collect()
    }
}

fn fresh(written: Result<Written<Versioned<CallTask>>>) -> Result<Versioned<CallTask>> {
    written.map(|written| written.fresh().unwrap())
}

fn new(title: &str) -> NewCallTask {
    NewCallTask { operator_id: OPERATOR, title: title.into(), ..Default::default() }
}

fn read(body: &Value) -> Input<NewCallTask> {
    Input::body(body, &Zone::named("Europe/Moscow").unwrap(), NewCallTask::read)
}

/// The fields that an error names, with the word for programs.
fn faults(result: Result<Versioned<CallTask>>) -> BTreeMap<String, &'static str> {
    match result {
        Err(Error::Invalid(violations)) => violations.all().iter().map(|v| (v.field(), v.rule.code())).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_whole_answer() {
    let f = fixture().await;
    let body = json!({
        "operator_id": 1, "task_type": "callback", "priority": "high", "title": "Счёт", "description": null,
        "caller_phone": "+7 (495) 123-45-67", "caller_name": "Иван", "call_id": "c-1", "recording_url": "https://r.example/1.mp3",
        "call_datetime": "2026-03-02 10:00:00", "due_date": "2026-03-05", "unknown": 1,
    });
    let made = f.create(read(&body)).await.unwrap();
    assert_eq!(made.version, 1);
    let expected = json!({
        "id": made.record.id, "organization_id": 1, "assigned_user_id": 1, "created_by_user_id": 1, "task_type": "callback",
        "status": "new", "priority": "high", "title": "Счёт", "description": null, "caller_phone": "+7 (495) 123-45-67",
        "caller_name": "Иван", "call_id": "c-1", "recording_url": "https://r.example/1.mp3",
        "call_datetime": "2026-03-02T10:00:00+03:00", "call_transcription": null, "call_summary": null, "call_response_summary": null,
        "error_message": null, "created_at": "2026-03-02T10:15:01+03:00", "updated_at": "2026-03-02T10:15:01+03:00",
        "due_date": "2026-03-05T00:00:00+03:00", "completed_at": null, "appeal_id": null, "assigned_user_name": "Анна Петрова",
        "processing": {"state": "queued", "stage": "transcription", "attempt": 0, "version": 1},
    });
    assert_eq!(serde_json::to_string(&made.record).unwrap(), expected.to_string(), "the keys have the page's order");
    assert_eq!(made.record.id.0.get_version_num(), 7);
    assert_eq!(f.tasks.get(&f.cx().caller, made.record.id).await.unwrap(), made);
    assert_eq!(f.history().await[0].2["title"], json!([null, "Счёт"]));
}

#[tokio::test]
async fn defaults_and_keys() {
    let f = fixture().await;
    let made = f.create(read(&json!({"operator_id": 1, "title": "a", "priority": null, "task_type": null}))).await.unwrap().record;
    assert_eq!((made.task_type.as_str(), made.priority, made.status), ("call", CallTaskPriority::Normal, CallTaskStatus::New));
    assert_eq!(made.processing, super::Processing::default());
    let mut cx = f.cx();
    cx.caller.actor = Actor::Key { id: ServiceKeyId(9), scopes: vec![Scope::CallTasksWrite] };
    let made = fresh(f.tasks.create(&cx, new("b")).await).unwrap().record;
    assert_eq!((made.created_by_user_id, made.assigned_user_id), (None, Some(OPERATOR)));
    assert!(matches!(f.tasks.get(&cx.caller, made.id).await, Err(Error::Forbidden)));
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let f = fixture().await;
    let long = "я".repeat(524_289);
    let body = json!({
        "operator_id": 99, "task_type": "Call back", "priority": "huge", "title": "", "description": long, "caller_phone": "1".repeat(65),
        "caller_name": 5, "call_id": "", "recording_url": "ftp://r.example", "call_datetime": "yesterday", "due_date": 1,
    });
    let expected = [
        ("operator_id", "not_found"),
        ("task_type", "value_error"),
        ("priority", "enum"),
        ("title", "length"),
        ("description", "value_error"),
        ("caller_phone", "length"),
        ("caller_name", "type_error"),
        ("call_id", "length"),
        ("recording_url", "value_error"),
        ("call_datetime", "format"),
        ("due_date", "format"),
    ];
    assert_eq!(faults(f.create(read(&body)).await), expected.map(|(field, rule)| (field.to_owned(), rule)).into());
    assert_eq!(faults(f.create(read(&json!({}))).await), [("operator_id".into(), "missing"), ("title".into(), "missing")].into());
    for operator_id in [INACTIVE, FOREIGN] {
        let fault = faults(f.create(NewCallTask { operator_id, ..new("a") }).await);
        assert!(fault.contains_key("operator_id"), "{fault:?}");
    }
    assert_eq!(f.history().await, []);
}

#[tokio::test]
async fn phones_of_any_form() {
    let f = fixture().await;
    for phone in ["+7 (495) 123-45-67", "anonymous", "sip:300@pbx.example", "8 495 123 45 67"] {
        f.create(NewCallTask { caller_phone: Some(phone.into()), ..new(phone) }).await.unwrap();
    }
    for (asked, found) in [
        ("74951234567", &["+7 (495) 123-45-67"][..]),
        ("495-123-45-67", &["8 495 123 45 67", "+7 (495) 123-45-67"]),
        ("anonymous", &["anonymous"]),
        ("sip:300@other", &["sip:300@pbx.example"]),
        ("unknown", &[]),
    ] {
        assert_eq!(f.titles(&CallTaskFilter { caller_phone: Some(asked.into()), ..Default::default() }).await, found, "{asked}");
    }
}

#[tokio::test]
async fn a_call_has_one_task() {
    let f = fixture().await;
    let call = || NewCallTask { call_id: Some("c-1".into()), ..new("a") };
    let creations = (0..8).map(|_| {
        let (tasks, cx) = (f.tasks.clone(), f.cx());
        tokio::spawn(async move { fresh(tasks.create(&cx, call()).await) })
    });
    let mut made = vec![];
    let mut refusals = vec![];
    for creation in creations.collect::<Vec<_>>() {
        match creation.await.unwrap() {
            Ok(task) => made.push(task.record.id.to_string()),
            Err(Error::Conflict(text)) => refusals.push(text),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((made.len(), refusals.len()), (1, 7));
    assert!(refusals.iter().all(|text| text.contains(&made[0])), "{refusals:?}");
    let elsewhere = f.agent(2, FOREIGN);
    fresh(f.tasks.create(&elsewhere, NewCallTask { operator_id: FOREIGN, ..call() }).await).unwrap();
}

#[tokio::test]
async fn statuses() {
    use CallTaskStatus::{Cancelled, Completed, InProgress, New};
    let f = fixture().await;
    let id = f.create(new("a")).await.unwrap().record.id;
    assert!(matches!(f.status(id, Completed).await, Err(Error::Conflict(text)) if text.contains("new") && text.contains("completed")));
    assert_eq!(f.status(id, New).await.unwrap().version, 1);
    f.status(id, InProgress).await.unwrap();
    let done = f.status(id, Completed).await.unwrap();
    assert_eq!(done.record.completed_at, Some(done.record.updated_at));
    assert_eq!(f.status(id, Completed).await.unwrap(), done, "the same status changes nothing");
    assert_eq!(f.status(id, InProgress).await.unwrap().record.completed_at, None);
    f.status(id, Cancelled).await.unwrap();
    for next in [New, InProgress, Completed] {
        assert!(matches!(f.status(id, next).await, Err(Error::Conflict(_))), "{next}");
    }
    let versions: Vec<_> = f.history().await.into_iter().map(|(action, version, _)| (action, version)).collect();
    let changed = |version| ("status_changed".to_owned(), version);
    assert_eq!(versions, [("created".into(), 1), changed(2), changed(3), changed(4), changed(5)]);
    assert_eq!(f.history().await[1].2, json!({"status": ["new", "in_progress"]}));
}

#[tokio::test]
async fn appeals() {
    let f = fixture().await;
    let id = f.create(new("a")).await.unwrap().record.id;
    let linked = f.link(id, Some(TICKET)).await.unwrap();
    assert_eq!((linked.version, linked.record.appeal_id), (2, Some(TICKET)));
    assert_eq!(f.link(id, Some(TICKET)).await.unwrap(), linked);
    for foreign in [FOREIGN_TICKET, TicketId(99)] {
        assert_eq!(faults(f.link(id, Some(foreign)).await), [("appeal_id".into(), "not_found")].into());
    }
    assert_eq!(f.titles(&CallTaskFilter { appeal_id: Some(TICKET), ..Default::default() }).await, ["a"]);
    assert_eq!(f.link(id, None).await.unwrap().record.appeal_id, None);
    let absent = Input::body(&json!({}), &Zone::utc(), AppealLink::read);
    assert_eq!(faults(fresh(f.tasks.link_appeal(&f.cx(), id, absent).await)), [("appeal_id".into(), "missing")].into());
    let actions: Vec<_> = f.history().await.into_iter().map(|(action, ..)| action).collect();
    assert_eq!(actions, ["created", "appeal_linked", "appeal_unlinked"]);
}

#[tokio::test]
async fn processing() {
    let f = fixture().await;
    let recorded = |title: &str| NewCallTask { recording_url: Some("https://r.example/1".into()), ..new(title) };
    let whole = NewCallTask { call_transcription: Some("text".into()), call_summary: Some("sum".into()), ..recorded("whole") };
    let task = f.create(whole).await.unwrap();
    assert_eq!(task.record.processing.state, ProcessingState::None);
    let again = f.reprocess(task.record.id, Some(ProcessingStage::Summary)).await.unwrap();
    let processing = again.record.processing;
    assert_eq!((processing.state, processing.stage, processing.version), (ProcessingState::Queued, Some(ProcessingStage::Summary), 1));
    assert_eq!((again.version, again.record.call_summary.as_deref()), (2, Some("sum")));
    assert_eq!(f.reprocess(task.record.id, None).await.unwrap(), again, "nothing changes while it is queued");

    let bare = f.create(new("bare")).await.unwrap();
    assert_eq!(f.reprocess(bare.record.id, None).await.unwrap(), bare, "there is nothing to process");
    let gone = f.status(bare.record.id, CallTaskStatus::Cancelled).await.unwrap();
    assert!(matches!(f.reprocess(gone.record.id, None).await, Err(Error::Conflict(_))));
    let actions: Vec<_> = f.history().await.into_iter().map(|(action, ..)| action).collect();
    assert_eq!(actions, ["created", "reprocess_requested", "created", "status_changed"]);
}

#[tokio::test]
async fn lists() {
    let f = fixture().await;
    let cancelled = f.create(new("Отменённый счёт")).await.unwrap().record;
    f.status(cancelled.id, CallTaskStatus::Cancelled).await.unwrap();
    let second = f
        .create(NewCallTask { description: Some("про Ёлку".into()), task_type: Some("callback".into()), ..new("50% СЧЁТ") })
        .await
        .unwrap()
        .record;
    f.create(NewCallTask { priority: Some(CallTaskPriority::Urgent), ..new("third") }).await.unwrap();
    let all = CallTaskFilter::default();
    for (filter, found) in [
        (all.clone(), &["third", "50% СЧЁТ"][..]),
        (CallTaskFilter { include_cancelled: true, ..all.clone() }, &["third", "50% СЧЁТ", "Отменённый счёт"]),
        (CallTaskFilter { status: Some(CallTaskStatus::Cancelled), ..all.clone() }, &["Отменённый счёт"]),
        (CallTaskFilter { search: Some("счет %".into()), ..all.clone() }, &["50% СЧЁТ"]),
        (CallTaskFilter { search: Some("елку".into()), ..all.clone() }, &[]),
        (CallTaskFilter { q: Some("елку счёт".into()), ..all.clone() }, &["50% СЧЁТ"]),
        (CallTaskFilter { task_type: Some("callback".into()), ..all.clone() }, &["50% СЧЁТ"]),
        (CallTaskFilter { priority: Some(CallTaskPriority::Urgent), ..all.clone() }, &["third"]),
        (CallTaskFilter { operator_id: Some(INACTIVE), ..all.clone() }, &[]),
        (
            CallTaskFilter {
                created_at_start: Some(second.created_at.0),
                created_at_end: Some(frontdesk_core::time::Until(second.created_at.0)),
                ..all.clone()
            },
            &["50% СЧЁТ"],
        ),
    ] {
        assert_eq!(f.titles(&filter).await, found, "{filter:?}");
    }
    let page = PageRequest { page: 2, ..PageRequest::first(1) };
    let page = ItemPage::from(f.tasks.list(&f.cx().caller, &all, page).await.unwrap());
    assert_eq!((page.items[0].title.as_str(), page.total, page.page, page.per_page, page.pages), ("50% СЧЁТ", 2, 2, 1, 2));
    assert_eq!(page.items[0].assigned_user_name.as_deref(), Some("Анна Петрова"));
    let elsewhere = f.tasks.list(&f.agent(2, FOREIGN).caller, &all, PageRequest::first(20)).await.unwrap();
    assert_eq!((elsewhere.total.rows, elsewhere.pages()), (0, 0));
    let endless = CallTaskFilter { search: Some("a ".repeat(251)), ..all };
    assert!(matches!(f.tasks.list(&f.cx().caller, &endless, PageRequest::first(20)).await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn other_organizations_and_versions() {
    let f = fixture().await;
    let id = f.create(new("a")).await.unwrap().record.id;
    let other = f.agent(2, FOREIGN);
    assert!(matches!(f.tasks.get(&other.caller, id).await, Err(Error::NotFound)));
    let change = CallTaskStatusChange { status: CallTaskStatus::InProgress };
    assert!(matches!(f.tasks.set_status(&other, id, change).await, Err(Error::NotFound)));
    assert!(matches!(f.tasks.link_appeal(&other, id, AppealLink { appeal_id: None }).await, Err(Error::NotFound)));
    assert!(matches!(f.tasks.reprocess(&other, id, ReprocessRequest::default()).await, Err(Error::NotFound)));
    let stale = WriteContext { expected: Some(vec![7]), ..f.cx() };
    assert!(matches!(f.tasks.set_status(&stale, id, change).await, Err(Error::Stale(1))));
    assert_eq!(f.tasks.get(&f.cx().caller, id).await.unwrap().version, 1);
}
