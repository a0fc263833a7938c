use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use sea_orm::ConnectionTrait;

use super::Extension;
use super::entity::{Column, Entity, Model};
use crate::nested::rows;

impl From<Model> for Extension {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.into(),
            kind: row.kind,
            extension: row.extension,
            description: row.description,
            media_cluster_id: row.media_cluster_id,
        }
    }
}

pub(crate) async fn by_ids(db: &impl ConnectionTrait, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, Extension>> {
    rows::<Entity, _>(db, (Column::OrganizationId, organization), Column::Id, ids, |row| (row.id, row.into())).await
}
