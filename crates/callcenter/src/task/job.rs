//! The job that a task is queued with.

use frontdesk_core::Result;
use frontdesk_core::status::ProcessingStage;
use frontdesk_store::Tx;
use frontdesk_store::jobs::NewJob;
use serde::{Deserialize, Serialize};

use super::entity::Model;

/// The kind of such jobs.
pub(crate) const KIND: &str = "call_processing";

/// How often a stage is begun before it has failed.
const ATTEMPTS: u32 = 8;
/// How long after the request its processing is still of use, in milliseconds.
const WITHIN: i64 = 24 * 60 * 60 * 1000;

/// What a run has still to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// The number of the run.
    pub(crate) run: i64,
    /// The stages, in order; the first is the one it stands at.
    pub(crate) stages: Vec<ProcessingStage>,
    /// Whether texts that a person edited are replaced too.
    #[serde(default)]
    pub(crate) overwrite: bool,
}

impl Plan {
    /// The run of a task that is queued for `stage`: with it all that follow, or, where `only` it was asked for, no other.
    pub(crate) fn of(run: i64, stage: ProcessingStage, only: bool, overwrite: bool) -> Self {
        use ProcessingStage::{CallSummary, ResponseSummary, Summary, Transcription};
        let stages = match (stage, only) {
            (Transcription, false) => vec![Transcription, CallSummary, ResponseSummary],
            (Summary, _) | (CallSummary, false) => vec![CallSummary, ResponseSummary],
            (one, _) => vec![one],
        };
        Self { run, stages, overwrite }
    }
}

/// Queues a task for the run that its processing stands at. `only`: for no other stage than the one it names.
pub(crate) async fn queue(tx: &Tx, task: &Model, only: bool, overwrite: bool) -> Result<()> {
    let processing = task.processing()?;
    let plan = Plan::of(processing.version, processing.stage.unwrap_or_default(), only, overwrite);
    tx.queue(NewJob {
        kind: KIND,
        record: task.id.to_string(),
        payload: serde_json::to_value(plan)?,
        run_at: None,
        deadline: Some(tx.now() + WITHIN),
        attempts: ATTEMPTS,
    })
    .await
}
