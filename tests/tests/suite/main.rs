//! tmp
use frontdesk_store::*;
#[tokio::test]
async fn sanity() {
    let url = std::env::var("URL").unwrap();
    let db = Db::open(&url, &Options::default()).await.unwrap();
    println!("{:?}", frontdesk_migration::migrate(db.schema()).await.unwrap());
    println!("{:?}", frontdesk_migration::state(db.schema()).await.unwrap());
    use sea_orm::*;
    db.schema().execute_unprepared("insert into organization(slug,name,time_zone,double_booking,version,created_at,updated_at) values('a','a','UTC','warn',1,0,0)").await.unwrap();
    let caller = frontdesk_core::access::Caller::system(1.into(), frontdesk_core::time::Zone::utc());
    let cx = WriteContext::new(caller, "r", time::OffsetDateTime::UNIX_EPOCH);
    for _ in 0..3 {
        let n = db.write(&cx, |tx| Box::pin(async move { let n = next_number(tx, 1.into(), "x").await?; tx.record(Change::created(frontdesk_core::id::Kind::Ticket, n, serde_json::json!({"a":1}))); Ok(n) })).await.unwrap();
        println!("{n:?}");
    }
    let n = db.write(&cx, |tx| Box::pin(async move { let n = next_number(tx, 1.into(), "x").await?; tokio::time::sleep(std::time::Duration::from_millis(5)).await; Ok(n) })).await;
    println!("{n:?}");
    println!("{:?}", db.read().query_all_raw(Statement::from_string(db.backend(), "update counter set value = 7 returning value")).await.map(|_| ()));
    println!("{:?}", exists(&db.read(), frontdesk_core::id::Kind::Ticket, 1.into(), 1).await);
}
