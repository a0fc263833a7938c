//! The processing of calls: from the recording to what was said, and from there to what it was about and what was answered.
//!
//! A run goes through its stages one by one, and each ends with a write of its own that has the stage's text and where the run
//! goes on. A text that the task lacks it gets at once; a text that it has is replaced when the whole run is through. What a
//! person edited stays.

mod chat;
mod run;
mod speech;

use std::path::PathBuf;
use std::time::Duration;

use frontdesk_core::id::{CallTaskId, OrganizationId};
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_outbound::Client;
use frontdesk_store::Db;
use frontdesk_store::jobs::Claim;
use uuid::Uuid;

use crate::task::{KIND, repo};

/// For how long a job is taken at a time; a server that dies leaves it to the others after that.
const LEASE: Duration = Duration::from_mins(1);

/// What calls are processed with.
#[derive(Clone, Debug)]
pub struct ProcessingOptions {
    /// The server that writes down what is said (`POST …/audio/transcriptions` as of `OpenAI`); without one a task that has only a
    /// recording fails.
    pub speech: Option<Endpoint>,
    /// The language of the calls as ISO 639-1 has it; the server finds out where there is none.
    pub language: Option<String>,
    /// The server that summarizes (`POST …/chat/completions` as of `OpenAI`); without one Frontdesk does it itself.
    pub chat: Option<Endpoint>,
    /// What fetches recordings from where users say they lie.
    pub recordings: Client,
    /// What asks the two servers.
    pub servers: Client,
    /// The largest recording, in bytes.
    pub recording_bytes: u64,
    /// How long it may take to fetch a recording.
    pub recording_time: Duration,
    /// Where recordings lie while they are worked on.
    pub folder: PathBuf,
}

/// A server with the interface of `OpenAI`.
#[derive(Clone)]
pub struct Endpoint {
    /// Its address up to and without `/audio/transcriptions` or `/chat/completions`.
    pub url: String,
    /// The model to ask for.
    pub model: String,
    /// The key that it wants, as a bearer token.
    pub key: Option<String>,
    /// How long an answer may take.
    pub time: Duration,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("model", &self.model).finish_non_exhaustive()
    }
}

/// Works on the calls that wait.
#[derive(Clone, Debug)]
pub struct Processor {
    db: Db,
    world: World,
    options: ProcessingOptions,
}

impl Processor {
    /// A worker on the calls of a store.
    #[must_use]
    pub fn new(db: Db, world: World, options: ProcessingOptions) -> Self {
        Self { db, world, options }
    }

    /// Processes the call that waits longest; says whether there was one. Any number may do so at once, on any number of
    /// servers. Where `stop` comes first, the call is given back.
    pub async fn step(&self, stop: impl Future<Output = ()>) -> Result<bool> {
        let Some(claim) = self.db.claim_job(&self.world, &[KIND], LEASE).await? else { return Ok(false) };
        tokio::select! {
            done = self.run(claim.clone()) => done.map(|()| true),
            // Another has it by now, and what was being done is in vain.
            () = self.hold(&claim) => Ok(true),
            () = stop => claim.release(&self.db, &self.world).await.map(|()| true),
        }
    }

    /// Keeps the job until it is lost.
    async fn hold(&self, claim: &Claim) {
        loop {
            tokio::time::sleep(LEASE / 3).await;
            match claim.renew(&self.db, &self.world, LEASE).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "a job could not be kept"),
            }
        }
    }

    /// Queues tasks that wait without a job: those of an import, and of a store of before there were jobs. Says how many.
    pub async fn adopt(&self) -> Result<u64> {
        let mut all = 0;
        let mut after = Uuid::nil();
        loop {
            let some = repo::waiting(&self.db.read(), after).await?;
            let Some(last) = some.last() else { return Ok(all) };
            after = last.1;
            for (organization, id) in &some {
                all += u64::from(self.adopt_one(OrganizationId(*organization), CallTaskId(*id)).await?);
            }
        }
    }
}

/// A conflict means that the job is another's by now: what was done for it is not committed, and nobody misses it.
fn lost<T>(done: Result<T>) -> Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(Error::Conflict(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
