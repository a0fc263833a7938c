//! How many rows a list has.

use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::page::Total;
use frontdesk_core::{Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, Query, SelectStatement};

use crate::counts::TABLE;

/// A list whose total is kept with the writes: all records of a kind, or those with certain statuses.
#[derive(Clone, Debug)]
pub struct Tally {
    organization: OrganizationId,
    kind: Kind,
    statuses: Option<Vec<String>>,
}

impl Tally {
    /// All of the organization's records of a kind.
    #[must_use]
    pub fn all(organization: OrganizationId, kind: Kind) -> Self {
        Self { organization, kind, statuses: None }
    }

    /// Those with one of these statuses, as their rows have them.
    #[must_use]
    pub fn with_status(organization: OrganizationId, kind: Kind, statuses: impl IntoIterator<Item: ToString>) -> Self {
        let statuses = statuses.into_iter().map(|status| status.to_string()).collect();
        Self { organization, kind, statuses: Some(statuses) }
    }

    pub(super) async fn total(&self, db: &impl ConnectionTrait) -> Result<Total> {
        let sum = Func::coalesce([Expr::col("value").sum(), 0.into()]);
        let query = Query::select()
            .expr_as(Expr::expr(sum).cast_as(Alias::new("BIGINT")), "total")
            .from(TABLE)
            .and_where(Expr::col("organization_id").eq(self.organization.0))
            .and_where(Expr::col("kind").eq(self.kind.word()))
            .and_where_option(self.statuses.as_ref().map(|statuses| Expr::col("status").is_in(statuses)))
            .to_owned();
        Ok(Total::exact(number(db, &query).await?))
    }
}

/// The rows that `query` finds, which are counted to [`Total::MOST`] where `exact` does not ask for all.
pub(super) async fn counted(db: &impl ConnectionTrait, mut query: SelectStatement, exact: bool) -> Result<Total> {
    query.clear_selects().clear_order_by();
    if exact {
        return Ok(Total::exact(number(db, query.expr_as(Expr::col(Asterisk).count(), "total")).await?));
    }
    let some = query.expr_as(Expr::value(1), "one").limit(Total::MOST.unsigned_abs() + 1).to_owned();
    let query = Query::select().expr_as(Expr::col(Asterisk).count(), "total").from_subquery(some, "some").to_owned();
    Ok(Total::counted(number(db, &query).await?))
}

/// How many rows `query` finds.
pub(crate) async fn count(db: &impl ConnectionTrait, query: SelectStatement) -> Result<i64> {
    Ok(counted(db, query, true).await?.rows)
}

async fn number(db: &impl ConnectionTrait, query: &SelectStatement) -> Result<i64> {
    let row = db.query_one(query).await?.ok_or_else(|| Error::internal("the count gave no row"))?;
    Ok(row.try_get("", "total")?)
}
