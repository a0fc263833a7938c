//! A store to test on: two organizations, and in the first what a ticket can refer to.

use frontdesk_core::Result;
use frontdesk_core::access::{Actor, Caller};
use frontdesk_core::id::{EmployeeId, OrganizationId};
use frontdesk_core::input::{Fields, Input};
use frontdesk_core::status::Role;
use frontdesk_core::time::{Zone, from_millis};
use frontdesk_store::{BoxFuture, Db, Options, Tx, WriteContext};
use sea_orm::sea_query::{Query, SimpleExpr};
use sea_orm::{ConnectionTrait, Statement, Value};

/// 2019-04-16 14:22:13 in Taipei.
pub(crate) const NOW: i64 = 1_555_395_733_000;

pub(crate) struct Store {
    pub(crate) db: Db,
    _folder: tempfile::TempDir,
}

pub(crate) fn caller(organization: i64, role: Role) -> Caller {
    let zone = Zone::named("Asia/Taipei").unwrap();
    let id = EmployeeId(if organization == 1 { 6 } else { 60 });
    Caller { organization: OrganizationId(organization), zone, actor: Actor::Employee { id, role } }
}

pub(crate) fn context(caller: Caller) -> WriteContext {
    WriteContext::new(caller, "test", from_millis(NOW))
}

pub(crate) fn read<T>(body: &serde_json::Value, read: impl FnOnce(&mut Fields<'_>) -> T) -> Input<T> {
    Input::<T>::body(body, &Zone::named("Asia/Taipei").unwrap(), read)
}

pub(crate) async fn store() -> Store {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let db = Db::open(&url, &Options::default()).await.unwrap();
    frontdesk_migration::migrate(db.schema()).await.unwrap();
    db.write(&context(caller(1, Role::Admin)), |tx| Box::pin(fill(tx))).await.unwrap();
    Store { db, _folder: folder }
}

pub(crate) async fn write(db: &Db, work: impl for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<()>> + Send + Sync + 'static) {
    db.write(&context(caller(1, Role::Admin)), work).await.unwrap();
}

/// Inserts a row of the first organization, unless `columns` name another.
pub(crate) async fn insert(tx: &Tx, table: &'static str, columns: &[(&'static str, Value)]) -> Result<()> {
    let mut all: Vec<(&str, Value)> = columns.to_vec();
    let stamps = !matches!(table, "profile" | "interaction_ticket");
    for (name, value) in [("organization_id", 1_i64), ("version", 1), ("created_at", NOW), ("updated_at", NOW)] {
        let wanted = if name == "organization_id" { table != "organization" } else { stamps };
        if wanted && !all.iter().any(|(known, _)| *known == name) {
            all.push((name, value.into()));
        }
    }
    let (names, values): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let insert = Query::insert().into_table(table).columns(names).values_panic(values.into_iter().map(SimpleExpr::from)).to_owned();
    tx.execute(&insert).await?;
    // Counted as a write of the service would, so that lists tell a true total.
    if matches!(table, "sponsor" | "category" | "subcategory" | "termination_code") {
        let organization = columns.iter().find(|(name, _)| *name == "organization_id").map_or_else(|| 1_i64.into(), |(_, id)| id.clone());
        let count = "INSERT INTO record_count (organization_id, kind, status, slot, value) VALUES ($1, $2, '', 0, 1)
             ON CONFLICT (organization_id, kind, status, slot) DO UPDATE SET value = record_count.value + 1";
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), count, [organization, table.into()])).await?;
    }
    Ok(())
}

async fn fill(tx: &Tx) -> Result<()> {
    for (id, slug) in [(1_i64, "one"), (2, "two")] {
        let zone = ("time_zone", "Asia/Taipei".into());
        insert(
            tx,
            "organization",
            &[("id", id.into()), ("slug", slug.into()), ("name", slug.into()), zone, ("double_booking", "warn".into())],
        )
        .await?;
    }
    for (organization, id, no) in [(1_i64, 6_i64, "karick"), (1, 7, "tommy"), (2, 60, "other")] {
        employee(tx, organization, id, no).await?;
    }
    insert(tx, "profile", &[("id", 3_i64.into())]).await?;
    let contact = [("first_name", "小".into()), ("last_name", "閎".into()), ("profile_id", 3_i64.into()), ("search", "".into())];
    insert(tx, "contact", &[&[("id", 2_i64.into())], contact.as_slice()].concat()).await?;
    insert(tx, "sponsor", &[("id", 1_i64.into()), ("name", "default".into()), ("is_immortal", true.into())]).await?;
    insert(tx, "sponsor", &[("id", 9_i64.into()), ("organization_id", 2_i64.into()), ("name", "x".into()), ("is_immortal", false.into())])
        .await?;
    insert(tx, "category", &[("id", 1_i64.into()), ("name", "電話功能".into())]).await?;
    insert(tx, "category", &[("id", 2_i64.into()), ("name", "理賠相關".into())]).await?;
    insert(tx, "subcategory", &[("id", 23_i64.into()), ("name", "時效".into()), ("category_id", 2_i64.into())]).await?;
    insert(tx, "subcategory", &[("id", 24_i64.into()), ("name", "測試子分類".into())]).await?;
    let code = [("id", 5_i64.into()), ("name", "確認可否處理".into()), ("status", 0_i64.into()), ("search", "確認可否處理".into())];
    insert(tx, "termination_code", &code).await?;
    let code =
        [("id", 8_i64.into()), ("name", "搞定".into()), ("status", 2_i64.into()), ("search", "搞定".into()), ("creater_id", 6_i64.into())];
    insert(tx, "termination_code", &code).await?;
    let entry = [
        ("id", 108_i64.into()),
        ("is_acw_completed", true.into()),
        ("acw_at", NOW.into()),
        ("handler_id", 7_i64.into()),
        ("bound_type", 1_i64.into()),
    ];
    insert(tx, "interaction", &entry).await
}

async fn employee(tx: &Tx, organization: i64, id: i64, no: &'static str) -> Result<()> {
    let organization = ("organization_id", Value::from(organization));
    insert(tx, "profile", &[("id", (100 + id).into()), organization.clone()]).await?;
    let columns = [
        organization,
        ("id", id.into()),
        ("employee_no", no.into()),
        ("first_name", no.into()),
        ("profile_id", (100 + id).into()),
        ("role", "agent".into()),
        ("is_active", true.into()),
        ("is_immortal", false.into()),
        ("search", no.into()),
    ];
    insert(tx, "employee", &columns).await
}
