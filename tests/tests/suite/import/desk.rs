//! A store of its own for each test, and the files to import into it.

use frontdesk_core::world::World;
use frontdesk_server::import::{Import, Report, run};
use frontdesk_store::Db;
use tempfile::TempDir;

use crate::harness::database::{Database, MIGRATED};
use crate::harness::{NOW, number, sql};

pub(crate) struct Desk {
    pub(crate) db: Db,
    pub(crate) world: World,
    folder: TempDir,
    database: Database,
}

impl Desk {
    /// An empty store with every table.
    pub(crate) async fn new() -> Self {
        Self::of(MIGRATED.copy()).await
    }

    /// The same on SQLite, whatever database is under test.
    pub(crate) async fn on_sqlite() -> Self {
        let desk = Self::of(Database::on_sqlite()).await;
        frontdesk_migration::migrate(desk.db.schema()).await.unwrap();
        desk
    }

    async fn of(database: Database) -> Self {
        Self { db: database.open().await, world: World::fixed(NOW), folder: tempfile::tempdir().unwrap(), database }
    }

    /// Where the store is.
    pub(crate) fn url(&self) -> &str {
        self.database.url()
    }

    /// Imports lines; the organization is that of the lines or the only one.
    pub(crate) async fn import(&self, lines: &str, keep_going: bool) -> Report {
        let file = self.folder.path().join("records.ndjson");
        std::fs::write(&file, lines).unwrap();
        run(&self.db, &self.world, &Import { file, organization: None, keep_going }).await.unwrap()
    }

    pub(crate) async fn sql(&self, text: &str) {
        sql(&self.db, text).await;
    }

    /// The only number that `sql` answers, in its column `n`.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        number(&self.db.read(), sql).await
    }
}
