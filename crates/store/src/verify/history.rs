//! Every record's history is one chain: no place in it is empty, versions follow each other, and each hash is that of its row and of
//! the hash before.

use frontdesk_core::Result;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{EntityTrait, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect};

use super::{Finding, Report, number};
use crate::chain::history::{Column, Entity, Model};
use crate::handle::Snapshot;

/// Rows may be as long as a record's texts, so as many are read at once as these bytes have room for.
const BYTES: usize = 4_000_000;
const ROWS: usize = 500;

pub(super) async fn check(db: &Snapshot, report: &mut Report, watch: &mut (impl FnMut(u64, u64) + Send)) -> Result<()> {
    let all = u64::try_from(number(db, "SELECT COUNT(*) AS n FROM history").await?.unwrap_or(0))?;
    let chained = number(db, "SELECT MIN(id) AS n FROM history WHERE hash <> ''").await?.unwrap_or(i64::MAX);
    let (mut last, mut limit): (Option<Model>, usize) = (None, 10);
    loop {
        let rows = after(db, last.as_ref(), limit).await?;
        watch(rows.len() as u64, all);
        let Some(longest) = rows.iter().map(|row| row.changes.len()).max() else { return Ok(()) };
        limit = (BYTES / longest.max(1)).clamp(1, ROWS);
        for row in rows {
            let before = last.take().filter(|last| same_record(last, &row));
            for what in judge(before.as_ref(), &row, row.id < chained) {
                report.add(Finding {
                    organization: Some(row.organization_id),
                    kind: row.kind.clone(),
                    id: row.record_id.clone(),
                    seq: Some(row.seq),
                    what,
                });
            }
            last = Some(row);
        }
    }
}

/// The rows that follow `last`, record by record.
async fn after(db: &Snapshot, last: Option<&Model>, limit: usize) -> Result<Vec<Model>> {
    const KEY: [Column; 4] = [Column::OrganizationId, Column::Kind, Column::RecordId, Column::Seq];
    let mut query = Entity::find().limit(limit as u64);
    for column in KEY {
        query = query.order_by_asc(column);
    }
    if let Some(last) = last {
        let place: [SimpleExpr; 4] =
            [last.organization_id.into(), last.kind.clone().into(), last.record_id.clone().into(), last.seq.into()];
        query = query.filter(Expr::tuple(KEY.map(IntoSimpleExpr::into_simple_expr)).gt(Expr::tuple(place)));
    }
    Ok(query.all(db).await?)
}

fn same_record(one: &Model, other: &Model) -> bool {
    (one.organization_id, &one.kind, &one.record_id) == (other.organization_id, &other.kind, &other.record_id)
}

/// What is wrong with a row that follows `before`; `old` rows may be of before there was a chain.
fn judge(before: Option<&Model>, row: &Model, old: bool) -> Vec<String> {
    let place = before.map_or(1, |before| before.seq + 1);
    if row.seq != place {
        return vec![format!("it should be change {place}; what is between is missing")];
    }
    let mut wrong: Vec<String> = order(before, row).into_iter().collect();
    let previous = before.map_or("", |before| &before.hash);
    match row.link(previous) {
        _ if row.hash.is_empty() && old && previous.is_empty() => {}
        _ if row.hash.is_empty() => wrong.push("it has no hash".into()),
        Ok(hash) if hash == row.hash => {}
        Ok(_) => wrong.push("its hash is not that of its content and of the change before".into()),
        Err(_) => wrong.push("its content cannot be read".into()),
    }
    wrong
}

/// What is wrong with a row's version or action.
fn order(before: Option<&Model>, row: &Model) -> Option<String> {
    let gone = before.is_none_or(|before| before.action == "deleted");
    match (before, row.action.as_str()) {
        (_, "created") if gone => (row.version != 1).then(|| format!("it creates the record with version {}", row.version)),
        (_, "created") => Some("it creates a record that is there".into()),
        _ if gone => Some("it changes a record that is not there".into()),
        (Some(before), "deleted") if row.version == before.version => None,
        (Some(before), action) if action != "deleted" && row.version == before.version + 1 => None,
        (before, _) => Some(format!("version {} does not follow version {}", row.version, before.map_or(0, |before| before.version))),
    }
}
