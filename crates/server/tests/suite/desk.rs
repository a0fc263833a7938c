//! A store of its own for each test.

use std::sync::atomic::{AtomicU32, Ordering};

use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_server::import::{Import, Report, run};
use frontdesk_store::{Db, Options, WriteContext};
use sea_orm::{ConnectionTrait, Statement};
use tempfile::TempDir;
use time::macros::datetime;

pub(crate) struct Desk {
    pub(crate) db: Db,
    pub(crate) world: World,
    folder: TempDir,
    database: Option<(String, String)>,
}

impl Desk {
    /// An empty store with every table.
    pub(crate) async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let folder = tempfile::tempdir().unwrap();
        let options = Options { readers: 2, writers: 2, ..Options::default() };
        let server = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
        let (url, database) = match server {
            None => (format!("sqlite://{}", folder.path().join("store.db").display()), None),
            Some(server) => {
                let name = format!("frontdesk_import_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
                maintain(&server, &format!("CREATE DATABASE {name}")).await;
                (with_database(&server, &name), Some((server, name)))
            }
        };
        let db = Db::open(&url, &options).await.unwrap();
        frontdesk_migration::migrate(db.schema()).await.unwrap();
        Self { db, world: World::fixed(datetime!(2026-03-02 02:00 UTC)), folder, database }
    }

    /// Imports lines; the organization is that of the lines or the only one.
    pub(crate) async fn import(&self, lines: &str, keep_going: bool) -> Report {
        let file = self.folder.path().join("records.ndjson");
        std::fs::write(&file, lines).unwrap();
        run(&self.db, &self.world, &Import { file, organization: None, keep_going }).await.unwrap()
    }

    /// The context of a write to an organization.
    pub(crate) fn context(&self, organization: i64) -> WriteContext {
        WriteContext::new(Caller::system(OrganizationId(organization), Zone::utc()), "test", self.world.now())
    }

    pub(crate) async fn sql(&self, sql: &str) {
        self.db.schema().execute_unprepared(sql).await.unwrap();
    }

    /// The only number that `sql` answers, in its column `n`.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let row = self.db.read().query_one_raw(Statement::from_string(self.db.backend(), sql)).await.unwrap();
        row.unwrap().try_get("", "n").unwrap()
    }

    pub(crate) async fn end(self) {
        self.db.close().await;
        if let Some((server, name)) = self.database {
            maintain(&server, &format!("DROP DATABASE {name}")).await;
        }
    }
}

fn with_database(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, String::new()), |(address, query)| (address, format!("?{query}")));
    let host = address.trim_end_matches('/');
    let base = host.rfind('/').filter(|slash| *slash > "postgres://".len()).map_or(host, |slash| &host[..slash]);
    format!("{base}/{name}{query}")
}

async fn maintain(server: &str, sql: &str) {
    let db = Db::open(server, &Options { readers: 1, writers: 1, ..Options::default() }).await.unwrap();
    db.schema().execute_unprepared(sql).await.unwrap();
    db.close().await;
}
