//! A database of its own for each test: a copy of a template that is filled once a run.

use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{LazyLock, Mutex, OnceLock};
use std::{env, fs, thread};

use frontdesk_store::{BoxFuture, Db, Options};
use reqwest::Url;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr};
use tempfile::TempDir;

/// What a test finds in its database.
pub(crate) struct Template {
    fill: fn(Db) -> BoxFuture<'static, ()>,
    made: OnceLock<Made>,
}

enum Made {
    File(Vec<u8>),
    Postgres(String),
}

/// Nothing at all.
pub(crate) static EMPTY: Template = Template::new(|_| Box::pin(async {}));

/// All tables, no rows.
pub(crate) static MIGRATED: Template = Template::new(|db| {
    Box::pin(async move {
        frontdesk_migration::migrate(db.schema()).await.unwrap();
    })
});

/// A database that is dropped with this value.
pub(crate) struct Database {
    url: String,
    keep: Keep,
}

enum Keep {
    Folder(TempDir),
    Postgres(String),
}

impl Template {
    /// A template that `fill` fills.
    pub(crate) const fn new(fill: fn(Db) -> BoxFuture<'static, ()>) -> Self {
        Self { fill, made: OnceLock::new() }
    }

    /// A new database with what the template holds.
    pub(crate) fn copy(&self) -> Database {
        match self.made.get_or_init(|| self.make()) {
            Made::File(bytes) => sqlite(bytes),
            Made::Postgres(template) => postgres(Some(template)),
        }
    }

    fn make(&self) -> Made {
        let database = if server().is_some() { postgres(None) } else { sqlite(&[]) };
        let url = database.url.clone();
        let fill = self.fill;
        block_on(async move {
            let db = Db::open(&url, &options()).await.unwrap();
            fill(db.clone()).await;
            db.close().await;
        });
        match &database.keep {
            Keep::Folder(folder) => Made::File(fs::read(folder.path().join("test.sqlite")).unwrap()),
            Keep::Postgres(name) => {
                let name = name.clone();
                std::mem::forget(database);
                Made::Postgres(name)
            }
        }
    }
}

impl Database {
    /// An empty SQLite database, whatever database is under test.
    pub(crate) fn on_sqlite() -> Self {
        sqlite(&[])
    }

    /// The same, which is reached by another URL.
    pub(crate) fn reached_by(mut self, url: String) -> Self {
        self.url = url;
        self
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A handle for the test itself.
    pub(crate) async fn open(&self) -> Db {
        Db::open(&self.url, &options()).await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Keep::Postgres(name) = &self.keep {
            let dropped = maintain(format!("DROP DATABASE {name} WITH (FORCE)"));
            assert!(dropped.is_ok() || thread::panicking(), "{name} stays: {dropped:?}");
        }
    }
}

pub(crate) fn options() -> Options {
    Options { readers: 3, writers: 4, ..Options::default() }
}

fn sqlite(bytes: &[u8]) -> Database {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.sqlite");
    fs::write(&file, bytes).unwrap();
    Database { url: sqlite_url(&file), keep: Keep::Folder(folder) }
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

fn server() -> Option<Url> {
    let url = env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())?;
    Some(Url::parse(&url).expect("TEST_DATABASE_URL is no URL"))
}

/// Names begin with the run's, so that a later run can tell what a killed one left behind.
static RUN: LazyLock<String> = LazyLock::new(|| format!("frontdesk_test_{}", RandomState::new().hash_one("run")));

fn postgres(template: Option<&str>) -> Database {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("{}_{}", *RUN, NEXT.fetch_add(1, Ordering::SeqCst));
    let template = template.unwrap_or("template0");
    // The files of a small database are copied sooner than all of it is written to the journal.
    maintain(format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")).unwrap();
    let mut url = server().unwrap();
    url.set_path(&name);
    Database { url: url.into(), keep: Keep::Postgres(name) }
}

type Order = (String, Sender<Result<(), DbErr>>);

/// Runs a statement on the one connection that makes and drops databases: PostgreSQL copies a template for one at a time.
fn maintain(sql: String) -> Result<(), DbErr> {
    static ORDERS: LazyLock<Mutex<Sender<Order>>> = LazyLock::new(|| {
        let (orders, received) = channel();
        thread::spawn(move || block_on(maintenance(received)));
        Mutex::new(orders)
    });
    let (answer, answered) = channel();
    ORDERS.lock().unwrap().send((sql, answer)).unwrap();
    answered.recv().expect("the connection for maintenance")
}

async fn maintenance(orders: Receiver<Order>) {
    let mut options = ConnectOptions::new(server().unwrap().to_string());
    options.max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None).sqlx_logging(false);
    options.map_sqlx_postgres_opts(|options| options.application_name(&RUN));
    let connection = sea_orm::Database::connect(options).await.expect("no PostgreSQL server at TEST_DATABASE_URL");
    sweep(&connection).await;
    for (sql, answer) in orders {
        let done = connection.execute_unprepared(&sql).await;
        let _ = answer.send(done.map(|_| ()));
    }
}

/// Drops the databases of runs that have no connection any more.
async fn sweep(connection: &DatabaseConnection) {
    let left = r"SELECT datname AS t FROM pg_database
        WHERE substring(datname FROM '^frontdesk_test_[0-9]+') NOT IN (SELECT coalesce(application_name, '') FROM pg_stat_activity)";
    for name in super::texts(connection, left).await {
        // Another run may be at the same.
        let _ = connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await;
    }
}

/// Runs `future` to its end on a thread of its own, also from within a runtime.
fn block_on<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future);
    thread::scope(|scope| scope.spawn(run).join().unwrap())
}
