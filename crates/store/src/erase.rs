//! Taking what is known of a person out of what the store keeps beside the records: history and kept answers. Events know nothing of
//! anybody.

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_core::text::like;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query};
use sea_orm::{ActiveValue, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Map, Value};

use crate::chain::history::{ActiveModel, Column, Entity};
use crate::handle::Tx;
use crate::history::of;
use crate::journal;

/// The ids of the records whose history says one of these texts, as its JSON has them; in order.
pub async fn mentioned(tx: &Tx, kind: Kind, texts: &[String]) -> Result<Vec<String>> {
    let says = |text: &String| Column::Changes.like(LikeExpr::new(like(text)).escape('\\'));
    let any = texts.iter().fold(Condition::any(), |any, text| any.add(says(text)));
    let query = of(tx.caller().organization, kind).select_only().column(Column::RecordId).distinct().filter(any);
    let rows = tx.query_all(&sea_orm::QueryTrait::into_query(query)).await?;
    let mut ids = rows.iter().map(|row| row.try_get("", "record_id")).collect::<Result<Vec<String>, _>>()?;
    ids.sort();
    Ok(ids)
}

/// Erases the values that `pick` chooses, by the name of the field and the pair of its values, from the history of records,
/// changes of this very write included. Their digests stay, and the chain holds.
pub async fn history(tx: &Tx, kind: Kind, ids: &[String], pick: impl Fn(&str, &Value) -> bool) -> Result<()> {
    journal::write(tx).await?;
    for mut row in of(tx.caller().organization, kind).filter(Column::RecordId.is_in(ids)).all(tx).await? {
        let changes: Map<String, Value> = serde_json::from_str(&row.changes)?;
        let fields: Vec<_> = changes.iter().filter(|(name, pair)| pick(name, pair)).map(|(name, _)| name.as_str()).collect();
        if row.erase(&fields)? {
            let row = ActiveModel {
                id: ActiveValue::Unchanged(row.id),
                changes: ActiveValue::Set(row.changes),
                salt: ActiveValue::Set(row.salt),
                erased: ActiveValue::Set(row.erased),
                ..Default::default()
            };
            Entity::update(row)
                .validate()?
                .filter(Column::OrganizationId.eq(tx.caller().organization.0))
                .exec_without_returning(tx)
                .await?;
        }
    }
    Ok(())
}

/// Lets `turn` change those answers kept under idempotency keys that have one of these texts in their body.
pub async fn answers(tx: &Tx, texts: &[String], turn: impl Fn(&mut Value)) -> Result<()> {
    let sql = if tx.get_database_backend() == DbBackend::Postgres { "position($1 IN body) > 0" } else { "instr(body, ?) > 0" };
    let has = |text: &String| Expr::cust_with_values(sql, [text.as_bytes().to_vec()]);
    let query = Query::select()
        .columns(["actor", "key", "body"])
        .from("kept_answer")
        .and_where(Expr::col("organization_id").eq(tx.caller().organization.0))
        .cond_where(texts.iter().fold(Condition::any(), |any, text| any.add(has(text))))
        .to_owned();
    for row in tx.query_all(&query).await? {
        let (actor, key, body): (String, String, Vec<u8>) = (row.try_get("", "actor")?, row.try_get("", "key")?, row.try_get("", "body")?);
        let Ok(before) = serde_json::from_slice::<Value>(&body) else { continue };
        let mut answer = before.clone();
        turn(&mut answer);
        if answer != before {
            let update = Query::update()
                .table("kept_answer")
                .value("body", serde_json::to_vec(&answer)?)
                .and_where(Expr::col("organization_id").eq(tx.caller().organization.0))
                .and_where(Expr::col("actor").eq(actor))
                .and_where(Expr::col("key").eq(key))
                .to_owned();
            tx.execute(&update).await?;
        }
    }
    Ok(())
}
