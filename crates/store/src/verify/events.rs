//! Every change that was announced has one event, and every event its change, but those that tell of none.

use frontdesk_core::Result;
use sea_orm::{ConnectionTrait, DbBackend};

use super::{Finding, MOST, Report, query};
use crate::announce;
use crate::handle::Snapshot;
use crate::retention::SWEPT;

pub(super) async fn check(db: &Snapshot, report: &mut Report) -> Result<()> {
    untold(db, report).await?;
    too_many(db, report).await
}

/// The kind of record that an event tells of.
fn kind(db: &Snapshot) -> &'static str {
    match db.get_database_backend() {
        DbBackend::Sqlite => "substr(e.type, 1, instr(e.type, '.') - 1)",
        _ => "split_part(e.type, '.', 1)",
    }
}

/// Changes without an event, since events were last deleted for their age. One set is taken from the other, for no index has events by
/// their record.
async fn untold(db: &Snapshot, report: &mut Report) -> Result<()> {
    let sql = format!(
        "SELECT h.organization_id AS organization, h.kind, h.record_id AS id, h.seq
         FROM (SELECT h.organization_id, h.kind, h.record_id, h.version, h.kind || '.' || h.action AS type
               FROM history h LEFT JOIN counter c ON c.organization_id = h.organization_id AND c.name = '{SWEPT}'
               WHERE h.announced AND (c.value IS NULL OR h.at >= c.value)
               EXCEPT SELECT e.organization_id, {}, e.record_id, e.version, e.type FROM event e) untold
         JOIN history h ON h.organization_id = untold.organization_id AND h.kind = untold.kind AND h.record_id = untold.record_id
           AND h.version = untold.version AND h.kind || '.' || h.action = untold.type
         ORDER BY h.id LIMIT {}",
        kind(db),
        MOST + 1
    );
    for row in query(db, &sql).await? {
        report.add(Finding {
            organization: row.try_get("", "organization")?,
            kind: row.try_get("", "kind")?,
            id: row.try_get("", "id")?,
            seq: row.try_get("", "seq")?,
            what: "it has no event".into(),
        });
    }
    Ok(())
}

/// Events that there are more of than changes they tell of.
async fn too_many(db: &Snapshot, report: &mut Report) -> Result<()> {
    let kind = kind(db);
    let sql = format!(
        "SELECT e.organization_id AS organization, {kind} AS kind, e.record_id AS id, e.version, e.type, e.events, e.changes
         FROM (SELECT e.organization_id, e.type, e.record_id, e.version, COUNT(*) AS events,
                 (SELECT COUNT(*) FROM history h WHERE h.organization_id = e.organization_id AND h.kind = {kind}
                    AND h.record_id = e.record_id AND h.version = e.version AND h.announced AND h.kind || '.' || h.action = e.type) AS changes
               FROM event e WHERE e.type NOT IN ({}) GROUP BY e.organization_id, e.type, e.record_id, e.version) e
         WHERE e.events > e.changes ORDER BY e.organization_id, e.record_id, e.version LIMIT {}",
        announce::listed(),
        MOST + 1
    );
    for row in query(db, &sql).await? {
        let (version, kind): (i64, String) = (row.try_get("", "version")?, row.try_get("", "type")?);
        let (events, changes): (i64, i64) = (row.try_get("", "events")?, row.try_get("", "changes")?);
        report.add(Finding {
            organization: row.try_get("", "organization")?,
            kind: row.try_get("", "kind")?,
            id: row.try_get("", "id")?,
            seq: None,
            what: format!("{events} events {kind} of version {version} tell of {changes} changes"),
        });
    }
    Ok(())
}
