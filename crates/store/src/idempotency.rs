//! Answers kept under idempotency keys.

use std::time::Duration;

use frontdesk_core::input::{In, Rule};
use frontdesk_core::time::millis;
use frontdesk_core::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DbBackend, IntoActiveModel, Statement};

use self::entity::Column::{Actor, Body, CreatedAt, Fingerprint, Headers, Key, OrganizationId, Status};
use crate::context::{Keep, Kept, WriteContext};
use crate::handle::Tx;

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel)]
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

/// What there is under a key.
pub(crate) enum Found {
    /// The first answer.
    Kept(Kept),
    /// Nothing: the request is the first.
    Nothing,
    /// Another request, which has not ended yet.
    Running,
}

/// Looks for the answer that is `kept` so long under the key, and claims the key until the transaction ends.
pub(crate) async fn find(tx: &Tx, keep: &Keep, kept: Duration) -> Result<Found> {
    let organization = tx.caller().organization.0;
    let actor = actor(tx.context());
    if !claim(tx, &format!("{organization}/{actor}/{}", keep.key)).await? {
        return Ok(Found::Running);
    }
    let row = entity::Entity::find_by_id((organization, actor, keep.key.clone())).one(tx).await?;
    let Some(row) = row.filter(|row| row.created_at > millis(tx.context().at - kept)) else {
        return Ok(Found::Nothing);
    };
    if row.fingerprint != keep.fingerprint {
        return Err(Error::field(In::Header, "Idempotency-Key", Rule::other("was used for another request")));
    }
    let status = u16::try_from(row.status)?;
    Ok(Found::Kept(Kept { status, headers: serde_json::from_str(&row.headers)?, body: row.body }))
}

/// On PostgreSQL two writes may hold the same key at once; on SQLite the one writer lets them follow each other.
async fn claim(tx: &Tx, name: &str) -> Result<bool> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(true);
    }
    let sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS got";
    let row = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()])).await?;
    Ok(row.ok_or_else(|| Error::internal("no answer to a lock"))?.try_get("", "got")?)
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
