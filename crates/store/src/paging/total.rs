//! How many rows a list has.

use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::page::Total;
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

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
        let statuses = self.statuses.as_deref();
        let places: Vec<_> = (0..statuses.map_or(0, <[_]>::len)).map(|place| format!("${}", place + 3)).collect();
        let among = if statuses.is_some() { format!(" AND status IN ({})", places.join(", ")) } else { String::new() };
        let sql =
            format!("SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) AS total FROM {TABLE} WHERE organization_id = $1 AND kind = $2{among}");
        let mut values: Vec<Value> = vec![self.organization.0.into(), self.kind.word().into()];
        values.extend(statuses.into_iter().flatten().map(|status| status.as_str().into()));
        let query = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        Ok(Total::exact(total(db.query_one_raw(query).await?)?))
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
    total(db.query_one(query).await?)
}

fn total(row: Option<QueryResult>) -> Result<i64> {
    Ok(row.ok_or_else(|| Error::internal("the count gave no row"))?.try_get("", "total")?)
}
