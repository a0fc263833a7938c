//! The SQL of call tasks.

use frontdesk_core::Result;
use frontdesk_core::id::{CallTaskId, Kind, OrganizationId};
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::status::{CallTaskPriority, CallTaskStatus};
use frontdesk_core::text::{dialled, digits, terms};
use frontdesk_core::time::millis;
use frontdesk_store::search::{self, Entries, Search};
use frontdesk_store::{DueDates, List, Lookup, Ranks, Tally, Tx, record};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, Iterable, ModelTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use super::entity::{Column, Entity, Model};
use super::input::CallTaskFilter;

/// The due dates of tasks that are neither completed nor cancelled.
pub(super) const DUE: DueDates = DueDates { kind: Kind::CallTask, column: "due_date", open: "status IN ('new', 'in_progress')" };

/// Which tasks are to be processed, in the very words of the index.
const WAITS: &str = "processing_state IN ('queued', 'running')";

/// Sorted by these, the least urgent and the newest status come first.
const RANKS: [Ranks; 2] = [("priority", CallTaskPriority::WORDS), ("status", CallTaskStatus::WORDS)];

/// The organization's rows. The search columns stay empty: they are as long as all texts together, and only SQL looks at them.
pub(super) fn rows(organization: OrganizationId) -> Select<Entity> {
    let searched = |column: &Column| matches!(column, Column::SearchTitle | Column::SearchAll);
    Entity::find()
        .select_only()
        .columns(Column::iter().filter(|column| !searched(column)))
        .expr_as(Expr::cust("''"), "search_title")
        .expr_as(Expr::cust("''"), "search_all")
        .filter(Column::OrganizationId.eq(organization.0))
}

pub(crate) async fn find(db: &impl Lookup, organization: OrganizationId, id: CallTaskId) -> Result<Option<Model>> {
    Ok(rows(organization).filter(Column::Id.eq(id.0)).one(db).await?)
}

/// The row, unchanged until the write ends.
pub(crate) async fn find_locked(tx: &Tx, id: CallTaskId) -> Result<Option<Model>> {
    Ok(tx.lock(rows(tx.caller().organization).filter(Column::Id.eq(id.0))).one(tx).await?)
}

/// Some tasks that are to be processed, with their organizations, in the order of their ids after this one.
pub(crate) async fn waiting(db: &impl Lookup, after: Uuid) -> Result<Vec<(i64, Uuid)>> {
    let tasks = Entity::find()
        .select_only()
        .columns([Column::Id, Column::OrganizationId])
        .filter(Expr::cust(WAITS))
        .filter(Column::Id.gt(after))
        .order_by_asc(Column::Id)
        .limit(500)
        .into_query();
    db.query_all(&tasks).await?.iter().map(|row| Ok((row.try_get("", "organization_id")?, row.try_get("", "id")?))).collect()
}

/// The task that has this call id.
pub(super) async fn of_call(tx: &Tx, call_id: &str) -> Result<Option<Uuid>> {
    let row = rows(tx.caller().organization).filter(Column::CallId.eq(call_id)).one(tx).await?;
    Ok(row.map(|row| row.id))
}

pub(super) async fn insert(tx: &Tx, row: &Model, entries: Entries) -> Result<()> {
    record::put(tx, row).await?;
    entries.put(tx).await
}

/// Writes what differs, and no more: the texts may be long. The search columns follow the texts.
pub(crate) async fn update(tx: &Tx, before: &Model, after: &Model) -> Result<()> {
    let mut columns = before.clone().into_active_model();
    for column in Column::iter() {
        let value = after.get(column);
        if value != before.get(column) {
            columns.set(column, value);
        }
    }
    let mut searched = None;
    if before.sources() != after.sources() {
        let ([old_title, old_all], [title, all]) = (before.searched(), after.searched());
        columns.search_title = Set(title.clone());
        columns.search_all = Set(all.clone());
        let old = Model { search_title: old_title, search_all: old_all, ..before.clone() };
        let new = Model { search_title: title, search_all: all, ..after.clone() };
        searched = Some(Entries::of_change(tx, Kind::CallTask, &old, &new)?);
    }
    Entity::update(columns).validate()?.filter(Column::OrganizationId.eq(after.organization_id)).exec_without_returning(tx).await?;
    match searched {
        Some(entries) => entries.put(tx).await,
        None => Ok(()),
    }
}

/// A page of those that `filter` lets through, newest first unless another order is asked for.
pub(super) async fn list(
    db: &impl Lookup,
    organization: OrganizationId,
    filter: &CallTaskFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    listed(organization, filter).page(db, request.or(Sort::descending("created_at"))).await
}

fn listed(organization: OrganizationId, filter: &CallTaskFilter) -> List<Entity> {
    let words = |words: Option<&str>| words.map(terms).unwrap_or_default();
    let caller = filter.caller_phone.as_deref().map(digits).filter(|digits| !digits.is_empty());
    let titles = words(filter.search.as_deref()).into_iter().chain(caller.map(|digits| dialled(&digits)));
    let title = Search::new(search::TITLES, organization, titles);
    let all = Search::new(search::CALL_TASKS, organization, words(filter.q.as_deref()));
    // Of both, the one that looks in less text leads.
    let (led, other) = if title.is_empty() { (all, title) } else { (title, all) };
    let alone = CallTaskFilter { status: filter.status, include_cancelled: filter.include_cancelled, ..CallTaskFilter::default() };
    let shown = |word: &&str| match filter.status {
        Some(status) => *word == status.word(),
        None => *word != CallTaskStatus::Cancelled.word(),
    };
    let everything = filter.status.is_none() && filter.include_cancelled;
    let statuses: Vec<_> = CallTaskStatus::WORDS.iter().copied().filter(shown).filter(|_| !everything).collect();
    let kept =
        if everything { Tally::all(organization, Kind::CallTask) } else { Tally::with_status(organization, Kind::CallTask, &statuses) };
    List::of(rows, organization)
        .ranked(&RANKS)
        .search(led)
        .filter((!other.is_empty()).then(|| other.condition()))
        .filter(filter.caller_phone.as_deref().and_then(nameless))
        .narrow(Column::CallerPhone, filter.caller_phone.as_deref().filter(|phone| digits(phone).is_empty()))
        .narrow(Column::AppealId, filter.appeal_id.map(|id| id.0))
        .narrow(Column::AssignedUserId, filter.operator_id.map(|id| id.0))
        .narrow(Column::TaskType, filter.task_type.as_deref())
        .narrow(Column::Priority, filter.priority.map(CallTaskPriority::word))
        .narrow(Column::Status, statuses)
        .range(Column::CreatedAt, filter.created_at_start.map(millis), filter.created_at_end.map(|until| millis(until.0)))
        .kept((*filter == alone).then_some(kept))
}

/// Where `phone` has no digits: those whose caller has none either. As in the index of these, to the letter.
fn nameless(phone: &str) -> Option<Condition> {
    digits(phone).is_empty().then(|| Condition::all().add(Expr::cust("caller_digits = ''")))
}
