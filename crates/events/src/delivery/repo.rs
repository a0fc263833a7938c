use std::time::Duration;

use frontdesk_core::Result;
use frontdesk_core::id::DeliveryId;
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::time::millis;
use frontdesk_core::world::World;
use frontdesk_store::{Db, Event, List, Lookup, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Select, Statement, Value};
use time::OffsetDateTime;

use super::DeliveryState;
use super::entity::{Column, Entity, Model};
use super::outcome::{GONE, UNWANTED};
use super::work::context;
use crate::webhook::entity::Model as Webhook;

/// How long whoever sends a delivery has it.
const LEASE: Duration = Duration::from_mins(1);
/// How long what became of deliveries can be looked at.
const KEPT: time::Duration = time::Duration::days(30);
/// Rows that are deleted at once.
const ROWS: u64 = 500;

/// A delivery that somebody is about to send.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) event_id: i64,
    /// Which attempt it is, from 1.
    pub(super) attempt: i64,
    id: i64,
    record: String,
    record_id: String,
    holder: String,
}

/// What became of a delivery.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub(super) state: DeliveryState,
    /// When it is due again, in milliseconds since 1970.
    pub(super) run_at: i64,
    pub(super) status: Option<u16>,
    pub(super) reason: Option<String>,
}

fn of(webhook: &Webhook) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(webhook.organization_id)).filter(Column::WebhookId.eq(webhook.id))
}

pub(crate) async fn page(db: &impl Lookup, webhook: &Webhook, request: PageRequest) -> Result<Page<Model>> {
    List::of_some(of(webhook)).page(db, request.or(Sort::descending("event_id"))).await
}

/// Puts events, up to a thousand, among the deliveries of a webhook; one that is there already is sent again.
pub(super) async fn queue(tx: &Tx, webhook: &Webhook, events: &[Event]) -> Result<()> {
    let mut values: Vec<Value> = vec![tx.now().into(), webhook.organization_id.into(), webhook.id.into()];
    let mut rows = vec![];
    for event in events {
        let at = values.len();
        let record = event.what.split('.').next().unwrap_or_default();
        values.extend([event.id.into(), event.what.as_str().into(), record.into(), event.record_id.as_str().into()]);
        rows.push(format!("($2, $3, ${}, ${}, ${}, ${}, 'waiting', 0, $1, $1, $1)", at + 1, at + 2, at + 3, at + 4));
    }
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(()) };
    let sql = format!(
        "INSERT INTO webhook_delivery
         (organization_id, webhook_id, event_id, type, record, record_id, state, attempts, run_at, created_at, updated_at) VALUES {}
         ON CONFLICT (organization_id, webhook_id, event_id) DO UPDATE SET state = 'waiting', attempts = 0, run_at = excluded.run_at,
           holder = NULL, reason = NULL, updated_at = excluded.updated_at",
        rows.join(", ")
    );
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    // Behind one that waits for another attempt they are not due either: otherwise all of them would be looked at again and again.
    let sql = "UPDATE webhook_delivery AS d SET run_at = e.run_at FROM webhook_delivery e
         WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.state = 'waiting' AND d.event_id >= $3 AND d.event_id <= $4
           AND e.organization_id = d.organization_id AND e.webhook_id = d.webhook_id AND e.state = 'waiting' AND e.record = d.record
           AND e.record_id = d.record_id AND e.event_id < d.event_id AND e.attempts > 0 AND e.holder IS NULL AND e.run_at > d.run_at";
    of_webhook(tx, sql, webhook, [first.id.into(), last.id.into()]).await
}

/// Puts in that the receiver wanted nothing any more when it was told of an event, which came before all that there are.
pub(crate) async fn put_unwanted(tx: &Tx, webhook: &Webhook, what: &str, record_id: i64) -> Result<()> {
    let sql = "INSERT INTO webhook_delivery (organization_id, webhook_id, event_id, type, record, record_id, state, attempts, run_at,
           last_status, reason, created_at, updated_at)
         VALUES ($1, $2, 0, $4, $5, $6, $7, 1, $3, $8, $9, $3, $3)";
    let record = what.split('.').next().unwrap_or_default();
    let (record_id, state) = (record_id.to_string(), DeliveryState::GivenUp.word());
    let values = [tx.now().into(), what.into(), record.into(), record_id.into(), state.into(), i64::from(GONE).into(), UNWANTED.into()];
    of_webhook(tx, sql, webhook, values).await
}

/// Makes a delivery wait again and due at once; none where the webhook has no such delivery.
pub(crate) async fn resend(tx: &Tx, webhook: &Webhook, id: DeliveryId) -> Result<Option<Model>> {
    let sql = "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, run_at = $3, holder = NULL, reason = NULL, updated_at = $3
         WHERE organization_id = $1 AND webhook_id = $2 AND id = $4";
    of_webhook(tx, sql, webhook, [tx.now().into(), id.0.into()]).await?;
    Ok(of(webhook).filter(Column::Id.eq(id.0)).one(tx).await?)
}

/// Makes all that waits due at once, with all of its attempts.
pub(crate) async fn begin_again(tx: &Tx, webhook: &Webhook) -> Result<()> {
    let sql = "UPDATE webhook_delivery SET attempts = 0, run_at = $3
         WHERE organization_id = $1 AND webhook_id = $2 AND state = 'waiting' AND holder IS NULL";
    of_webhook(tx, sql, webhook, [tx.now().into()]).await
}

/// Deletes all deliveries of a webhook.
pub(crate) async fn delete(tx: &Tx, webhook: &Webhook) -> Result<()> {
    of_webhook(tx, "DELETE FROM webhook_delivery WHERE organization_id = $1 AND webhook_id = $2", webhook, []).await
}

async fn of_webhook<const N: usize>(tx: &Tx, sql: &str, webhook: &Webhook, values: [Value; N]) -> Result<()> {
    let values = [webhook.organization_id.into(), webhook.id.into()].into_iter().chain(values);
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Those that are due: of each record the first that waits.
const DUE: &str = "FROM webhook_delivery d
    WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.state = 'waiting' AND d.run_at <= $3
      AND NOT EXISTS (SELECT 1 FROM webhook_delivery e WHERE e.organization_id = d.organization_id AND e.webhook_id = d.webhook_id
        AND e.state = 'waiting' AND e.record = d.record AND e.record_id = d.record_id AND e.event_id < d.event_id)";

fn due(webhook: &Webhook, now: OffsetDateTime) -> Vec<Value> {
    vec![webhook.organization_id.into(), webhook.id.into(), millis(now).into()]
}

/// Whether a delivery of a webhook is due.
pub(super) async fn is_due(db: &Db, world: &World, webhook: &Webhook) -> Result<bool> {
    let sql = format!("SELECT d.id {DUE} LIMIT 1");
    let query = Statement::from_sql_and_values(db.backend(), sql, due(webhook, world.now()));
    Ok(db.read().query_one_raw(query).await?.is_some())
}

/// Takes up to `most` deliveries of a webhook that are due.
pub(super) async fn claim(db: &Db, world: &World, webhook: &Webhook, most: usize) -> Result<Vec<Claim>> {
    // Whoever has nothing to do writes nothing.
    if !is_due(db, world, webhook).await? {
        return Ok(vec![]);
    }
    let (now, holder) = (world.now(), world.uuid().to_string());
    let mut values = due(webhook, now);
    values.extend([holder.as_str().into(), millis(now + LEASE).into(), i64::try_from(most).unwrap_or(1).into()]);
    let skip = if db.backend() == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "WITH due AS MATERIALIZED (SELECT d.id {DUE} ORDER BY d.run_at, d.event_id LIMIT $6 {skip})
         UPDATE webhook_delivery SET attempts = attempts + 1, holder = $4, run_at = $5, updated_at = $3
         WHERE id IN (SELECT id FROM due) RETURNING id, event_id, attempts, record, record_id"
    );
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    let cx = context(webhook.organization_id, world);
    let claimed = db.write(&cx, move |tx| {
        let (statement, holder) = (statement.clone(), holder.clone());
        Box::pin(async move {
            let mut claims = vec![];
            for row in tx.query_all_raw(statement).await? {
                claims.push(Claim {
                    event_id: row.try_get("", "event_id")?,
                    attempt: row.try_get("", "attempts")?,
                    id: row.try_get("", "id")?,
                    record: row.try_get("", "record")?,
                    record_id: row.try_get("", "record_id")?,
                    holder: holder.clone(),
                });
            }
            Ok(claims)
        })
    });
    Ok(claimed.await?.fresh().unwrap_or_default())
}

/// Writes what became of a delivery; false where it is another's by now, or gone.
pub(super) async fn end(tx: &Tx, claim: &Claim, end: &End) -> Result<bool> {
    let sql = "UPDATE webhook_delivery SET state = $3, run_at = $4, last_status = $5, reason = $6, updated_at = $7, holder = NULL
         WHERE id = $1 AND holder = $2";
    let values = [
        claim.id.into(),
        claim.holder.as_str().into(),
        end.state.word().into(),
        end.run_at.into(),
        end.status.map(i64::from).into(),
        end.reason.clone().into(),
        tx.now().into(),
    ];
    Ok(tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?.rows_affected() == 1)
}

/// Moves the others of a record to when its first is due again, or the next of them to now where the first is over.
pub(super) async fn follow(tx: &Tx, webhook: &Webhook, claim: &Claim, end: &End) -> Result<()> {
    let sql = if end.state == DeliveryState::Waiting {
        "UPDATE webhook_delivery SET run_at = $3 WHERE organization_id = $1 AND webhook_id = $2 AND state = 'waiting'
           AND record = $4 AND record_id = $5 AND run_at < $3 AND holder IS NULL"
    } else {
        "UPDATE webhook_delivery SET run_at = $3 WHERE run_at > $3 AND holder IS NULL AND id = (SELECT id FROM webhook_delivery
           WHERE organization_id = $1 AND webhook_id = $2 AND state = 'waiting' AND record = $4 AND record_id = $5 ORDER BY event_id LIMIT 1)"
    };
    of_webhook(tx, sql, webhook, [end.run_at.into(), claim.record.as_str().into(), claim.record_id.as_str().into()]).await
}

/// Deletes what ended a while ago; says how many.
pub(crate) async fn forget(db: &Db, now: OffsetDateTime) -> Result<u64> {
    let sql = format!(
        "DELETE FROM webhook_delivery WHERE id IN
         (SELECT id FROM webhook_delivery WHERE state <> 'waiting' AND updated_at < $1 LIMIT {ROWS})"
    );
    let mut all = 0;
    loop {
        let some = Statement::from_sql_and_values(db.backend(), &sql, [millis(now - KEPT).into()]);
        let deleted = db.maintain(some).await?;
        all += deleted;
        if deleted < ROWS {
            return Ok(all);
        }
    }
}
