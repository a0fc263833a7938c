//! On PostgreSQL a statement that takes too long ends, and the answer says so.

use std::time::Duration;

use frontdesk_store::{Db, Options};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

use crate::harness::app::App;
use crate::harness::{number, system};

#[tokio::test]
async fn a_statement_that_takes_too_long_is_a_503() {
    let app = App::new();
    if app.store.backend() != DbBackend::Postgres {
        return;
    }
    let limit = Duration::from_millis(300);
    let db = Db::open(app.database_url(), &Options { statement: limit, ..Options::default() }).await.unwrap();
    let slow = || Statement::from_string(DbBackend::Postgres, "SELECT CAST(1 AS BIGINT) AS n FROM pg_sleep(20)");
    let told = |error| frontdesk_store::unavailable(&error).unwrap().to_string();
    let read = db.read().query_one_raw(slow()).await.unwrap_err().into();
    assert_eq!(told(read), "this takes the database too long; nothing was changed");
    let context = system(1);
    let write = db.write(&context, move |tx| {
        Box::pin(async move {
            tx.execute_unprepared("UPDATE ticket SET subject = 'half' WHERE organization_id = 1").await?;
            tx.query_one_raw(slow()).await?;
            Ok(())
        })
    });
    assert_eq!(told(write.await.unwrap_err()), "this takes the database too long; nothing was changed");
    assert_eq!(number(&db.read(), "SELECT COUNT(*) AS n FROM ticket WHERE subject = 'half'").await, 0);
    // The connections are of use again.
    assert_eq!(number(&db.read(), "SELECT COUNT(*) AS n FROM organization").await, 2);
    app.agent().post("/api/v1/ticket", json!({"subject": "s", "content": "c"})).await.is(201);
}
