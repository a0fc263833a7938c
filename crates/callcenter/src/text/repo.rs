//! The SQL of texts of call tasks.

use frontdesk_core::Result;
use frontdesk_core::id::{CallTaskId, OrganizationId};
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::status::{FailureClass, ProcessingStage, ProcessingState, TextSource};
use frontdesk_core::time::Zone;
use frontdesk_store::{List, Lookup, Tx};
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, QueryTrait, Select};

use super::CallText;
use super::entity::{ActiveModel, Column, Entity, Model};

impl Model {
    /// The text as answers show it.
    pub(super) fn shown(self, zone: &Zone) -> CallText {
        CallText {
            stage: ProcessingStage::of_word(&self.stage).unwrap_or_default(),
            version: self.version,
            run: self.run,
            state: ProcessingState::of_word(&self.state).unwrap_or_default(),
            source: TextSource::of_word(&self.source).unwrap_or_default(),
            model: self.model,
            is_current: self.is_current,
            text: self.text,
            error_class: self.error_class.as_deref().and_then(FailureClass::of_word),
            error_message: self.error_message,
            attempts: self.attempts,
            started_at: self.started_at.map(|millis| zone.zoned(millis)),
            finished_at: zone.zoned(self.finished_at),
        }
    }
}

fn of(organization: OrganizationId, task: CallTaskId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::CallTaskId.eq(task.0))
}

fn of_stage(tx: &Tx, task: CallTaskId, stage: ProcessingStage) -> Select<Entity> {
    of(tx.caller().organization, task).filter(Column::Stage.eq(stage.word()))
}

/// A page of the texts of a task, the newest first.
pub(super) async fn page(db: &impl Lookup, organization: OrganizationId, task: CallTaskId, request: PageRequest) -> Result<Page<Model>> {
    List::of_some(of(organization, task)).page(db, request.or(Sort::descending("id"))).await
}

/// The version that is marked as the one the task shows.
pub(super) async fn current(tx: &Tx, task: CallTaskId, stage: ProcessingStage) -> Result<Option<Model>> {
    Ok(of_stage(tx, task, stage).filter(Column::IsCurrent.eq(true)).one(tx).await?)
}

/// The version of this number.
pub(super) async fn version(tx: &Tx, task: CallTaskId, stage: ProcessingStage, version: i64) -> Result<Option<Model>> {
    Ok(of_stage(tx, task, stage).filter(Column::Version.eq(version)).one(tx).await?)
}

/// What a run has made so far, failures included.
pub(super) async fn of_run(tx: &Tx, task: CallTaskId, run: i64) -> Result<Vec<Model>> {
    Ok(of(tx.caller().organization, task).filter(Column::Run.eq(run)).all(tx).await?)
}

/// The number that the next version of a text has. The task is locked, so no other takes it.
pub(super) async fn next(tx: &Tx, task: CallTaskId, stage: ProcessingStage) -> Result<i64> {
    let last = of_stage(tx, task, stage).select_only().column_as(Column::Version.max(), "last");
    let row = tx.query_one(&last.into_query()).await?;
    let last: Option<i64> = row.map(|row| row.try_get("", "last")).transpose()?.flatten();
    Ok(last.unwrap_or(0) + 1)
}

/// Inserts a row, and gives it with its id.
pub(super) async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let new = ActiveModel { id: NotSet, ..row.into_active_model().reset_all() };
    Ok(Entity::insert(new).exec_with_returning(tx).await?)
}

/// Marks the row of this id as the one the task shows, and no other; none at all where there is no id.
pub(super) async fn mark(tx: &Tx, task: CallTaskId, stage: ProcessingStage, id: Option<i64>) -> Result<()> {
    let current = id.map_or_else(|| Expr::val(false), |id| Column::Id.eq(id));
    Entity::update_many()
        .col_expr(Column::IsCurrent, current)
        .filter(Column::OrganizationId.eq(tx.caller().organization.0))
        .filter(Column::CallTaskId.eq(task.0))
        .filter(Column::Stage.eq(stage.word()))
        .exec(tx)
        .await?;
    Ok(())
}
