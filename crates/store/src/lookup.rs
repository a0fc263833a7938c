//! Small queries that every domain needs.

use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::text::like;
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, LikeExpr, OnConflict, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QuerySelect, Select};

/// The table of a kind of record.
pub(crate) fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "staff_group",
        Kind::InteractCollection => "interaction",
        other => other.word(),
    }
}

/// Where records of other domains name a record of this kind.
fn referrers(kind: Kind) -> &'static [(Kind, &'static str)] {
    match kind {
        Kind::Ticket => &[(Kind::CallTask, "appeal_id"), (Kind::Appointment, "ticket_id")],
        _ => &[],
    }
}

/// The kind of a record of another domain that names this one, which therefore must stay; none where nothing does. Only
/// tickets are named across domains.
pub async fn referrer(db: &impl ConnectionTrait, kind: Kind, organization: OrganizationId, id: i64) -> Result<Option<Kind>> {
    for (from, column) in referrers(kind) {
        let query = Query::select()
            .column("organization_id")
            .from(table(*from))
            .and_where(Expr::col("organization_id").eq(organization.0))
            .and_where(Expr::col(*column).eq(id))
            .limit(1)
            .to_owned();
        if db.query_one(&query).await?.is_some() {
            return Ok(Some(*from));
        }
    }
    Ok(None)
}

/// The rows of a page of `query`, in its order, and how many it finds in all.
pub async fn page<E: EntityTrait>(db: &impl ConnectionTrait, query: Select<E>, request: PageRequest) -> Result<Page<E::Model>> {
    let items = query.clone().offset(request.offset()).limit(request.limit()).all(db).await?;
    let rows = i64::try_from(items.len())?;
    // A page that is begun and not filled is the last: its end is the total.
    let last = rows < request.per_page && (rows > 0 || request.page == 1);
    let total = if last { (request.page - 1) * request.per_page + rows } else { count(db, query).await? };
    Ok(Page { items, total, request })
}

async fn count<E: EntityTrait>(db: &impl ConnectionTrait, mut query: Select<E>) -> Result<i64> {
    let statement = QuerySelect::query(&mut query);
    statement.clear_selects().clear_order_by().expr_as(Expr::col(Asterisk).count(), "total");
    let row = db.query_one(statement).await?.ok_or_else(|| Error::internal("the count gave no row"))?;
    Ok(row.try_get("", "total")?)
}

/// Whether the organization has a record with this id. Kinds whose id is a UUID are none of these.
pub async fn exists(db: &impl ConnectionTrait, kind: Kind, organization: OrganizationId, id: i64) -> Result<bool> {
    let query = Query::select()
        .expr(Expr::col("id"))
        .from(table(kind))
        .and_where(Expr::col("organization_id").eq(organization.0))
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    Ok(db.query_one(&query).await?.is_some())
}

/// Whether the organization lacks a record with this id; nothing is missing where there is no id.
pub async fn missing(db: &impl ConnectionTrait, kind: Kind, organization: OrganizationId, id: Option<impl Into<i64>>) -> Result<bool> {
    match id {
        Some(id) => Ok(!exists(db, kind, organization, id.into()).await?),
        None => Ok(false),
    }
}

/// The condition that `column`, which holds normalized text, contains every one of the normalized `terms`.
pub fn contains<C: ColumnTrait>(column: C, terms: &[String]) -> Condition {
    terms.iter().fold(Condition::all(), |all, term| all.add(column.like(LikeExpr::new(like(term)).escape('\\'))))
}

/// The next number of an organization's counter, from 1; never given twice, on any number of servers. The counter's row
/// stays locked until the write ends.
pub async fn next_number(db: &impl ConnectionTrait, organization: OrganizationId, name: &str) -> Result<i64> {
    let next: SimpleExpr = Expr::col((Alias::new("counter"), Alias::new("value"))).add(1);
    let upsert = Query::insert()
        .into_table("counter")
        .columns(["organization_id", "name", "value"])
        .values_panic([organization.0.into(), name.into(), 1.into()])
        .on_conflict(OnConflict::columns(["organization_id", "name"]).value("value", next).to_owned())
        .returning(Query::returning().column(Asterisk))
        .to_owned();
    let row = db.query_one(&upsert).await?.ok_or_else(|| Error::internal("the counter gave no number"))?;
    Ok(row.try_get("", "value")?)
}
