//! Sending the mails.
//!
//! A mail tells of one state of the appointment. Of the mails to one person that still wait the last alone is sent; those to one
//! address go one after the other, whoever they are to, so that none overtakes another.

use std::time::Duration;

use frontdesk_core::status::AppointmentStatus;
use frontdesk_core::time::from_millis;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_directory::organization;
use frontdesk_mail::{Failure, Invitation, Language, Mailer, News};
use frontdesk_store::jobs::{self, Claim};
use frontdesk_store::{BoxFuture, Db, Tx, Written};
use serde_json::json;

use super::entity::Model;
use super::{JOB, plan, repo};
use crate::task::repo::{self as task, Whole};

/// For how long a mail is one worker's: longer than sending one may take.
const LEASE: Duration = Duration::from_mins(1);
/// How long one waits for another to the same address that is just being sent.
const TURN: i64 = 2_000;
/// How often a mail is tried: with the waits of the jobs that is about a day.
const TRIES: i64 = 14;

/// Sends the mails that appointments have queued.
#[derive(Clone, Debug)]
pub struct Notifications {
    db: Db,
    world: World,
    mailer: Mailer,
}

/// A mail that is to be sent now.
#[derive(Clone, Debug)]
struct Work {
    notice: Model,
    invitation: Invitation,
}

impl Notifications {
    /// A sender of the mails of a store.
    #[must_use]
    pub fn new(db: Db, world: World, mailer: Mailer) -> Self {
        Self { db, world, mailer }
    }

    /// Sends the mail that is due longest; says whether one was due. Any number may do so at once, on any number of servers. A
    /// crash between the mail server's word and the write that notes it sends the mail again, with the same `Message-ID`.
    pub async fn step(&self) -> Result<bool> {
        let Some(claim) = self.db.claim_job(&self.world, &[JOB], LEASE).await? else { return Ok(false) };
        let job = claim.clone();
        let begun = self.write(&claim, move |tx| {
            let job = job.clone();
            Box::pin(async move { begin(tx, &job).await })
        });
        let Some(Some(work)) = begun.await? else { return Ok(true) };
        let sent = self.mailer.send(&work.invitation).await;
        let with = (claim.clone(), work.notice, sent, self.world.clone());
        let ended = self.write(&claim, move |tx| {
            let (claim, notice, sent, world) = with.clone();
            Box::pin(async move { end(tx, &world, &claim, notice, sent).await })
        });
        ended.await?;
        Ok(true)
    }

    /// One write of the job; none where the job is another's by now.
    async fn write<T, W>(&self, claim: &Claim, work: W) -> Result<Option<T>>
    where
        T: Send + 'static,
        W: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        match self.db.write(&claim.context(&self.world), work).await {
            Ok(written) => Ok(Written::fresh(written)),
            Err(Error::Conflict(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What is to be sent first of what waits for the address of the job's mail; none where the job has nothing to do now. Whatever
/// is decided about the mails of an appointment is decided behind its row.
async fn begin(tx: &Tx, claim: &Claim) -> Result<Option<Work>> {
    let Some(own) = repo::find(tx, claim.record.parse()?).await? else { return jobs::done(tx, claim).await.map(|()| None) };
    let whole = task::lock(tx, own.appointment_id).await?;
    let mut waiting = repo::waiting(tx, own.appointment_id).await?;
    waiting.retain(|notice| notice.address == own.address);
    if waiting.iter().any(|notice| notice.id <= own.id && notice.held_until.is_some_and(|until| until > tx.now())) {
        jobs::again(tx, claim, tx.now() + TURN, "another mail to the address is being sent").await?;
        return Ok(None);
    }
    let finished = whole.row.status()? == AppointmentStatus::Finished;
    let mut first = None;
    for notice in waiting.iter().filter(|notice| notice.id <= own.id) {
        let stale = waiting.iter().any(|later| later.id > notice.id && later.is_to_whom(notice));
        // What was held needs no invitation.
        let held = finished && plan::news(&notice.news) != News::Canceled;
        if stale || held {
            repo::update(tx, ended(tx, notice.clone(), repo::SKIPPED, None)).await?;
        } else if first.is_none() {
            first = Some(notice.clone());
        }
    }
    let Some(notice) = first else { return jobs::done(tx, claim).await.map(|()| None) };
    let over = claim.over(from_millis(tx.now()));
    if let Some(reason) = over {
        give_up(tx, whole, notice.clone(), &reason).await?;
        next(tx, claim, &notice).await?;
        return Ok(None);
    }
    let held_until = tx.now() + i64::try_from(LEASE.as_millis())?;
    let notice = Model { tries: notice.tries + 1, held_until: Some(held_until), ..notice };
    repo::update(tx, notice.clone()).await?;
    Ok(Some(Work { invitation: invitation(tx, &whole, &notice).await?, notice }))
}

async fn invitation(tx: &Tx, whole: &Whole, notice: &Model) -> Result<Invitation> {
    let organization = organization::shown(tx, tx.caller().organization).await?;
    let row = &whole.row;
    let missing = || Error::internal("a mail waits without an address");
    Ok(Invitation {
        news: plan::news(&notice.news),
        // What an import keeps, so that calendars know the appointment after a move as well.
        uid: format!("{}.{}.{}@frontdesk", row.task_num, row.id, row.created_at),
        sequence: notice.sequence,
        mail_id: format!("{}.{}.{}", row.task_num, notice.id, notice.created_at),
        number: row.task_num.clone(),
        start: notice.task_time,
        minutes: row.duration_minutes,
        zone: organization.time_zone,
        language: organization.language.as_deref().map(Language::of_tag).unwrap_or_default(),
        organization: organization.name,
        name: notice.name.clone().ok_or_else(missing)?,
        address: notice.address.clone().ok_or_else(missing)?,
        now: tx.now(),
    })
}

/// Notes what became of a mail, and what the job does next.
async fn end(tx: &Tx, world: &World, claim: &Claim, notice: Model, sent: Result<(), Failure>) -> Result<()> {
    // It may have been taken away meanwhile, with the person it was for.
    let Some(Model { state, .. }) = repo::find(tx, notice.id).await? else { return jobs::done(tx, claim).await };
    let whole = task::lock(tx, notice.appointment_id).await?;
    if state != repo::WAITING {
        return next(tx, claim, &notice).await;
    }
    let Err(failure) = sent else {
        repo::update(tx, ended(tx, notice.clone(), repo::SENT, None)).await?;
        return next(tx, claim, &notice).await;
    };
    let Some(at) = again(world, claim, &notice)?.filter(|_| failure.is_retryable()) else {
        give_up(tx, whole, notice.clone(), &failure.reason).await?;
        return next(tx, claim, &notice).await;
    };
    let reason = Some(failure.reason.clone());
    repo::update(tx, Model { held_until: None, reason, updated_at: tx.now(), ..notice }).await?;
    jobs::again(tx, claim, at, &failure.reason).await
}

/// When a mail may be tried again, if it was not tried often enough: by the tries of the mail, whichever job made them.
fn again(world: &World, claim: &Claim, notice: &Model) -> Result<Option<i64>> {
    let mut tried = claim.clone();
    (tried.attempt, tried.attempts) = (notice.tries, TRIES);
    tried.next(world, None)
}

/// Ends the job where `notice` was its own mail; otherwise its own is next.
async fn next(tx: &Tx, claim: &Claim, notice: &Model) -> Result<()> {
    if claim.record == notice.id.to_string() {
        return jobs::done(tx, claim).await;
    }
    jobs::again(tx, claim, tx.now(), "an earlier mail to the address was first").await
}

/// The row as it stays: without the person.
fn ended(tx: &Tx, notice: Model, state: &str, reason: Option<String>) -> Model {
    Model { name: None, address: None, state: state.into(), held_until: None, reason, updated_at: tx.now(), ..notice }
}

/// Notes on the appointment that somebody could not be told.
async fn give_up(tx: &Tx, whole: Whole, notice: Model, reason: &str) -> Result<()> {
    let failed = json!({
        "recipient": {"kind": notice.person_kind, "id": notice.person},
        "method": plan::news(&notice.news).method().word(),
        "sequence": notice.sequence,
        "reason": reason,
    });
    tracing::warn!(appointment = whole.row.id, recipient = %failed["recipient"], reason, "somebody could not be told of an appointment");
    repo::update(tx, ended(tx, notice, repo::FAILED, Some(reason.to_owned()))).await?;
    let before = whole.clone();
    whole.save_noting(tx, &before, "notification_failed", failed).await?;
    Ok(())
}
