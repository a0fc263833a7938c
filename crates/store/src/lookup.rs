//! Small queries that every domain needs.

use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::text::like;
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, LikeExpr, OnConflict, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait};

/// The table of a kind of record.
fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "staff_group",
        Kind::InteractCollection => "interaction",
        other => other.word(),
    }
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
