//! A run through the stages, and what each write of it changes.

use frontdesk_core::id::{CallTaskId, OrganizationId, uuid};
use frontdesk_core::status::{CallTaskStatus, FailureClass, ProcessingStage, ProcessingState};
use frontdesk_core::{Error, Result};
use frontdesk_outbound::{Class, Failure};
use frontdesk_store::jobs::{self, Claim};
use frontdesk_store::{BoxFuture, Tx};

use super::speech::permanent;
use super::{Processor, chat, lost, speech};
use crate::task::entity::Model;
use crate::task::service::change;
use crate::task::{KIND, Plan, Processing, job, repo};
use crate::text::{self, Made, Outcome};

/// What a stage has to work on.
#[derive(Clone, Debug)]
struct Work {
    recording: Option<String>,
    transcription: Option<String>,
    /// In milliseconds since 1970.
    begun: i64,
}

/// Where the beginning of a stage leads.
#[derive(Clone, Debug)]
enum Begun {
    /// There is something to do.
    Work(Work),
    /// The stage is left out, or is done: the run goes on with the next.
    Next(Claim),
    /// There is nothing more to do.
    Over,
}

impl Processor {
    /// Goes through the stages until the run is over or has to wait.
    pub(super) async fn run(&self, mut claim: Claim) -> Result<()> {
        while let Some(next) = self.stage(claim).await? {
            claim = next;
        }
        Ok(())
    }

    async fn stage(&self, claim: Claim) -> Result<Option<Claim>> {
        let plan: Plan = serde_json::from_value(claim.payload.clone())?;
        let Some(stage) = plan.stages.first().copied() else { return self.drop_job(&claim).await };
        if let Some(reason) = claim.over(self.world.now()) {
            let failure = Failure { class: Class::Retryable { after: None }, reason };
            return self.give_up(&claim, plan, self.world_millis(), failure).await.map(|()| None);
        }
        let work = match self.begin(&claim, plan.clone()).await? {
            Begun::Work(work) => work,
            Begun::Next(next) => return Ok(Some(next)),
            Begun::Over => return Ok(None),
        };
        let made = match stage {
            ProcessingStage::Transcription => speech::transcribe(&self.options, &self.world, work.recording.as_deref()).await,
            _ => chat::summarized(&self.options, stage, work.transcription.as_deref()).await,
        };
        match made {
            Ok(made) => self.commit(&claim, plan, work.begun, made).await,
            Err(failure) => self.failed(&claim, plan, work.begun, failure).await.map(|()| None),
        }
    }

    fn world_millis(&self) -> i64 {
        frontdesk_core::time::millis(self.world.now())
    }

    /// One write of the run; none where the job is another's by now.
    async fn write<T, W>(&self, claim: &Claim, work: W) -> Result<Option<T>>
    where
        T: Send + 'static,
        W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        let written = lost(self.db.write(&claim.context(&self.world), work).await)?;
        Ok(written.and_then(frontdesk_store::Written::fresh))
    }

    async fn drop_job(&self, claim: &Claim) -> Result<Option<Claim>> {
        let job = claim.clone();
        self.write(claim, move |tx| {
            let job = job.clone();
            Box::pin(async move { jobs::done(tx, &job).await })
        })
        .await?;
        Ok(None)
    }

    async fn begin(&self, claim: &Claim, plan: Plan) -> Result<Begun> {
        let with = (claim.clone(), plan, self.asks(claim));
        let begun = self.write(claim, move |tx| {
            let (claim, plan, asks) = with.clone();
            Box::pin(async move { begin(tx, &claim, &plan, asks).await })
        });
        Ok(begun.await?.unwrap_or(Begun::Over))
    }

    /// Whether the stage that a job stands at waits for other servers. What is done at once is not first said to run.
    fn asks(&self, claim: &Claim) -> bool {
        let stage = claim.payload["stages"][0].as_str();
        self.options.chat.is_some() || stage == Some(ProcessingStage::Transcription.word())
    }

    async fn commit(&self, claim: &Claim, plan: Plan, begun: i64, made: Made) -> Result<Option<Claim>> {
        let with = (claim.clone(), plan, made);
        let done = self.write(claim, move |tx| {
            let (claim, plan, made) = with.clone();
            Box::pin(async move { commit(tx, &claim, plan, begun, made).await })
        });
        Ok(done.await?.flatten())
    }

    async fn failed(&self, claim: &Claim, plan: Plan, begun: i64, failure: Failure) -> Result<()> {
        let Class::Retryable { after } = failure.class else { return self.give_up(claim, plan, begun, failure).await };
        let Some(at) = claim.next(&self.world, after)? else { return self.give_up(claim, plan, begun, failure).await };
        let with = (claim.clone(), failure.reason);
        self.write(claim, move |tx| {
            let (claim, reason) = with.clone();
            Box::pin(async move { wait(tx, &claim, at, &reason).await })
        })
        .await?;
        Ok(())
    }

    async fn give_up(&self, claim: &Claim, plan: Plan, begun: i64, failure: Failure) -> Result<()> {
        tracing::warn!(task = claim.record, reason = failure.reason, "a call could not be processed");
        let with = (claim.clone(), plan, failure);
        self.write(claim, move |tx| {
            let (claim, plan, failure) = with.clone();
            Box::pin(async move { give_up(tx, &claim, &plan, begun, failure).await })
        })
        .await?;
        Ok(())
    }

    /// Queues a task that waits without a job; says whether it does.
    pub(super) async fn adopt_one(&self, organization: OrganizationId, id: CallTaskId) -> Result<bool> {
        let caller = frontdesk_core::access::Caller::system(organization, frontdesk_core::time::Zone::utc());
        let cx = frontdesk_store::WriteContext::new(caller, "adopt", self.world.now());
        let adopted = self.db.write(&cx, move |tx| {
            Box::pin(async move {
                let Some(task) = repo::find_locked(tx, id).await? else { return Ok(false) };
                let waits = matches!(task.processing()?.state, ProcessingState::Queued | ProcessingState::Running);
                if !waits || jobs::waits(tx, KIND, &id.to_string()).await? {
                    return Ok(false);
                }
                job::queue(tx, &task, false, false).await.map(|()| true)
            })
        });
        Ok(adopted.await?.fresh().unwrap_or_default())
    }
}

/// How far a run is.
fn standing(state: ProcessingState, of: ProcessingStage, attempt: i64, plan: &Plan) -> Processing {
    Processing { state, stage: Some(of), attempt, version: plan.run }
}

/// The task of a run, locked, while the run is still wanted.
async fn task(tx: &Tx, claim: &Claim, plan: &Plan) -> Result<Option<Model>> {
    let id = uuid(&claim.record).ok_or_else(|| Error::internal("a job of a call task that is none"))?;
    let task = repo::find_locked(tx, CallTaskId(id)).await?;
    jobs::held(tx, claim).await?;
    Ok(task.filter(|task| task.processing_version == plan.run))
}

async fn begin(tx: &Tx, claim: &Claim, plan: &Plan, asks: bool) -> Result<Begun> {
    let Some(before) = task(tx, claim, plan).await? else { return jobs::done(tx, claim).await.map(|()| Begun::Over) };
    if before.status()? == CallTaskStatus::Cancelled {
        let failure = permanent("the task was cancelled");
        return give_up(tx, claim, plan, tx.now(), failure).await.map(|()| Begun::Over);
    }
    let stage = plan.stages[0];
    if !plan.overwrite && text::protected(tx, &before, stage).await? {
        let next = go_on(tx, claim, plan.clone(), before, None).await?;
        return Ok(next.map_or(Begun::Over, Begun::Next));
    }
    let of_run = text::of_run(tx, &before, plan.run).await?;
    let made = of_run.into_iter().find(|row| row.stage == ProcessingStage::Transcription.word());
    let work = Work {
        recording: before.recording_url.clone(),
        transcription: made.and_then(|row| row.text).or_else(|| before.call_transcription.clone()),
        begun: tx.now(),
    };
    let mut after = before.clone();
    after.set_processing(standing(ProcessingState::Running, stage, claim.attempt, plan));
    if asks {
        change(tx, before, after, "processing_started").await?;
    }
    Ok(Begun::Work(work))
}

async fn commit(tx: &Tx, claim: &Claim, plan: Plan, begun: i64, made: Made) -> Result<Option<Claim>> {
    let Some(before) = task(tx, claim, &plan).await? else { return jobs::done(tx, claim).await.map(|()| None) };
    let stage = plan.stages[0];
    // What the task shows is an earlier version than what is new.
    text::present(tx, &before, stage).await?;
    let row = text::enter(tx, &before, (stage, plan.run), (claim.attempt, begun), Outcome::Text(made)).await?;
    go_on(tx, claim, plan, before, Some(row)).await
}

/// What follows when the first stage of the plan is through: the next one, or the end of the run.
async fn go_on(tx: &Tx, claim: &Claim, mut plan: Plan, before: Model, made: Option<text::Row>) -> Result<Option<Claim>> {
    let stage = plan.stages.remove(0);
    let mut after = before.clone();
    if let Some(row) = made.filter(|_| before.text(stage).is_none_or(str::is_empty)) {
        text::adopt(tx, &mut after, row).await?;
    }
    if let Some(next) = plan.stages.first() {
        after.set_processing(standing(ProcessingState::Running, *next, 1, &plan));
        change(tx, before, after, "processing_went_on").await?;
        return jobs::advance(tx, claim, serde_json::to_value(plan)?).await.map(Some);
    }
    for row in text::of_run(tx, &before, plan.run).await?.into_iter().filter(|row| !row.is_current) {
        let of = ProcessingStage::of_word(&row.stage).unwrap_or_default();
        if plan.overwrite || !text::protected(tx, &after, of).await? {
            text::adopt(tx, &mut after, row).await?;
        }
    }
    after.set_processing(standing(ProcessingState::Succeeded, stage, claim.attempt, &plan));
    change(tx, before, after, "processed").await?;
    jobs::done(tx, claim).await.map(|()| None)
}

async fn wait(tx: &Tx, claim: &Claim, at: i64, reason: &str) -> Result<()> {
    let plan: Plan = serde_json::from_value(claim.payload.clone())?;
    let Some(before) = task(tx, claim, &plan).await? else { return jobs::done(tx, claim).await };
    let mut after = before.clone();
    after.set_processing(standing(ProcessingState::Queued, plan.stages[0], claim.attempt, &plan));
    change(tx, before, after, "processing_delayed").await?;
    jobs::again(tx, claim, at, reason).await
}

async fn give_up(tx: &Tx, claim: &Claim, plan: &Plan, begun: i64, Failure { class, reason }: Failure) -> Result<()> {
    let Some(before) = task(tx, claim, plan).await? else { return jobs::done(tx, claim).await };
    let class = if class == Class::Permanent { FailureClass::Permanent } else { FailureClass::Retryable };
    let stage = plan.stages[0];
    let outcome = Outcome::Failed { class, reason: reason.clone() };
    text::enter(tx, &before, (stage, plan.run), (claim.attempt.min(claim.attempts), begun), outcome).await?;
    let mut after = before.clone();
    let attempt = claim.attempt.min(claim.attempts);
    after.set_processing(standing(ProcessingState::Failed, stage, attempt, plan));
    after.error_message = Some(format!("{stage}: {reason}"));
    change(tx, before, after, "processing_failed").await?;
    jobs::given_up(tx, claim, &reason).await
}
