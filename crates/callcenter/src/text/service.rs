//! What can be done with the texts of a call task.

use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::CallTaskId;
use frontdesk_core::input::{Input, Rule};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::{FailureClass, ProcessingStage, ProcessingState, TextSource};
use frontdesk_core::{Error, Result};
use frontdesk_store::{Tx, WriteContext, Written};

use super::entity::Model;
use super::{CallText, CallTextChoice, repo};
use crate::task::entity::Model as Task;
use crate::task::{CallTask, CallTasks, repo as tasks, service as task};

impl CallTasks {
    /// The texts of a task, the newest first: every version of each that it ever had once it was first replaced, and what
    /// failed.
    pub async fn texts(&self, caller: &Caller, id: CallTaskId, page: impl Into<Input<PageRequest>>) -> Result<Page<CallText>> {
        caller.require(Permission::ReadCallTasks)?;
        let db = self.db().together();
        tasks::find(&db, caller.organization, id).await?.ok_or(Error::NotFound)?;
        let page = repo::page(&db, caller.organization, id, page.into().checked()?).await?;
        Ok(page.map(|row| row.shown(&caller.zone)))
    }

    /// Has a task show another version of a text. A later run replaces it again, as it would any text that no person edited.
    pub async fn choose_text(
        &self,
        cx: &WriteContext,
        id: CallTaskId,
        input: impl Into<Input<CallTextChoice>>,
    ) -> Result<Written<Versioned<CallTask>>> {
        cx.caller.require(Permission::WriteCallTasks)?;
        let input = input.into();
        self.db()
            .write(cx, move |tx| {
                let input = input.clone();
                Box::pin(async move { choose(tx, id, input).await })
            })
            .await
    }
}

async fn choose(tx: &Tx, id: CallTaskId, input: Input<CallTextChoice>) -> Result<Versioned<CallTask>> {
    let Input { value: CallTextChoice { stage, version }, mut violations } = input;
    let before = task::open(tx, id, &violations).await?;
    // A text that was never replaced is its first version.
    present(tx, &before, stage).await?;
    let Some(row) = repo::version(tx, id, stage, version).await? else {
        violations.body("version", Rule::Exists);
        return violations.or(()).and(Err(Error::NotFound));
    };
    let mut after = before.clone();
    if !row.is_current || !shows(&before, &row) {
        adopt(tx, &mut after, row).await?;
    }
    task::close(tx, before, after, "text_chosen").await
}

/// What became of a stage.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// A text.
    Text(Made),
    /// Why there is none.
    Failed { class: FailureClass, reason: String },
}

/// A text that a stage made.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) source: TextSource,
    pub(crate) model: Option<String>,
}

/// Enters what a stage of a run made, or why it failed, as yet shown by nobody.
pub(crate) async fn enter(
    tx: &Tx,
    task: &Task,
    (stage, run): (ProcessingStage, i64),
    (attempts, started_at): (i64, i64),
    outcome: Outcome,
) -> Result<Model> {
    let row = Model { run: Some(run), attempts, started_at: Some(started_at), ..blank(tx, task, stage) };
    let row = match outcome {
        Outcome::Text(Made { text, source, model }) => Model {
            version: Some(repo::next(tx, CallTaskId(task.id), stage).await?),
            source: source.word().into(),
            model,
            text: Some(text),
            ..row
        },
        Outcome::Failed { class, reason } => Model {
            state: ProcessingState::Failed.word().into(),
            source: TextSource::Endpoint.word().into(),
            error_class: Some(class.word().into()),
            error_message: Some(reason),
            ..row
        },
    };
    repo::insert(tx, row).await
}

/// The texts that a run has made so far.
pub(crate) async fn of_run(tx: &Tx, task: &Task, run: i64) -> Result<Vec<Model>> {
    let rows = repo::of_run(tx, CallTaskId(task.id), run).await?;
    Ok(rows.into_iter().filter(|row| row.version.is_some()).collect())
}

/// Has the task show this text.
pub(crate) async fn adopt(tx: &Tx, task: &mut Task, row: Model) -> Result<()> {
    let stage = ProcessingStage::of_word(&row.stage).ok_or_else(|| Error::internal("a text has an unknown stage"))?;
    repo::mark(tx, CallTaskId(task.id), stage, Some(row.id)).await?;
    // A text that says nothing is none.
    *task.text_mut(stage) = row.text.filter(|text| !text.is_empty());
    Ok(())
}

/// The version of the text that the task shows; it is made where there is none yet. None where it shows nothing.
pub(crate) async fn present(tx: &Tx, task: &Task, stage: ProcessingStage) -> Result<Option<Model>> {
    let current = repo::current(tx, CallTaskId(task.id), stage).await?.filter(|row| shows(task, row));
    match (current, task.text(stage)) {
        (Some(row), _) => Ok(Some(row)),
        (None, None) => Ok(None),
        (None, Some(text)) => {
            let row = write(tx, task, stage, (text, TextSource::Given)).await?;
            repo::mark(tx, CallTaskId(task.id), stage, Some(row.id)).await?;
            Ok(Some(row))
        }
    }
}

/// Whether a person edited the text that the task shows.
pub(crate) async fn protected(tx: &Tx, task: &Task, stage: ProcessingStage) -> Result<bool> {
    let current = repo::current(tx, CallTaskId(task.id), stage).await?.filter(|row| shows(task, row));
    Ok(current.is_some_and(|row| row.source == TextSource::Person.word()))
}

/// Makes versions of the texts that an edit changed, of what they were and of what they are.
pub(crate) async fn edited(tx: &Tx, before: &Task, after: &Task) -> Result<()> {
    for stage in super::WRITING {
        if before.text(stage) == after.text(stage) {
            continue;
        }
        present(tx, before, stage).await?;
        let id = match after.text(stage) {
            Some(text) => Some(write(tx, after, stage, (text, TextSource::Person)).await?.id),
            None => None,
        };
        repo::mark(tx, CallTaskId(after.id), stage, id).await?;
    }
    Ok(())
}

async fn write(tx: &Tx, task: &Task, stage: ProcessingStage, (text, source): (&str, TextSource)) -> Result<Model> {
    let version = Some(repo::next(tx, CallTaskId(task.id), stage).await?);
    let row = Model { version, source: source.word().into(), text: Some(text.to_owned()), ..blank(tx, task, stage) };
    repo::insert(tx, row).await
}

fn blank(tx: &Tx, task: &Task, stage: ProcessingStage) -> Model {
    Model {
        organization_id: task.organization_id,
        call_task_id: task.id,
        stage: stage.word().into(),
        state: ProcessingState::Succeeded.word().into(),
        finished_at: tx.now(),
        ..Model::default()
    }
}

fn shows(task: &Task, row: &Model) -> bool {
    task.text(ProcessingStage::of_word(&row.stage).unwrap_or_default()).unwrap_or_default() == row.text.as_deref().unwrap_or_default()
}
