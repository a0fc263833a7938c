//! Small queries that every domain needs.

use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::text::like;
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, LikeExpr, OnConflict, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

/// The table of a kind of record.
pub(crate) fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "staff_group",
        Kind::InteractCollection => "interaction",
        other => other.word(),
    }
}

/// A column that names records: whose it is, its table, and the column by which people know that record.
type Named = (Kind, &'static str, &'static str, &'static str);

/// Where records are named that must then stay. Links between tickets and interactions are none of these, they go with either;
/// nor are tokens and codes.
fn referrers(kind: Kind) -> &'static [Named] {
    use Kind::{Appointment, CallTask, Contact, CtiAgent, Employee, Group, InteractCollection, Subcategory, TerminationCode, Ticket};
    match kind {
        Kind::Employee => &[
            (Group, "staff_group", "supervisor_id", "id"),
            (TerminationCode, "termination_code", "creater_id", "id"),
            (Ticket, "ticket", "handler_id", "id"),
            (Ticket, "ticket", "creater_id", "id"),
            (InteractCollection, "interaction", "handler_id", "id"),
            (CallTask, "call_task", "assigned_user_id", "id"),
            (CallTask, "call_task", "created_by_user_id", "id"),
            (Appointment, "appointment", "creater_id", "task_num"),
            (Appointment, "appointment_moderator", "employee_id", "appointment_id"),
        ],
        Kind::Group => &[(Employee, "employee", "group_id", "id"), (CtiAgent, "cti_agent", "group_id", "id")],
        Kind::JobTitle => &[(Employee, "employee", "job_title_id", "id")],
        Kind::Department => &[(Employee, "employee", "department_id", "id")],
        Kind::Extension => &[(Employee, "employee", "extension_id", "id")],
        Kind::CtiAgent => &[(Employee, "employee", "cti_agent_id", "id")],
        Kind::Sponsor => &[
            (Ticket, "ticket", "sponsor_id", "id"),
            (Contact, "contact", "sponsor_id", "id"),
            (InteractCollection, "interaction", "sponsor_id", "id"),
        ],
        Kind::Contact => &[
            (Ticket, "ticket", "contact_id", "id"),
            (InteractCollection, "interaction", "contact_id", "id"),
            (Appointment, "appointment_publisher", "contact_id", "appointment_id"),
        ],
        Kind::Category => &[(Subcategory, "subcategory", "category_id", "id")],
        Kind::Subcategory => &[(Ticket, "ticket", "sub_category_id", "id")],
        Kind::TerminationCode => &[(Ticket, "ticket", "termination_code_id", "id")],
        Kind::Ticket => &[(CallTask, "call_task", "appeal_id", "id"), (Appointment, "appointment", "ticket_id", "task_num")],
        _ => &[],
    }
}

/// What names a record of this kind, which therefore must stay, in words: "ticket 66"; none where nothing does.
pub(crate) async fn referrer(db: &impl ConnectionTrait, kind: Kind, organization: OrganizationId, id: i64) -> Result<Option<String>> {
    for (from, table, column, known) in referrers(kind) {
        let query = Query::select()
            .column(*known)
            .from(*table)
            .and_where(Expr::col("organization_id").eq(organization.0))
            .and_where(Expr::col(*column).eq(id))
            .limit(1)
            .to_owned();
        if let Some(row) = db.query_one(&query).await? {
            return Ok(Some(format!("{} {}", from.noun(), name(db, &row, known, organization).await?)));
        }
    }
    Ok(None)
}

/// What people know the referring record by, which its row has under `column`.
async fn name(db: &impl ConnectionTrait, row: &QueryResult, column: &str, organization: OrganizationId) -> Result<String> {
    if column == "appointment_id" {
        let id: i64 = row.try_get("", column)?;
        let query = Query::select()
            .column("task_num")
            .from("appointment")
            .and_where(Expr::col("organization_id").eq(organization.0))
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        let row = db.query_one(&query).await?.ok_or_else(|| Error::internal("an appointment's person without it"))?;
        return Ok(row.try_get("", "task_num")?);
    }
    let number = row.try_get("", column).map(|id: i64| id.to_string());
    let uuid = || row.try_get("", column).map(|id: Uuid| id.to_string());
    Ok(number.or_else(|_| uuid()).or_else(|_| row.try_get("", column))?)
}

/// Whether the organization has a record with this id. Kinds whose id is a UUID are none of these.
pub async fn exists(db: &impl ConnectionTrait, kind: Kind, organization: OrganizationId, id: i64) -> Result<bool> {
    let sql = format!("SELECT \"id\" FROM \"{}\" WHERE \"organization_id\" = $1 AND \"id\" = $2", table(kind));
    let query = Statement::from_sql_and_values(db.get_database_backend(), sql, [organization.0.into(), id.into()]);
    Ok(db.query_one_raw(query).await?.is_some())
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
