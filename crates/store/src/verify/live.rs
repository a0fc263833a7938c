//! Every record is where its history ends, and every history without a record ends in a deletion.

use frontdesk_core::Result;
use frontdesk_core::id::Kind;

use super::{Finding, MOST, Records, Report, query};
use crate::handle::Snapshot;
use crate::lookup::table;

/// The place of the last change of the record that `record` names, of the organization that `organization` names.
fn last(kind: &str, organization: &str, record: &str) -> String {
    format!(
        "(SELECT MAX(later.seq) FROM history later
          WHERE later.organization_id = {organization} AND later.kind = '{kind}' AND later.record_id = {record})"
    )
}

pub(super) async fn check(db: &Snapshot, report: &mut Report, of: Records) -> Result<()> {
    there(db, report, of).await?;
    gone(db, report, of).await
}

async fn there(db: &Snapshot, report: &mut Report, of: Records) -> Result<()> {
    let (word, id, version, organization) = (of.kind.word(), of.id(), of.version(), format!("r.{}", of.organization()));
    let sql = format!(
        "SELECT {organization} AS organization, {id} AS id, CAST({version} AS BIGINT) AS version, h.seq, h.version AS last, h.action
         FROM \"{}\" r LEFT JOIN history h ON h.organization_id = {organization} AND h.kind = '{word}' AND h.record_id = {id}
           AND h.seq = {}
         WHERE h.id IS NULL OR h.action = 'deleted' OR h.version <> {version} ORDER BY r.id LIMIT {}",
        table(of.kind),
        last(word, &organization, &id),
        MOST + 1
    );
    for row in query(db, &sql).await? {
        let (version, last): (i64, Option<i64>) = (row.try_get("", "version")?, row.try_get("", "last")?);
        let what = match (row.try_get::<Option<String>>("", "action")?.as_deref(), last) {
            (None, _) | (_, None) => "it has no history".to_owned(),
            (Some("deleted"), _) => "it is there, and its history says it was deleted".to_owned(),
            (_, Some(last)) => format!("it has version {version}, and the last of its history is {last}"),
        };
        report.add(Finding {
            organization: row.try_get("", "organization")?,
            kind: word.into(),
            id: row.try_get("", "id")?,
            seq: row.try_get("", "seq")?,
            what,
        });
    }
    Ok(())
}

async fn gone(db: &Snapshot, report: &mut Report, of: Records) -> Result<()> {
    let word = of.kind.word();
    let sql = format!(
        "SELECT h.organization_id AS organization, h.record_id AS id, h.seq
         FROM history h LEFT JOIN \"{}\" r ON r.{} = h.organization_id AND {}
         WHERE h.kind = '{word}' AND h.action <> 'deleted' AND r.id IS NULL AND h.seq = {} ORDER BY h.id LIMIT {}",
        table(of.kind),
        of.organization(),
        of.is_named(),
        last(word, "h.organization_id", "h.record_id"),
        MOST + 1
    );
    for row in query(db, &sql).await? {
        report.add(Finding {
            organization: row.try_get("", "organization")?,
            kind: word.into(),
            id: row.try_get("", "id")?,
            seq: row.try_get("", "seq")?,
            what: "it is gone, and its history does not say so".into(),
        });
    }
    Ok(())
}

/// Rows of history of something that is no kind of record.
pub(super) async fn strange(db: &Snapshot, report: &mut Report) -> Result<()> {
    for row in query(db, "SELECT kind, COUNT(*) AS n FROM history GROUP BY kind ORDER BY kind").await? {
        let (kind, rows): (String, i64) = (row.try_get("", "kind")?, row.try_get("", "n")?);
        if Kind::of_word(&kind).is_none() {
            let what = format!("{rows} changes of something that is no kind of record");
            report.add(Finding { organization: None, kind: "history".into(), id: String::new(), seq: None, what });
        }
    }
    Ok(())
}
