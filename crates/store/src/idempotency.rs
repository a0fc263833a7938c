//! Answers kept under idempotency keys, for 24 hours.

use std::time::Duration;

use frontdesk_core::input::{In, Rule};
use frontdesk_core::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, DbBackend, IntoActiveModel, Statement};

use self::entity::Column::{Actor, Body, CreatedAt, Fingerprint, Headers, Key, OrganizationId, Status};
use crate::context::{Keep, Kept, WriteContext};
use crate::handle::Tx;

const KEPT_FOR: i64 = 24 * 60 * 60 * 1000;
const PATIENCE: Duration = Duration::from_secs(5);
const NAP: Duration = Duration::from_millis(50);

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "kept_answer")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub actor: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub fingerprint: String,
        pub status: i64,
        #[sea_orm(column_type = "Text")]
        pub headers: String,
        pub body: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn actor(context: &WriteContext) -> String {
    let (word, id) = context.caller.actor.label();
    format!("{word}:{}", id.unwrap_or(0))
}

/// The answer kept under the key, after waiting for one that is still in the making.
pub(crate) async fn find(tx: &DatabaseTransaction, context: &WriteContext, keep: &Keep) -> Result<Option<Kept>> {
    let organization = context.caller.organization.0;
    let actor = actor(context);
    claim(tx, &format!("{organization}/{actor}/{}", keep.key)).await?;
    let row = entity::Entity::find_by_id((organization, actor, keep.key.clone())).one(tx).await?;
    let Some(row) = row.filter(|row| row.created_at > frontdesk_core::time::millis(context.at) - KEPT_FOR) else { return Ok(None) };
    if row.fingerprint != keep.fingerprint {
        return Err(Error::field(In::Header, "Idempotency-Key", Rule::other("was used for another request")));
    }
    let status = u16::try_from(row.status)?;
    Ok(Some(Kept { status, headers: serde_json::from_str(&row.headers)?, body: row.body }))
}

/// On PostgreSQL two writes may hold the same key at once; on SQLite the one writer lets them follow each other.
async fn claim(tx: &DatabaseTransaction, name: &str) -> Result<()> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS got";
    let mut waited = Duration::ZERO;
    loop {
        let row = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()])).await?;
        if row.is_some_and(|row| row.try_get::<bool>("", "got").unwrap_or(false)) {
            return Ok(());
        }
        if waited >= PATIENCE {
            return Err(Error::Conflict("a request with this Idempotency-Key is still running".into()));
        }
        tokio::time::sleep(NAP).await;
        waited += NAP;
    }
}

/// Keeps the answer.
pub(crate) async fn store(tx: &Tx, keep: &Keep, kept: &Kept) -> Result<()> {
    let row = entity::Model {
        organization_id: tx.caller().organization.0,
        actor: actor(tx.context()),
        key: keep.key.clone(),
        fingerprint: keep.fingerprint.clone(),
        status: i64::from(kept.status),
        headers: serde_json::to_string(&kept.headers)?,
        body: kept.body.clone(),
        created_at: tx.now(),
    };
    let replace =
        OnConflict::columns([OrganizationId, Actor, Key]).update_columns([Fingerprint, Status, Headers, Body, CreatedAt]).to_owned();
    entity::Entity::insert(row.into_active_model()).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}
