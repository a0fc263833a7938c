//! Reads run where they are asked for, for what takes microseconds is not worth the way to another thread. One that takes long
//! is stopped after a moment and run again on a thread where it holds nobody up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::{ConnAcquireErr, DbErr, QueryResult, Statement};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection::{Connection, Limit, Rows};
use super::fault::Fault;
use super::location::Location;
use super::rows::{Found, Shape, results};
use crate::connect::Options;

/// How long a statement may hold up the thread that asks.
const MOMENT: Duration = Duration::from_millis(2);
/// Slow statements at the same time: more would leave no core for the others.
const SLOW: usize = 2;

/// The connections that read. There are as many as were ever in use at once.
#[derive(Debug)]
pub(super) struct Readers {
    location: Location,
    patience: Duration,
    idle: Mutex<Vec<Connection>>,
    closed: AtomicBool,
    slow: Arc<Semaphore>,
    views: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(location: Location, options: &Options) -> Self {
        Self {
            location,
            patience: options.patience,
            idle: Mutex::default(),
            closed: AtomicBool::new(false),
            slow: Arc::new(Semaphore::new(SLOW)),
            views: Arc::new(Semaphore::new(usize::try_from(options.readers.max(1)).unwrap_or(1))),
        }
    }

    /// Runs a query here and now, or elsewhere where it turns out to take long.
    pub(super) async fn query<T: Send + 'static>(
        self: &Arc<Self>,
        together: Option<&Together>,
        statement: Statement,
        find: Find<T>,
    ) -> Result<T, DbErr> {
        let found = match together {
            Some(together) => self.joining(together, &statement, find),
            None => self.at_once(&statement, find),
        };
        match found {
            Err(fault) if fault.is_interrupt() => {
                together.map(Together::end);
                self.query_slowly(statement, find).await
            }
            done => Ok(done?),
        }
    }

    fn at_once<T>(&self, statement: &Statement, find: Find<T>) -> Result<T, Fault> {
        let connection = self.take()?;
        connection.limit().set(MOMENT);
        let found = find(&connection, statement);
        self.give_back(connection);
        found
    }

    /// Runs a query in the transaction of those before it, which the first one begins.
    fn joining<T>(self: &Arc<Self>, together: &Together, statement: &Statement, find: Find<T>) -> Result<T, Fault> {
        let mut open = together.0.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match &mut *open {
            Some(open) => open,
            none => none.insert(self.begin(None)?),
        };
        open.connection()?.limit().set(MOMENT);
        find(open.connection()?, statement)
    }

    /// Runs a query on a thread of its own. It ends when nobody waits for it any more.
    pub(super) async fn query_slowly<T: Send + 'static>(self: &Arc<Self>, statement: Statement, find: Find<T>) -> Result<T, DbErr> {
        let permit = acquire(&self.slow, self.patience).await?;
        let connection = self.take()?;
        connection.limit().lift();
        let ours = Arc::new(Mutex::new(Some(connection.limit().clone())));
        let waiting = Waiting(ours.clone());
        let readers = self.clone();
        let work = move || {
            let found = find(&connection, &statement);
            // From here on the connection may be another's, whose statement nobody here is to stop.
            drop(ours.lock().unwrap_or_else(PoisonError::into_inner).take());
            readers.give_back(connection);
            drop(permit);
            found
        };
        let found = elsewhere(work).await?;
        waiting.over();
        Ok(found?)
    }

    /// A connection on which one state of the store is read.
    pub(super) async fn view(self: &Arc<Self>) -> Result<View, DbErr> {
        let open = self.begin(Some(acquire(&self.views, self.patience).await?))?;
        let limit = open.connection()?.limit().clone();
        Ok(View { open: Arc::new(Mutex::new(open)), limit, slow: AtomicBool::new(false) })
    }

    /// Begins a transaction, whose state of the store is the one that its first query finds.
    fn begin(self: &Arc<Self>, permit: Option<OwnedSemaphorePermit>) -> Result<Open, Fault> {
        let connection = self.take()?;
        connection.limit().lift();
        connection.run("BEGIN")?;
        Ok(Open { connection: Some(connection), readers: self.clone(), _permit: permit })
    }

    fn take(&self) -> Result<Connection, Fault> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Connection::for_reads(&self.location, self.patience), Ok)
    }

    fn give_back(&self, connection: Connection) {
        if !self.closed.load(Ordering::SeqCst) && connection.is_idle() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }

    /// Closes the connections that are not in use; the others are closed when they are given back.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// What a query is run by.
pub(super) type Find<T> = fn(&Connection, &Statement) -> Result<T, Fault>;

/// The first row as SeaORM reads it.
pub(super) fn first(connection: &Connection, statement: &Statement) -> Result<Found, Fault> {
    connection.found(statement, Rows::First)
}

/// All rows as SeaORM reads them.
pub(super) fn whole(connection: &Connection, statement: &Statement) -> Result<Found, Fault> {
    connection.found(statement, Rows::All)
}

async fn acquire(permits: &Arc<Semaphore>, patience: Duration) -> Result<OwnedSemaphorePermit, DbErr> {
    let late = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
    let got = tokio::time::timeout(patience, permits.clone().acquire_owned()).await;
    got.ok().and_then(Result::ok).ok_or(late)
}

async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Fault::misuse(format!("a read did not end: {error}")))
}

/// Stops the statement of whoever goes away before it is done, as long as the connection is theirs.
struct Waiting(Arc<Mutex<Option<Limit>>>);

impl Waiting {
    fn over(self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(limit) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            limit.end();
        }
    }
}

/// Reads that follow one another in one transaction: to begin one and to end it takes as long as to find a row. It begins anew where one
/// of them took long.
#[derive(Clone, Debug, Default)]
pub(crate) struct Together(Arc<Mutex<Option<Open>>>);

impl Together {
    fn end(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// One state of the store.
#[derive(Debug)]
pub(crate) struct View {
    open: Arc<Mutex<Open>>,
    limit: Limit,
    /// Whether a statement took long; those that follow are expected to.
    slow: AtomicBool,
}

impl View {
    /// The first row that a query finds.
    pub(crate) async fn one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(results(self.query(statement, first).await?)?.pop())
    }

    /// The rows that a query finds.
    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        results(self.query(statement, whole).await?)
    }

    /// The rows that a query finds, each as its model.
    pub(crate) async fn models<M: Shape>(&self, statement: Statement) -> Result<Vec<M>, DbErr> {
        self.query(statement, Connection::models).await
    }

    async fn query<T: Send + 'static>(&self, statement: Statement, find: Find<T>) -> Result<T, DbErr> {
        if !self.slow.load(Ordering::Relaxed) {
            self.limit.set(MOMENT);
            match found(&self.open, &statement, find) {
                Err(fault) if fault.is_interrupt() => self.slow.store(true, Ordering::Relaxed),
                done => return Ok(done?),
            }
        }
        self.limit.lift();
        let open = self.open.clone();
        let waiting = Waiting(Arc::new(Mutex::new(Some(self.limit.clone()))));
        let found = elsewhere(move || found(&open, &statement, find)).await?;
        waiting.over();
        Ok(found?)
    }
}

fn found<T>(open: &Mutex<Open>, statement: &Statement, find: Find<T>) -> Result<T, Fault> {
    let open = open.lock().unwrap_or_else(PoisonError::into_inner);
    find(open.connection()?, statement)
}

/// A connection with a transaction.
#[derive(Debug)]
struct Open {
    connection: Option<Connection>,
    readers: Arc<Readers>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Open {
    fn connection(&self) -> Result<&Connection, Fault> {
        self.connection.as_ref().ok_or_else(|| Fault::misuse("a transaction that is over"))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.limit().lift();
            // One that cannot end its transaction is not given back, but closed.
            let _ = connection.run("ROLLBACK");
            self.readers.give_back(connection);
        }
    }
}
