use std::time::Duration;

use frontdesk_core::Result;
use frontdesk_core::time::millis;
use frontdesk_core::world::World;
use frontdesk_outbound::{Answer, Class, Failure};
use frontdesk_store::{Tx, record};

use super::repo::{self, Claim, End};
use super::{DeliveryState, wait};
use crate::webhook::entity::Model as Webhook;
use crate::webhook::repo as webhooks;

/// The status of a receiver that wants nothing any more, and the reason that is given then.
pub(super) const GONE: u16 = 410;
pub(super) const UNWANTED: &str = "the receiver wants nothing any more (410)";
/// A receiver that only failed for so long is paused.
const FAILING: Duration = Duration::from_hours(24);
/// A receiver to which so many deliveries were given up one after the other is paused.
const GIVEN_UP: i64 = 5;

/// What came of sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The receiver took it.
    Taken(u16),
    /// It did not, and may another time.
    Failed { status: Option<u16>, reason: String, after: Option<Duration> },
    /// It wants nothing any more.
    Unwanted,
    /// There is no such event any more.
    Forgotten,
}

impl Outcome {
    pub(super) fn of(answer: Result<Answer, Failure>) -> Self {
        let (status, failure) = match answer {
            Ok(Answer { status: GONE, .. }) => return Self::Unwanted,
            Ok(answer) => (Some(answer.status), answer.accepted().err()),
            Err(failure) => (None, Some(failure)),
        };
        let Some(Failure { class, reason }) = failure else { return Self::Taken(status.unwrap_or(200)) };
        // What is permanent for one request need not be for the next: somebody may set the receiver right.
        let after = if let Class::Retryable { after } = class { after } else { None };
        Self::Failed { status, reason, after }
    }

    /// What the delivery's row has of it after this attempt, the first of which is 1.
    pub(super) fn end(&self, world: &World, attempt: i64) -> Result<End> {
        let now = world.now();
        let over = |state, status, reason: Option<&str>| End { state, run_at: millis(now), status, reason: reason.map(str::to_owned) };
        Ok(match self {
            Self::Taken(status) => over(DeliveryState::Delivered, Some(*status), None),
            Self::Unwanted => over(DeliveryState::GivenUp, Some(GONE), Some(UNWANTED)),
            Self::Forgotten => over(DeliveryState::GivenUp, None, Some("the event is kept no longer")),
            Self::Failed { status, reason, after } => match wait(world, attempt, *after)? {
                Some(wait) => {
                    let run_at = millis(now + wait);
                    End { state: DeliveryState::Waiting, run_at, status: *status, reason: Some(reason.clone()) }
                }
                None => over(DeliveryState::GivenUp, *status, Some(reason)),
            },
        })
    }
}

/// Writes what came of a delivery, and what it means for the webhook.
pub(super) async fn write(tx: &Tx, webhook: &Webhook, claim: &Claim, outcome: &Outcome, end: &End) -> Result<()> {
    if !repo::end(tx, claim, end).await? {
        return Ok(());
    }
    repo::follow(tx, webhook, claim, end).await?;
    match outcome {
        Outcome::Taken(_) => webhooks::succeeded(tx, webhook).await,
        Outcome::Forgotten => Ok(()),
        Outcome::Unwanted => {
            let present: Webhook = record::lock(tx, webhook.id).await?;
            let after = present.deactivated();
            record::change(tx, present, after, "deactivated").await.map(drop)
        }
        Outcome::Failed { reason, .. } => {
            webhooks::failed(tx, webhook, end.state == DeliveryState::GivenUp).await?;
            pause(tx, webhook, reason).await
        }
    }
}

/// Pauses a webhook that only failed for a while.
async fn pause(tx: &Tx, webhook: &Webhook, reason: &str) -> Result<()> {
    let only_failed = |row: &Webhook| {
        let since = row.failing_since.map(|since| Duration::from_millis((tx.now() - since).try_into().unwrap_or(0)));
        row.is_served() && (row.given_up >= GIVEN_UP || since.is_some_and(|since| since >= FAILING))
    };
    if !only_failed(&record::find(tx, webhook.organization_id.into(), webhook.id).await?) {
        return Ok(());
    }
    let present: Webhook = record::lock(tx, webhook.id).await?;
    if !only_failed(&present) {
        return Ok(());
    }
    let after = present.paused(format!("the receiver only failed for some time; the last time: {reason}"), tx);
    record::change(tx, present, after, "paused").await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_delivery() {
        let world = World::real();
        let state = |outcome: Outcome, attempt| outcome.end(&world, attempt).unwrap().state;
        let failed = || Outcome::Failed { status: Some(500), reason: "r".into(), after: None };
        assert_eq!(state(Outcome::Taken(204), 1), DeliveryState::Delivered);
        assert_eq!(state(failed(), 8), DeliveryState::Waiting);
        assert_eq!(state(failed(), 9), DeliveryState::GivenUp);
        assert_eq!(state(Outcome::Unwanted, 1), DeliveryState::GivenUp);
        assert_eq!(state(Outcome::Forgotten, 1), DeliveryState::GivenUp);
    }
}
