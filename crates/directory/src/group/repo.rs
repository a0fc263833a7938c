use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_store::Tx;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::Group;
use super::entity::{Column, Entity, Model};
use crate::nested::rows;

impl From<Model> for Group {
    fn from(row: Model) -> Self {
        Self { id: row.id.into(), name: row.name, description: row.description, supervisor_id: row.supervisor_id.map(Into::into) }
    }
}

pub(crate) async fn by_ids(db: &impl ConnectionTrait, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Group>> {
    rows::<Entity, _>(db, (Column::OrganizationId, organization), Column::Id, ids, |row| (row.id, row.into())).await
}

/// Gives an imported group its supervisor, which it came without; says whether it was still without.
pub(super) async fn finish(tx: &Tx, id: i64, supervisor_id: Option<i64>) -> Result<bool> {
    let unfinished = Entity::update_many()
        .col_expr(Column::SupervisorId, Expr::value(supervisor_id))
        .col_expr(Column::Version, Expr::value(1))
        .filter(Column::OrganizationId.eq(tx.caller().organization.0))
        .filter(Column::Id.eq(id))
        .filter(Column::Version.eq(0));
    Ok(unfinished.exec(tx).await?.rows_affected > 0)
}
