//! Some thousands of rows of what lists are of, past all rules.

use frontdesk_store::Db;
use sea_orm::DbBackend;

use crate::harness::{recount, sql};

/// The first id of a row.
const FROM: i64 = 20_000;

/// Gives the first organization so many rows in each of the tables that grow, and counts them.
pub(super) async fn fill(db: &Db, rows: i64) {
    let uuid = match db.backend() {
        DbBackend::Postgres => "CAST(lpad(to_hex(i), 32, '0') AS uuid)",
        _ => "CAST(unhex(printf('%032x', i)) AS BLOB)",
    };
    let stamps = "1, 1772000000000 + i * 1000, 1772000000000 + i * 1000";
    let tables = [
        ("profile (id, organization_id)", "i, 1".to_owned()),
        (
            "contact (id, organization_id, first_name, membership_no, identity_no, gender, birth_at, profile_id, sponsor_id, search, version, created_at, updated_at)",
            format!(
                "i, 1, 'c', 'M' || i, 'I' || i, i % 2, '19' || (10 + i % 80) || '-' || (10 + i % 3) || '-01', i, 1 + i % 2, 'c', {stamps}"
            ),
        ),
        (
            "phone_number (id, organization_id, profile_id, type, extension, number, description, digits, version, created_at, updated_at)",
            format!("i, 1, i, i % 5, '' || i % 50, '09' || i, 'd' || i % 50, '09' || i, {stamps}"),
        ),
        (
            "employee (id, organization_id, employee_no, first_name, group_id, department_id, profile_id, role, is_active, is_immortal, search, version, created_at, updated_at)",
            format!(
                "i, 1, 'E' || i, 'e', CASE WHEN i % 50 = 0 THEN 1 END, CASE WHEN i % 40 = 0 THEN 1 END, i, '', i % 9 > 0, 1 = 0, 'e', {stamps}"
            ),
        ),
        (
            "ticket (id, organization_id, subject, content, due_at, status, priority, contact_id, sub_category_id, creater_id, handler_id, sponsor_id, termination_code_id, search, version, created_at, updated_at)",
            format!(
                "i, 1, 's', 'c', 1772500000000 + i * 1000, CASE WHEN i % 100 = 0 THEN 1 ELSE 3 END, 0, {FROM} + i % 500, NULL, {FROM} + i % 300, {FROM} + i % 200, 1 + i % 2, NULL, 's', {stamps}"
            ),
        ),
        (
            "interaction (id, organization_id, is_acw_completed, handler_id, contact_id, version, created_at, updated_at)",
            format!("i, 1, i % 20 > 0, {FROM} + i % 200, {FROM} + i % 500, {stamps}"),
        ),
        (
            "call_task (id, organization_id, version, created_at, updated_at, assigned_user_id, task_type, status, priority, caller_digits, caller_phone, processing_state, processing_attempt, processing_version, search_title, title, search_all, appeal_id)",
            format!(
                "{uuid}, 1, {stamps}, {FROM} + i % 200, 'type' || i % 30, CASE WHEN i % 3 = 0 THEN 'cancelled' ELSE 'new' END, CASE WHEN i % 50 = 0 THEN 'urgent' ELSE 'low' END, CASE WHEN i % 40 = 0 THEN '' ELSE '1' END, CASE WHEN i % 40 = 0 THEN 'anonymous' ELSE '1' END, 'none', 0, 0, 't', 't', 't', i"
            ),
        ),
        (
            "appointment (id, organization_id, task_num, business_id, out_task_num, out_task_type, task_type, task_notify, task_time, task_time_defaulted, duration_minutes, branch_code, room_type, video, status, ticket_id, sequence, version, created_at, updated_at)",
            format!(
                "i, 1, '2020010100' || i, 1, 'N' || i, '', 'normal', 1 = 0, 1772500000000 + i * 60000, 1 = 0, 30, '' || i % 60, 'normal', 1 = 0, CASE WHEN i % 60 = 0 THEN 'pending' ELSE 'finished' END, i, 0, {stamps}"
            ),
        ),
        ("appointment_moderator (id, organization_id, appointment_id, employee_id, created_at)", format!("i, 1, i, {FROM} + i % 100, 0")),
        (
            "appointment_publisher (id, organization_id, appointment_id, customer_name, customer_id_num, created_at)",
            "i, 1, i, 'n', 'C' || i % 100, 0".to_owned(),
        ),
    ];
    for (into, values) in tables {
        let numbers = format!("WITH RECURSIVE n(i) AS (SELECT {FROM} UNION ALL SELECT i + 1 FROM n WHERE i < {FROM} + {rows} - 1)");
        let into = format!("{numbers} INSERT INTO {into} SELECT {values} FROM n");
        sql(db, &into).await;
    }
    recount(db).await;
    sql(db, "ANALYZE").await;
}
