use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::time::millis;
use frontdesk_outbound::sign::Secret;
use frontdesk_store::{Lookup, Tx, record};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement};
use time::Duration;

use super::entity::{Column, Entity, Model};
use super::{NewWebhook, Replayed, WebhookPatch};
use crate::wanted::{Filter, Wanted};

/// How long the secret before signs beside the present one.
const OVERLAP: Duration = Duration::hours(24);

fn words(filters: &[Filter]) -> String {
    filters.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl Model {
    /// The row of a new webhook, which is told of what comes after an event.
    pub(super) fn of(new: NewWebhook, secret: String, position: i64) -> Self {
        Self {
            url: new.url,
            events: words(&new.events),
            description: new.description,
            is_active: true,
            secret,
            position,
            ..Self::default()
        }
    }

    /// The row as `patch` makes it, with all events up to `newest` behind it where it has not been active.
    pub(super) fn patched(&self, patch: WebhookPatch, newest: i64) -> Self {
        let mut row = self.clone();
        row.url = patch.url.unwrap_or(row.url);
        row.events = patch.events.as_deref().map_or(row.events, words);
        patch.description.apply(&mut row.description);
        match patch.is_active {
            Some(true) => {
                if !self.is_active {
                    row.position = row.position.max(newest);
                }
                (row.is_active, row.paused_at, row.paused_reason, row.failing_since, row.given_up) = (true, None, None, None, 0);
            }
            Some(false) => row.is_active = false,
            None => {}
        }
        row
    }

    /// The row with another secret; the present one signs for a while yet.
    pub(super) fn rotated(&self, secret: String, tx: &Tx) -> Self {
        let until = tx.now() + millis_of(OVERLAP);
        Self { old_secret: Some(self.secret.clone()), old_secret_until: Some(until), secret, ..self.clone() }
    }

    /// The row of one that nothing is sent to until somebody sets it active again.
    pub(crate) fn paused(&self, reason: String, tx: &Tx) -> Self {
        Self { paused_at: Some(tx.now()), paused_reason: Some(reason), ..self.clone() }
    }

    /// The row of one whose receiver wants nothing any more.
    pub(crate) fn deactivated(&self) -> Self {
        Self { is_active: false, ..self.clone() }
    }

    /// Whether something is sent to it.
    pub(crate) fn is_served(&self) -> bool {
        self.is_active && self.paused_at.is_none()
    }

    pub(crate) fn filters(&self) -> Vec<Filter> {
        self.events.split(',').filter_map(|text| text.parse().ok()).collect()
    }

    /// The events it is told of. Only admins make webhooks, so it is told of those that only they see, too.
    pub(crate) fn wanted(&self) -> Wanted {
        Wanted { filters: self.filters(), secret: true }
    }

    /// What signs at a moment, in milliseconds since 1970.
    pub(crate) fn secrets(&self, now: i64) -> Vec<Secret> {
        let old = self.old_secret.as_deref().filter(|_| self.old_secret_until.is_some_and(|until| now < until));
        [Some(self.secret.as_str()), old].into_iter().flatten().filter_map(|text| text.parse().ok()).collect()
    }

    pub(super) fn replay(&self) -> Option<Replayed> {
        Some(Replayed { after: self.replay_after?, until: self.replay_until? })
    }
}

fn millis_of(duration: Duration) -> i64 {
    millis(time::OffsetDateTime::UNIX_EPOCH + duration)
}

pub(super) async fn page(db: &impl Lookup, organization: OrganizationId, request: PageRequest) -> Result<Page<Model>> {
    record::page(db, organization, request).await
}

/// Those of all organizations that something is sent to.
pub(crate) async fn served(db: &impl Lookup) -> Result<Vec<Model>> {
    let query = Entity::find().filter(Column::IsActive.eq(true)).filter(Column::PausedAt.is_null()).order_by_asc(Column::Id);
    Ok(db.all(query).await?)
}

/// Sets how far a webhook's events are among its deliveries; says whether they were as far as `row` has it, and it is served.
pub(crate) async fn advance(tx: &Tx, row: &Model, position: i64) -> Result<bool> {
    let sql = "UPDATE webhook SET position = $4 WHERE organization_id = $1 AND id = $2 AND position = $3
         AND is_active AND paused_at IS NULL";
    set(tx, sql, row, [row.position.into(), position.into()]).await
}

/// The same of a replay, which ends where `after` is none.
pub(crate) async fn advance_replay(tx: &Tx, row: &Model, after: Option<i64>) -> Result<bool> {
    let sql = "UPDATE webhook SET replay_after = $4, replay_until = CASE WHEN $4 IS NULL THEN NULL ELSE replay_until END
         WHERE organization_id = $1 AND id = $2 AND replay_after = $3 AND is_active AND paused_at IS NULL";
    set(tx, sql, row, [row.replay_after.into(), after.into()]).await
}

/// Begins to send the events of a range anew.
pub(super) async fn begin_replay(tx: &Tx, row: &Model, after: i64, until: i64) -> Result<()> {
    let sql = "UPDATE webhook SET replay_after = $3, replay_until = $4 WHERE organization_id = $1 AND id = $2";
    set(tx, sql, row, [after.into(), until.into()]).await.map(drop)
}

/// The receiver took a delivery.
pub(crate) async fn succeeded(tx: &Tx, row: &Model) -> Result<()> {
    let sql = "UPDATE webhook SET failing_since = NULL, given_up = 0
         WHERE organization_id = $1 AND id = $2 AND (failing_since IS NOT NULL OR given_up <> 0)";
    set(tx, sql, row, []).await.map(drop)
}

/// The receiver did not take a delivery, which was perhaps given up.
pub(crate) async fn failed(tx: &Tx, row: &Model, given_up: bool) -> Result<()> {
    let sql = "UPDATE webhook SET failing_since = COALESCE(failing_since, $3), given_up = given_up + $4
         WHERE organization_id = $1 AND id = $2 AND (failing_since IS NULL OR $4 > 0)";
    set(tx, sql, row, [tx.now().into(), i64::from(given_up).into()]).await.map(drop)
}

async fn set<const N: usize>(tx: &Tx, sql: &str, row: &Model, values: [sea_orm::Value; N]) -> Result<bool> {
    let values = [row.organization_id.into(), row.id.into()].into_iter().chain(values);
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    Ok(tx.execute_raw(statement).await?.rows_affected() == 1)
}
