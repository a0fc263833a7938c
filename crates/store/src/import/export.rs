use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::time::from_millis;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, FromQueryResult, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Value as Bound};
use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;

use super::Record;
use crate::handle::Snapshot;

/// The `Model` of an entity.
pub trait Stored:
    ModelTrait<Entity: EntityTrait<Model = Self, ActiveModel: Send + Sync>>
    + FromQueryResult
    + IntoActiveModel<<<Self as ModelTrait>::Entity as EntityTrait>::ActiveModel>
{
}

impl<M> Stored for M
where
    M: ModelTrait + FromQueryResult + IntoActiveModel<<<M as ModelTrait>::Entity as EntityTrait>::ActiveModel>,
    M::Entity: EntityTrait<Model = M, ActiveModel: Send + Sync>,
{
}

/// The last record that was read; the next chunk begins after it.
#[derive(Clone, Debug)]
pub struct After(Bound);

/// Some records of a kind, in the order of their ids.
#[derive(Debug)]
pub struct Chunk {
    /// A line each, with its end.
    pub lines: Vec<u8>,
    /// How many they are.
    pub records: u64,
    /// Where the next ones begin; none where these are the last.
    pub next: Option<After>,
}

/// Reads the records after `after`, at most [`Record::AT_ONCE`] of them.
pub(super) async fn chunk<R: Record>(db: &Snapshot, organization: OrganizationId, after: Option<After>) -> Result<Chunk> {
    let mut query = R::rows(organization).order_by_asc(Expr::col("id")).limit(R::AT_ONCE);
    if let Some(After(last)) = after {
        query = query.filter(Expr::col("id").gt(last));
    }
    let rows = query.all(db).await?;
    let records = u64::try_from(rows.len())?;
    let next = match rows.last() {
        Some(last) if records == R::AT_ONCE => Some(After(id(last)?)),
        _ => None,
    };
    let mut lines = vec![];
    for fields in R::lines(db, organization, rows).await? {
        let mut line = Map::from_iter([("record".to_owned(), R::KIND.word().into())]);
        if let Value::Object(fields) = fields {
            line.extend(fields);
        }
        serde_json::to_writer(&mut lines, &line)?;
        lines.push(b'\n');
    }
    Ok(Chunk { lines, records, next })
}

fn id<M: Stored>(row: &M) -> Result<Bound> {
    let column = "id".parse().map_err(|_| frontdesk_core::Error::internal("a record without an id"))?;
    Ok(row.get(column))
}

/// A moment (milliseconds since 1970) as a line has it: RFC 3339 in UTC with its milliseconds, so that it is read again as it is
/// stored, in every zone and where clocks go back.
#[must_use]
pub fn moment(millis: i64) -> Value {
    from_millis(millis).format(&Rfc3339).unwrap_or_default().into()
}
