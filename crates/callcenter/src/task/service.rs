//! What can be done with call tasks.

use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{CallTaskId, EmployeeId, Kind};
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::{CallTaskStatus, ProcessingState};
use frontdesk_core::time::ZonedTime;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee;
use frontdesk_directory::history::{self, HistoryEntry};
use frontdesk_store::search::Entries;
use frontdesk_store::{Change, Db, Tx, WriteContext, Written, missing};
use serde_json::Value;

use super::entity::Model;
use super::{AppealLink, CallTask, CallTaskFilter, CallTaskPatch, CallTaskStatusChange, NewCallTask, ReprocessRequest, job, repo};
use crate::text;

/// The call tasks of every organization; each caller sees its own organization's.
#[derive(Clone, Debug)]
pub struct CallTasks {
    db: Db,
    world: World,
}

impl CallTasks {
    /// Call tasks in a store, with ids from `world`.
    #[must_use]
    pub fn new(db: Db, world: World) -> Self {
        Self { db, world }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// Creates a task, assigned to its operator. It is queued for transcription where it has a recording and no
    /// transcription, for the summary where it has a transcription and no summary.
    ///
    /// [`Error::Conflict`] names the task that already has its `call_id`.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewCallTask>>) -> Result<Written<Versioned<CallTask>>> {
        cx.caller.require(Permission::WriteCallTasks)?;
        let Input { value, mut violations } = input.into();
        violations.check(In::Body, &value);
        // Cutting the search text of megabytes takes long enough to be kept out of the transaction.
        let row = Model::of_new(self.world.uuid(), value, cx);
        let new = Arc::new((Entries::of(&self.db, &cx.caller, Kind::CallTask, std::slice::from_ref(&row))?, row, violations));
        self.db
            .write(cx, move |tx| {
                let new = Arc::clone(&new);
                Box::pin(async move { create(tx, new.0.clone(), new.1.clone(), new.2.clone()).await })
            })
            .await
    }

    /// A page of the tasks that `filter` lets through, newest first unless `page` asks for another order.
    pub async fn list(&self, caller: &Caller, filter: &CallTaskFilter, page: PageRequest) -> Result<Page<CallTask>> {
        caller.require(Permission::ReadCallTasks)?;
        let mut violations = Violations::default();
        violations.check(In::Query, filter);
        violations.or(())?;
        let db = self.db.together();
        let Page { items, total, request, next } = repo::list(&db, caller.organization, filter, page).await?;
        let operators: Vec<i64> = items.iter().filter_map(|row| row.assigned_user_id).collect();
        let names = employee::names(&db, caller.organization, &operators).await?;
        let items = items.into_iter().map(|row| shown(row, caller, &names).map(|task| task.record)).collect::<Result<_>>()?;
        Ok(Page { items, total, request, next })
    }

    /// One task.
    pub async fn get(&self, caller: &Caller, id: CallTaskId) -> Result<Versioned<CallTask>> {
        caller.require(Permission::ReadCallTasks)?;
        let db = self.db.together();
        let row = repo::find(&db, caller.organization, id).await?.ok_or(Error::NotFound)?;
        let names = employee::names(&db, caller.organization, row.assigned_user_id.as_slice()).await?;
        shown(row, caller, &names)
    }

    /// What became of a task, the last change first.
    pub async fn history(
        &self,
        caller: &Caller,
        id: CallTaskId,
        page: impl Into<Input<PageRequest>>,
    ) -> Result<Page<HistoryEntry<ZonedTime>>> {
        caller.require(Permission::ReadCallTasks)?;
        let db = self.db.together();
        repo::find(&db, caller.organization, id).await?.ok_or(Error::NotFound)?;
        let moment = |millis| caller.zone.zoned(millis);
        let field = |name: &str, value: Value| match name {
            "call_datetime" | "due_date" | "completed_at" | "created_at" => Some((name.to_owned(), history::moment(&value, moment))),
            _ => Some((name.replacen("processing_", "processing.", 1), value)),
        };
        history::page(&db, caller, (Kind::CallTask, &id.to_string()), page.into().checked()?, moment, field).await
    }

    /// Edits a task. What then needs processing as a new task would, and has got something new to work on, is queued for it,
    /// unless it is cancelled.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: CallTaskId,
        input: impl Into<Input<CallTaskPatch>>,
    ) -> Result<Written<Versioned<CallTask>>> {
        cx.caller.require(Permission::WriteCallTasks)?;
        let input = Arc::new(input.into());
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { update(tx, id, &input).await })
            })
            .await
    }

    /// Changes the status: `new` → `in_progress` → `completed`; `new` or `in_progress` → `cancelled`; `completed` →
    /// `in_progress`. The status it has already changes nothing; [`Error::Conflict`] for every other change.
    pub async fn set_status(
        &self,
        cx: &WriteContext,
        id: CallTaskId,
        input: impl Into<Input<CallTaskStatusChange>>,
    ) -> Result<Written<Versioned<CallTask>>> {
        cx.caller.require(Permission::WriteCallTasks)?;
        let input = Arc::new(input.into());
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { set_status(tx, id, &input).await })
            })
            .await
    }

    /// Links the task to a ticket, or unlinks it.
    pub async fn link_appeal(
        &self,
        cx: &WriteContext,
        id: CallTaskId,
        input: impl Into<Input<AppealLink>>,
    ) -> Result<Written<Versioned<CallTask>>> {
        cx.caller.require(Permission::WriteCallTasks)?;
        let input = Arc::new(input.into());
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { link_appeal(tx, id, &input).await })
            })
            .await
    }

    /// Queues the task for processing again: from the transcription of its recording, or from the summary where that is
    /// asked for or there is no recording. The texts stay as they are until the new ones are there, and a text that a person
    /// edited stays in any case unless the request says otherwise.
    ///
    /// Changes nothing while it is queued or running, or where the task has nothing that the stage could work on.
    /// [`Error::Conflict`] for a cancelled task.
    pub async fn reprocess(
        &self,
        cx: &WriteContext,
        id: CallTaskId,
        input: impl Into<Input<ReprocessRequest>>,
    ) -> Result<Written<Versioned<CallTask>>> {
        cx.caller.require(Permission::WriteCallTasks)?;
        let input = Arc::new(input.into());
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { reprocess(tx, id, &input).await })
            })
            .await
    }
}

async fn create(tx: &Tx, entries: Entries, row: Model, mut violations: Violations) -> Result<Versioned<CallTask>> {
    check_operator(tx, row.assigned_user_id, &mut violations).await?;
    violations.or(())?;
    if let Some(call_id) = &row.call_id
        && let Some(first) = repo::of_call(tx, call_id).await?
    {
        return Err(Error::Conflict(format!("call_id is already that of the task {first}")));
    }
    repo::insert(tx, &row, entries).await?;
    tx.record(Change::created(Kind::CallTask, row.id, serde_json::to_value(&row)?));
    if row.processing()?.state == ProcessingState::Queued {
        job::queue(tx, &row, false, false).await?;
    }
    answer(tx, row).await
}

async fn update(tx: &Tx, id: CallTaskId, input: &Input<CallTaskPatch>) -> Result<Versioned<CallTask>> {
    let before = open(tx, id, &Violations::default()).await?;
    let Input { value: patch, mut violations } = input.clone();
    violations.check(In::Body, &patch);
    // Who deals with it already may go on, active or not.
    let operator = patch.operator_id.map(|id| id.0).filter(|id| before.assigned_user_id != Some(*id));
    check_operator(tx, operator, &mut violations).await?;
    violations.or(())?;
    let mut after = patch.onto(before.clone());
    let present = before.processing()?;
    let next = present.edited(after.material(), after.call_summary.as_deref(), after.new_material(&before));
    if next != present && before.status()? != CallTaskStatus::Cancelled {
        after.set_processing(next);
        after.error_message = None;
        job::queue(tx, &after, false, false).await?;
    }
    text::edited(tx, &before, &after).await?;
    close(tx, before, after, "updated").await
}

/// Notes an operator who is no active employee of the organization.
async fn check_operator(tx: &Tx, operator: Option<i64>, violations: &mut Violations) -> Result<()> {
    let Some(id) = operator.filter(|_| !violations.has("operator_id")) else { return Ok(()) };
    match employee::find(tx, tx.caller().organization, EmployeeId(id)).await? {
        None => violations.body("operator_id", Rule::Exists),
        Some(staff) if !staff.is_active => violations.body("operator_id", Rule::other("must be an active employee")),
        Some(_) => {}
    }
    Ok(())
}

async fn set_status(tx: &Tx, id: CallTaskId, input: &Input<CallTaskStatusChange>) -> Result<Versioned<CallTask>> {
    let before = open(tx, id, &input.violations).await?;
    let (present, next) = (before.status()?, input.value.status);
    if !present.may_become(next) {
        return Err(Error::Conflict(format!("the status cannot change from {present} to {next}")));
    }
    let mut after = before.clone();
    if present != next {
        after.status = next.word().into();
        after.completed_at = (next == CallTaskStatus::Completed).then(|| tx.now());
    }
    close(tx, before, after, "status_changed").await
}

async fn link_appeal(tx: &Tx, id: CallTaskId, input: &Input<AppealLink>) -> Result<Versioned<CallTask>> {
    let mut violations = input.violations.clone();
    let before = open(tx, id, &Violations::default()).await?;
    let appeal = input.value.appeal_id;
    if missing(tx, Kind::Ticket, tx.caller().organization, appeal).await? {
        violations.body("appeal_id", Rule::Exists);
    }
    violations.or(())?;
    let after = Model { appeal_id: appeal.map(Into::into), ..before.clone() };
    close(tx, before, after, if appeal.is_some() { "appeal_linked" } else { "appeal_unlinked" }).await
}

async fn reprocess(tx: &Tx, id: CallTaskId, input: &Input<ReprocessRequest>) -> Result<Versioned<CallTask>> {
    let before = open(tx, id, &input.violations).await?;
    if before.status()? == CallTaskStatus::Cancelled {
        return Err(Error::Conflict("a cancelled task is not processed".into()));
    }
    let present = before.processing()?;
    let ReprocessRequest { stage, overwrite } = input.value;
    let next = present.requested(before.material(), stage);
    let mut after = before.clone();
    if next != present {
        after.set_processing(next);
        after.error_message = None;
        job::queue(tx, &after, stage.is_some(), overwrite).await?;
    }
    close(tx, before, after, "reprocess_requested").await
}

/// The task to be changed, of the version that is expected, once the request is in order.
pub(crate) async fn open(tx: &Tx, id: CallTaskId, violations: &Violations) -> Result<Model> {
    let row = repo::find_locked(tx, id).await?.ok_or(Error::NotFound)?;
    tx.expect_version(row.version)?;
    violations.clone().or(row)
}

/// Writes and journals the change, if it is one.
pub(crate) async fn close(tx: &Tx, before: Model, after: Model, action: &'static str) -> Result<Versioned<CallTask>> {
    let after = change(tx, before, after, action).await?;
    answer(tx, after).await
}

/// Writes and journals the change, if it is one; gives the task as it is then.
pub(crate) async fn change(tx: &Tx, before: Model, mut after: Model, action: &'static str) -> Result<Model> {
    if after != before {
        after.version += 1;
        after.updated_at = tx.now();
        repo::update(tx, &before, &after).await?;
        let (old, new) = (serde_json::to_value(&before)?, serde_json::to_value(&after)?);
        tx.record(Change::updated(Kind::CallTask, after.id, after.version, action, old, new));
    }
    Ok(after)
}

async fn answer(tx: &Tx, row: Model) -> Result<Versioned<CallTask>> {
    let names = employee::names(tx, tx.caller().organization, row.assigned_user_id.as_slice()).await?;
    shown(row, tx.caller(), &names)
}

fn shown(row: Model, caller: &Caller, names: &HashMap<i64, String>) -> Result<Versioned<CallTask>> {
    let operator = row.assigned_user_id.and_then(|id| names.get(&id).cloned());
    Ok(Versioned { version: row.version, record: row.into_task(&caller.zone, operator)? })
}
